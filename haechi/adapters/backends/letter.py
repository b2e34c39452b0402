"""What a gate and a door in two processes say to each other over a Unix socket.

    gate <── WELCOME, once it is known who calls ── door
    gate ── length, letter ──────────────────────> door
    gate <── an HTTP/1.1 answer ────────────────── door

A letter is MessagePack behind four bytes of length, big-endian: a `Releasable`, taken apart. The answer is the
upstream's, status, a few headers and body; HTTP/1.1, because the gate has a client for it. What went wrong at the
door or behind it stands in the header `x-haechi-fault`, or, once an answer has begun, in its trailer.
"""

from typing import Final

import msgspec
from msgspec import Struct

from haechi.domain import errors
from haechi.domain.decision import Call, Transform
from haechi.domain.errors import BackendFault
from haechi.domain.label import Label, Level
from haechi.domain.releasable import Receipt, Releasable

LENGTH: Final = 4
WELCOME: Final = b"\x06"
FAULT: Final = b"x-haechi-fault"
RETRY_AFTER: Final = b"retry-after"
NOT_CLEARED: Final = b"NotCleared"
PASSED_ON: Final = (b"content-type", b"content-encoding", RETRY_AFTER)
"""Headers of an upstream that a gate reads; no other reaches it."""

FAULTS: Final[dict[bytes, type[BackendFault]]] = {
    kind.__name__.encode(): kind
    for kind in (
        errors.Unreachable,
        errors.TimedOut,
        errors.Overloaded,
        errors.Rejected,
        errors.ContextTooLong,
        errors.Misconfigured,
        errors.Garbled,
    )
}
"""Every fault that a door may report, by the name it travels under."""


class Letter(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A release, and whether its answer is to come in pieces."""

    destination: str
    model: str
    transform: Transform
    level: Level
    kinds: frozenset[str]
    record: str
    calls: tuple[Call, ...]
    at: float
    seal: bytes
    policy: str
    digest: bytes
    streaming: bool
    body: bytes


class Malformed(Exception):
    """The other side does not speak our protocol; the connection is closed."""


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Letter)


def written(release: Releasable, *, streaming: bool) -> bytes:
    """Length and letter."""
    receipt, call = release.receipt, release.call
    letter = Letter(
        call.destination,
        call.model,
        call.transform,
        release.label.level,
        release.label.kinds,
        receipt.record,
        receipt.calls,
        receipt.at,
        receipt.seal,
        release.policy,
        release.digest,
        streaming,
        release.body,
    )
    buffer = bytearray(LENGTH)
    _encoder.encode_into(letter, buffer, LENGTH)
    buffer[:LENGTH] = (len(buffer) - LENGTH).to_bytes(LENGTH, "big")
    return bytes(buffer)


def read(letter: bytes | memoryview) -> tuple[Releasable, bool]:
    """The release that a letter, without its length, claims to be, and whether to stream. Raises `Malformed`."""
    try:
        found = _decoder.decode(letter)
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise Malformed from fault
    release = Releasable(
        found.body,
        Call(found.destination, found.model, found.transform),
        Label(found.level, found.kinds),
        Receipt(found.record, found.calls, found.at, found.seal),
        found.policy,
        found.digest,
    )
    return release, found.streaming


def reported(destination: str, headers: dict[bytes, bytes]) -> BackendFault | None:
    """The fault that headers or trailers of a door's answer speak of; `Garbled` for one that nobody knows."""
    name = headers.get(FAULT)
    if name is None:
        return None
    wait = headers.get(RETRY_AFTER, b"")
    return FAULTS.get(name, errors.Garbled)(destination, retry_after=int(wait) if wait.isdigit() else None)
