"""How much a value looks as if a machine or a careful person had made it up."""

import math
import re
from collections import Counter
from typing import Final

_CLASSES: Final = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^0-9A-Za-z]")))
_PIECES: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+")
_RUN: Final = 8
_LADDERS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789")


def classes_of(value: str) -> int:
    """How many classes of ASCII characters: small and capital letters, digits, the rest."""
    return sum(one.search(value) is not None for one in _CLASSES)


def entropy_of(value: str) -> float:
    """Bits a character (Shannon)."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)


def is_counted_up(value: str) -> bool:
    """Whether eight characters in a row are those of the alphabet or of counting: `abcdefgh`, `12345678`."""
    low = value.lower()
    return any(ladder[at : at + _RUN] in low for ladder in _LADDERS for at in range(len(ladder) - _RUN + 1))


def is_random_word(value: str) -> bool:
    """Letters without sense: capitals and small letters change places more often than words of a name would."""
    pieces = _PIECES.findall(value)
    letters = sum(map(len, pieces))
    return len(value) >= 10 and letters == len(value) and len(pieces) >= 4 and letters / len(pieces) < 2.7
