"""Values that stand elsewhere, too, where nothing told a detector so.

A name found in one line is a name in the next one. And the door looks in the final bytes for what was taken out: what it
finds there would have to stay home. So every writing that was found is taken out wherever it stands: long ones anywhere,
short ones (이유 and 하나 are names and words) where a word begins and ends. `called` says what else goes with it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from haechi.domain.particles import particle_at
from haechi.gateway.deidentify.called import NUMBERED, also_called, says_last

FREELY: Final = 6
"""Characters from which a value is one wherever it stands; names of people have three syllables."""

FEW: Final = 48
"""Values that are looked for one by one; more of them by their first characters."""

_BEFORE: Final = 24
"""Characters before four figures that may say what they are the end of."""

_WORD: Final = re.compile(r"\w")
_LATIN: Final = re.compile("[A-Za-z0-9_]")


class Mentions:
    """Finds `values` (each with its kind) in texts, and what else they are called."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._kinds = {value: kind for value, kind in values.items() if value.strip()}
        called = [(other, kind) for value, kind in self._kinds.items() for other in also_called(kind, value)]
        self._called = frozenset(other for other, _ in called if other not in self._kinds)
        """Writings that are what they mean only as words by themselves."""
        for other, kind in called:
            self._kinds.setdefault(other, kind)
        self._index = _Index(self._kinds) if len(self._kinds) > FEW else None

    def within(self, text: str, known: Mapping[int, int]) -> Iterator[tuple[int, int, str]]:
        """Start, end and kind of every mention, those left out that are `known` by start and end. Of those at one place
        the longest."""
        if self._index is not None:
            yield from self._many(text, self._index, known)
            return
        for value, kind in self._kinds.items():
            start = text.find(value)
            while start >= 0:
                end = start + len(value)
                if known.get(start) != end and self._surely(value, kind, text, start, end):
                    yield start, end, kind
                start = text.find(value, end)

    def _many(self, text: str, index: "_Index", known: Mapping[int, int]) -> Iterator[tuple[int, int, str]]:
        reached = 0
        for match in index.firsts.finditer(text):
            start = match.start()
            if start < reached:
                continue
            if start in known:
                reached = known[start]
                continue
            for end in index.ends(text, start):
                value = text[start:end]
                kind = self._kinds.get(value)
                if kind is not None and self._surely(value, kind, text, start, end):
                    yield start, end, kind
                    reached = end
                    break

    def _surely(self, value: str, kind: str, text: str, start: int, end: int) -> bool:
        if value in self._called:
            if kind in NUMBERED and not says_last(text[max(0, start - _BEFORE) : start]):
                return False
            return not _LATIN.match(text[start - 1 : start]) and not _LATIN.match(text[end : end + 1])
        if len(value) >= (3 if kind == "person" and not value.isascii() else FREELY):
            return True
        if start and _WORD.match(text[start - 1]):
            return False
        return end == len(text) or not _WORD.match(text[end]) or particle_at(text, end) is not None


class _Index:
    """Many values by their first characters."""

    def __init__(self, values: Collection[str]) -> None:
        sizes: defaultdict[str, set[int]] = defaultdict(set)
        for value in values:
            sizes[value[:FREELY]].add(len(value))
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in sizes.items()}
        self._beginnings = sorted({len(start) for start in sizes}, reverse=True)
        firsts = "".join(sorted({re.escape(value[0]) for value in values}))
        self.firsts = re.compile(f"[{firsts}]")

    def ends(self, text: str, start: int) -> Iterator[int]:
        """Where a value that begins at `start` may end, the farthest first."""
        for size in self._beginnings:
            for length in self._lengths.get(text[start : start + size], ()):
                yield start + length
