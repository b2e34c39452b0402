"""A text as places in a table: its runs of two to four characters, hashed.

Letters lose their case, digits their value, blanks their number, so a note of today looks like one of tomorrow. Each
place counts once for every occurrence; dividing by the root of their number makes long and short texts comparable.
"""

from typing import Any, Final

import numpy as np

BUCKETS: Final = 1 << 15
_LENGTHS: Final = (2, 3, 4)
_STEP: Final = np.uint32(0x01000193)
_SPREAD: Final = np.uint32(0x9E3779B1)
_SHIFT: Final = np.uint32(32 - 15)
_DIGITS: Final = str.maketrans("123456789", "000000000")

Array = np.ndarray[Any, Any]


def places(text: str) -> Array:
    """The places of all runs of `text`, repetitions kept."""
    plain = " ".join(text.lower().split()).translate(_DIGITS)
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    found, running = [], points
    for length in range(2, _LENGTHS[-1] + 1):
        running = running[:-1] * _STEP + points[length - 1 :]
        found.append(((running + np.uint32(length)) * _SPREAD) >> _SHIFT)
    return np.concatenate(found)
