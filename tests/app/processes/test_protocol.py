"""A caller without a key holds little, and not for long; whoever is honest notices nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from haechi.app.processes.protocol import (
    CLOSED_WITHIN,
    HEAD_WITHIN,
    IDLE_FOR,
    LARGEST_HEAD,
    SILENT_BODY,
    BoundedProtocol,
)

HEAD = b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n"


class Place:
    """A server with an application that answers what it was sent, and raw callers."""

    def __init__(self) -> None:
        self.state = ServerState()
        self.seen: list[dict[bytes, bytes]] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        config = Config(
            self.echo,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            interface="asgi3",
            proxy_headers=False,
        )
        self._config = config
        self._callers: list[asyncio.StreamWriter] = []

    async def echo(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(dict(scope["headers"]))
        body, more = b"", not scope["path"].startswith("/early")
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        await self.go_on.wait()
        length = str(len(body)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": body})

    async def __aenter__(self) -> "Place":
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: BoundedProtocol(self._config, self.state, {}), "127.0.0.1", 0
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for each in self.connections:
            each.transport.abort()
        for writer in self._callers:
            writer.transport.abort()
        await asyncio.sleep(0.02)

    @property
    def connections(self) -> list[BoundedProtocol]:
        return [each for each in self.state.connections if isinstance(each, BoundedProtocol)]

    async def call(self, *pieces: bytes) -> "Caller":
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._callers.append(writer)
        caller = Caller(reader, writer)
        for piece in pieces:
            await caller.say(piece)
        await asyncio.sleep(0.02)
        return caller

    async def after(self, seconds: float) -> None:
        """Look as if so much time had gone by."""
        for each in self.connections:
            each.look(asyncio.get_running_loop().time() + seconds)
        await asyncio.sleep(0.02)


class Caller:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    async def say(self, piece: bytes) -> None:
        self.writer.write(piece)
        try:
            await self.writer.drain()
        except ConnectionError:
            return
        await asyncio.sleep(0.01)

    async def answer(self) -> tuple[int, bytes]:
        """One answer by its length."""
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length")
        )
        return int(head.split()[1]), await self._reader.readexactly(length)

    async def refused(self) -> tuple[int, str | None]:
        """Status and code of an error in OpenAI's shape, after which the connection ends."""
        status, body = await self.answer()
        assert await self._reader.read() == b""
        error = json.loads(body)["error"]
        assert error["message"]
        assert error["type"]
        return status, error["code"]

    async def ended(self) -> bool:
        return await self._reader.read() == b""


def at(scenario: Callable[[Place], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(30), Place() as place:
            await scenario(place)

    asyncio.run(run())


def test_an_ordinary_caller_notices_nothing() -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call(HEAD + b"\r\nabc")
        assert await caller.answer() == (200, b"abc")
        await place.after(IDLE_FOR - 1)
        await caller.say(
            HEAD + b"\r\nabcPOST /x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nd\r\n0\r\n\r\n"
        )
        assert await caller.answer() == (200, b"abc")
        assert await caller.answer() == (200, b"d")

    at(scenario)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"x" * (2 * LARGEST_HEAD),
        b"GET /" + b"x" * LARGEST_HEAD + b" HTTP/1.1\r\n\r\n",
        HEAD + b"x: " + b"y" * (8 << 20),
        HEAD + b"".join(b"x-%d: y\r\n" % number for number in range(10_000)) + b"\r\nabc",
        b"POST /x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\nx: " + b"y" * (8 << 20),
        b"POST /x HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1;" + b"y" * (8 << 20),
    ],
    ids=["address without end", "address", "one header", "many headers", "trailer", "chunk extension"],
)
def test_a_large_head_is_refused(sent: bytes) -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call()
        caller.writer.write(sent)
        assert (await caller.answer())[0] == 431
        assert not place.state.tasks

    at(scenario)


