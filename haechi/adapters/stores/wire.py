"""What worker and ledger writer say to each other over the socket.

    worker ── length, [number, [row…], [claim…]] ──> writer
    worker <── length, [number, error, at, [seal…]] ─ writer

Lengths are four bytes, big-endian; the rest is MessagePack. A *claim* names a record whose intent the worker
wrote over an earlier connection and is still working on.
"""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from haechi.domain.errors import ConfigurationError
from haechi.domain.record import Row
from haechi.domain.text import Text

LARGEST_FRAME: Final = 4 * 1024 * 1024
LONGEST_ADDRESS: Final = 100
_LENGTH: Final = 4

Message = TypeVar("Message")

REJECTED: Final = "Rejected"
"""The rows are against the schema: sending them again does not help."""

UNAVAILABLE: Final = "LedgerUnavailable"
"""Nothing was written: disk full, I/O error."""


class Frame(Struct, frozen=True, array_like=True):
    """Rows to be made durable together. `number` names the frame on its connection."""

    number: int
    rows: list[Row]
    claims: list[str] = []


class Ack(Struct, frozen=True, array_like=True):
    """What became of a frame; without an error it is durable. `seals` are those of its intents, in their order,
    and hold from `at` on the monotonic clock."""

    number: int
    error: str = ""
    at: float = 0.0
    seals: list[bytes] = []


class Malformed(Exception):
    """The other side does not speak our protocol; the connection is closed."""


_encoder: Final = msgspec.msgpack.Encoder()
_frames: Final = msgspec.msgpack.Decoder(Frame)
_acks: Final = msgspec.msgpack.Decoder(Ack)


def pack(message: Frame | Ack) -> bytes:
    """Length and message."""
    buffer = bytearray(_LENGTH)
    _encoder.encode_into(message, buffer, _LENGTH)
    buffer[:_LENGTH] = (len(buffer) - _LENGTH).to_bytes(_LENGTH, "big")
    return bytes(buffer)


class Unpacker:
    """Is fed bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._rest = b""

    def frames(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that are complete with `chunk`. Raises `Malformed`."""
        return self._messages(_frames, chunk)

    def acks(self, chunk: bytes) -> Iterator[Ack]:
        """The acknowledgements that are complete with `chunk`. Raises `Malformed`."""
        return self._messages(_acks, chunk)

    def _messages(self, decoder: "msgspec.msgpack.Decoder[Message]", chunk: bytes) -> Iterator[Message]:
        data = self._rest + chunk if self._rest else chunk
        view, at = memoryview(data), 0
        while len(data) - at >= _LENGTH:
            length = int.from_bytes(view[at : at + _LENGTH], "big")
            if length > LARGEST_FRAME:
                raise Malformed
            end = at + _LENGTH + length
            if end > len(data):
                break
            try:
                message = decoder.decode(view[at + _LENGTH : end])
            except msgspec.MsgspecError as fault:
                raise Malformed from fault
            at = end
            yield message
        self._rest = data[at:]


@contextmanager
def address(path: Path) -> Iterator[str]:
    """`path` as an address that fits into `sockaddr_un`, which holds about a hundred bytes.

    A longer one goes by a descriptor of its directory (`/proc/self/fd/N/name`): no change of the working
    directory under other threads, no socket in a shared place, permissions as they are. Elsewhere than on
    Linux there is no such way, and the site has to choose a shorter path.
    """
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        yield str(path)
        return
    if sys.platform != "linux" or len(os.fsencode(path.name)) > LONGEST_ADDRESS // 2:
        raise ConfigurationError(
            Text(
                ko=f"소켓 경로가 너무 깁니다(최대 {LONGEST_ADDRESS}바이트): {path}. "
                "`--data` 에 더 짧은 경로를 지정하세요.",
                en=f"The socket path is too long (at most {LONGEST_ADDRESS} bytes): {path}. "
                "Choose a shorter path with `--data`.",
            ),
            where=str(path),
        )
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def connected(path: Path) -> socket.socket:
    """A connection to the Unix socket at `path` that blocks nobody. Raises `OSError`."""
    peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    peer.setblocking(False)
    try:
        with address(path) as name:
            peer.connect(name)  # a unix socket connects at once, or says that its queue is full
    except BaseException:
        peer.close()
        raise
    return peer
