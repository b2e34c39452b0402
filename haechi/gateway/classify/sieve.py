"""A sieve before a sorted table: which hashes may be in it, in one look at one word of memory each.

Nearly all that a request asks for is in no list and no document. A word of 64 bits serves two entries, each of which
sets three of its bits; of other hashes some three in a thousand pass. Only those are looked up. Both lie in a file
that all workers share.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from haechi.gateway.classify.folded import Hashes, Places

ENTRIES_PER_WORD: Final = 2
LARGEST: Final = 26
"""Binary logarithm of the most words: half a gigabyte."""

_BITS: Final = 3
_MARKS: Final = 1 << 12


def _marks() -> Hashes:
    """Every choice of three bits that the middle of a hash can make."""
    number = np.arange(_MARKS, dtype=np.uint64)
    found = np.zeros(_MARKS, np.uint64)
    for turn in range(_BITS):
        place = (number * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(58 - 6 * turn)) & np.uint64(63)
        found |= np.uint64(1) << place
    return found


MARKS: Final = _marks()


def sieve_of(hashes: Hashes) -> Hashes:
    """The words of a sieve that lets `hashes` pass."""
    size = min(max(len(hashes) // ENTRIES_PER_WORD, 1).bit_length(), LARGEST)
    words = np.zeros(1 << size, np.uint64)
    np.bitwise_or.at(words, hashes >> np.uint64(64 - size), _mark(hashes))
    return words


def passing(words: Hashes, hashes: Hashes) -> Places:
    """Numbers of those `hashes` that may be among the ones of which the sieve was made."""
    marks = _mark(hashes)
    found = words[hashes >> np.uint64(65 - len(words).bit_length())]
    found &= marks
    passed: NDArray[np.intp] = (found == marks).nonzero()[0]
    return passed


def _mark(hashes: Hashes) -> Hashes:
    place = hashes >> np.uint64(20)
    place &= np.uint64(_MARKS - 1)
    marks: Hashes = MARKS[place]
    return marks