def test_a_large_body_beside_a_small_head_is_not_a_large_head() -> None:
    async def scenario(place: Place) -> None:
        body = b"b" * (4 * LARGEST_HEAD)
        caller = await place.call(b"POST /x HTTP/1.1\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        assert await caller.answer() == (200, body)

    at(scenario)


@pytest.mark.parametrize("begun", [b"", b"GET", HEAD, b"\r\n"])
def test_a_head_that_does_not_come_is_not_waited_for(begun: bytes) -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call(begun)
        await place.after(HEAD_WITHIN - 1)
        assert place.connections
        await place.after(HEAD_WITHIN + 1)
        assert await caller.refused() == (408, "request_timeout")

    at(scenario)


@pytest.mark.parametrize("begun", [b"\r\n", b"P", HEAD])
def test_nor_on_a_connection_that_has_been_answered(begun: bytes) -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call(HEAD + b"\r\nabc")
        assert (await caller.answer())[0] == 200
        await caller.say(begun)
        await place.after(HEAD_WITHIN + 1)
        assert await caller.refused() == (408, "request_timeout")

    at(scenario)


def test_a_body_that_falls_silent_is_not_waited_for() -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call(HEAD + b"\r\n", b"a")
        await place.after(SILENT_BODY - 1)
        await caller.say(b"b")
        await place.after(SILENT_BODY - 1)
        assert place.connections
        await place.after(SILENT_BODY + 1)
        assert await caller.refused() == (408, "request_timeout")

    at(scenario)


def test_a_body_that_goes_on_after_its_answer_ends_although_it_drips() -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call(b"POST /early HTTP/1.1\r\ncontent-length: 9\r\n\r\n")
        assert (await caller.answer())[0] == 200
        early = place.connections[0]._since
        await caller.say(b"a")
        assert place.connections[0]._since == early
        await place.after(SILENT_BODY + 1)
        assert not place.connections

    at(scenario)


def test_a_long_answer_is_waited_for_also_where_the_next_head_has_begun() -> None:
    async def scenario(place: Place) -> None:
        place.go_on.clear()
        caller = await place.call(HEAD + b"\r\nabc" + HEAD)
        await place.after(10_000)
        place.go_on.set()
        assert await caller.answer() == (200, b"abc")
        await caller.say(b"\r\nxyz")
        assert await caller.answer() == (200, b"xyz")

    at(scenario)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x00",
        b"GET x\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_refused_in_openai_s_shape(sent: bytes) -> None:
    async def scenario(place: Place) -> None:
        caller = await place.call(sent)
        assert await caller.refused() == (400, "invalid_http")

    at(scenario)


def test_nothing_is_written_into_an_answer_that_is_under_way() -> None:
    async def scenario(place: Place) -> None:
        place.go_on.clear()
        caller = await place.call(HEAD + b"\r\nabc" + b"\x00garbage\r\n\r\n")
        assert await caller.ended()

    at(scenario)


def test_too_many_connections_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedProtocol, "most_connections", 2)

    async def scenario(place: Place) -> None:
        callers = [await place.call() for _ in range(3)]
        assert await callers[2].refused() == (503, "too_many_connections")
        await callers[0].say(HEAD + b"\r\nabc")
        assert await callers[0].answer() == (200, b"abc")
        callers[1].writer.close()
        await asyncio.sleep(0.05)
        again = await place.call(HEAD + b"\r\nabc")
        assert await again.answer() == (200, b"abc")

    at(scenario)


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket", b"TLS/1.0"])
@pytest.mark.parametrize("apart", [True, False])
def test_an_offer_to_upgrade_is_declined_and_the_body_read(protocol: bytes, apart: bool) -> None:
    async def scenario(place: Place) -> None:
        offer = (
            b"connection: keep-alive, Upgrade, HTTP2-Settings\r\nupgrade: %b\r\nx-empty:\r\n\r\n" % protocol
        )
        caller = await place.call(*([HEAD + offer, b"a", b"bc"] if apart else [HEAD + offer + b"abc"]))
        assert await caller.answer() == (200, b"abc")
        assert b"upgrade" not in place.seen[0]
        assert place.seen[0][b"x-empty"] == b""
        await caller.say(HEAD + offer + b"xyz")
        assert await caller.answer() == (200, b"xyz")

    at(scenario)


def test_whoever_does_not_take_our_last_words_is_cut() -> None:
    async def scenario(place: Place) -> None:
        place.go_on.clear()
        body = b"b" * (16 << 20)
        caller = await place.call()
        caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
        caller.writer.write(b"POST /x HTTP/1.1\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        await caller.writer.drain()
        place.go_on.set()
        while not (place.seen and place.connections[0]._phase == "idle"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        place.connections[0].timeout_keep_alive_handler()
        await place.after(CLOSED_WITHIN - 1)
        assert place.connections
        await place.after(CLOSED_WITHIN + 1)
        assert not place.connections

    at(scenario)
