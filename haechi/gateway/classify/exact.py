"""Values of the company's own lists: customers, staff, patients, accounts, project names. The best name detector is
the list of names.

No value is kept, only a keyed digest of it. A text is asked in three steps: a sieve knows the first two, three, four or
eight letters of every value; where a word begins like one, runs of the lengths that occur are digested and
looked up; and what is found must stand there as a value does (`standing.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from haechi.domain.label import Level
from haechi.gateway.classify.folded import GRAMS, Folded, GramKey, Hashes
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.sieve import passing, sieve_of
from haechi.gateway.classify.standing import Doubt, stands

LONGEST: Final = 64
"""Letters of the longest value."""

ROW: Final = np.dtype([("digest", "<u8"), ("head", "<u8"), ("length", "u1"), ("doubt", "u1")])
"""What is kept of a value."""

CONFIDENCE: Final = 0.99


class Listed(Struct, frozen=True):
    """A list: the collection that it belongs to, what its values are, and their level."""

    collection: str
    kind: str
    level: int


def digest_key(key: bytes) -> bytes:
    """The key of the digests, made of the site's."""
    return blake2b(key=key, person=b"haechi exact", digest_size=32).digest()


def rows_of(forms: Iterable[tuple[str, Doubt]], key: bytes) -> NDArray[Any]:
    """What is kept of `forms`, letters alone (`folded.plain`), two to 64 of them, each with its doubt; in order, each
    once."""
    letters, doubts = zip(*forms, strict=True) if (forms := list(forms)) else ((), ())
    secret = digest_key(key)
    rows = np.empty(len(letters), ROW)
    rows["digest"] = [_digest(secret, each.encode("utf-16-le", "surrogatepass")) for each in letters]
    rows["length"] = [len(each) for each in letters]
    rows["doubt"] = doubts
    rows["head"] = _heads(letters, rows["length"], GramKey(key))
    return rows[np.unique(rows["digest"], return_index=True)[1]]


def _heads(values: Sequence[str], lengths: NDArray[np.uint8], key: GramKey) -> Hashes:
    """The hash of the first letters of each value: the same as `Folded.grams`, for all values at once."""
    heads = np.zeros(len(values), np.uint64)
    first = np.array(values, f"U{GRAMS[-1]}").view(np.uint32).reshape(len(values), -1).astype(np.uint64)
    for size, longer in zip(GRAMS, (*GRAMS[1:], LONGEST + 1), strict=True):
        chosen = ((lengths >= size) & (lengths < longer)).nonzero()[0]
        heads[chosen] = key.joined(first[chosen, :size])
    return heads


def _head(length: int) -> int:
    return max(size for size in GRAMS if size <= length)


def _digest(secret: bytes, letters: bytes) -> int:
    return int.from_bytes(blake2b(letters, key=secret, digest_size=8).digest(), "little")


def shelve(lists: Iterable[NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays of an index over several lists: digests in order, and of each its list and what is doubtful."""
    every = list(lists)
    rows = np.concatenate([np.empty(0, ROW), *every])
    numbers = np.repeat(np.arange(len(every), dtype=np.uint16), [len(each) for each in every])
    order = np.argsort(rows["digest"], kind="stable")
    rows, numbers = rows[order], numbers[order]
    return {
        "digests": rows["digest"].copy(),
        "lists": numbers,
        "doubts": rows["doubt"].copy(),
        "lengths": np.unique(rows["length"]),
        "head_sieve": sieve_of(rows["head"]),
    }


class Exact:
    """The matcher over the arrays of an index."""

    def __init__(self, arrays: dict[str, NDArray[Any]], lists: tuple[Listed, ...], key: bytes) -> None:
        self._digests = arrays["digests"]
        self._numbers = arrays["lists"]
        self._doubts = arrays["doubts"]
        self._sieve = arrays["head_sieve"]
        self._lists = lists
        self._secret = digest_key(key)
        by_head: dict[int, list[int]] = {}
        for length in arrays["lengths"].tolist():
            by_head.setdefault(GRAMS.index(_head(length)), []).append(length)
        self._heads = np.array(list(by_head), np.intp)
        self._lengths = list(by_head.values())

    def hits(self, folded: Folded, grams: Hashes) -> list[Hit]:
        """Values of the lists in a text."""
        if not self._lengths:
            return []
        runs = list(self._suspects(folded, grams))
        if not runs:
            return []
        letters = folded.letters.tobytes()
        secret = self._secret
        wanted = np.array([_digest(secret, letters[2 * first : 2 * last]) for first, last in runs], np.uint64)
        places = np.searchsorted(self._digests, wanted)
        known = (self._digests[np.minimum(places, len(self._digests) - 1)] == wanted).nonzero()[0]
        return [
            hit
            for number in known.tolist()
            for hit in self._standing(folded, runs[number], int(places[number]))
        ]

    def _suspects(self, folded: Folded, grams: Hashes) -> Iterator[tuple[int, int]]:
        """Runs of letters that begin as some value does, and are as long as one may be."""
        starts, size = folded.word_starts(), len(folded)
        heads = grams[self._heads].take(starts, axis=1).ravel()
        for number in passing(self._sieve, heads).tolist():
            head, place = divmod(number, len(starts))
            start = int(starts[place])
            for length in self._lengths[head]:
                if start + length <= size and folded.may_end(start + length):
                    yield start, start + length

    def _standing(self, folded: Folded, run: tuple[int, int], place: int) -> Iterator[Hit]:
        """What stands there of the lists that hold the value."""
        first, last = int(folded.places[run[0]]), int(folded.places[run[1] - 1]) + 1
        digest = self._digests[place]
        for at in range(place, len(self._digests)):
            if self._digests[at] != digest:
                break
            listed, doubt = self._lists[self._numbers[at]], self._doubts[at]
            if stands(folded.text, first, last, listed.kind, Doubt(int(doubt)) if doubt else Doubt.NOTHING):
                yield Hit(
                    first, last, listed.kind, Level(listed.level), CONFIDENCE, f"exact.{listed.collection}"
                )
