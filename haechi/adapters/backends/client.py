"""Our own HTTP/1.1 client: a pool of connections to one origin, and one exchange at a time on each.

    Pool.send ──> Connection ──bytes──> parser ──> Response ──next(), read()──> a backend
                       ▲                              │
                       └────── pause, resume ─────────┘

It opens no socket itself: a `Dial`, given by the door, hands it a connection to an address that was checked.
Nothing is redirected, no proxy is read from the environment, and no task is started per request: the client is
what a gateway's CPU goes into, so bytes are pushed through, and one future is awaited per usual answer.

All times are seconds, all sizes bytes. Errors are `BackendFault`s that name the destination.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, cast

import httptools
from msgspec import Struct

from haechi.domain.errors import BackendFault, Garbled, Overloaded, TimedOut, Unreachable

HIGH_WATER: Final = 64 * 1024
"""Unread body bytes at which a connection stops reading: a slow consumer slows the upstream, not our memory."""

DRAIN_SECONDS: Final = 1.0
"""How long a connection waits for the end of an answer that nobody reads any more."""


class Timeouts(Struct, frozen=True):
    """How long each step may take, in seconds. `idle` is the longest silence between two pieces of an answer.

    A large model may think for minutes before its first byte; a silent stream is broken much sooner.
    """

    connect: float = 5.0
    first_byte: float = 300.0
    idle: float = 60.0
    total: float = 900.0


class Limits(Struct, frozen=True):
    """What one origin may cost us. `keep_alive` is how long, in seconds, an unused connection stays open: less
    than the 60 s after which most servers and balancers close theirs."""

    connections: int = 1024
    keep_alive: float = 20.0
    head: int = 64 * 1024
    body: int = 64 * 1024 * 1024


DEFAULT_TIMEOUTS: Final = Timeouts()
DEFAULT_LIMITS: Final = Limits()


class Stale(Unreachable):
    """A kept connection was closed by the peer before it answered anything: worth one fresh connection."""


class Connection(asyncio.Protocol):
    """One connection. It is idle in its pool, or it carries the exchange of one `Response`."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpResponseParser(self)
        self._response: Response | None = None
        self._exchanges = 0
        self._idle_talk = 0
        self._complete = False
        self._keep_alive = False
        self._excess = False
        self._paused = False
        self._end_of_exchange = 0.0
        self._due = 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = float("inf")

    # What the pool and the response ask for.

    def start(self, request: bytes) -> "Response":
        """Write `request` and return the response that will be filled."""
        self._exchanges += 1
        self._idle_talk = 0
        self._complete = self._excess = False
        self._response = response = Response(self, self._pool)
        timeouts, now = self._pool.timeouts, self._loop.time()
        self._end_of_exchange = now + timeouts.total
        self._expect_by(min(now + timeouts.first_byte, self._end_of_exchange))
        self._transport.write(request)
        return response

    def rest(self) -> None:
        """Stay open, unused, for `keep_alive` seconds at most."""
        self._response = None
        self._expect_by(self._loop.time() + self._pool.limits.keep_alive)

    def pause(self) -> None:
        """Stop reading: the consumer has enough."""
        if not self._paused and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on, and give the upstream its time anew."""
        if self._paused and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()
            self._expect_more()

    def hurry(self) -> None:
        """The rest of the answer is of no interest: wait for its end only briefly."""
        self._end_of_exchange = self._loop.time() + DRAIN_SECONDS
        self.resume()
        self._expect_by(self._end_of_exchange)

    def abort(self) -> None:
        """Close at once; whatever is under way is lost."""
        self._pool.forget(self)
        self._transport.abort()

    @property
    def usable(self) -> bool:
        """Whether another request may be written."""
        return not self._transport.is_closing()

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._pool.know(self)

    def data_received(self, data: bytes) -> None:
        response = self._response
        if response is None:  # nobody asked: not a peer to send the next request to
            self.abort()
            return
        before = response.taken
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            response.fail(Garbled(self._pool.name))
            self.abort()
            return
        if self._complete:
            self._settle(response)
            return
        if response.taken > before:
            self._idle_talk = 0
        else:  # a head, trailers, the edges of chunks: bounded, since the parser keeps them
            self._idle_talk += len(data)
            if self._idle_talk > self._pool.limits.head:
                response.fail(Garbled(self._pool.name))
                self.abort()
                return
        if response.crowded:
            self.pause()
        self._expect_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._pool.forget(self)
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        response, self._response = self._response, None
        if response is None or response.ended:
            return
        if response.status and response.until_close and exc is None:
            response.end()
        elif self._exchanges > 1 and not self._idle_talk and not response.status:
            response.fail(Stale(self._pool.name))
        else:
            response.fail(Unreachable(self._pool.name))

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._excess = self._complete

    def on_header(self, name: bytes, value: bytes) -> None:
        response = self._response
        if response is not None and not self._excess:
            (response.trailers if response.status else response.headers)[name.lower()] = value

    def on_headers_complete(self) -> None:
        if self._response is None or self._excess:
            return
        status = self._parser.get_status_code()
        if status < 200:  # 100 Continue, 103 Early Hints: the answer is still to come
            self._response.headers.clear()
            return
        self._response.begin(status)

    def on_body(self, data: bytes) -> None:
        if self._response is not None and not self._excess:
            self._response.add(data)

    def on_message_complete(self) -> None:
        if self._response is not None and self._response.status:
            self._complete = True
            self._keep_alive = self._parser.should_keep_alive()

    # Ends and clocks.

    def _settle(self, response: "Response") -> None:
        """The answer is whole: hand the connection back, or close it where it cannot be used again."""
        reusable = self._keep_alive and not self._excess
        fault = self._pool.broken_off(response.trailers) if response.trailers else None
        if fault is None:
            response.end()
        else:
            response.fail(fault)
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        self._response = None
        if reusable and self.usable:
            self._pool.take_back(self)
        else:
            self.abort()

    def _expect_more(self) -> None:
        self._expect_by(min(self._loop.time() + self._pool.timeouts.idle, self._end_of_exchange))

    def _expect_by(self, due: float) -> None:
        """Move the deadline. The timer is moved only where it would fire too late: on a busy connection one
        timer serves many requests."""
        self._due = due
        if due < self._alarm_at:
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm_at = due
            self._alarm = self._loop.call_at(due, self._on_alarm)

    def _on_alarm(self) -> None:
        self._alarm, self._alarm_at = None, float("inf")
        now, response = self._loop.time(), self._response
        if self._paused and now < self._end_of_exchange:  # the consumer is slow, not the upstream
            self._due = min(now + self._pool.timeouts.idle, self._end_of_exchange)
        if now < self._due:
            self._expect_by(self._due)
            return
        if response is not None:
            response.fail(TimedOut(self._pool.name))
        self.abort()


class Response:
    """An answer as it arrives. Whoever has it reads it to the end or closes it."""

    def __init__(self, connection: Connection, pool: "Pool") -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.trailers: dict[bytes, bytes] = {}
        self.ended = False
        self.taken = 0
        self._connection = connection
        self._pool = pool
        self._pieces: list[bytes] = []
        self._size = 0
        self._unread = False
        self._fault: BackendFault | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def waiting(self) -> int:
        """Bytes of the body that came and were not read."""
        return self._size

    @property
    def crowded(self) -> bool:
        """Whether more waits to be read than should."""
        return self._size > HIGH_WATER

    @property
    def until_close(self) -> bool:
        """Whether the body has no length of its own and ends with the connection."""
        return b"content-length" not in self.headers and b"transfer-encoding" not in self.headers

    async def started(self) -> None:
        """Wait for status and headers. Raises a `BackendFault`."""
        while not self.status:
            await self._wait()

    async def next(self) -> bytes:
        """What has come since the last call, waiting for something to come; empty at the end.

        Raises `Unreachable` where the connection broke, `TimedOut`, or `Garbled`.
        """
        while not self._pieces:
            if self._fault is not None:
                raise self._fault
            if self.ended:
                return b""
            await self._wait()
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        if not self.ended:
            self._connection.resume()
        return data

    async def read(self) -> bytes:
        """The whole body, or what is left of it. Raises as `next` does, and `Garbled` for one that is too long."""
        if self.ended and len(self._pieces) == 1:  # the usual case: all of it came at once
            return self._pieces.pop()
        body = bytearray()
        while piece := await self.next():
            body += piece
        return bytes(body)

    def leave(self) -> None:
        """Nothing more is wanted, though the end has not come: let it go by, so that the connection can be kept."""
        if not self.ended:
            self._unread = True
            self._pieces.clear()
            self._size = 0
            self._connection.hurry()

    def close(self) -> None:
        """Nothing more is wanted: an unfinished exchange is broken off, which also tells the upstream to stop."""
        if not (self.ended or self._unread) and self._fault is None:
            self.fail(Unreachable(self._pool.name))
            self._connection.abort()

    # What the connection calls.

    def begin(self, status: int) -> None:
        self.status = status
        self._wake()

    def add(self, piece: bytes) -> None:
        self.taken += len(piece)
        if self._unread:
            return
        if self.taken > self._pool.limits.body:
            self._pieces.clear()
            self.fail(Garbled(self._pool.name))
            self._connection.abort()
            return
        self._pieces.append(piece)
        self._size += len(piece)
        self._wake()

    def end(self) -> None:
        if self._fault is None:
            self.ended = True
            self._wake()

    def fail(self, fault: BackendFault) -> None:
        if self._fault is None and not self.ended:
            self._fault = fault
            self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self) -> None:
        if self._fault is not None:
            raise self._fault
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._waiter = None


Dial = Callable[[Callable[[], Connection]], Awaitable[Connection]]
"""Opens a connection to the origin. Raises a `BackendFault`."""


class Pool:
    """The connections to one origin. `name` is the destination that errors speak of.

    `says_it_again`: whether a request may be sent once more where a kept connection ended before any answer.
    """

    says_it_again = True

    def __init__(
        self,
        name: str,
        dial: Dial,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.name = name
        self.timeouts = timeouts
        self.limits = limits
        self._dial = dial
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._opening = 0
        self._closed = False

    @property
    def open(self) -> int:
        """How many connections there are."""
        return len(self._all)

    async def send(self, request: bytes) -> Response:
        """Send `request`, head and body, and wait for the head of the answer.

        Raises `Unreachable`, `TimedOut`, `Garbled`; `Overloaded` where every connection is in use. A kept
        connection that the peer had meanwhile closed is replaced once, by a fresh one, and only where no byte of
        an answer came.
        """
        connection = self._kept()
        if connection is not None:
            try:
                return await self._exchange(connection, request)
            except Stale:
                if not self.says_it_again:
                    raise Unreachable(self.name) from None
        return await self._exchange(await self._open(), request)

    def take_back(self, connection: Connection) -> None:
        """Keep `connection` for the next request."""
        if self._closed:
            connection.abort()
            return
        connection.rest()
        self._idle.append(connection)

    def broken_off(self, trailers: dict[bytes, bytes]) -> BackendFault | None:
        """The fault that the trailers of an answer speak of. Those of services mean nothing to us."""
        return None

    def know(self, connection: Connection) -> None:
        """`connection` is open."""
        self._all.add(connection)

    def forget(self, connection: Connection) -> None:
        """`connection` is gone."""
        if connection in self._all:
            self._all.discard(connection)
            if connection in self._idle:
                self._idle.remove(connection)

    def retire(self) -> None:
        """Close what is idle, let what is under way come to its end, and begin nothing more."""
        self._closed = True
        for connection in tuple(self._idle):
            connection.abort()

    async def aclose(self) -> None:
        """Close every connection; exchanges under way end as `Unreachable`."""
        self._closed = True
        for connection in tuple(self._all):
            connection.abort()
        await asyncio.sleep(0)  # let the loop tell them

    async def _exchange(self, connection: Connection, request: bytes) -> Response:
        response = connection.start(request)
        await response.started()
        return response

    def _kept(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _open(self) -> Connection:
        if self._closed:
            raise Unreachable(self.name)
        if len(self._all) + self._opening >= self.limits.connections:
            raise Overloaded(self.name, retry_after=1)
        self._opening += 1
        try:
            connection = await self._dial(lambda: Connection(self))
        finally:
            self._opening -= 1
        if not connection.usable:
            raise Unreachable(self.name)
        return connection
