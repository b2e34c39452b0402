"""Excerpts of the company's own documents, by winnowing (Schleimer, Wilkerson and Aiken, 2003).

Every run of eight letters is hashed; of every four neighbouring hashes the least is kept. So any passage of eleven
letters or more that two texts share leaves a common print, and a letter that was changed spoils the prints around it
alone. Runs that stand in more than three documents are phrases, and are no sign of any (versions of one document
count once, `families.py`).

An excerpt is reported where, among some forty neighbouring prints of a text (about a hundred letters), at least
three and a fifth of them all are those of one document. A count alone would find something in any long text.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from haechi.domain.label import Level
from haechi.gateway.classify.families import Document, joined
from haechi.gateway.classify.folded import GRAMS, Folded, GramKey, Hashes, Places
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.sieve import passing, sieve_of

SHINGLE: Final = 8
WINDOW: Final = 4
MOST_DOCUMENTS: Final = 3
FEWEST_PRINTS: Final = 3
CONTAINED: Final = 0.2
STRETCH: Final = 40
"""Neighbouring prints that are looked at together."""

KIND: Final = "fingerprint"


class Source(Struct, frozen=True):
    """Where prints come from: the name of a collection, and its level."""

    collection: str
    level: int


def prints_of(text: str, key: GramKey) -> Hashes:
    """The prints of a document, in order of size, each once."""
    return np.unique(_least(Folded(text).grams(key)))


def _least(grams: Hashes) -> Hashes:
    """For every four neighbouring shingles the least hash; none where a text is too short."""
    hashes: Hashes = grams[GRAMS.index(SHINGLE)][: 1 - SHINGLE]
    if len(hashes) < WINDOW:
        return np.sort(hashes)[:1]
    pairs: Hashes = np.minimum(hashes[:-1], hashes[1:])
    least: Hashes = np.minimum(pairs[:-2], pairs[2:])
    return least


def shelve(documents: Iterable[Document]) -> dict[str, NDArray[Any]]:
    """The arrays of an index: prints in order, and for each the number of the document that has it."""
    families = joined(documents)
    prints = [family.prints for family in families]
    sources = [family.source for family in families]
    lengths = np.fromiter(map(len, prints), np.intp, len(prints))
    every = np.concatenate([np.empty(0, np.uint64), *prints])
    owners = np.repeat(np.arange(len(prints), dtype=np.uint32), lengths)
    order = np.argsort(every, kind="stable")
    every, owners = every[order], owners[order]
    _, inverse, counts = np.unique(every, return_inverse=True, return_counts=True)
    rare = counts[inverse] <= MOST_DOCUMENTS if len(every) else np.empty(0, np.bool_)
    every, owners = every[rare], owners[rare]
    return {
        "prints": every,
        "owners": owners,
        "print_sieve": sieve_of(every),
        "document_sources": np.array(sources, np.uint32),
    }


class Fingerprints:
    """The matcher over the arrays of an index."""

    def __init__(self, arrays: dict[str, NDArray[Any]], sources: tuple[Source, ...]) -> None:
        self._prints = arrays["prints"]
        self._owners = arrays["owners"]
        self._sieve = arrays["print_sieve"]
        self._sources_of = arrays["document_sources"]
        self._sources = sources

    def hits(self, folded: Folded, grams: Hashes) -> list[Hit]:
        """Excerpts of documents in a text."""
        if not len(self._prints):
            return []
        least = _least(grams)
        new = np.empty(len(least), np.bool_)
        new[:1] = True
        np.not_equal(least[1:], least[:-1], out=new[1:])
        chosen = new.nonzero()[0]
        prints = least[chosen]
        suspects = passing(self._sieve, prints)
        if len(suspects) < FEWEST_PRINTS:
            return []
        return list(self._in_stretches(folded, chosen, *self._known(prints, suspects)))

    def _known(self, prints: Hashes, suspects: Places) -> tuple[Places, NDArray[np.uint32]]:
        """Numbers of prints that are in the index, each as often as documents have it, and those documents."""
        wanted = prints[suspects]
        first = np.searchsorted(self._prints, wanted)
        numbers, owners = [], []
        for further in range(MOST_DOCUMENTS):
            places = np.minimum(first + further, len(self._prints) - 1)
            same = (self._prints[places] == wanted) & (first + further < len(self._prints))
            numbers.append(suspects[same])
            owners.append(self._owners[places[same]])
        return np.concatenate(numbers), np.concatenate(owners)

    def _in_stretches(
        self, folded: Folded, chosen: Places, numbers: Places, owners: NDArray[np.uint32]
    ) -> Iterator[Hit]:
        """A hit for each passage of a document whose prints stand close enough together."""
        order = np.lexsort((numbers, owners))
        numbers, owners = numbers[order], owners[order]
        stretch = min(STRETCH, len(chosen))
        needed = max(FEWEST_PRINTS, -int(-CONTAINED * stretch // 1))
        # Owners lie apart by more than a stretch, so that one search serves all of them.
        apart = numbers + owners.astype(np.int64) * (len(chosen) + stretch)
        ends = np.searchsorted(apart, apart + stretch)
        counts = ends - np.arange(len(apart))
        dense = (counts >= needed).nonzero()[0]
        begin = end = -1
        best = 0
        for place in dense.tolist():
            if place >= end:
                if end > begin:
                    yield self._hit(folded, chosen, numbers, owners, begin, end, best / stretch)
                begin, best = place, 0
            end, best = max(end, int(ends[place])), max(best, int(counts[place]))
        if end > begin:
            yield self._hit(folded, chosen, numbers, owners, begin, end, best / stretch)

    def _hit(
        self,
        folded: Folded,
        chosen: Places,
        numbers: Places,
        owners: NDArray[np.uint32],
        begin: int,
        end: int,
        contained: float,
    ) -> Hit:
        source = self._sources[self._sources_of[owners[begin]]]
        first = folded.places[chosen[numbers[begin]]]
        last = folded.places[min(int(chosen[numbers[end - 1]]) + SHINGLE, len(folded)) - 1]
        return Hit(
            int(first),
            int(last) + 1,
            KIND,
            Level(source.level),
            round(min(1.0, contained), 2),
            f"fingerprint.{source.collection}",
        )
