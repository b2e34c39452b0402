"""What a detector returns."""

from msgspec import Struct

from haechi.domain.label import Level


class Hit(Struct, frozen=True):
    """A finding in one running text; `start` and `end` count code points."""

    start: int
    end: int
    kind: str
    level: Level
    confidence: float
    rule: str
