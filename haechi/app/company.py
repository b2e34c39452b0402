"""A company's own secrets as a worker sees them, and how what is kept becomes the index in force."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from haechi.adapters.stores.company import CompanyIndex, DocumentPrints, ListRows
from haechi.gateway.classify.company import Company, Nothing, Study, index_of
from haechi.gateway.classify.exact import ROW, Listed
from haechi.gateway.classify.families import Document
from haechi.gateway.classify.fingerprints import Source
from haechi.gateway.classify.hit import Hit


class CompanyStudy:
    """The study of a worker: what is in force is looked for, and what cannot be read is no answer."""

    def __init__(self, data_dir: Path) -> None:
        self._index: CompanyIndex[Study] = CompanyIndex(data_dir, Company, Nothing())

    def scan(self, text: str) -> list[Hit]:
        """Values of lists and excerpts of documents in `text`. Raises `LedgerUnavailable`."""
        return self._index.current().value.scan(text)

    def edition(self) -> int:
        """The number of what is in force now: what was found in a text holds as long as this is the same. Raises
        `LedgerUnavailable`."""
        return self._index.current().number


def build(lists: list[ListRows], documents: Iterator[DocumentPrints]) -> Iterator[bytes | memoryview]:
    """The index of all that is kept."""
    sources: dict[Source, int] = {}

    def prepared() -> Iterator[Document]:
        for each in documents:
            source = Source(each.collection, each.level)
            prints = np.frombuffer(each.prints, np.uint64)
            yield Document(sources.setdefault(source, len(sources)), each.level, prints)

    kept = list(prepared())
    rows = [(Listed(each.collection, each.kind, each.level), np.frombuffer(each.rows, ROW)) for each in lists]
    return index_of(rows, list(sources), kept)
