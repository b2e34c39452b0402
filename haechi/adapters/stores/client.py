"""A worker's way to the ledger writer.

Rows appended during one turn of the event loop go out in one frame. Whoever appended waits for the
acknowledgement, at most `timeout` seconds. When the writer goes away, an intent on its way fails: whether it
became durable is not known, so nothing may be sent for it. Attempts and settlements are said again over the
next connection; the writer ignores what it has.
"""

import asyncio
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from haechi.adapters.stores.wire import (
    LARGEST_FRAME,
    REJECTED,
    UNAVAILABLE,
    Ack,
    Frame,
    Malformed,
    Unpacker,
    connected,
    pack,
)
from haechi.domain.errors import LedgerUnavailable
from haechi.domain.record import Intent, Row, Settlement
from haechi.domain.releasable import Receipt

TIMEOUT: Final = 2.0
FIRST_PAUSE: Final = 0.01
LONGEST_PAUSE: Final = 0.5
MOST_UNDER_WAY: Final = 65_536
"""Appends under way at once; further ones are refused. A bound on memory, not a tuning knob."""

PING_EVERY: Final = 0.5
MOST_PINGS: Final = 4
RECENT: Final = TIMEOUT
"""Seconds. A writer that takes longer than an append waits is as good as none."""

CLAIMS_PER_FRAME: Final = 10_000
_UNENCODABLE: Final = (TypeError, ValueError, OverflowError)


class Append:
    """Rows that stand or fall together, and who waits for them until `deadline`."""

    __slots__ = ("deadline", "done", "rows")

    def __init__(self, rows: Sequence[Row], done: "asyncio.Future[Receipt | None]", deadline: float) -> None:
        self.rows = rows
        self.done = done
        self.deadline = deadline

    @property
    def intends(self) -> bool:
        """Whether an intent is among the rows, so that they cannot be said twice."""
        return any(isinstance(row, Intent) for row in self.rows)

    def fail(self) -> None:
        """Tell the waiter, where one is left, that nothing is durable."""
        if not self.done.done():
            self.done.set_exception(LedgerUnavailable())


