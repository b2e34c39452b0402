"""All detectors behind one look: rules on every request, studies on new text.

Rules (`scanner`) cost little and need the whole request as context, so they read all of it each time. Studies (names,
addresses, a company's lists, terms and documents, topics) cost more and look at one string by itself: what they found in
a string is remembered by its digest, so a conversation pays for its newest turn alone.

The memory holds digests and spans, never text. Its `key` is to be random and this process's own, so that nobody can
prepare two texts that meet. It is two generations of a dictionary: when the younger is full it becomes the older, and
what is asked for again moves back. That is bounded, and needs no lock beside the interpreter's.
"""

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Final, Protocol

from haechi.gateway.classify.hit import Hit

ROOM: Final = 16_384
"""Strings and findings that one generation remembers: about 3 MB."""


class Detector(Protocol):
    """Looks at a text. Pure, safe in any thread, linear in the text; what it raises makes the request restricted."""

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`, in code points of it."""


def _unchanging() -> int:
    return 0


class Eyes:
    """`scan` and `study`, and what the latter remembers. `edition` says when lists or documents have changed: then
    what was remembered is forgotten."""

    __slots__ = ("_edition", "_keyed", "_known_edition", "_old", "_rules", "_studies", "_weight", "_young")

    def __init__(
        self,
        rules: Detector,
        studies: Sequence[Detector] = (),
        *,
        key: bytes,
        edition: Callable[[], int] = _unchanging,
    ) -> None:
        self._rules = rules
        self._studies = tuple(studies)
        self._edition = edition
        self._known_edition = edition()
        self._keyed = blake2b(digest_size=16, key=key)
        self._young: dict[bytes, tuple[Hit, ...]] = {}
        self._old: dict[bytes, tuple[Hit, ...]] = {}
        self._weight = 0

    def scan(self, text: str) -> list[Hit]:
        """What the rules find in the running text of a request."""
        return self._rules.scan(text)

    def study(self, text: str) -> Sequence[Hit]:
        """What the studies find in one string."""
        if not self._studies:
            return ()
        if (edition := self._edition()) != self._known_edition:
            self._known_edition = edition
            self._young, self._old, self._weight = {}, {}, 0
        digest = self._digest_of(text)
        found = self._young.get(digest)
        if found is None:
            found = self._old.get(digest)
            if found is None:
                found = tuple(hit for study in self._studies for hit in study.scan(text))
            self._remember(digest, found)
        return found

    def _digest_of(self, text: str) -> bytes:
        digest = self._keyed.copy()  # half the price of keying anew
        digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def _remember(self, digest: bytes, found: tuple[Hit, ...]) -> None:
        self._weight += 1 + len(found)
        if self._weight > ROOM:
            self._old, self._young, self._weight = self._young, {}, 1 + len(found)
        self._young[digest] = found
