"""The client against servers that behave, misbehave and vanish; on both event loops."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop

from haechi.adapters.backends.client import Connection, Limits, Pool, Response, Timeouts
from haechi.domain.errors import Garbled, Overloaded, TimedOut, Unreachable
from tests.adapters.backends.kit import HASTY, PATIENT, Handler, raw_server, read_request, until

Run = Callable[[Coroutine[Any, Any, None]], None]

REQUEST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"
BODY = "안녕하세요 🦁".encode()
PLAIN = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    b"3\r\n%s\r\n%x;note=1\r\n%s\r\n0\r\ntrailer: x\r\n\r\n" % (BODY[:3], len(BODY) - 3, BODY[3:])
)


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    """Run a coroutine to its end on one of the two event loops."""
    if request.param == "asyncio":
        return asyncio.run
    return uvloop.run


def pool(port: int, timeouts: Timeouts = PATIENT, limits: Limits | None = None) -> Pool:
    """A pool that connects to a loopback port."""

    async def dial(connection: Callable[[], Connection]) -> Connection:
        try:
            _, protocol = await asyncio.get_running_loop().create_connection(connection, "127.0.0.1", port)
        except OSError:
            raise Unreachable("x") from None
        return protocol

    return Pool("x", dial, timeouts, limits or Limits())


@asynccontextmanager
async def serving(
    handler: Handler, timeouts: Timeouts = PATIENT, limits: Limits | None = None
) -> AsyncIterator[Pool]:
    """A pool of connections to a server that does what `handler` does."""
    async with raw_server(handler) as port:
        connections = pool(port, timeouts, limits)
        try:
            yield connections
        finally:
            await connections.aclose()


def saying(answer: bytes, *, then_close: bool = False) -> Handler:
    """A server that gives the same answer to every request."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            writer.write(answer)
            if then_close:
                return

    return handler


async def get(connections: Pool) -> tuple[int, bytes]:
    response = await connections.send(REQUEST)
    return response.status, await response.read()


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED], ids=["plain", "chunked"])
def test_an_answer_cut_at_every_byte_is_the_same_answer(run: Run, answer: bytes) -> None:
    async def journey() -> None:
        cuts = iter(range(1, len(answer)))

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await read_request(reader)
                cut = next(cuts)
                writer.write(answer[:cut])
                await writer.drain()
                await asyncio.sleep(0.001)
                writer.write(answer[cut:])

        async with serving(handler) as connections:
            for _ in range(1, len(answer)):
                assert await get(connections) == (200, BODY)
            assert connections.open == 1

    run(journey())


def test_a_connection_is_used_again(run: Run) -> None:
    async def journey() -> None:
        accepted = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal accepted
            accepted += 1
            await saying(PLAIN)(reader, writer)

        async with serving(handler) as connections:
            for _ in range(5):
                assert await get(connections) == (200, BODY)
            assert accepted == 1
            await asyncio.gather(*(get(connections) for _ in range(4)))
            assert accepted == 4

    run(journey())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(BODY), BODY),
    ],
)
def test_a_body_may_end_with_its_connection_which_is_then_not_kept(run: Run, answer: bytes) -> None:
    async def journey() -> None:
        async with serving(saying(answer, then_close=True)) as connections:
            assert await get(connections) == (200, BODY)
            assert await get(connections) == (200, BODY)
            await asyncio.sleep(0.01)
            assert connections.open == 0

    run(journey())


def test_interim_answers_are_passed_over(run: Run) -> None:
    async def journey() -> None:
        interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
        async with serving(saying(interim + PLAIN)) as connections:
            response = await connections.send(REQUEST)
            assert response.status == 200
            assert list(response.headers) == [b"content-length"]
            assert await response.read() == BODY

    run(journey())


