"""How sensitive a text is: levels, findings, and the label that joins them.

Labels form a join-semilattice: `public < internal < confidential < restricted` on one side, sets of kinds
on the other. A label only ever rises, over parts, history, tool results and stored state, which is why a
request can be labelled part by part in any order.
"""

from collections.abc import Iterable
from enum import IntEnum
from functools import reduce
from typing import Final

from msgspec import Struct


class Level(IntEnum):
    """Ordered, so that `max` is the join."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    RESTRICTED = 3

    @property
    def word(self) -> str:
        """The level as it is written in headers, configuration and the ledger."""
        return _WORDS[self]

    @classmethod
    def of(cls, word: str) -> "Level":
        """The level written as `word`. Raises `KeyError` for any other word."""
        return cls[word.upper()]


_WORDS: Final = tuple(level.name.lower() for level in Level)


class Finding(Struct, frozen=True):
    """Something sensitive at a place. It says where and what, never the value itself.

    `start` and `end` count Unicode code points of the original text of the part that `pointer` (RFC 6901; a key is
    named by its value's pointer and `~k`) names; `confidence` is between 0 and 1; `rule` names the catalogue entry that fired.
    """

    kind: str
    pointer: str
    start: int
    end: int
    level: Level
    confidence: float
    rule: str


class Label(Struct, frozen=True):
    """The highest level of all that was seen, and every kind that was seen."""

    level: Level
    kinds: frozenset[str] = frozenset()

    def join(self, other: "Label") -> "Label":
        """The least label that is at least as strict as both."""
        if other.level <= self.level and other.kinds <= self.kinds:
            return self
        return Label(max(self.level, other.level), self.kinds | other.kinds)

    def covers(self, other: "Label") -> bool:
        """Whether this label is at least as strict as `other`."""
        return self.level >= other.level and self.kinds >= other.kinds


ORDINARY: Final = Label(Level.INTERNAL)
"""Text in which nothing was found. Only policy or the caller's key may call it public."""

UNREADABLE: Final = Label(Level.RESTRICTED, frozenset({"unreadable"}))
"""Content that nobody here can read (an image, an archive, a failed detector) is restricted."""

DECLARED: Final = "declared"
"""The kind of what somebody said of a text, and nobody can find in it: no value that is taken out makes it less so."""


def join_all(labels: Iterable[Label], base: Label = ORDINARY) -> Label:
    """The join of `labels` over `base`."""
    return reduce(Label.join, labels, base)
