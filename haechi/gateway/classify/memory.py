"""What was looked at before: digests of texts and the places of findings, never text.

A conversation is sent again with every turn, and pays for its newest turn alone. The `key` is to be random and this
process's own, so that nobody can prepare two texts that meet. `edition` says when lists or documents have changed: then
all is forgotten, also what another thread is still looking at. Two generations of a dictionary: when the younger is full
it becomes the older, and what is asked for again moves back. So it is bounded.
"""

from collections.abc import Callable
from hashlib import blake2b
from threading import Lock
from typing import Final

from msgspec import Struct

from haechi.gateway.classify.hit import Hit

ROOM: Final = 16_384
"""Texts and findings that one generation remembers: about 3 MB."""


class Seen(Struct, frozen=True):
    """What a text shows. `disguised`: some hit is written otherwise than it reads; `unreadable`: where something
    stands that could not be read to its end."""

    hits: tuple[Hit, ...] = ()
    disguised: bool = False
    unreadable: int | None = None


def _unchanging() -> int:
    return 0


class Memory:
    """Remembers what was seen, by digest."""

    __slots__ = ("_edition", "_keyed", "_known_edition", "_lock", "_old", "_weight", "_young")

    def __init__(self, key: bytes, edition: Callable[[], int] = _unchanging) -> None:
        self._keyed = blake2b(digest_size=16, key=key)
        self._edition = edition
        self._known_edition = edition()
        self._lock = Lock()
        self._young: dict[bytes, Seen] = {}
        self._old: dict[bytes, Seen] = {}
        self._weight = 0

    def of(self, text: str, salt: bytes, look: Callable[[], Seen]) -> Seen:
        """What `look` saw when it was asked for this text and `salt` before; now, where it was not."""
        if (edition := self._edition()) != self._known_edition:
            with self._lock:
                self._known_edition = edition
                self._young, self._old, self._weight = {}, {}, 0
        digest = self._keyed.copy()  # half the price of keying anew
        digest.update(salt)
        digest.update(b"\0")  # else `1` before `2…` would be `12` before `…`
        digest.update(text.encode("utf-8", "surrogatepass"))
        name = digest.digest()
        seen = self._young.get(name)
        if seen is None:
            seen = self._old.get(name)
            if seen is None:
                seen = look()
            self._remember(name, seen, edition)
        return seen

    def _remember(self, name: bytes, seen: Seen, edition: int) -> None:
        weight = 1 + len(seen.hits)
        if weight > ROOM:
            return
        with self._lock:
            if edition != self._known_edition:  # it changed while this text was looked at
                return
            self._weight += weight
            if self._weight > ROOM:
                self._old, self._young, self._weight = self._young, {}, weight
            self._young[name] = seen
