"""The pieces of a text in which a finding may touch one of some places.

Where a reading put a number together, only a finding that holds a joint is new; the rest was seen already. So rules
look for their patterns around the joints alone: `REACH` to either side, and on to where a word ends, for a key or a token
is longer than any number.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from haechi.gateway.classify.normalise.reading import Spot

Window = tuple[int, int]
"""Start and end of a piece to look at, in bytes."""

REACH: Final = 40
"""Code points to either side of a joint: the longest number with all of its separators is shorter."""
_NEAR: Final = 64
"""Windows closer than this are one: to look at a little more is cheaper than to look twice."""
_LONGEST_WORD: Final = 4096
_BLANKS: Final = " \n"


class Windows(Struct, frozen=True):
    """`pieces` of a text, and the places in them that a finding has to touch: where each begins and ends, in bytes and in
    order; without any, it need not."""

    pieces: list[Window]
    starts: list[int] = []
    ends: list[int] = []

    def touch(self, first: int, last: int) -> bool:
        """Whether what stands between two bytes holds a place, or a part of one."""
        if not self.starts:
            return True
        behind = bisect_right(self.ends, first)
        return behind < len(self.starts) and self.starts[behind] < last


def everywhere(encoded: bytes) -> Windows:
    """All of a text, wherever a finding stands."""
    return Windows([(0, len(encoded))])


def windows_around(text: str, spots: Sequence[Spot]) -> Windows:
    """The windows around `spots`, which stand in order."""
    spots = _apart(spots)
    pieces: list[Spot] = []
    for start, end in spots:
        if pieces and start - REACH - _NEAR <= pieces[-1][1]:
            if end + REACH > pieces[-1][1]:
                pieces[-1] = (pieces[-1][0], _closing(text, end))
        else:
            pieces.append((_opening(text, start), _closing(text, end)))
    if text.isascii():
        return Windows(pieces, [start for start, _ in spots], [end for _, end in spots])
    return _in_bytes(text, pieces, spots)


def _apart(spots: Sequence[Spot]) -> list[Spot]:
    """The places, those that overlap as one."""
    apart: list[Spot] = []
    for start, end in spots:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _in_bytes(text: str, pieces: Sequence[Spot], spots: Sequence[Spot]) -> Windows:
    points = sorted({point for place in (*pieces, *spots) for point in place})
    offset, at, behind = dict[int, int](), 0, 0
    for point in points:
        at += len(text[behind:point].encode(errors="replace"))
        offset[point], behind = at, point
    return Windows(
        [(offset[start], offset[end]) for start, end in pieces],
        [offset[start] for start, _ in spots],
        [offset[end] for _, end in spots],
    )


def _opening(text: str, place: int) -> int:
    start = max(0, place - REACH)
    least = max(0, start - _LONGEST_WORD)
    return max(least, *(text.rfind(blank, least, start) + 1 for blank in _BLANKS))


def _closing(text: str, place: int) -> int:
    start = min(len(text), place + REACH)
    most = min(len(text), start + _LONGEST_WORD)
    return min(most, *(end for blank in _BLANKS if (end := text.find(blank, start, most)) >= 0), most)
