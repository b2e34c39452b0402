"""The door's side of the Unix socket: letters of gates come in, upstreams' answers go back.

    connection ─> who calls? ─> letter ─> second look ─> door ─> upstream
         <────────────── status, few headers, body piece by piece ──────┘

A connection carries one exchange at a time. Who calls is asked of the kernel; what comes is bounded in size, number
and time. When a gate hangs up, its call is broken off upstream; when it reads slowly, so do we.
"""

import asyncio
import contextlib
import logging
import os
import socket
import struct
import sys
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final, cast

from haechi.adapters.backends.client import Response
from haechi.adapters.backends.letter import (
    FAULT,
    FAULTS,
    LENGTH,
    NOT_CLEARED,
    PASSED_ON,
    RETRY_AFTER,
    WELCOME,
    Malformed,
    read,
)
from haechi.adapters.backends.remote import MAX_ERROR_BODY, Door
from haechi.domain.errors import BackendFault, NotCleared
from haechi.domain.releasable import Releasable

SecondLook = Callable[[Releasable], None]
"""Raises `NotCleared` for what must not pass. May run in any thread."""

MOST_LINES: Final = 16_384
MOST_WAITING: Final = 1 << 30
"""Bytes of letters that may lie here at once, begun or being sent."""

LETTER_WITHIN: Final = 30.0
IDLE_FOR: Final = 60.0
"""Seconds without a letter after which a connection is closed; gates close theirs much sooner."""

SWEEP_EVERY: Final = 5.0
LONG: Final = 16 * 1024
"""Bytes of a body from which on it is looked at beside the event loop, so that no stream waits for it."""

log = logging.getLogger("haechi.door")


class Threshold:
    """All connections of gates. `line` is the protocol factory of a listening socket."""

    def __init__(
        self,
        door: Door,
        second_look: SecondLook,
        *,
        caller: int,
        largest: int,
        reader: Executor,
        most: int = MOST_LINES,
    ) -> None:
        """`caller`: the user id of gates; `largest`: bytes of a letter; `reader`: where long letters are read; `most`:
        connections at once."""
        self.door = door
        self.second_look = second_look
        self.caller = caller
        self.largest = largest
        self.reader = reader
        self.most = most
        self.lines: set[Line] = set()
        self.waiting = 0
        self.closing = False
        self._empty = asyncio.Event()

    def line(self) -> "Line":
        """A new connection."""
        return Line(self)

    async def sweep(self) -> None:
        """Close connections on which nothing moves, for ever."""
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            now = asyncio.get_running_loop().time()
            for line in tuple(self.lines):
                line.close_if_still(now)

    async def empty(self, within: float) -> None:
        """Take nothing new, and wait until gates have what they asked for, `within` seconds at most."""
        self.closing = True
        for line in tuple(self.lines):
            line.close_if_idle()
        await self.left(within)

    async def left(self, within: float) -> None:
        """Wait until every gate has hung up, `within` seconds at most."""
        if self.lines:
            self._empty.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._empty.wait()

    def let_go(self, line: "Line") -> None:
        """A connection has ended."""
        self.lines.discard(line)
        if not self.lines:
            self._empty.set()


