"""The only thing the door takes: bytes that were scanned, decided about and put on record.

Python cannot seal a constructor; the type checker, the import contracts and the door's own checks together
hold what a language with private constructors would.
"""

from collections.abc import Iterable
from hashlib import blake2b, sha256
from typing import Final

from msgspec import Struct, msgpack

from haechi.domain.decision import Call
from haechi.domain.destination import NEVER_OUTSIDE, Clearance, Destination, Service
from haechi.domain.errors import NotCleared
from haechi.domain.label import Label

SEAL: Final = 16
"""Bytes: nobody guesses one in the minutes for which it holds."""


class Receipt(Struct, frozen=True):
    """Proof that the intent of `record`, with these calls, is durable since `at`. Only a ledger hands these out.

    `at` is on the machine's monotonic clock, in seconds. `seal` is what `sealed` makes of it; a ledger in the same
    process as the door needs none.
    """

    record: str
    calls: tuple[Call, ...] = ()
    at: float = 0.0
    seal: bytes = b""


def sealed(
    key: bytes, record: str, level: str, kinds: Iterable[str], calls: tuple[Call, ...], at: float
) -> bytes:
    """What only somebody with `key` can say of an intent: that it is on record under this label, for these calls."""
    said = (record, level, sorted(kinds), calls, at)
    return blake2b(msgpack.encode(said), key=key, digest_size=SEAL).digest()


class Releasable(Struct, frozen=True):
    """A body cleared for one destination under one label; immutable."""

    body: bytes
    call: Call
    label: Label
    receipt: Receipt
    policy: str
    digest: bytes

    def intact(self) -> bool:
        """Whether the body is still the one that was released."""
        return sha256(self.body).digest() == self.digest


def release(
    body: bytes,
    call: Call,
    destination: Destination,
    clearance: Clearance,
    label: Label,
    receipt: Receipt,
    policy: str,
    needs: Iterable[Service] = (),
) -> Releasable:
    """Clear `body`, which makes its reader use the services in `needs`, for `destination`, or raise `NotCleared`.

    Asked anew for every attempt, so that a fallback or a retry meets the same question as the first send.
    """
    if call.destination != destination.name or destination.closed_service(needs, label.level):
        raise NotCleared(destination.name, label)
    if destination.outside:
        limit = clearance.raw if call.transform == "raw" else clearance.deidentified
        if limit is None or label.level > limit or label.kinds & NEVER_OUTSIDE:
            raise NotCleared(destination.name, label)
    return Releasable(body, call, label, receipt, policy, sha256(body).digest())
