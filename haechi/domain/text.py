"""A sentence in both house languages."""

from typing import Literal

from msgspec import Struct

Language = Literal["ko", "en"]


class Text(Struct, frozen=True):
    """One sentence for people, Korean and English; it never quotes a customer's data."""

    ko: str
    en: str

    def say(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.ko if language == "ko" else self.en