def test_a_kept_connection_that_died_is_replaced_once(run: Run) -> None:
    async def journey() -> None:
        requests = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal requests
            requests += 1
            await read_request(reader)
            writer.write(PLAIN)
            await read_request(reader)  # the second request on a connection is never answered
            requests += 1

        async with serving(handler) as connections:
            assert await get(connections) == (200, BODY)
            assert await get(connections) == (200, BODY)
            assert requests == 3

    run(journey())


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", PLAIN[:-1], CHUNKED[:-1]])
def test_a_fresh_connection_that_dies_is_no_second_call(run: Run, answer: bytes) -> None:
    async def journey() -> None:
        requests = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal requests
            await read_request(reader)
            requests += 1
            writer.write(answer)

        async with serving(handler) as connections:
            with pytest.raises(Unreachable):
                await get(connections)
            assert requests == 1

    run(journey())


def test_a_kept_connection_that_dies_after_a_byte_is_no_second_call(run: Run) -> None:
    async def journey() -> None:
        requests = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal requests
            for answer in (PLAIN, b"H"):
                await read_request(reader)
                requests += 1
                writer.write(answer)

        async with serving(handler) as connections:
            await get(connections)
            with pytest.raises(Unreachable):
                await get(connections)
            assert requests == 2

    run(journey())


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nhello",
    ],
)
def test_what_is_not_http_is_garbled(run: Run, answer: bytes) -> None:
    async def journey() -> None:
        async with serving(saying(answer)) as connections:
            with pytest.raises(Garbled):
                await get(connections)
            await asyncio.sleep(0)
            assert connections.open == 0

    run(journey())


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nx-long: ",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",  # trailers
    ],
)
def test_headers_without_end_are_garbled(run: Run, start: bytes) -> None:
    async def journey() -> None:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(start)
            more = b"y" * 1000 if b"x-long" in start else b"x-more: %s\r\n" % (b"y" * 1000)
            while True:
                writer.write(more)
                await writer.drain()

        async with serving(handler) as connections:
            with pytest.raises(Garbled):
                await get(connections)

    run(journey())


def test_a_body_without_end_is_garbled(run: Run) -> None:
    async def journey() -> None:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b"y" * 10_000)
                await writer.drain()

        async with serving(handler, limits=Limits(body=200_000)) as connections:
            with pytest.raises(Garbled):
                await get(connections)

    run(journey())


@pytest.mark.parametrize("answer", [b"", PLAIN[:10], PLAIN[:-1]])
def test_silence_times_out(run: Run, answer: bytes) -> None:
    async def journey() -> None:
        async with serving(saying(answer), timeouts=HASTY) as connections:
            with pytest.raises(TimedOut):
                await get(connections)
            await asyncio.sleep(0)
            assert connections.open == 0

    run(journey())


def test_an_answer_that_never_ends_times_out_in_all(run: Run) -> None:
    async def journey() -> None:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.01)

        async with serving(handler, timeouts=Timeouts(first_byte=30, idle=30, total=0.2)) as connections:
            with pytest.raises(TimedOut):
                await get(connections)

    run(journey())


def test_an_unused_connection_is_closed_after_a_while(run: Run) -> None:
    async def journey() -> None:
        async with serving(saying(PLAIN), limits=Limits(keep_alive=0.05)) as connections:
            await get(connections)
            assert connections.open == 1
            await until(lambda: not connections.open)

    run(journey())


def test_a_peer_that_speaks_unasked_is_not_spoken_to_again(run: Run) -> None:
    async def journey() -> None:
        accepted = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal accepted
            accepted += 1
            await saying(PLAIN + PLAIN)(reader, writer)

        async with serving(handler) as connections:
            assert await get(connections) == (200, BODY)
            assert await get(connections) == (200, BODY)
            assert accepted == 2

    run(journey())


