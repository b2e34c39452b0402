"""Votes of several members on many questions, as numbers: what rules read and fits learn from.

A member's answer counts by its *key* (a choice letter, a canonical number). Within one question the distinct keys are
candidates 0, 1, …, in the order of members. An answer without a usable key is an outcome of its own, never a vote.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

UNPARSABLE: Final = -1
"""The member was asked and gave nothing that can be compared."""
ABSENT: Final = -2
"""The member was not asked, or nothing is on record."""
OUTSIDE: Final = -1
"""In `truth`: the right answer is nobody's."""
UNKNOWN: Final = -2
"""In `truth`: nobody has said what is right."""


class Votes(Struct, frozen=True):
    """`cast[question, member]` is a candidate's number, `UNPARSABLE` or `ABSENT`; `truth[question]` likewise.

    `category[question]` is the number of a category, -1 where there is none.
    """

    cast: Integers
    truth: Integers
    category: Integers

    @property
    def questions(self) -> int:
        """How many questions."""
        return int(self.cast.shape[0])

    @property
    def members(self) -> int:
        """How many members."""
        return int(self.cast.shape[1])

    def take(self, rows: Integers | NDArray[np.bool_]) -> "Votes":
        """The questions at `rows`."""
        return Votes(cast=self.cast[rows], truth=self.truth[rows], category=self.category[rows])

    def right(self) -> NDArray[np.bool_]:
        """Per question and member: is it right? An unparsable answer is not."""
        same: NDArray[np.bool_] = (self.cast == self.truth[:, None]) & (self.cast >= 0)
        return same


def votes(
    keys: Sequence[Sequence[str | None]],
    truth: Sequence[str | None] = (),
    category: Sequence[int] = (),
) -> Votes:
    """Votes from answer keys, a row per question; `""` is unparsable, `None` is no record."""
    cast = np.full((len(keys), len(keys[0]) if keys else 0), ABSENT, dtype=np.int64)
    right = np.full(len(keys), UNKNOWN, dtype=np.int64)
    for number, row in enumerate(keys):
        seen: dict[str, int] = {}
        for member, key in enumerate(row):
            if key is not None:
                cast[number, member] = seen.setdefault(key, len(seen)) if key else UNPARSABLE
        if truth and truth[number]:
            right[number] = seen.get(str(truth[number]), OUTSIDE)
    groups = np.asarray(category if len(category) else np.full(len(keys), -1), dtype=np.int64)
    return Votes(cast=cast, truth=right, category=groups)


def backing(cast: Integers) -> tuple[Integers, Integers, NDArray[np.bool_]]:
    """Every candidate of every question as one flat list: its question, its number, and who backs it.

    Candidates of a question stand together, in order. A question without a usable answer has none.
    """
    most = int(cast.max(initial=-1)) + 1
    there = cast[:, None, :] == np.arange(most)[None, :, None]
    question, number = np.nonzero(there.any(axis=2))
    backed: Any = there[question, number]
    return question.astype(np.int64), number.astype(np.int64), backed
