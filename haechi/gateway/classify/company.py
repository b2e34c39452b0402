"""A company's own secrets as one study: lists and documents, looked for in one folding of a text."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct
from numpy.typing import NDArray

from haechi.gateway.classify import exact, fingerprints
from haechi.gateway.classify.exact import Exact, Listed
from haechi.gateway.classify.families import Document
from haechi.gateway.classify.fingerprints import Fingerprints, Source
from haechi.gateway.classify.folded import Folded, GramKey
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.packed import pack, unpack

SLICE: Final = 1 << 13
"""Code points that are looked at together: what the arrays need stays in the processor's cache."""

OVERLAP: Final = 512


class Notes(Struct, frozen=True):
    """What an index says of its lists and of the sources of its documents."""

    lists: tuple[Listed, ...] = ()
    sources: tuple[Source, ...] = ()


def index_of(
    lists: Sequence[tuple[Listed, NDArray[Any]]], sources: Sequence[Source], documents: Iterable[Document]
) -> Iterator[bytes | memoryview]:
    """The file that workers map: all lists and all documents."""
    arrays = exact.shelve(rows for _, rows in lists) | fingerprints.shelve(documents)
    return pack(arrays, Notes(tuple(listed for listed, _ in lists), tuple(sources)))


class Study(Protocol):
    """What looks for a company's own secrets."""

    def scan(self, text: str) -> list[Hit]:
        """What was found in `text`, in order."""
        ...


class Nothing:
    """The study where nothing was ever added."""

    def scan(self, text: str) -> list[Hit]:
        """Nothing."""
        return []


class Company:
    """The study over an index. Nothing in it changes; another index is another study."""

    def __init__(self, file: memoryview, key: bytes) -> None:
        """Raises `ValueError` where `file` is no index."""
        arrays, noted = unpack(file)
        notes = msgspec.json.decode(noted, type=Notes)
        self._grams = GramKey(key)
        self._exact = Exact(arrays, notes.lists, key)
        self._fingerprints = Fingerprints(arrays, notes.sources)

    def scan(self, text: str) -> list[Hit]:
        """Values of lists and excerpts of documents in `text`, in order."""
        if len(text) <= SLICE:
            return self._looked_at(text)
        hits = [
            msgspec.structs.replace(hit, start=hit.start + begin, end=hit.end + begin)
            for begin in range(0, len(text), SLICE - OVERLAP)
            for hit in self._looked_at(text[begin : begin + SLICE])
        ]
        return _joined(hits)

    def _looked_at(self, text: str) -> list[Hit]:
        folded = Folded(text)
        if not len(folded):
            return []
        grams = folded.grams(self._grams)
        hits, excerpts = self._exact.hits(folded, grams), self._fingerprints.hits(folded, grams)
        return _joined([*hits, *excerpts]) if hits or excerpts else hits


def _joined(hits: list[Hit]) -> list[Hit]:
    """Hits in order; those of one rule and level that overlap are one."""
    kept: dict[tuple[str, str, int], list[Hit]] = {}
    for hit in sorted(hits, key=lambda each: (each.start, -each.end)):
        same = kept.setdefault((hit.kind, hit.rule, hit.level), [])
        if same and hit.start < same[-1].end:
            last = same[-1]
            surest = max(last.confidence, hit.confidence)
            same[-1] = msgspec.structs.replace(last, end=max(last.end, hit.end), confidence=surest)
        else:
            same.append(hit)
    return sorted((hit for same in kept.values() for hit in same), key=lambda each: (each.start, -each.end))
