"""Word lists that the network is told of: what is known of a word, as bits, found by hash.

A table of bytes is asked with a hash of the letters; two words in one slot share their bits (about one slot in
sixty is taken), which costs the network a little doubt and saves comparing strings.
"""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

LENGTHS: Final = (2, 3, 4, 5)
"""How many syllables a listed Korean word may have."""
BITS: Final = {
    "noun": 1,
    "given": 2,
    "foreign_first": 4,
    "foreign_last": 8,
    "title": 16,
    "role": 32,
    "surname": 64,
    "both": 128,
}
"""What is known of a Korean word; `both`: a word and a name."""
WORD_BITS: Final = {"surname": 1, "given": 2, "first": 4, "last": 8, "word": 16}
"""What is known of a Latin word."""

_SLOT_BITS: Final = 22
_SLOT_SHIFT: Final = np.uint64(64 - _SLOT_BITS)
_WORD_SLOT_BITS: Final = 20
_LONGEST: Final = 48
_SCRAMBLE: Final = np.uint64(0x9E3779B97F4A7C15)


def _multipliers() -> Numbers:
    """One odd multiplier a place, the same on every machine."""
    state, drawn = 0x2545F4914F6CDD1D, []
    for _ in range(_LONGEST):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        drawn.append(state | 1)
    return np.array(drawn, np.uint64)


_MULTIPLIERS: Final = _multipliers()


def hash_of_runs(letters: Numbers, place: Numbers, offsets: Numbers) -> Numbers:
    """A hash for each run of letters that begins at `offsets`; `place` counts within the run."""
    weighted = letters * _MULTIPLIERS[place % _LONGEST]
    return np.add.reduceat(weighted, offsets) * _SCRAMBLE


def slots_of_words(syllables: Numbers, joined: Numbers) -> Numbers:
    """A row for each length: the slot of the word of that length that begins at each place; slot 0 where none can,
    because something other than a syllable (0) or a space stands in it."""
    count = len(syllables)
    weighted = syllables * _MULTIPLIERS[: LENGTHS[-1], None]
    sums = np.zeros((len(LENGTHS), count), np.uint64)
    whole = syllables > 0
    goes_on = whole & joined
    before = weighted[0]
    for row in range(min(len(LENGTHS), count - 1)):
        after = row + 1
        whole = whole[:-1] & goes_on[after:]
        before = before[:-1] + weighted[after, after:]
        np.multiply(before, whole, out=sums[row, : count - after])
    sums *= _SCRAMBLE
    sums >>= _SLOT_SHIFT
    return sums.view(np.int64)


class Lexicon:
    """The lists, as two tables of bits."""

    __slots__ = ("_words", "given", "known", "titles")

    def __init__(
        self,
        korean: Mapping[str, Iterable[str]],
        latin: Mapping[str, Iterable[str]],
        senses: Iterable[Iterable[str]] = (),
    ) -> None:
        self.given = frozenset(korean.get("given", ()))
        self.titles = frozenset(korean.get("title", ())) - self.given
        """Titles that are nobody's name."""
        self.known = np.zeros(1 << _SLOT_BITS, np.uint16)
        """What is known of Korean words: the bits, and in the upper byte the sense, from 1."""
        self._words = np.zeros(1 << _WORD_SLOT_BITS, np.uint8)
        for name, words in korean.items():
            for slots in _korean_slots(words):
                self.known[slots] |= BITS[name]
        for sense, words in enumerate(senses, start=1):
            for slots in _korean_slots(words):
                self.known[slots] = self.known[slots] & 255 | sense << 8
        self.known[0] = 0
        for name, words in latin.items():
            self._words[_word_slots(_hashes(words))] |= WORD_BITS[name]

    def words(self, hashes: Numbers) -> Numbers:
        """The bits of Latin words by their hashes."""
        return self._words[_word_slots(hashes)]


def _word_slots(hashes: Numbers) -> Numbers:
    return (hashes >> np.uint64(64 - _WORD_SLOT_BITS)).astype(np.int64)


def _korean_slots(words: Iterable[str]) -> list[Numbers]:
    by_length: dict[int, list[str]] = {}
    for word in words:
        by_length.setdefault(len(word), []).append(word)
    slots = []
    for length in LENGTHS:
        if some := by_length.get(length):
            letters = np.frombuffer("".join(some).encode("utf-32-le"), np.uint32).astype(np.uint64)
            sums = (letters.reshape(-1, length) * _MULTIPLIERS[:length]).sum(axis=1, dtype=np.uint64)
            slots.append(((sums * _SCRAMBLE) >> np.uint64(64 - _SLOT_BITS)).astype(np.int64))
    return slots


def _hashes(words: Iterable[str]) -> Numbers:
    some = [word for word in words if word]
    lengths = np.array([len(word) for word in some])
    offsets = np.cumsum(lengths) - lengths
    place = np.arange(int(lengths.sum())) - np.repeat(offsets, lengths)
    letters = np.frombuffer("".join(some).encode("utf-32-le"), np.uint32).astype(np.uint64)
    return hash_of_runs(letters, place, offsets)


def shipped() -> Lexicon:
    """The lists that come with haechi."""
    folder = files(__package__) / "lists"

    def read(kind: str, names: Iterable[str]) -> dict[str, list[str]]:
        return {name: (folder / f"{kind}_{name}.txt").read_text(encoding="utf-8").split() for name in names}

    senses = (folder / "korean_senses.txt").read_text(encoding="utf-8").splitlines()
    return Lexicon(read("korean", BITS), read("latin", WORD_BITS), map(str.split, senses))
