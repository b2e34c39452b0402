"""Where people are named: text in, hits out.

A text is read in slices of bounded size that overlap by what a label depends on, so that the cost is linear and the
memory constant. Within a slice a name that was found surely is found wherever it stands again: a column of a log
says less of a name than the greeting above it.
"""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from haechi.domain.label import Level
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.names import lexicon, network
from haechi.gateway.classify.names.doubts import is_titled, runs_on, settled
from haechi.gateway.classify.names.network import LABELS, REACH, Network, Numbers
from haechi.gateway.classify.names.pairs import pairs
from haechi.gateway.classify.names.units import Units

_SLICE: Final = 6000
_OVERLAP: Final = 120
"""Characters read again on either side of a slice; sixteen units and the longest name fit many times."""
_WINDOW: Final = 448
"""Units whose labels are asked for at once."""
_SURE: Final = 0.6
"""The least certain unit of a name must be surer than this, where others of the slice are surely named."""
_SURE_ALONE: Final = 0.8
"""The same where nobody else is: a text without names brings one doubtful word, hardly two sure ones."""
_SURE_OF_LITTLE: Final = 0.9
"""The same of one syllable without a title, of one Latin word, and of a name that runs on into a word."""
_VERY_SURE: Final = 0.9
_CERTAIN: Final = 0.985
"""So sure that even an ordinary word is believed to be a name."""
_REPEATED: Final = 48
"""How many different names of one slice are looked for again."""
_MAY_NAME: Final = re.compile("[가-힣㐀-鿿豈-﫿A-Z]")
_NAMES: Final = re.compile(rb"BI*E|S")
_LETTERS: Final = np.frombuffer(LABELS, np.uint8)


def spans(chances: Numbers) -> Iterator[tuple[int, int, float]]:
    """First unit, last unit and confidence of every name, left to right."""
    best = chances.argmax(axis=1)
    if not best.any():
        return
    sureness = chances.T.max(axis=0).tolist()
    for match in _NAMES.finditer(_LETTERS[best].tobytes()):
        first, behind = match.span()
        yield first, behind - 1, min(sureness[first:behind])


class Names:
    """A detector of kind `person`. It holds nothing of what it reads and may be shared by threads."""

    __slots__ = ("_lexicon", "_network")

    def __init__(self) -> None:
        self._network = Network(network.shipped("layers.onnx"), network.shipped("meanings.npy"))
        self._lexicon = lexicon.shipped()

    def scan(self, text: str) -> list[Hit]:
        """Every name, left to right; the span leaves out title, particle and honorific."""
        hits: list[Hit] = []
        if _MAY_NAME.search(text) is None:
            return hits
        for start in range(0, len(text), _SLICE):
            before = max(0, start - _OVERLAP)
            behind = start + _SLICE
            near = self._read(text[before : behind + _OVERLAP], before)
            reached = max(start, hits[-1].end) if hits else start
            hits += [hit for hit in near if reached <= hit.start < behind]
        return hits

    def _read(self, text: str, shift: int) -> list[Hit]:
        """The names of a slice that begins at `shift`."""
        units = Units(text, self._lexicon)
        found: list[tuple[int, int, float, str]] = []
        for first, last, confidence in spans(self._chances(units.rows)):
            if confidence >= _SURE:
                start, end = int(units.starts[first]), int(units.ends[last])
                if end - start == 3 and text[start + 1 : end] in self._lexicon.titles:
                    end = start + 1  # «정수석»: surname and title, written together
                is_given = end - start > 2 and text[end - 2 : end] in self._lexicon.given
                if (place := settled(text, start, end, is_given or confidence >= _CERTAIN)) is not None:
                    found.append((*place, confidence, ""))
        found = list(_believed(text, found))
        found += [
            pair
            for pair in pairs(text)
            if not any(pair[0] < end and start < pair[1] for start, end, *_ in found)
        ]
        if found:
            found = sorted(found + list(_repetitions(text, found)))
        return [
            Hit(
                shift + start,
                shift + end,
                "person",
                Level.CONFIDENTIAL,
                round(confidence, 3),
                rule or _rule(text[start:end]),
            )
            for start, end, confidence, rule in found
        ]

    def _chances(self, rows: Numbers) -> Numbers:
        """The labels of all units, asked for in windows small enough for the processor's cache."""
        pieces = []
        for start in range(0, len(rows), _WINDOW):
            before = max(0, start - REACH)
            chances = self._network.chances(rows[before : start + _WINDOW + REACH])
            pieces.append(chances[start - before : start - before + _WINDOW])
        return np.concatenate(pieces) if pieces else np.zeros((0, len(LABELS)), np.float32)


def _believed(text: str, found: list[tuple[int, int, float, str]]) -> Iterator[tuple[int, int, float, str]]:
    """The names that are sure enough for what they are and for what stands around them."""
    sure = sum(confidence >= _VERY_SURE for _, _, confidence, _ in found)
    for each in found:
        start, end, confidence, _ = each
        needed = _SURE if sure > 0 else _SURE_ALONE
        if confidence < _SURE_OF_LITTLE and _is_little(text, start, end):
            needed = _SURE_OF_LITTLE
        if confidence >= needed:
            yield each


def _is_little(text: str, start: int, end: int) -> bool:
    """Whether little speaks for a name: a syllable without a title, one Latin word, a name that runs on."""
    if end - start == 1:
        return not is_titled(text, end)
    name = text[start:end]
    return (name.isascii() and name.isalpha()) or runs_on(text, start, end)


def _repetitions(
    text: str, found: list[tuple[int, int, float, str]]
) -> Iterator[tuple[int, int, float, str]]:
    """The places where a name that was found surely stands again, unrecognised."""
    taken = bytearray(len(text))
    sure: dict[str, float] = {}
    for start, end, confidence, _ in found:
        taken[start:end] = b"\1" * (end - start)
        if confidence >= _VERY_SURE and end - start > 2 and len(sure) < _REPEATED:
            sure.setdefault(text[start:end], confidence)
    for name, confidence in sure.items():
        place = text.find(name)
        while place >= 0:
            end = place + len(name)
            if not any(taken[place:end]) and not _within_a_word(text, place, end):
                taken[place:end] = b"\1" * (end - place)
                yield place, end, confidence, "person.repeated"
            place = text.find(name, end)


def _within_a_word(text: str, start: int, end: int) -> bool:
    """Whether letters of the same writing go on where a name would begin, or Latin ones where it would end."""
    before, behind = text[start - 1 : start], text[end : end + 1]
    return before.isalnum() or (behind.isascii() and behind.isalnum())


def _rule(name: str) -> str:
    if any("A" <= letter <= "Z" for letter in name):
        return "person.latin"
    return "person.title" if len(name) == 1 else "person.model"
