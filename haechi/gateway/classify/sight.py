"""What detectors find in a request, in every other reading of it too, with the places of the text itself.

The strings of a request are looked at in units: a long string by itself, short ones (keys, cells, names) together, each
unit with a little of what stands before it, for a number is called by its key and a question names its answer. What a
unit shows depends on nothing else, so it is remembered by its content. Then the seams: what a value may be split over.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

import msgspec
from msgspec import Struct

from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.leaves import Leaves
from haechi.gateway.classify.memory import Memory, Seen
from haechi.gateway.classify.normalise import blocks, seams
from haechi.gateway.classify.normalise.belief import believed, joins_a_name
from haechi.gateway.classify.normalise.calls import around
from haechi.gateway.classify.normalise.normalise import Readings, in_its_stead, readings
from haechi.gateway.classify.normalise.reading import APART, Reading, Spot

HEAD: Final = 131_072
"""Code points of a long text that say whether it is worth reading to its end."""
FULL: Final = 6_000
"""Findings in a head that make the whole a data base, and nothing that anybody asks about."""

Detector = Callable[[str], list[Hit]]
NearDetector = Callable[[str, Sequence[Spot]], list[Hit]]
Looking = Callable[[Reading], list[Hit]]
Place = tuple[int, int, str]
"""Start, end, kind."""


class NoAnswer(Exception):
    """A detector gave no answer: nobody has looked at this text."""


class Eyes(Struct, frozen=True):
    """Who looks: `rules` find the same in the same words wherever they stand, and look at every reading; `study` (names,
    topics) weighs the words around and looks once, at the plainest. In `strict` mode a block that may hide text counts
    as found. `rules_near` are the rules around some places alone. Without a `memory` everything is new."""

    rules: Detector
    study: Detector | None = None
    memory: Memory | None = None
    strict: bool = False
    rules_near: NearDetector | None = None

    def see(self, text: str, boundary: int) -> Seen:
        """What stands in `text` behind `boundary`."""
        if self.memory is None:
            return self.look(text, boundary, {})
        return self.memory.of(text, b"%d" % boundary, lambda: self.look(text, boundary, {}))

    def see_seam(self, text: str) -> Seen:
        """What may be put together in `text`."""
        if self.memory is None:
            return self.look_at_seam(text, {})
        return self.memory.of(text, b"seam", lambda: self.look_at_seam(text, {}))

    def look(self, text: str, boundary: int, values: dict[Place, str]) -> Seen:
        """The same without memory; what disguised values read as goes into `values`."""
        if len(text) > 2 * HEAD and self._is_full(text[:HEAD]):
            seen = self.look(text[:HEAD], boundary, values)
            return msgspec.structs.replace(seen, unreadable=min(seen.unreadable or HEAD, HEAD))
        found = readings(text)
        hits = self._ruled(text, found, values)
        if self.study is not None:
            hits = hits + _studied(text, found, self.study, values)
        plain = [reading for reading in found.readings if not reading.loose] if self.strict else []
        unreadable = 0 if found.unreadable else _opaque(text, plain) if self.strict else None
        if unreadable is not None:
            unreadable = max(unreadable, boundary)
        kept = tuple(hit for hit in hits if hit.end > boundary)
        return Seen(kept, bool(values), unreadable)

    def _ruled(self, text: str, found: Readings, values: dict[Place, str]) -> list[Hit]:
        hits = _asked(self._rules_of, Reading(text))
        return hits + _elsewhere(found.readings, self._rules_of, hits, values) if found.readings else hits

    def _rules_of(self, reading: Reading) -> list[Hit]:
        """What the rules find in a reading; in a loose one, where it put something together."""
        if self.rules_near is None or not reading.loose:
            return self.rules(reading.text)
        return self.rules_near(reading.text, reading.spots())

    def _is_full(self, head: str) -> bool:
        """Whether there is so much in the head of a text that it is all that is looked at: the rest counts as found."""
        return len(self._ruled(head, readings(head), {})) > FULL

    def look_at_seam(self, text: str, values: dict[Place, str]) -> Seen:
        """The same of a text that was put together: a finding has to be believed."""
        found = readings(text)
        hits: list[Hit] = []
        whole = Reading(text)
        for look in (self._rules_of, _reader(self.study) if self.study is not None else None):
            if look is not None:
                known = [hit for hit in _asked(look, whole) if believed(hit, text)]
                hits += known
                others = [
                    hit
                    for hit in _elsewhere(found.readings, look, known, values)
                    if believed(hit, text) or (hit.start, hit.end, hit.kind) in values
                ]
                hits += others
        return Seen(tuple(hits), bool(values), 0 if found.unreadable else None)


class Sight(Struct, frozen=True):
    """Hits in the running text, in order of finding. `values` are those that are written otherwise than they read,
    by place and kind; `gaps` are pieces of the text, in order, that belong to no hit although one runs over them; `unreadable`:
    where something stands that could not be read to its end."""

    hits: list[Hit]
    values: dict[Place, str]
    gaps: tuple[tuple[int, int], ...] = ()
    unreadable: int | None = None


def look(leaves: Leaves, eyes: Eyes, *, values_too: bool) -> Sight:
    """What is to be seen in `leaves`. Raises `NoAnswer`. `values_too`: what disguised values read as is asked for."""
    hits: list[Hit] = []
    values: dict[Place, str] = {}
    unreadable: int | None = None
    for start, boundary, text in leaves.units():
        seen, read = eyes.see(text, boundary), dict[Place, str]()
        if seen.disguised and values_too:
            seen = eyes.look(text, boundary, read)
        hits += (
            each for each in (_moved(hit, start) for hit in seen.hits) if not _names_the_model(each, leaves)
        )
        values |= {(first + start, last + start, kind): said for (first, last, kind), said in read.items()}
        if seen.unreadable is not None and unreadable is None:
            unreadable = start + seen.unreadable
    gaps: list[tuple[int, int]] = []
    for contents in (leaves.contents, seams.of_one_speaker(leaves.body, leaves.contents, leaves.texts)):
        if len(contents) < 2:
            continue
        for seamless in seams.joined(leaves.texts, contents, eyes.study is not None):
            more = _over_seams(seamless, eyes, hits)
            hits += more.hits
            values |= more.values
            gaps += more.gaps
            unreadable = more.unreadable if unreadable is None else unreadable
    return Sight(hits, values, tuple(sorted(gaps)), unreadable)


def _names_the_model(hit: Hit, leaves: Leaves) -> bool:
    """Whether a person seems to be named where the request names its model: what is no known model goes nowhere."""
    return hit.kind == "person" and hit.start in leaves.model and hit.end <= leaves.model.stop


def _moved(hit: Hit, by: int) -> Hit:
    return msgspec.structs.replace(hit, start=hit.start + by, end=hit.end + by) if by else hit


def _reader(detector: Detector) -> Looking:
    return lambda reading: detector(reading.text)


def _asked(look: Looking, reading: Reading) -> list[Hit]:
    hits = look(reading)
    if type(hits) is not list:  # an answer that is none says nothing about the text
        raise NoAnswer
    return hits


def _elsewhere(
    others: Sequence[Reading], look: Looking, known: Sequence[Hit], values: dict[Place, str]
) -> list[Hit]:
    """Hits in other readings that no earlier one has shown already; what they read goes into `values`."""
    seen: dict[str, list[Hit]] = {}
    for hit in sorted(known, key=_start):
        seen.setdefault(hit.kind, []).append(hit)
    fresh = []
    for reading in others:
        for hit in _asked(look, reading):
            if reading.loose and not (
                reading.put_together(hit.start, hit.end) and believed(hit, reading.text)
            ):
                continue
            start, end = around(reading.first, *reading.span(hit.start, hit.end))
            here = msgspec.structs.replace(hit, start=start, end=end)
            value = reading.text[hit.start : hit.end]
            same = seen.setdefault(hit.kind, [])
            shown = _shown(here, len(value), same, reading.first if reading.loose else None)
            if shown is None and reading.loose and hit.kind == "email":
                shown = _whole_mailbox(here, same, reading.first) or _begun_mailbox(here, same)
            if shown is None:
                same.insert(bisect_left(same, start, key=_start), here)
                fresh.append(here)
                shown = (start, end, hit.kind)
            elif shown not in values:
                continue
            values[shown] = _both(values[shown], value) if shown in values else value
    return fresh


def _studied(text: str, found: Readings, study: Detector, values: dict[Place, str]) -> list[Hit]:
    """What a study finds where the text reads plainest, and in those other readings that may put a name together."""
    plainest, look = in_its_stead(text, found), _reader(study)
    hits = _asked(look, Reading(text)) if plainest is None else _elsewhere((plainest,), look, (), values)
    others = [reading for reading in found.readings if reading.loose and joins_a_name(reading)]
    return hits + _elsewhere((*found.told, *others), look, hits, values) if others or found.told else hits


_start: Final = attrgetter("start")
_MOST: Final = 0.7
_NEAR: Final = 3
"""Hits of one kind on either side that can overlap another; they hardly ever overlap each other."""


def _shown(hit: Hit, length: int, same: Sequence[Hit], text: str | None) -> Place | None:
    """The place of the hit among those of its kind, in order, that already shows as much: as far as a loose reading of
    `text` can tell, most of it."""
    place = bisect_left(same, hit.start, key=_start)
    for other in same[max(0, place - _NEAR) : place + _NEAR]:
        if _shows(other, hit, length) or (text is not None and _is_most_of(other, hit, length, text)):
            return other.start, other.end, other.kind
    return None


def _both(known: str, value: str) -> str:
    """What is read at a place where `value` is read beside what was `known`: two values in one block of base64 are not
    the one that somebody reviewed."""
    signs = ["".join(filter(str.isalnum, each)) for each in (known, value)]
    return known if signs[1] in signs[0] else f"{known}\n{value}"


def _is_most_of(known: Hit, hit: Hit, length: int, text: str) -> bool:
    """Whether what stands as written is most of what was put together: then it is the better end of it. The word on the
    next line is no part of a mailbox («kim@corp.example⏎ok»); the rest of a broken one is («tiger2⏎8@naver.com»)."""
    if hit.kind == "email" and text[known.start - 1 : known.start] in _WITHIN:
        return False
    overlap = min(known.end, hit.end) - max(known.start, hit.start)
    return overlap > 0 and known.end - known.start >= _MOST * length


def _whole_mailbox(hit: Hit, same: Sequence[Hit], text: str) -> Place | None:
    """The place of a mailbox that stands as written in what was put together: a word of three letters before its `@` is a
    name of its own, and what stands in the field before it no beginning of it."""
    place = bisect_left(same, hit.end, key=_start)
    for other in same[max(0, place - _NEAR) : place]:
        local, at, _ = text[other.start : other.end].partition("@")
        is_inside = hit.start < other.start and other.end <= hit.end
        begins = text[other.start - 1 : other.start] not in _WITHIN
        if is_inside and at and len(local) >= _NAME and local[0].isalpha() and begins:
            return other.start, other.end, other.kind
    return None


def _begun_mailbox(hit: Hit, same: Sequence[Hit]) -> Place | None:
    """The place of a mailbox that stands as written at the beginning of what was put together: it has its whole domain, and
    the words on the next line or in the next field (`"role": "user"`) are no more of it."""
    place = bisect_left(same, hit.start, key=_start)
    for other in same[place : place + 1]:
        if other.start == hit.start and other.end <= hit.end:
            return other.start, other.end, other.kind
    return None


_NAME: Final = 3
_WITHIN: Final = frozenset("._+")
"""Behind these a name has begun before, in another literal: `"minji" + ".kang@…"`."""


def _shows(known: Hit, hit: Hit, length: int) -> bool:
    """Whether a hit that is known already shows as much as another reading does, whose value has this `length`."""
    overlap = min(known.end, hit.end) - max(known.start, hit.start)
    return known.level >= hit.level and overlap > 0 and length <= known.end - known.start


def _over_seams(seamless: Reading, eyes: Eyes, known: Sequence[Hit]) -> Sight:
    """What stands across seams, and was not seen on either side of them."""
    fresh: list[Hit] = []
    values: dict[Place, str] = {}
    unreadable: int | None = None
    by_kind: dict[str, list[Hit]] = {}
    for hit in sorted(known, key=_start):
        by_kind.setdefault(hit.kind, []).append(hit)
    at = 0
    for piece in seamless.text.split(APART):
        seen = eyes.see_seam(piece) if piece else Seen()
        unreadable = 0 if seen.unreadable is not None else unreadable
        for hit in seen.hits:
            if seamless.put_together(at + hit.start, at + hit.end):
                start, end = seamless.span(at + hit.start, at + hit.end)
                here = msgspec.structs.replace(hit, start=start, end=end)
                value, same = piece[hit.start : hit.end], by_kind.get(hit.kind, ())
                shown = _shown(here, len(value), same, None)
                if shown is None and hit.kind == "email":
                    shown = _whole_mailbox(here, same, seamless.first) or _begun_mailbox(here, same)
                if shown is None:
                    fresh.append(here)
                    values[start, end, hit.kind] = value
        at += len(piece) + len(APART)
    gaps = [gap for gap in seamless.edits() if gap[0] < gap[1]] if fresh else []
    return Sight(fresh, values, tuple(gaps), unreadable)


def _opaque(text: str, others: Sequence[Reading]) -> int | None:
    """Where the first block stands that may hide a text."""
    for reading in (Reading(text), *others):
        for start, end in blocks.opaque(reading.text):
            return reading.span(start, end)[0]
    return None


def without(gaps: Sequence[tuple[int, int]], hit: Hit) -> list[tuple[int, int]]:
    """The pieces of a hit between the gaps that it runs over, or that it was widened by at its ends."""
    pieces, start = [], hit.start
    for number in range(bisect_left(gaps, (hit.start, 0)), len(gaps)):
        first, last = gaps[number]
        if first >= hit.end:
            break
        if last <= hit.end:
            if start < first:
                pieces.append((start, first))
            start = max(start, last)
    if start < hit.end or not pieces:
        pieces.append((start, hit.end))
    return pieces
