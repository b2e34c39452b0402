"""Where an address stands, and the places that are taken already."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

Span = tuple[int, int, str]
"""Start, end and the form of an address."""
Places = list[tuple[int, int]]
"""Where an anchor begins and ends."""


class Taken:
    """Spans of which none overlaps another: the first comer keeps its place."""

    def __init__(self) -> None:
        self.spans: Final[list[Span]] = []

    def add(self, spans: Iterable[Span]) -> None:
        """Take each of `spans` whose place is free."""
        for span in spans:
            place = bisect_left(self.spans, span)
            before_is_free = place == 0 or self.spans[place - 1][1] <= span[0]
            if before_is_free and (place == len(self.spans) or span[1] <= self.spans[place][0]):
                self.spans.insert(place, span)
