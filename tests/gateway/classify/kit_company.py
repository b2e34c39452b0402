"""A company with a list or two and some documents, as a worker has it."""

from collections.abc import Sequence

from haechi.catalogue.ordinary_words import ordinary_words
from haechi.gateway.classify.company import Company, index_of
from haechi.gateway.classify.exact import Listed, rows_of
from haechi.gateway.classify.families import Document
from haechi.gateway.classify.fingerprints import Source, prints_of
from haechi.gateway.classify.folded import GramKey
from haechi.gateway.classify.listing import LEVELS, enrol

KEY = bytes(range(32))
GRAMS = GramKey(KEY)


def company(lists: dict[str, Sequence[str]] | None = None, documents: Sequence[str] = ()) -> Company:
    """The study over `lists`, values by kind, and confidential `documents`."""
    kept = [
        (Listed("ours", kind, LEVELS[kind]), rows_of(enrol(values, kind, ordinary_words()).forms, KEY))
        for kind, values in (lists or {}).items()
    ]
    shelved = [Document(0, 2, prints_of(text, GRAMS)) for text in documents]
    return Company(memoryview(b"".join(index_of(kept, [Source("deals", 2)], shelved))), KEY)


def found(study: Company, text: str) -> list[tuple[str, str]]:
    """Kinds and what they were found in."""
    return [(hit.kind, text[hit.start : hit.end]) for hit in study.scan(text)]
