"""A company's own words: project names, customers, products, paths of its source code.

Exact, but for what people do to a name in passing: case, the spaces and hyphens inside it, a particle behind it.
A list may hold ten thousand entries, so no entry is looked for by itself: each is filed under those three characters
of it that fewest others share, and the text is asked, at the speed of C, where it may hold such a three. Only there is
anything compared.

Where a term may stand. Latin letters and digits: never inside another word («Bluefin» is not in «Bluefinch»).
Hangul: no syllable before it («가온» is not in «나가온»); behind a term of three syllables or more anything may follow,
as Korean compounds freely («은하수팀»), behind a shorter one only a particle.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from haechi.domain.label import Level
from haechi.gateway.classify.hit import Hit

KIND: Final = "term"
LEAST: Final = 2
"""Characters, separators not counted, of the shortest term: one alone stands everywhere."""

_MARKS: Final = "-_\u00b7\u2010\u2011\u2013\u2014"
"""Separators beside white space."""

_WIDEST: Final = 3
_PIECE: Final = 3
_FACTORS: Final = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
_SHIFT: Final = 14
_SUMS: Final = 1 << (32 - _SHIFT)
_FREELY_JOINED: Final = 3
_CONFIDENCE: Final = 0.99
_PARTICLES: Final = (
    "은", "는", "이", "가", "을", "를", "의", "에", "와", "과", "도", "만", "로", "으로", "나", "라", "란", "랑",
    "께", "한테", "부터", "까지", "처럼", "보다", "마다", "조차", "밖에", "입니다", "인", "임", "였", "님", "씨", "측",
    "팀", "등", "건", "및", "내", "외", "간", "용",
)  # fmt: skip


class Term(Struct, frozen=True):
    """A name as the company writes it, and how sensitive it is."""

    name: str
    level: Level


class _Entry(Struct, frozen=True):
    """A term, folded. `breaks`: before which characters its spelling has a separator; `offset`: where its key stands."""

    folded: str
    breaks: frozenset[int]
    level: Level
    offset: int


class _Shelf:
    """The entries that are filed under pieces of `length` characters. A table of bits says where to look at all."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._entries: dict[str, list[_Entry]] = {}
        self._known = np.zeros(_SUMS, bool)

    def file(self, piece: str, entry: _Entry) -> None:
        """Put `entry` under `piece`."""
        self._entries.setdefault(piece, []).append(entry)
        self._known[_sum(piece)] = True

    def candidates(self, folded: str, codes: NDArray[np.uint32]) -> Iterator[tuple[_Entry, int]]:
        """Entries whose characters stand in `folded`, and where they begin."""
        for place in self._known[_sums(codes, self._length)].nonzero()[0].tolist():
            for entry in self._entries.get(folded[place : place + self._length], ()):
                at = place - entry.offset
                if at >= 0 and folded.startswith(entry.folded, at):
                    yield entry, at


class Terms:
    """The company's terms, filed for one look at a text."""

    def __init__(self, terms: Iterable[Term]) -> None:
        strictest: dict[tuple[str, frozenset[int]], Level] = {}
        for term in terms:
            key = _taken_apart(term.name)
            if len(key[0]) >= LEAST:
                strictest[key] = max(term.level, strictest.get(key, term.level))
        shared = Counter(piece for folded, _ in strictest for piece in set(_pieces(folded)))
        self._shelves: dict[int, _Shelf] = {}
        for (folded, breaks), level in strictest.items():
            pieces = _pieces(folded)
            offset = min(range(len(pieces)), key=lambda at: shared[pieces[at]])
            length = len(pieces[0])
            shelf = self._shelves.setdefault(length, _Shelf(length))
            shelf.file(pieces[offset], _Entry(folded, breaks, level, offset))

    def scan(self, text: str) -> list[Hit]:
        """Every term in `text`, in order; of terms that begin at the same place the longest."""
        if not self._shelves:
            return []
        folded = _fold(text)
        codes = _codes(folded)
        found = [each for shelf in self._shelves.values() for each in shelf.candidates(folded, codes)]
        if not found:
            return []
        places = [at for at, character in enumerate(text) if not _separates(character)]
        hits: dict[int, Hit] = {}
        for entry, at in found:
            hit = _hit(text, entry, places[at : at + len(entry.folded)])
            if hit is not None and (hit.start not in hits or hits[hit.start].end < hit.end):
                hits[hit.start] = hit
        return [hits[start] for start in sorted(hits)]


def _pieces(folded: str) -> list[str]:
    """All runs of three characters, or the whole of a term of two."""
    length = min(_PIECE, len(folded))
    return [folded[at : at + length] for at in range(len(folded) - length + 1)]


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _sums(codes: NDArray[np.uint32], length: int) -> NDArray[np.uint32]:
    """A number for every run of `length` characters; different runs may share one."""
    count = max(0, len(codes) - length + 1)
    total = codes[:count] * np.uint32(_FACTORS[0])
    for step in range(1, length):
        total += codes[step : step + count] * np.uint32(_FACTORS[step])
    return total >> np.uint32(_SHIFT)


def _sum(piece: str) -> int:
    """The same for one run."""
    total = sum(ord(character) * factor for character, factor in zip(piece, _FACTORS, strict=False))
    return (total & 0xFFFFFFFF) >> _SHIFT


def _fold(text: str) -> str:
    """Small letters without separators, a character each."""
    low = text.lower()
    if len(low) != len(text):  # «İ» becomes two
        low = "".join(
            each if len(each) == 1 else character for character in text for each in [character.lower()]
        )
    folded = "".join(low.split())
    for mark in _MARKS:
        folded = folded.replace(mark, "")
    return folded


def _separates(character: str) -> bool:
    return character in _MARKS or character.isspace()


def letters_of(name: str) -> str:
    """A term as it is compared: small letters without separators."""
    return _taken_apart(name)[0]


def _taken_apart(name: str) -> tuple[str, frozenset[int]]:
    """A term folded, and before which of its characters a separator may stand."""
    folded: list[str] = []
    breaks: set[int] = set()
    for character in unicodedata.normalize("NFC", name):
        if _separates(character):
            breaks.add(len(folded))
        else:
            folded.append(_fold(character))
    return "".join(folded), frozenset(breaks) - {0, len(folded)}


def _hit(text: str, entry: _Entry, places: list[int]) -> Hit | None:
    """The term at `places`, where nothing else stands between its characters and no word goes on around it."""
    for step, (left, right) in enumerate(pairwise(places), 1):
        if right - left > 1 and (step not in entry.breaks or right - left > _WIDEST + 1):
            return None
    start, end = places[0], places[-1] + 1
    if _begins_inside(text[start - 1 : start], text[start]) or _ends_inside(
        text[end - 1], text[end : end + 3], entry
    ):
        return None
    return Hit(start, end, KIND, entry.level, _CONFIDENCE, KIND)


def _begins_inside(before: str, first: str) -> bool:
    return (_is_latin(before) and _is_latin(first)) or (_is_hangul(before) and _is_hangul(first))


def _ends_inside(last: str, behind: str, entry: _Entry) -> bool:
    if _is_latin(last):
        return _is_latin(behind[:1])
    if not (_is_hangul(last) and _is_hangul(behind[:1])):
        return False
    return len(entry.folded) < _FREELY_JOINED and not behind.startswith(_PARTICLES)


def _is_latin(character: str) -> bool:
    """A letter or digit of a script that separates words: anything alphanumeric but Hangul."""
    return character.isalnum() and not _is_hangul(character)


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣"