class Line(asyncio.Protocol):
    """One connection of a gate."""

    def __init__(self, threshold: Threshold) -> None:
        self._threshold = threshold
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._letter = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self._since = self._loop.time()

    def close_if_still(self, now: float) -> None:
        """Close it where a letter does not come to its end, or none comes."""
        if self._task is None and now - self._since > (LETTER_WITHIN if self._letter else IDLE_FOR):
            self._transport.abort()

    def close_if_idle(self) -> None:
        """Close it unless an exchange is under way, which closes it at its end."""
        if self._task is None:
            self._transport.abort()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast("asyncio.Transport", transport)
        threshold = self._threshold
        if threshold.closing or len(threshold.lines) >= threshold.most:
            self._transport.abort()
        elif user(transport.get_extra_info("socket").fileno()) != threshold.caller:
            log.warning("a stranger called at the door and was not let in")
            self._transport.abort()
        else:
            threshold.lines.add(self)
            self._transport.write(WELCOME)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if self._task is not None:  # one exchange at a time
            self._transport.abort()
            return
        letter = self._letter
        if not letter:
            self._since = self._loop.time()
        self._threshold.waiting += len(data)
        letter += data
        if len(letter) < LENGTH:
            return
        due = LENGTH + int.from_bytes(letter[:LENGTH], "big")
        if due > self._threshold.largest or len(letter) > due or self._threshold.waiting > MOST_WAITING:
            log.warning("a letter at the door is larger than any may be")
            self._transport.abort()
        elif len(letter) == due:
            self._task = self._loop.create_task(self._exchange())

    def pause_writing(self) -> None:
        """Called by asyncio: the gate reads slowly."""
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        """Called by asyncio."""
        room, self._room = self._room, None
        if room is not None and not room.done():
            room.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._threshold.let_go(self)
        if self._task is not None:
            self._task.cancel()
        else:
            self._forget_letter()

    # One exchange.

    async def _exchange(self) -> None:
        """From a whole letter to the end of its answer."""
        try:
            await self._answer()
        except Malformed:
            log.warning("a letter at the door cannot be read")
            self._transport.abort()
        except Exception:
            log.exception("an exchange at the door broke off")
            self._transport.abort()
        finally:
            self._forget_letter()
            self._task = None
            self._since = self._loop.time()
        if self._threshold.closing:
            self._transport.close()

    async def _answer(self) -> None:
        threshold = self._threshold
        release, streaming = read(memoryview(self._letter)[LENGTH:])
        try:
            if len(release.body) > LONG:
                await self._loop.run_in_executor(threshold.reader, threshold.second_look, release)
            else:
                threshold.second_look(release)
            response = await threshold.door.send(release, streaming=streaming)
        except NotCleared:
            self._transport.write(_whole(500, {FAULT: NOT_CLEARED}, b""))
            return
        except BackendFault as fault:
            self._transport.write(_whole(500, _report(fault), b""))
            return
        try:
            if response.status == 200 and streaming:
                await self._pass_on(response)
            else:
                await self._pass_whole(response)
        finally:
            response.close()

    async def _pass_whole(self, response: Response) -> None:
        try:
            body = await (response.read() if response.status == 200 else _beginning(response))
        except BackendFault as fault:
            self._transport.write(_whole(500, _report(fault), b""))
            return
        self._transport.write(_whole(response.status, _passed(response), body))

    async def _pass_on(self, response: Response) -> None:
        """Piece by piece, at the pace of the slower side."""
        end = b"0\r\n\r\n"
        self._transport.write(_head(200, _passed(response)) + b"transfer-encoding: chunked\r\n\r\n")
        try:
            while piece := await response.next():
                self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                await self._has_room()
        except BackendFault as fault:
            end = b"0\r\n" + _lines(_report(fault)) + b"\r\n"
        self._transport.write(end)

    async def _has_room(self) -> None:
        if self._room is not None:
            await self._room

    def _forget_letter(self) -> None:
        self._threshold.waiting -= len(self._letter)
        self._letter = bytearray()


def user(descriptor: int) -> int | None:
    """The user id of the process at the other end of a Unix socket, as the kernel knows it."""
    with socket.socket(fileno=os.dup(descriptor)) as peer:
        if sys.platform.startswith("linux"):
            _, uid, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        else:  # BSD and macOS: LOCAL_PEERCRED gives a struct xucred, version and user id first
            _, uid = struct.unpack("Ii", peer.getsockopt(0, 1, 8))
    return int(uid)


async def _beginning(response: Response) -> bytes:
    """As much of a refusal as a gate looks at. Where it breaks off, the status says enough."""
    body = b""
    try:
        while len(body) < MAX_ERROR_BODY and (piece := await response.next()):
            body += piece
    except BackendFault:
        pass
    return body


def _passed(response: Response) -> dict[bytes, bytes]:
    return {name: response.headers[name] for name in PASSED_ON if name in response.headers}


def _report(fault: BackendFault) -> dict[bytes, bytes]:
    """What a gate is told of a fault."""
    name = next(kind.__name__ for kind in type(fault).__mro__ if kind.__name__.encode() in FAULTS).encode()
    wait = {} if fault.retry_after is None else {RETRY_AFTER: b"%d" % fault.retry_after}
    return {FAULT: name} | wait


def _whole(status: int, headers: dict[bytes, bytes], body: bytes) -> bytes:
    return _head(status, headers) + b"content-length: %d\r\n\r\n" % len(body) + body


def _head(status: int, headers: dict[bytes, bytes]) -> bytes:
    return b"HTTP/1.1 %d -\r\n" % status + _lines(headers)


def _lines(headers: dict[bytes, bytes]) -> bytes:
    return b"".join(b"%b: %b\r\n" % line for line in headers.items())
