"""The load: callers that each have one connection and one request under way, and what they saw.

A closed loop: the next request goes out when the answer is in. Callers read just enough HTTP to know where an
answer ends; any status but 200 ends the measurement.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final, cast

from msgspec import Struct

from benchmarks.mock import CHUNKS, PACE

WARM_UP: Final = 0.15
"""Seconds before a window opens: connections stand, caches are filled."""


class Window(Struct):
    """What happened between two readings. `before` and `after` are whatever `read` gave; seconds; `latencies`
    are per request, in seconds, and for streams those of the first chunk."""

    before: dict[str, int]
    after: dict[str, int]
    seconds: float
    answers: int
    chunks: int
    latencies: list[float]

    def used(self, name: str) -> int:
        """How much the reading called `name` grew."""
        return self.after.get(name, 0) - self.before.get(name, 0)


class _Tally:
    """Shared by the callers of one burst."""

    def __init__(self) -> None:
        self.counting = False
        self.stopped = False
        self.answers = 0
        self.chunks = 0
        self.latencies: list[float] = []
        self.fault: str | None = None


class _Caller(asyncio.Protocol):
    """One connection, whole answers."""

    def __init__(self, request: bytes, tally: _Tally) -> None:
        self._request = request
        self._tally = tally
        self._buffer = b""
        self._missing = 0
        self.gone = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._tally.stopped and self._tally.fault is None:
            self._tally.fault = f"the connection was lost: {exc}"
        if not self.gone.done():
            self.gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            data = self._buffer + data if self._buffer else data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = data
                return
            self._buffer = b""
            self._missing = end + 4 + _content_length(data, end)
            if data[9:12] != b"200":
                self._tally.fault = data.decode(errors="replace")[:400]
                self._transport.abort()
                return
        self._missing -= len(data)
        if self._missing <= 0:
            self._missing = 0
            self._answered()

    def _answered(self) -> None:
        tally = self._tally
        if tally.counting:
            tally.answers += 1
            tally.latencies.append(time.perf_counter() - self._asked)
        self._next()

    def _next(self) -> None:
        if self._tally.stopped:
            self._transport.close()
        else:
            self._ask()

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self._request)


def _content_length(data: bytes, end: int) -> int:
    at = data.lower().find(b"content-length:", 0, end)
    if at < 0:
        raise ValueError("an answer without a length")
    return int(data[at + 15 : data.find(b"\r\n", at)])


class _StreamCaller(_Caller):
    """One connection, streamed answers; counts the events."""

    def __init__(self, request: bytes, tally: _Tally) -> None:
        super().__init__(request, tally)
        self._tail = b""

    def data_received(self, data: bytes) -> None:
        tally = self._tally
        if not self._tail:
            if data[9:12] != b"200":
                tally.fault = data.decode(errors="replace")[:400]
                self._transport.abort()
                return
            if tally.counting:
                tally.latencies.append(time.perf_counter() - self._asked)
        seen = self._tail + data
        if tally.counting:
            tally.chunks += seen.count(b"data: {")
        self._tail = seen[-6:]
        if seen.endswith(b"0\r\n\r\n"):
            self._tail = b""
            if tally.counting:
                tally.answers += 1
            self._next()


async def burst(
    port: int,
    request: bytes,
    connections: int,
    seconds: float,
    read: Callable[[], dict[str, int]],
    *,
    streams: bool = False,
) -> Window:
    """Keep `connections` callers busy and give what happened within `seconds`. Raises `RuntimeError`."""
    loop, tally = asyncio.get_running_loop(), _Tally()
    kind = _StreamCaller if streams else _Caller
    callers = []
    for _ in range(connections):
        _, caller = await loop.create_connection(lambda: kind(request, tally), "127.0.0.1", port)
        callers.append(caller)
        if streams:  # not all at once: a hundred users do not press the key together
            await asyncio.sleep(CHUNKS * PACE / connections)
    await asyncio.sleep(WARM_UP)
    tally.counting, before, began = True, read(), time.perf_counter()
    await asyncio.sleep(seconds)
    tally.counting, after, ended = False, read(), time.perf_counter()
    tally.stopped = True
    await asyncio.wait([caller.gone for caller in callers], timeout=5)
    if tally.fault is not None:
        raise RuntimeError(f"an answer was not as it should be: {tally.fault}")
    return Window(before, after, ended - began, tally.answers, tally.chunks, tally.latencies)