def test_a_slow_consumer_slows_the_peer_instead_of_filling_memory(run: Run) -> None:
    async def journey() -> None:
        written = 0
        total = 64 * 1024 * 1024

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal written
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % total)
            while written < total:
                writer.write(b"y" * 65_536)
                await writer.drain()
                written += 65_536

        async with serving(handler) as connections:
            response = await connections.send(REQUEST)
            before = -1
            while before != written:  # until the peer is stuck
                before = written
                await asyncio.sleep(0.05)
            assert written < total // 2  # what the sockets of both sides hold, and little of ours
            assert response.waiting < 1024 * 1024
            assert len(await response.read()) == total

    run(journey())


def test_a_slow_consumer_is_not_a_silent_peer(run: Run) -> None:
    async def journey() -> None:
        body = b"y" * 8_000_000
        answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
        timeouts = Timeouts(first_byte=30, idle=0.3, total=60)
        async with serving(saying(answer), timeouts=timeouts) as connections:
            response = await connections.send(REQUEST)
            await asyncio.sleep(timeouts.idle * 3)
            assert await response.read() == body

    run(journey())


def test_a_caller_that_is_cancelled_closes_the_connection(run: Run) -> None:
    async def journey() -> None:
        gone = asyncio.Event()

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            try:
                await reader.read()
            finally:
                gone.set()

        async with serving(handler) as connections:
            task = asyncio.create_task(get(connections))
            await until(lambda: connections.open == 1)
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await gone.wait()
            await asyncio.sleep(0)
            assert connections.open == 0

    run(journey())


def test_what_is_left_of_an_answer_goes_by_and_the_connection_is_kept(run: Run) -> None:
    async def journey() -> None:
        accepted = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal accepted
            accepted += 1
            while True:
                await read_request(reader)
                writer.write(CHUNKED[:60])
                await writer.drain()
                await asyncio.sleep(0.01)
                writer.write(CHUNKED[60:])

        async with serving(handler) as connections:
            response = await connections.send(REQUEST)
            await response.next()
            response.leave()
            await until(lambda: response.ended)
            assert await get(connections) == (200, BODY)
            assert accepted == 1

    run(journey())


def test_more_connections_than_allowed_are_an_overload(run: Run) -> None:
    async def journey() -> None:
        async with serving(saying(b""), limits=Limits(connections=2)) as connections:
            waiting = [asyncio.create_task(get(connections)) for _ in range(2)]
            await asyncio.sleep(0.01)
            with pytest.raises(Overloaded):
                await get(connections)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    run(journey())


def test_closing_the_pool_ends_what_is_under_way(run: Run) -> None:
    async def journey() -> None:
        async with serving(saying(b"")) as connections:
            task = asyncio.create_task(get(connections))
            await until(lambda: connections.open == 1)
            await asyncio.sleep(0.01)
            await connections.aclose()
            with pytest.raises(Unreachable):
                await task
            with pytest.raises(Unreachable):
                await get(connections)

    run(journey())


def test_a_retired_pool_finishes_what_it_began_and_begins_nothing(run: Run) -> None:
    async def journey() -> None:
        released = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(PLAIN[:-1])
            await released.wait()
            writer.write(PLAIN[-1:])
            await reader.read()

        async with serving(slow) as connections:
            response = await connections.send(REQUEST)
            connections.retire()
            released.set()
            assert await response.read() == BODY
            with pytest.raises(Unreachable):
                await get(connections)
            await until(lambda: connections.open == 0)

    run(journey())


def test_nobody_there(run: Run) -> None:
    async def journey() -> None:
        async with raw_server(saying(PLAIN)) as port:
            pass
        with pytest.raises(Unreachable):
            await get(pool(port))

    run(journey())


def test_a_response_that_is_closed_early_stops_the_peer(run: Run) -> None:
    async def journey() -> None:
        async with serving(saying(PLAIN[:-1])) as connections:
            response: Response = await connections.send(REQUEST)
            response.close()
            await asyncio.sleep(0.01)
            assert connections.open == 0
            with pytest.raises(Unreachable):
                await response.read()

    run(journey())
