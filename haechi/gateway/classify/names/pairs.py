"""A common first name and a word that is none: `Robert Haraldsen`, of whose family no list knows.

What the network has learned of Latin names it has learned from lists. A family name that stands on none is found by the
name before it, where that is nothing but a name (`Robert`, not `Austin`), and where no word of every day, of a firm or of a
street follows.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from haechi.gateway.classify.names.doubts import NO_FAMILY, english_words

CONFIDENCE: Final = 0.86
_PAIR: Final = re.compile(
    r"(?<![A-Za-z0-9_@.\-/])(?=(?P<name>(?P<first>[A-Z][a-z]{1,11})(?: [A-Z]\.)? "
    r"(?P<last>(?:[A-Z]['’])?[A-Z][a-z]{3,15}(?:-[A-Z][a-z]+)?))"
    r"(?![A-Za-z0-9_@/])(?!\.[A-Za-z])(?! (?:Inc|Ltd|Corp|GmbH|LLC|Co)\b))"
)


@cache
def _common() -> frozenset[str]:
    lists = files(__package__) / "lists"
    return frozenset((lists / "latin_common.txt").read_text(encoding="utf-8").split())


def pairs(text: str) -> Iterator[tuple[int, int, float, str]]:
    """Start, end, confidence and rule of every such name."""
    for found in _PAIR.finditer(text):
        last = found["last"].lower()
        if found["first"].lower() in _common() and last not in NO_FAMILY and last not in english_words():
            yield *found.span("name"), CONFIDENCE, "person.pair"
