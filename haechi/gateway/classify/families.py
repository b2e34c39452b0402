"""Versions and copies of one document, taken as one.

What stands in more than three documents is a phrase of the trade; but a report of which five drafts lie in the
folder is none. Two documents whose prints are the same to four fifths are of one family. Relatives are looked for
among those that share one of their least prints, which two such documents do nearly always.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from msgspec import Struct

from haechi.gateway.classify.folded import Hashes

ALIKE: Final = 0.8
LOOKED_AT: Final = 8
"""How many of the least prints are asked for relatives: of two documents alike to four fifths, one pair in some
hundred thousand shares none of them."""


class Document(Struct, frozen=True):
    """Prints of a document, in order, the number of its source, and how strict that is."""

    source: int
    level: int
    prints: Hashes


def joined(documents: Iterable[Document]) -> list[Document]:
    """Documents, those of one family as one, under the strictest source of them."""
    families: list[Document] = []
    first_with: dict[int, int] = {}
    for document in documents:
        least = document.prints[:LOOKED_AT].tolist()
        near = dict.fromkeys(first_with[each] for each in least if each in first_with)
        number = next(
            (each for each in near if _alike(families[each].prints, document.prints)), len(families)
        )
        if number == len(families):
            families.append(document)
        else:
            family = families[number]
            strictest = max(family, document, key=lambda each: each.level)
            prints = np.union1d(family.prints, document.prints)
            families[number] = Document(strictest.source, strictest.level, prints)
        for each in least:
            first_with.setdefault(each, number)
    return families


def _alike(first: Hashes, second: Hashes) -> bool:
    common = len(np.intersect1d(first, second, assume_unique=True))
    return common >= ALIKE * (len(first) + len(second) - common)
