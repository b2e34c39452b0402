"""How a file travels to a reader and what was read comes back: four bytes of length, then MessagePack."""

import socket
import struct
from typing import Final, TypeVar

import msgspec

from haechi.adapters.readers.bounds import MOST_BYTES

HEAD: Final = struct.Struct(">I")
LONGEST: Final = MOST_BYTES + (1 << 16)
T = TypeVar("T")


class Cut(Exception):
    """The line ended before the whole message was there, or what came is none."""


def frame(message: msgspec.Struct) -> bytes:
    """A message as it travels."""
    body = msgspec.msgpack.encode(message)
    return HEAD.pack(len(body)) + body


def opened(body: bytes | bytearray, kind: type[T]) -> T:
    """The message in `body`. Raises `Cut`."""
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Cut from None


def length(head: bytes) -> int:
    """Bytes of the body. Raises `Cut` where nobody here would send so many."""
    (size,) = HEAD.unpack(head)
    if size > LONGEST:
        raise Cut
    return int(size)


def receive(line: socket.socket, kind: type[T]) -> T:
    """Wait for one message. Raises `Cut`."""
    return opened(_exactly(line, length(bytes(_exactly(line, HEAD.size)))), kind)


def _exactly(line: socket.socket, size: int) -> bytearray:
    body = bytearray(size)
    view, at = memoryview(body), 0
    while at < size:
        try:
            got = line.recv_into(view[at:])
        except OSError:
            got = 0
        if not got:
            raise Cut
        at += got
    return body
