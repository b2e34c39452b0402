"""A text as the network reads it: a unit is a Hangul syllable, a Latin word, a number or a sign.

Each unit becomes a row of numbers, all worked out at the speed of numpy: which sign it is, what stands between it
and the unit before, how a Latin word is written, and what the word lists know of the words that begin here. White
space is no unit, so that «홍 길 동» and «홍길동» are three units both; a line break is one.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from haechi.gateway.classify.names.lexicon import LENGTHS, Lexicon, hash_of_runs, slots_of_words

Numbers = NDArray[Any]

_OTHER, _LATIN, _DIGIT, _SPACE, _BREAK, _HANGUL, _HAN, _JAMO = range(8)
_HANGUL_FIRST, _HANGUL_LAST = 0xAC00, 0xD7A3

# Where the rows of each sort of sign begin in the table of embeddings.
SIGNS: Final = 0
"""256 characters of the first page, then 128 shared by all other characters that are no letters."""
HANGUL: Final = 384
HAN: Final = HANGUL + (_HANGUL_LAST - _HANGUL_FIRST + 1)
WORDS: Final = HAN + 1024
DIGITS: Final = WORDS + 4096
GAPS: Final = DIGITS + 16
SHAPES: Final = GAPS + 4
KNOWN: Final = SHAPES + 64
"""256 rows for each length of word the lists know, then 256 for Latin words."""
SENSES: Final = KNOWN + 256 * (len(LENGTHS) + 1)
"""256 rows for each length of word: what sort of word it is by the company it keeps."""
ROWS: Final = SENSES + 256 * len(LENGTHS)
COLUMNS: Final = 4 + 2 * len(LENGTHS)
USUAL: Final = (
    SHAPES,
    KNOWN + 256 * len(LENGTHS),
    *(KNOWN + 256 * place for place in range(len(LENGTHS))),
    *(SENSES + 256 * place for place in range(len(LENGTHS))),
)
"""What the columns from the third on hold of most units: no Latin word, no known one, no known word of each length."""


def _classes() -> Numbers:
    table = np.zeros(0x10000, np.uint8)
    for low, high in (
        (0x41, 0x5A),
        (0x61, 0x7A),
        (0xC0, 0xD6),
        (0xD8, 0xF6),
        (0xF8, 0x24F),
        (0x1E00, 0x1EFF),
    ):
        table[low : high + 1] = _LATIN
    table[0x30:0x3A] = _DIGIT
    table[[0x09, 0x20, 0xA0, 0x3000]] = _SPACE
    table[0x2000:0x200B] = _SPACE
    table[[0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]] = _BREAK
    table[_HANGUL_FIRST : _HANGUL_LAST + 1] = _HANGUL
    table[0x3400:0xA000] = _HAN
    table[0xF900:0xFB00] = _HAN
    table[0x3131:0x318F] = _JAMO
    return table


def _signs() -> Numbers:
    """The row of each character that is a unit by itself."""
    table = np.arange(0x10000)
    table[256:] = 256 + table[256:] % 128
    table[_CLASSES == _BREAK] = 10
    table[_CLASSES == _HANGUL] = np.arange(HANGUL, HAN)
    han = np.flatnonzero(_CLASSES == _HAN)
    table[han] = HAN + han % 1024
    return table.astype(np.int32)


_CLASSES: Final = _classes()
_SIGNS: Final = _signs()
_KNOWN_ROWS: Final = (KNOWN + 256 * np.arange(len(LENGTHS), dtype=np.int32))[:, None]
_SENSE_ROWS: Final = (SENSES + 256 * np.arange(len(LENGTHS), dtype=np.int32))[:, None]
_GAPS: Final = np.array([0, 0, 0, 1, 3, 0, 0, 0], np.int32)
"""What stands before a unit: nothing, a space, a break; two of wider spaces."""
_JOINED: Final = np.array([False, True, True, True, True, False, False, True])
"""Sorts of characters of which a whole run makes one unit."""


class Units:
    """The units of a text: where each begins and ends in code points, and its row of numbers."""

    __slots__ = ("ends", "rows", "starts")

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        sorts = np.take(_CLASSES, points, mode="clip")
        opens = np.ones(len(points), bool)
        opens[1:] = (sorts[1:] != sorts[:-1]) | ~_JOINED[sorts[1:]]
        runs = np.flatnonzero(opens)
        lengths = np.empty_like(runs)
        lengths[:-1] = runs[1:] - runs[:-1]
        lengths[-1:] = len(points) - runs[-1:]
        kinds = sorts[runs]
        blank = kinds == _SPACE
        gaps = np.empty(len(runs), np.int32)
        gaps[:1] = 3
        gaps[1:] = _GAPS[kinds[:-1]]
        gaps[1:] += blank[:-1] & (lengths[:-1] > 1)
        kept = np.flatnonzero(~blank)
        self.starts = runs[kept]
        self.ends = self.starts + lengths[kept]
        self.rows = _rows(points, self.starts, lengths[kept], kinds[kept], gaps[kept], lexicon)

    def __len__(self) -> int:
        return len(self.starts)


def _rows(
    points: Numbers, starts: Numbers, lengths: Numbers, kinds: Numbers, gaps: Numbers, lexicon: Lexicon
) -> Numbers:
    first = points[starts]
    columns = np.empty((COLUMNS, len(starts)), np.int32)  # they are filled and read by columns
    signs, shapes, known_words = columns[0], columns[2], columns[3]
    np.take(_SIGNS, first, out=signs, mode="clip")
    beyond = np.flatnonzero(first > 0xFFFF)
    if len(beyond):
        signs[beyond] = 256 + first[beyond] % 128
    digits = np.flatnonzero(kinds == _DIGIT)
    signs[digits] = DIGITS + np.minimum(lengths[digits], 15)
    np.add(gaps, GAPS, out=columns[1], casting="unsafe")
    shapes[:] = SHAPES
    known_words[:] = KNOWN + 256 * len(LENGTHS)
    latin = np.flatnonzero(kinds == _LATIN)
    if len(latin):
        hashes, shape = _latin(points, starts[latin], lengths[latin])
        signs[latin] = WORDS + ((hashes >> np.uint64(40)) & np.uint64(4095))
        shapes[latin] += shape.astype(np.int32)
        known_words[latin] += lexicon.words(hashes)
    known = lexicon.known[slots_of_words(first * (kinds == _HANGUL).astype(np.uint64), gaps == 0)]
    np.add(known & 255, _KNOWN_ROWS, out=columns[4 : 4 + len(LENGTHS)])
    np.add(known >> 8, _SENSE_ROWS, out=columns[4 + len(LENGTHS) :])
    return columns.T


def _latin(points: Numbers, starts: Numbers, lengths: Numbers) -> tuple[Numbers, Numbers]:
    """The hash of each word in small letters, and how it is written: case and length."""
    total = int(lengths.sum())
    offsets = np.cumsum(lengths) - lengths
    place = np.arange(total) - np.repeat(offsets, lengths)
    letters = points[np.repeat(starts, lengths) + place]
    capital = (letters >= 0x41) & (letters <= 0x5A)
    small = np.where(capital, letters + 32, letters).astype(np.uint64)
    capitals = np.add.reduceat(capital.astype(np.int64), offsets)
    begins = capital[offsets]
    case = np.full(len(lengths), 4)
    case[begins & (capitals == 1)] = 3
    case[capitals == lengths] = 2
    case[(lengths == 1) & begins] = 1
    case[capitals == 0] = 0
    return hash_of_runs(small, place, offsets), 1 + case * 8 + np.minimum(lengths, 8) - 1
