"""Every other reading of a text that could bring something to light.

    text ─ gate ─>  fold, unescape, decode (twice)  ─>  unmark · evaluate, glue  ─>  spell  ─>  squeeze

The gate is one RE2 automaton over the signs of all stages; ordinary prose, code and tables pass it and pay nothing
else. Every reading passes it again, so a stage is entered only where it has something to do. Each reading holds what
the one before it holds, in other words; those that put together what need not belong together are *loose*.

Bounds: two blocks inside one another, four rounds of escapes, `MOST_READINGS`, the edits of a reading. What reaches
one is not read to its end, and so counts as found.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from msgspec import Struct

from haechi.gateway.classify.normalise import blocks, escapes, fold, literals, markup, spoken, squeeze
from haechi.gateway.classify.normalise.gate import stages
from haechi.gateway.classify.normalise.reading import WHOLE, Reading, TooMuch

BLOCKS: Final = 2
"""Encodings of a block inside one another that are undone."""
ROUNDS: Final = 4
"""Of undoing escapes: JSON in the arguments of a tool call that holds JSON, in a log line."""
MOST_READINGS: Final = 24
MOST_TEXT: Final = 4_000_000
"""Code points of all readings together."""


class Readings(Struct, frozen=True):
    """The readings of a text in which it says something else; `unreadable`: a bound was reached. `plainest` is the one
    with all escapes and blocks undone, and nothing else; `told` are those in which code is evaluated."""

    readings: tuple[Reading, ...] = ()
    unreadable: bool = False
    plainest: Reading | None = None
    told: tuple[Reading, ...] = ()


PLAIN: Final = Readings()
"""What ordinary text has."""


def readings(text: str | Reading) -> Readings:
    """Other readings of `text`, or of what is a reading already; none where it is plain."""
    first = text if isinstance(text, Reading) else Reading(text)
    asked = stages(first.text)
    if not asked:
        return PLAIN
    work = _Work(first)
    try:
        work.read(asked)
        too_much = work.too_deep
    except TooMuch:
        too_much = True
    plainest = work.plainest if work.plainest is not first else None
    return Readings(tuple(work.made), too_much, plainest, tuple(work.told))


def in_its_stead(text: str, found: Readings) -> Reading | None:
    """What may be read instead of `text`: the plainest of the readings that were `found`, and nothing left out."""
    if found.plainest is None or len(text) <= WHOLE:
        return found.plainest
    first = Reading(text)
    first.whole = True
    work = _Work(first)
    with suppress(TooMuch):
        work.plain(stages(text))
    return work.plainest


class _Work:
    """One text being read: the readings made so far, no two alike."""

    def __init__(self, first: Reading) -> None:
        self.first = first
        self.made: list[Reading] = []
        self.plainest = first
        self.told: list[Reading] = []
        self.too_deep = False
        self._length = 0
        self._seen = {first.text}
        self._asked: dict[str, frozenset[str]] = {}

    def plain(self, asked: frozenset[str]) -> Reading:
        """The text folded; with its escapes and blocks undone too it is the `plainest`."""
        folded = fold.fold(self.first) if "fold" in asked else self.first
        self._keep(folded)
        self.plainest = folded
        self.plainest = self._expanded(folded)
        return folded

    def read(self, asked: frozenset[str]) -> None:
        folded = self.plain(asked)
        base = self.plainest
        starts = [folded] if base is folded else [folded, base]
        ends = starts[::-1]
        for start in starts:
            ends += self._joined(start)
        for end in ends:
            self._numbers(end)

    def _stages(self, reading: Reading) -> frozenset[str]:
        if reading.text not in self._asked:
            self._asked[reading.text] = stages(reading.text)
        return self._asked[reading.text]

    def _keep(self, reading: Reading) -> bool:
        """Keep a reading that says something new."""
        if reading.text in self._seen:
            return False
        self._length += len(reading.text)
        if len(self.made) == MOST_READINGS or self._length > MOST_TEXT:
            raise TooMuch
        self._seen.add(reading.text)
        self.made.append(reading)
        return True

    def _expanded(self, reading: Reading) -> Reading:
        """Escapes and blocks undone, round by round, folding what comes out."""
        blocks_left, first = BLOCKS, reading
        for _ in range(ROUNDS):
            asked = self._stages(reading)
            fresh = fold.fold(reading) if "fold" in asked else reading
            if "escapes" in asked:
                fresh = escapes.unescape(fresh)
            if "blocks" in asked or fresh is not reading or reading is not first:
                decoded = blocks.decode(fresh) if blocks_left else fresh
                if not blocks_left and blocks.is_decodable(fresh.text):
                    self.too_deep = True
                blocks_left -= decoded is not fresh
                fresh = decoded
            if fresh is reading or not self._keep(fresh):
                break
            reading = fresh
        return reading

    def _joined(self, reading: Reading) -> Iterator[Reading]:
        """What markup, code and line ends keep apart, put together."""
        asked = self._stages(reading)
        ways: tuple[tuple[str, Callable[[Reading], Reading]], ...] = (
            ("markup", markup.unmark),
            ("cells", markup.spaced_cells),
            ("literals", literals.evaluate),
            ("literals", literals.glue),
            ("lines", markup.unwrap),
            ("apart", squeeze.spell),
        )
        for stage, way in ways:
            if stage in asked:
                joined = way(reading)
                if joined is not reading and self._keep(joined):
                    expanded = self._expanded(joined)
                    if not expanded.loose:
                        self.told.append(expanded)
                    yield expanded

    def _numbers(self, reading: Reading) -> None:
        """Numbers in words, numbers pulled apart."""
        asked = self._stages(reading)
        if "spoken" in asked:
            spelled = spoken.spell(reading)
            if spelled is not reading and self._keep(spelled):
                for pulled in squeeze.readings(spelled):
                    self._keep(pulled)
        if "squeeze" in asked or (reading.loose and squeeze.is_joined(reading)):
            for pulled in squeeze.readings(reading):
                self._keep(pulled)
