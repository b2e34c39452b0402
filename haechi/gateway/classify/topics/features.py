"""A text as places in a table: its runs of two to four characters, hashed.

Letters lose their case, numbers their value, blanks their width, so a note of today looks like one of tomorrow. Each
place counts once for every occurrence; dividing by the root of their number makes long and short texts comparable.
"""

import re
from typing import Any, Final

import numpy as np

BUCKETS: Final = 1 << 15
_STEP: Final = np.uint32(0x01000193)
_SPREAD: Final = np.uint32(0x9E3779B1)
_SHIFT: Final = np.uint32(32 - 15)
_NUMBER: Final = re.compile("[0-9]+")

Array = np.ndarray[Any, Any]


def places(text: str) -> Array:
    """The places of all runs of `text`, repetitions kept."""
    plain = _NUMBER.sub("0", " ".join(text.lower().split()))
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    pairs = points[:-1] * _STEP + points[1:]
    threes = pairs[:-1] * _STEP + points[2:]
    fours = threes[:-1] * _STEP + points[3:]
    found: Array = ((np.concatenate((pairs, threes, fours)) * _SPREAD) >> _SHIFT).astype(np.intp)
    return found
