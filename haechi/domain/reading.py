"""Files that come with a request, and what reading one gave."""

from typing import Literal

from msgspec import Struct

Why = Literal[
    "archive",
    "broken",
    "empty",
    "encrypted",
    "gave_up",
    "image",
    "no_parser",
    "no_reader",
    "not_text",
    "old_format",
    "too_large",
    "too_long",
    "too_many",
    "unguarded",
]
"""Why nothing of a file was read; `catalogue/reasons.toml` has the sentences."""

Left = Literal["attachments", "images", "macros", "objects"]
"""What a file may hold besides its text. None of it was read, and none of it travels with the text."""


class File(Struct, frozen=True):
    """A file as a caller hands it over. Name and media type are what he says of it, and believed in nothing."""

    content: bytes
    name: str = ""
    media_type: str = ""


class Read(Struct, frozen=True, omit_defaults=True):
    """What a file says. `properties` are its title, author, labels and the like, which also stand at the head of
    `text`; `left` is what was not read of it; `why` says why there is no text at all."""

    text: str = ""
    properties: dict[str, str] = {}
    left: tuple[Left, ...] = ()
    why: Why | None = None

    @property
    def readable(self) -> bool:
        """Whether there is a text to look at."""
        return self.why is None

    @property
    def complete(self) -> bool:
        """Whether the text is all that the file holds."""
        return self.why is None and not self.left
