"""The next match of a pattern, at the price of RE2 alone.

What the library's Python side makes of a match (an iterator, an object, its groups by name) costs twice what finding it
does, and a text is asked for dozens of patterns. Here are the bare spans.
"""

from collections.abc import Callable
from typing import Any, Final

import re2

Spans = list[tuple[int, int]]
"""Where the whole match begins and ends, then each of its groups; `(-1, -1)` where a group has no part in it."""
Search = Callable[[bytes, int, int], Spans | None]
"""Text, and the bytes between which a match has to lie."""

_ANYWHERE: Final = re2._Anchor.UNANCHORED


def search_for(pattern: Any) -> Search:
    """A search for a compiled pattern. Raises `AttributeError` where the library is not the one that is locked."""
    match = pattern._regexp.Match

    def search(text: bytes, start: int, end: int) -> Spans | None:
        spans: Spans = match(_ANYWHERE, text, start, end)
        return spans if spans[0][0] >= 0 else None

    return search


def places_of(search: Search, text: bytes) -> list[tuple[int, int]]:
    """Where all matches stand, left to right, none over another."""
    places, at, end = list[tuple[int, int]](), 0, len(text)
    while at <= end and (spans := search(text, at, end)) is not None:
        place = spans[0]
        places.append(place)
        at = place[1] + (place[0] == place[1])
    return places
