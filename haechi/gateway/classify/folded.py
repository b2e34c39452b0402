"""A text as it is compared with what a company keeps: letters and digits alone, in one case, each with its place.

White space, punctuation, case and compatibility forms make no difference to whether two texts are the same. Everything
below is done by arrays: one pass of C over the text for each line here.

Runs of 2, 3, 4 and 8 letters have a keyed hash each, by doubling: that of 8 is made of two of 4. It is as quick as
a sum, and needs the key to be computed; it is no cryptographic one, so what it finds is only a suspicion where more
is at stake (`exact.py` asks a keyed BLAKE2b afterwards).
"""

import unicodedata
from functools import cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Places = NDArray[np.intp]

NONE, DIGIT, LATIN, HANGUL, OTHER = range(5)
"""Sorts of signs: none that is compared, figures, alphabets, Hangul, and what else is a letter (Han, Kana)."""

_UNBROKEN: Final = frozenset({DIGIT, LATIN})

GRAMS: Final = (2, 3, 4, 8)
"""Lengths of runs that have a hash."""

_BASIC: Final = 1 << 16
"""Signs beyond the basic plane are not compared: what looks like a letter there, the normaliser has read otherwise."""


@cache
def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint8], NDArray[np.bool_]]:
    """What each sign is compared as (0: not at all), of which sort it is, and whether a word begins between two
    sorts (8 times the first and the second)."""
    folded = np.zeros(_BASIC, np.uint16)
    for code in range(_BASIC):
        sign = chr(code)
        if sign.isalnum():
            plain = unicodedata.normalize("NFKC", sign).lower()
            folded[code] = ord(plain) if len(plain) == 1 and ord(plain) < _BASIC and plain.isalnum() else code
    sorts = np.full(_BASIC, OTHER, np.uint8)
    sorts[:0x1100] = LATIN
    sorts[0x30:0x3A] = DIGIT
    for first, last in ((0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7A3)):
        sorts[first : last + 1] = HANGUL
    sorts = np.where(folded == 0, np.uint8(NONE), sorts[folded]).astype(np.uint8)
    begins = np.zeros(64, np.bool_)
    for before in range(5):
        for here in range(1, 5):
            begins[before * 8 + here] = before != here and {before, here} != {DIGIT, LATIN}
    return folded, sorts, begins


class Folded:
    """The compared signs of a text (`letters`) and where each stands in it (`places`, code points)."""

    __slots__ = ("_codes", "letters", "places", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        found = _tables()[0].take(self._codes, mode="clip")
        self.places: Places = found.nonzero()[0]
        self.letters: NDArray[np.uint16] = found[self.places]

    def __len__(self) -> int:
        return len(self.letters)

    def word_starts(self) -> Places:
        """Numbers of the letters with which a word begins. Figures and Latin letters go together; Hangul beside either
        begins a word."""
        sorts = np.zeros(len(self._codes) + 1, np.uint8)
        _tables()[1].take(self._codes, mode="clip", out=sorts[1:])
        pairs = sorts[:-1] << 3
        pairs |= sorts[1:]
        starts: Places = _tables()[2][pairs[self.places]].nonzero()[0]
        return starts

    def may_end(self, end: int) -> bool:
        """Whether a value may end before letter number `end`: not between two figures or two Latin letters."""
        last = int(self.places[end - 1])
        sorts = _tables()[1]
        after = sorts[min(ord(self.text[last + 1]), _BASIC - 1)] if last + 1 < len(self.text) else NONE
        return after not in _UNBROKEN or sorts[self.letters[end - 1]] not in _UNBROKEN

    def grams(self, key: "GramKey") -> Hashes:
        """The hashes of the runs of 2, 3, 4 and 8 letters that begin at each letter, a row for each length. Runs over the
        end are padded, so that they equal none that is kept."""
        size = len(self.letters)
        letters = np.zeros(size + GRAMS[-1], np.uint64)
        letters[:size] = self.letters
        two = letters[:-1] * key.once
        two += letters[1:]
        four = two[:-2] * key.twice
        four += two[2:]
        found = np.empty((len(GRAMS), size), np.uint64)
        found[0] = two[:size]
        np.multiply(two[:size], key.once, out=found[1])
        found[1] += letters[2 : size + 2]
        found[2] = four[:size]
        np.multiply(four[:size], key.fourfold, out=found[3])
        found[3] += four[4 : size + 4]
        return key.mixed(found)


def plain(value: str) -> str:
    """The letters of a short `value`, as `Folded` sees them."""
    if value.isascii():
        return "".join(filter(str.isalnum, value)).lower()
    return "".join(sign for sign in value.translate(_translation()) if sign < "\U00010000")


@cache
def _translation() -> dict[int, str]:
    return {code: chr(letter) if letter else "" for code, letter in enumerate(_tables()[0].tolist())}


class GramKey:
    """What the hashes of runs depend on, made of the site's key."""

    def __init__(self, key: bytes) -> None:
        chance = np.frombuffer(blake2b(key=key, person=b"haechi grams").digest(), np.uint64)
        odd = chance | np.uint64(1)
        self.once: np.uint64 = odd[0]
        self.twice: np.uint64 = (odd[:1] * odd[:1])[0]
        self.fourfold: np.uint64 = (odd[:1] ** 4)[0]
        self._last: np.uint64 = odd[1]

    def joined(self, runs: Hashes) -> Hashes:
        """The hashes of whole rows of 2, 3, 4 or 8 letters, as `Folded.grams` has them."""
        powers = self.once ** np.arange(runs.shape[1], dtype=np.uint64)[::-1]
        return self.mixed((runs * powers).sum(axis=1, dtype=np.uint64))

    def mixed(self, grams: Hashes) -> Hashes:
        """Hashes spread evenly: their upper halves depend on every letter."""
        spread = grams >> np.uint64(32)
        spread ^= grams
        spread *= self._last
        return spread
