"""A text read otherwise, and the way back from each of its places to the text it was made of.

    «주민번호 OTAwMTAxLTEyMzQ1Njg=»  ─ one edit ─>  «주민번호 900101-1234568»

A reading is its parent with some pieces replaced. Between the edits places only shift; inside an edit any place
stands for the whole piece, so that a disguise is always covered whole. Readings are made of readings; the way back
passes through all of them.

Far from any edit a long text would only be read a second time, so it is left out: a reading holds the
neighbourhoods of its edits, set apart by blank lines. Only what may be read in the text's stead is *whole*.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from re import Match, Pattern
from typing import Final

Edit = tuple[int, int, str]
"""Start and end in the parent, and what stands there instead."""

Spot = tuple[int, int]
"""Start and end of a place where something was put together."""

MOST_EDITS: Final = 200_000
"""Of one reading. A text of a megabyte that asks for more is no text that anybody wrote."""

WHOLE: Final = 1024
"""Code points up to which a text is kept whole."""
BEFORE: Final = 320
AFTER: Final = 160
_AT_LINE: Final = 200
APART: Final = "\n" * 48
"""Stands where a piece was left out: farther than any context word reaches."""


class TooMuch(Exception):
    """A bound was reached: what cannot be read to its end counts as found."""


class Reading:
    """A text and its way back. `loose`: pieces were put together that need not belong together, so a finding in
    it has to be believed first. `whole`: what is made of it leaves nothing out."""

    __slots__ = ("_at", "_behind", "_ends", "_starts", "loose", "parent", "text", "whole")

    def __init__(self, text: str, parent: "Reading | None" = None, *, loose: bool = False) -> None:
        self.text = text
        self.parent = parent
        self.loose: bool = loose or (parent is not None and parent.loose)
        self.whole: bool = parent is not None and parent.whole
        self._at: list[int] = []
        self._behind: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def same_length(self, text: str) -> "Reading":
        """This reading in other characters, one for one."""
        return self if text == self.text else Reading(text, self)

    def replaced(
        self, pattern: Pattern[str], say: Callable[[Match[str]], str | None], *, loose: bool = False
    ) -> "Reading":
        """Every match of `pattern` as `say` puts it, `None` leaving it alone."""
        said = ((match.start(), match.end(), say(match)) for match in pattern.finditer(self.text))
        return self.edited(((start, end, new) for start, end, new in said if new is not None), loose=loose)

    def edited(self, edits: Iterable[Edit], *, loose: bool = False) -> "Reading":
        """The reading that `edits` make, in order and without overlaps; this one where there is none. Raises
        `TooMuch`."""
        edits = iter(edits)
        first = next(edits, None)
        if first is None:
            return self
        edits = chain((first,), edits)
        made = Reading("", self, loose=loose)
        cut = len(self.text) > WHOLE and not self.whole
        made._build(self.text, _with_cuts(self.text, edits) if cut else edits)
        return made

    def _build(self, parent: str, edits: Iterable[Edit]) -> None:
        text, pieces, position, length = parent, [], 0, 0
        most = MOST_EDITS if self.whole else 2 * MOST_EDITS  # cuts are edits too
        for start, end, new in edits:
            if start < position:  # two edits want the same separator: the first has it
                if end <= position:
                    continue
                start = position
            pieces.append(text[position:start])
            length += start - position
            self._at.append(length)
            self._starts.append(start)
            self._ends.append(end)
            pieces.append(new)
            length += len(new)
            self._behind.append(length)
            position = end
            if len(self._at) > most:
                raise TooMuch
        pieces.append(text[position:])
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the first text of all the piece between `start` and `end` comes from. Deleted pieces that touch
        it belong to it: the tags around, the invisible in front."""
        reading = self
        while reading.parent is not None:
            start, end = reading._start(start), reading._end(end)
            reading = reading.parent
        return start, end

    @property
    def first(self) -> str:
        """The text that all of this was made of."""
        reading = self
        while reading.parent is not None:
            reading = reading.parent
        return reading.text

    def put_together(self, start: int, end: int) -> bool:
        """Whether the piece between `start` and `end` was put together by a loose reading on the way here."""
        reading = self
        while reading.parent is not None and reading.loose:
            first = bisect_right(reading._behind, start)
            if first < len(reading._at) and reading._at[first] < end:
                return True
            start, end = reading._start(start), reading._end(end)
            reading = reading.parent
        return False

    def spots(self) -> list[Spot]:
        """Where pieces were put together by a loose reading on the way here, in order: `put_together` is false away
        from them."""
        spots: list[Spot] = []
        if self.parent is not None and self.loose:
            spots = list(zip(self._at, self._behind, strict=True))
            if self.parent.loose:
                spots += [(self._before(start), self._here(end)) for start, end in self.parent.spots()]
                spots.sort()
        return spots

    def _here(self, place: int) -> int:
        """Where a place of the parent is found in this text; inside an edit, behind what stands there instead."""
        number = bisect_right(self._starts, place) - 1
        return place if number < 0 else self._behind[number] + max(0, place - self._ends[number])

    def _before(self, place: int) -> int:
        """The same of the head of a spot: of one that was taken out since, the sign before it, which now touches it."""
        number = bisect_right(self._starts, place) - 1
        if number < 0 or place > self._ends[number]:
            return self._here(place)
        return max(0, self._at[number] - 1)

    def joints(self) -> Iterator[tuple[int, str]]:
        """Where two pieces meet between which something was taken out, and what that was."""
        parent = self.parent.text if self.parent else ""
        edits = zip(self._at, self._behind, self._starts, self._ends, strict=True)
        return ((at, parent[start:end]) for at, behind, start, end in edits if at == behind)

    def edits(self) -> list[tuple[int, int]]:
        """The pieces of the parent that read otherwise here."""
        return list(zip(self._starts, self._ends, strict=True))

    def _start(self, place: int) -> int:
        number = bisect_right(self._at, place) - 1
        if number < 0:
            return place
        if place >= self._behind[number]:
            origin = self._ends[number] + place - self._behind[number]
        else:
            return self._starts[number]
        while number >= 0 and self._at[number] == self._behind[number] == place:
            origin, number = self._starts[number], number - 1
        return origin

    def _end(self, place: int) -> int:
        number = bisect_left(self._at, place) - 1
        if number < 0:
            origin = place
        elif place <= self._behind[number]:
            origin = self._ends[number]
        else:
            origin = self._ends[number] + place - self._behind[number]
        number += 1
        while number < len(self._at) and self._at[number] == self._behind[number] == place:
            origin, number = self._ends[number], number + 1
        return origin


def _with_cuts(text: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits, and between them those that leave out what is far from any."""
    kept = 0
    for count, edit in enumerate(edits):
        if count == MOST_EDITS:
            raise TooMuch
        if edit[0] - BEFORE > kept:
            opening = _opening(text, edit[0] - BEFORE)
            if opening > kept:
                yield kept, opening, APART
        yield edit
        kept = max(kept, _closing(text, edit[1] + AFTER) if edit[1] + AFTER > kept else kept)
    if kept < len(text):
        yield kept, len(text), APART


def _opening(text: str, place: int) -> int:
    """A place a little before `place` where a line, else a word begins."""
    line = text.rfind("\n", max(0, place - _AT_LINE), place)
    if line < 0:
        line = text.rfind(" ", max(0, place - _AT_LINE), place)
    return line + 1 if line >= 0 else max(0, place)


def _closing(text: str, place: int) -> int:
    """A place a little behind `place` where a line, else a word ends."""
    line = text.find("\n", place, place + _AT_LINE)
    if line < 0:
        line = text.find(" ", place, place + _AT_LINE)
    return line if line >= 0 else min(len(text), place)