class LedgerClient:
    """The `Ledger` port over one connection, renewed as often as needed. Use it within one event loop."""

    def __init__(self, path: Path, *, timeout: float = TIMEOUT) -> None:
        self._path = path
        self._timeout = timeout
        self._loop: asyncio.AbstractEventLoop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._keeper = self._loop.create_task(self._keep_connected())
        self._queue: list[Append] = []
        self._sent: dict[int, list[Append]] = {}
        self._open: set[str] = set()
        self._number = 0
        self._under_way = 0
        self._flush_planned = False
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._heard = -math.inf
        self._unanswered = 0
        self._ping_timer = self._loop.call_later(PING_EVERY, self._ping)

    @property
    def is_ready(self) -> bool:
        """Whether the writer acknowledged something just now: a connection alone also stands to one that hangs."""
        return self._transport is not None and self._loop.time() - self._heard <= RECENT

    async def open(self, row: Row) -> Receipt:
        """Make an intent durable. Raises `LedgerUnavailable`; then nothing may be sent."""
        return await self._put((row,)) or Receipt(row.record)

    async def append(self, rows: Sequence[Row]) -> None:
        """Make attempts and settlements durable. Raises `LedgerUnavailable`."""
        await self._put(rows)

    async def close(self) -> None:
        """Wait for what is under way, no longer than it waits itself, and hang up."""
        waiting = [each.done for each in self._pending() if not each.done.done()]
        if waiting:
            await asyncio.wait(waiting)
        self._keeper.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeper
        if self._watch:
            self._watch.cancel()
        self._ping_timer.cancel()
        if self._transport:
            self._transport.close()

    def _put(self, rows: Sequence[Row]) -> "asyncio.Future[Receipt | None]":
        if self._under_way >= MOST_UNDER_WAY:
            raise LedgerUnavailable
        if not self._flush_planned:
            self._flush_planned = True
            self._deadline = self._loop.time() + self._timeout
            self._loop.call_soon(self._flush)
        self._under_way += 1
        done = self._loop.create_future()
        self._queue.append(Append(rows, done, self._deadline))
        return done

    def _flush(self) -> None:
        self._flush_planned = False
        if self._watch is None:
            self._watch = self._loop.call_later(self._timeout / 8, self._expire)
        if self._transport and self._queue:
            queue, self._queue = self._queue, []
            self._send(queue, self._transport)

    def _send(self, appends: list[Append], transport: asyncio.Transport) -> None:
        """Send `appends` as one frame, or as several where one would be too large."""
        self._number += 1
        try:
            frame = pack(Frame(self._number, [row for each in appends for row in each.rows]))
            fits = len(frame) <= LARGEST_FRAME
        except _UNENCODABLE:
            fits = False
        if fits:
            self._sent[self._number] = appends
            transport.write(frame)
        elif len(appends) > 1:
            half = len(appends) // 2
            self._send(appends[:half], transport)
            self._send(appends[half:], transport)
        else:
            self._give_up(appends)

    def acknowledged(self, ack: Ack, transport: asyncio.Transport) -> None:
        """The writer answered a frame."""
        if ack.error != UNAVAILABLE:
            self._heard = self._loop.time()
        self._unanswered = 0
        appends = self._sent.pop(ack.number, [])
        if not ack.error:
            self._under_way -= len(appends)
            seals = iter(ack.seals)
            for each in appends:
                self._note_durable(each, ack.at, seals)
        elif ack.error == REJECTED and len(appends) > 1:
            for each in appends:
                self._send([each], transport)
        elif ack.error == UNAVAILABLE:
            self._try_again(appends)
        else:
            self._give_up(appends)

    def connected(self, transport: asyncio.Transport) -> None:
        """A connection stands: claim what is under way, then send what waits."""
        self._transport = transport
        self._unanswered = 0
        self._say_hello(transport)
        claims = sorted(self._open)
        for start in range(0, len(claims), CLAIMS_PER_FRAME):
            transport.write(pack(Frame(0, [], claims[start : start + CLAIMS_PER_FRAME])))
        self._flush()

    def disconnected(self) -> None:
        """The connection is gone, and with it every acknowledgement that was to come."""
        self._transport = None
        sent, self._sent = self._sent, {}
        self._try_again([each for appends in sent.values() for each in appends])

    def _ping(self) -> None:
        """Ask for a sign of life. What a writer that hangs has not read is not made longer without end."""
        self._ping_timer = self._loop.call_later(PING_EVERY, self._ping)
        if self._transport and self._unanswered < MOST_PINGS:
            self._say_hello(self._transport)

    def _say_hello(self, transport: asyncio.Transport) -> None:
        self._unanswered += 1
        transport.write(pack(Frame(0, [])))

    def _note_durable(self, append: Append, at: float, seals: Iterator[bytes]) -> None:
        receipt = None
        for row in append.rows:
            if isinstance(row, Intent):
                self._open.add(row.record)
                receipt = Receipt(row.record, row.calls, at, next(seals, b""))
            elif isinstance(row, Settlement):
                self._open.discard(row.record)
        if not append.done.done():
            append.done.set_result(receipt)
        elif append.intends:
            self._settle_abandoned(append.rows)

    def _settle_abandoned(self, rows: Iterable[Row]) -> None:
        """Settle intents that became durable after their caller had given up on them: nothing was sent."""
        at = time.time()
        abandoned = [
            Settlement(row.record, at, "interrupted", 0, "", None) for row in rows if isinstance(row, Intent)
        ]
        with suppress(LedgerUnavailable):
            self._put(abandoned).add_done_callback(_ignore)

    def _try_again(self, appends: list[Append]) -> None:
        """Put back, in front, what may be said twice; give up on intents."""
        self._give_up([each for each in appends if each.intends])
        again = [each for each in appends if not each.intends]
        if again:
            self._queue[:0] = again

    def _give_up(self, appends: Iterable[Append]) -> None:
        for each in appends:
            self._under_way -= 1
            self._open.difference_update(row.record for row in each.rows if isinstance(row, Settlement))
            each.fail()

    def _expire(self) -> None:
        """End the waiting of those who waited long enough; send again what the writer could not write."""
        now = self._loop.time()
        for appends in self._sent.values():
            for each in appends:
                if each.deadline <= now:
                    each.fail()  # the frame is still on its way: its acknowledgement may come yet
        expired = [each for each in self._queue if each.deadline <= now]
        if expired:
            self._queue = [each for each in self._queue if each.deadline > now]
            self._give_up(expired)
        self._watch = None
        if self._queue or self._sent:
            self._flush()

    async def _keep_connected(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                line = await self._connect()
            except OSError:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await line.gone

    async def _connect(self) -> "Line":
        peer = connected(self._path)
        try:
            _, line = await self._loop.create_unix_connection(lambda: Line(self), sock=peer)
        except BaseException:
            peer.close()
            raise
        return line

    def _pending(self) -> list[Append]:
        return [*self._queue, *(each for appends in self._sent.values() for each in appends)]


class Line(asyncio.Protocol):
    """One connection of a `LedgerClient`."""

    def __init__(self, client: LedgerClient) -> None:
        self._client = client
        self._unpacker = Unpacker()
        self._transport: asyncio.Transport
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast("asyncio.Transport", transport)
        self._client.connected(self._transport)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        try:
            for ack in self._unpacker.acks(data):
                self._client.acknowledged(ack, self._transport)
        except Malformed:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._client.disconnected()
        if not self.gone.done():
            self.gone.set_result(None)


def _ignore(done: "asyncio.Future[Receipt | None]") -> None:
    """Look at the result, so that asyncio does not complain that nobody did."""
    if not done.cancelled():
        done.exception()
