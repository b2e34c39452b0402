"""How values are taken out of what leaves, and where they are not put back: a site's word on it."""

from typing import Final, Literal

from msgspec import Struct

Strategy = Literal["token", "surrogate", "generalise", "remove"]
"""What stands for a value: a token, another value that belongs to nobody, a coarser one, or a mark. The last two do not
come back."""


class Taking(Struct, frozen=True):
    """By kind what stands for a value (a kind without a line becomes a token), the tools that never receive one, and the
    seconds for which a sealed mapping holds that was handed out."""

    strategies: dict[str, Strategy] = {}
    never_into: frozenset[str] = frozenset()
    mapping_seconds: float = 86_400.0


AS_TOKENS: Final = Taking()
