"""What detectors find in a text and in every other reading of it, with the places of the text itself.

Rules read the running text of the whole request at once; studies (names, addresses, lists) read each string that is
new, and may be remembered by its content: `studied` depends on nothing else.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

import msgspec
from msgspec import Struct

from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.leaves import Leaves
from haechi.gateway.classify.normalise import blocks, seams
from haechi.gateway.classify.normalise.belief import believed
from haechi.gateway.classify.normalise.normalise import readings
from haechi.gateway.classify.normalise.reading import Reading

Detector = Callable[[str], list[Hit]]
Place = tuple[int, int, str]
"""Start, end, kind."""


class Sight(Struct, frozen=True):
    """Hits in the running text, in order of finding. `values` are those that are written otherwise than they read,
    by place and kind; `gaps` are pieces of the text that belong to no hit although one runs over them; `unreadable`:
    where something stands that could not be read to its end."""

    hits: list[Hit]
    values: dict[Place, str]
    gaps: tuple[tuple[int, int], ...] = ()
    unreadable: int | None = None


def look(leaves: Leaves, scan: Detector, study: Detector | None, strict: bool) -> Sight | None:
    """What is to be seen in `leaves`; `None` where a detector gave no answer."""
    running = leaves.running_text()
    hits = scan(running)
    if type(hits) is not list:
        return None
    values: dict[Place, str] = {}
    unreadable: int | None = None
    found = readings(running)
    if found.unreadable:
        unreadable = 0
    if found.readings:
        hits = hits + _elsewhere(found.readings, scan, hits, values)
    if strict and unreadable is None:
        unreadable = _opaque(running, found.readings)
    if study is not None:
        hits = hits + _studied(leaves, study)
    gaps: list[tuple[int, int]] = []
    for contents in (leaves.contents, seams.of_one_speaker(leaves.body, leaves.contents, leaves.texts)):
        if len(contents) > 1 and (seamless := seams.joined(leaves.texts, contents, study is not None)):
            more = _over_seams(seamless, scan, study, hits, values)
            hits = hits + more.hits
            gaps += more.gaps
            unreadable = more.unreadable if unreadable is None else unreadable
    return Sight(hits, values, tuple(gaps), unreadable)


def studied(text: str, study: Detector) -> list[Hit]:
    """What a study finds in one string and in its other readings, those left out that only put numbers together."""
    hits = study(text)
    others = [reading for reading in readings(text).readings if not reading.loose]
    return hits + _elsewhere(others, study, hits, {}) if others else hits


def _studied(leaves: Leaves, study: Detector) -> list[Hit]:
    return [
        msgspec.structs.replace(hit, start=hit.start + start, end=hit.end + start)
        for text, start in zip(leaves.texts, leaves.starts(), strict=True)
        for hit in studied(text, study)
    ]


def _elsewhere(
    others: Sequence[Reading], detector: Detector, known: Sequence[Hit], values: dict[Place, str]
) -> list[Hit]:
    """Hits in other readings that no earlier one has shown already; what they read goes into `values`."""
    seen: dict[str, list[Hit]] = {}
    for hit in sorted(known, key=_start):
        seen.setdefault(hit.kind, []).append(hit)
    fresh = []
    for reading in others:
        for hit in detector(reading.text):
            if reading.loose and not (
                reading.put_together(hit.start, hit.end) and believed(hit, reading.text)
            ):
                continue
            start, end = reading.span(hit.start, hit.end)
            here = msgspec.structs.replace(hit, start=start, end=end)
            same = seen.setdefault(hit.kind, [])
            place = bisect_left(same, start, key=_start)
            if not any(
                _shows(other, here, hit.end - hit.start)
                for other in same[max(0, place - _NEAR) : place + _NEAR]
            ):
                same.insert(place, here)
                fresh.append(here)
                values[start, end, hit.kind] = reading.text[hit.start : hit.end]
    return fresh


_start: Final = attrgetter("start")
_NEAR: Final = 3
"""Hits of one kind on either side that can overlap another; they hardly ever overlap each other."""


def _shows(known: Hit, hit: Hit, length: int) -> bool:
    """Whether a hit that is known already shows as much as another reading does, whose value has this `length`."""
    overlap = min(known.end, hit.end) - max(known.start, hit.start)
    return known.level >= hit.level and overlap > 0 and length <= known.end - known.start


def _over_seams(
    seamless: Reading, scan: Detector, study: Detector | None, known: Sequence[Hit], values: dict[Place, str]
) -> Sight:
    inner = readings(seamless)
    others = (seamless, *inner.readings)
    hits = _elsewhere(others, scan, known, values)
    if study is not None:
        hits = hits + _elsewhere(others, study, [*known, *hits], values)
    gaps = [gap for gap in seamless.edits() if gap[0] < gap[1]] if hits else []
    return Sight(hits, values, tuple(gaps), 0 if inner.unreadable else None)


def _opaque(running: str, others: Sequence[Reading]) -> int | None:
    """Where the first block stands that may hide a text."""
    for reading in (Reading(running), *(other for other in others if not other.loose)):
        for start, end in blocks.opaque(reading.text):
            return reading.span(start, end)[0]
    return None


def without(gaps: Sequence[tuple[int, int]], hit: Hit) -> list[tuple[int, int]]:
    """The pieces of a hit between the gaps that it runs over."""
    pieces, start = [], hit.start
    for first, last in gaps:
        if hit.start < first and last < hit.end:
            pieces.append((start, first))
            start = last
    return [*pieces, (start, hit.end)]
