"""A door behind a Unix socket: who may call, what may come, what goes back, and how either side ends."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from haechi.adapters.backends import distant_door, letter, threshold
from haechi.adapters.backends.client import HIGH_WATER, Timeouts
from haechi.adapters.backends.distant_door import DistantDoor
from haechi.adapters.backends.door import Door
from haechi.adapters.backends.letter import Letter, Malformed, read, written
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.stores.wire import connected
from haechi.domain.decision import Call
from haechi.domain.errors import (
    BackendFault,
    Garbled,
    Misconfigured,
    NotCleared,
    Overloaded,
    Rejected,
    TimedOut,
    Unreachable,
)
from haechi.domain.label import Label, Level
from haechi.domain.releasable import Receipt, Releasable
from tests.adapters.backends.kit import PATIENT, behind_a_socket, cleared, raw_server, read_request, until

BODY = b'{"model":"m-1"}'
RELEASE = cleared(BODY)
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
on_both_loops = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


# ── letters ─────────────────────────────────────────────────────────────────────────────────────────────────

texts = st.text(max_size=20)
calls = st.builds(Call, texts, texts, st.sampled_from(["raw", "deidentified"]))
releases = st.builds(
    Releasable,
    body=st.binary(max_size=200),
    call=calls,
    label=st.builds(Label, st.sampled_from(Level), st.frozensets(texts, max_size=3)),
    receipt=st.builds(
        Receipt,
        texts,
        st.lists(calls, max_size=3).map(tuple),
        st.floats(allow_nan=False),
        st.binary(max_size=16),
    ),
    policy=texts,
    digest=st.binary(max_size=32),
)


@given(releases, st.booleans())
def test_a_letter_says_the_release_and_nothing_else(release: Releasable, streaming: bool) -> None:
    assert read(written(release, streaming=streaming)[letter.LENGTH :]) == (release, streaming)


def fields(**changed: Any) -> bytes:
    """A letter whose fields are what they should not be."""
    found = msgspec.msgpack.decode(written(RELEASE, streaming=False)[letter.LENGTH :])
    for name, value in changed.items():
        found[Letter.__struct_fields__.index(name)] = value
    return msgspec.msgpack.encode(found)


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"body": b"x"}),
        msgspec.msgpack.encode([]),
        written(RELEASE, streaming=False)[letter.LENGTH : -1],
        written(RELEASE, streaming=False)[letter.LENGTH :] + b"\x00",
        fields(level=9),
        fields(level="internal"),
        fields(transform="none"),
        fields(kinds=[1]),
        fields(streaming=1),
        fields(body="text"),
        fields(calls=[["gpt", "m"]]),
        fields(at=None),
        b"\x9e" + fields()[1:] + b"\x01",  # one field more
    ],
)
def test_a_letter_that_is_none(wrong: bytes) -> None:
    with pytest.raises(Malformed):
        read(wrong)


# ── who and what comes in ───────────────────────────────────────────────────────────────────────────────────


class Silent:
    """A door that must not be asked."""

    async def send(self, release: Releasable, *, streaming: bool) -> Any:
        raise AssertionError("it was asked")


def refuses(release: Releasable) -> None:
    raise NotCleared(release.call.destination, release.label)


def test_what_the_second_look_refuses_is_refused_at_the_gate_too() -> None:
    async def journey() -> None:
        async with behind_a_socket(Silent(), second_look=refuses) as door:
            for body in (BODY, b'"' + b"x" * threshold.LONG + b'"'):  # on the event loop, and beside it
                with pytest.raises(NotCleared):
                    await door.send(cleared(body), streaming=False)
            assert door._pools["cloud"].open == 1  # the connection is as good as before

    asyncio.run(journey())


@pytest.mark.parametrize(
    "forged",
    [
        replace(RELEASE, body=b'{"model":"other"}'),
        cleared(BODY, name="elsewhere"),
        replace(RELEASE, label=Label(Level.RESTRICTED, frozenset({"kr.rrn"}))),
        BODY,
    ],
)
def test_the_door_itself_refuses_what_is_no_release(forged: Any) -> None:
    async def journey() -> None:
        real = Door([Upstream("cloud", "cloud", "openai", "http://127.0.0.1:1")])
        async with behind_a_socket(real) as door:
            await door.send(forged, streaming=False)

    with pytest.raises(NotCleared):
        asyncio.run(journey())


@on_both_loops
def test_another_user_is_not_let_in(run: Callable[[Any], None], caplog: pytest.LogCaptureFixture) -> None:
    async def journey() -> None:
        async with behind_a_socket(Silent(), caller=os.getuid() + 1) as door:
            await door.send(RELEASE, streaming=False)

    with pytest.raises(Unreachable):
        run(journey())
    assert "stranger" in caplog.text


def test_a_gate_asks_for_no_more_than_a_letter_may_hold() -> None:
    async def journey() -> None:
        async with behind_a_socket(Silent(), largest=50) as door:
            await door.send(RELEASE, streaming=False)

    with pytest.raises(Rejected):
        asyncio.run(journey())


@asynccontextmanager
async def line(folder: Path, door: Any, **bounds: Any) -> AsyncIterator[tuple[Any, Any, threshold.Threshold]]:
    """A bare connection to a threshold, as somebody would open it who does not keep to the rules."""
    made = threshold.Threshold(
        door,
        lambda release: None,
        caller=os.getuid(),
        largest=bounds.pop("largest", 4096),
        reader=bounds.pop("reader", None),
        **bounds,
    )
    server = await asyncio.get_running_loop().create_unix_server(made.line, str(folder / "d"))
    reader, writer = await asyncio.open_unix_connection(str(folder / "d"))
    assert await reader.readexactly(1) == letter.WELCOME
    try:
        yield reader, writer, made
    finally:
        writer.close()
        server.close()


@pytest.mark.parametrize(
    "said",
    [
        (1 << 20).to_bytes(4, "big"),
        (4).to_bytes(4, "big") + b"more than four",
        (4).to_bytes(4, "big") + b"\xc1\xc1\xc1\xc1",
        b"GET / HTTP/1.1\r\n\r\n",
    ],
    ids=["too long", "longer than it says", "no letter", "http"],
)
def test_who_does_not_keep_to_the_rules_is_cut_off(tmp_path: Path, said: bytes) -> None:
    async def journey() -> None:
        async with line(tmp_path, Silent()) as (reader, writer, made):
            writer.write(said)
            assert await asyncio.wait_for(reader.read(), 5) == b""
            await until(lambda: not made.lines)
            assert made.waiting == 0

    asyncio.run(journey())


def test_letters_may_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threshold, "MOST_WAITING", 1000)

    async def journey() -> None:
        async with line(tmp_path, Silent()) as (reader, writer, made):
            writer.write((2000).to_bytes(4, "big") + bytes(900))
            await until(lambda: made.waiting > 900)
            writer.write(bytes(200))
            assert await asyncio.wait_for(reader.read(), 5) == b""

    asyncio.run(journey())


@pytest.mark.parametrize(("name", "said"), [("LETTER_WITHIN", bytes(3)), ("IDLE_FOR", b"")])
def test_a_connection_on_which_nothing_moves_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: bytes
) -> None:
    monkeypatch.setattr(threshold, "SWEEP_EVERY", 0.01)
    monkeypatch.setattr(threshold, name, 0.05)

    async def journey() -> None:
        async with line(tmp_path, Silent()) as (reader, writer, made):
            sweeping = asyncio.create_task(made.sweep())
            writer.write(said)
            assert await asyncio.wait_for(reader.read(), 5) == b""
            sweeping.cancel()

    asyncio.run(journey())


def test_connections_are_counted(tmp_path: Path) -> None:
    async def journey() -> None:
        async with line(tmp_path, Silent(), most=1):
            reader, writer = await asyncio.open_unix_connection(str(tmp_path / "d"))
            assert await reader.read() == b""
            writer.close()

    asyncio.run(journey())


# ── what goes back ──────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def through(handler: Any, timeouts: Timeouts = PATIENT) -> AsyncIterator[Any]:
    """A distant door before a service that does what `handler` does."""
    async with raw_server(handler) as port:
        upstream = Upstream("cloud", "cloud", "openai", f"http://127.0.0.1:{port}", "sk-1", timeouts=timeouts)
        real = Door([upstream])
        try:
            async with behind_a_socket(real, timeouts=timeouts) as door:
                yield door
        finally:
            await real.aclose()


def answering(*pieces: bytes) -> Any:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await read_request(reader)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()

    return handler


@on_both_loops
@pytest.mark.parametrize("streaming", [False, True])
def test_status_body_and_the_headers_that_a_wire_reads(run: Callable[[Any], None], streaming: bool) -> None:
    async def journey() -> None:
        service = answering(
            OK + b"x-secret: 1\r\nset-cookie: a\r\ncontent-length: 4\r\n\r\n", b"{", b'"":1}'[:3]
        )
        async with through(service) as door:
            for _ in range(3):
                response = await door.send(RELEASE, streaming=streaming)
                assert response.status == 200
                assert await response.read() == b'{"":'
                assert response.headers.keys() <= {b"content-type", b"content-length", b"transfer-encoding"}
            assert door._pools["cloud"].open == 1  # it is used again

    run(journey())


@pytest.mark.parametrize("streaming", [False, True])
def test_a_refusal_passes_with_its_wait_and_its_words(streaming: bool) -> None:
    async def journey() -> None:
        refusal = b"HTTP/1.1 429 No\r\nretry-after: 7\r\ncontent-length: 9\r\n\r\ntoo many!"
        async with through(answering(refusal)) as door:
            response = await door.send(RELEASE, streaming=streaming)
            assert (response.status, response.headers[b"retry-after"]) == (429, b"7")
            assert await response.read() == b"too many!"

    asyncio.run(journey())


class Failing:
    """A door behind which something goes wrong."""

    def __init__(self, trouble: Exception) -> None:
        self.trouble = trouble

    async def send(self, release: Releasable, *, streaming: bool) -> Any:
        raise self.trouble


@pytest.mark.parametrize("kind", letter.FAULTS.values())
def test_faults_keep_their_names(kind: type[BackendFault]) -> None:
    async def journey() -> None:
        async with behind_a_socket(Failing(kind("cloud", retry_after=3))) as door:
            with pytest.raises(BackendFault) as raised:
                await door.send(RELEASE, streaming=False)
            assert type(raised.value) is kind
            assert (raised.value.destination, raised.value.retry_after) == ("cloud", 3)

    asyncio.run(journey())


def test_a_bug_at_the_door_is_an_unreachable_destination_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def journey() -> None:
        async with behind_a_socket(Failing(RuntimeError("x"))) as door:
            await door.send(RELEASE, streaming=False)

    with pytest.raises(Unreachable):
        asyncio.run(journey())
    assert "broke off" in caplog.text


@pytest.mark.parametrize(
    ("pieces", "timeouts", "kind"),
    [
        ((OK + b"content-length: 9\r\n\r\n", b"half"), Timeouts(idle=0.1), TimedOut),
        ((OK + b"transfer-encoding: chunked\r\n\r\n", b"4\r\nhalf\r\nzz\r\n"), PATIENT, Garbled),
    ],
)
def test_what_breaks_off_in_the_middle_says_why(
    pieces: tuple[bytes, ...], timeouts: Timeouts, kind: type[BackendFault]
) -> None:
    async def journey() -> None:
        async with through(answering(*pieces), timeouts) as door:
            response = await door.send(RELEASE, streaming=True)
            assert await response.next() == b"half"
            with pytest.raises(BackendFault) as raised:
                await response.next()
            assert type(raised.value) is kind

    asyncio.run(journey())


# ── pace and ends ───────────────────────────────────────────────────────────────────────────────────────────


@on_both_loops
def test_a_slow_reader_slows_the_service_down(run: Callable[[Any], None]) -> None:
    written_out = 0

    async def journey() -> None:
        async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal written_out
            await read_request(reader)
            writer.write(OK + b"\r\n")
            while True:
                writer.write(bytes(HIGH_WATER))
                await writer.drain()
                written_out += HIGH_WATER

        async with through(endless) as door:
            response = await door.send(RELEASE, streaming=True)
            await response.next()
            before = -1
            while before != written_out:  # as long as something still moves
                before = written_out
                await asyncio.sleep(0.1)
            assert written_out < 24 << 20  # buffers of two connections, and none of ours that grows
            while written_out == before:
                assert await asyncio.wait_for(response.next(), 5)
            response.close()

    run(journey())


@on_both_loops
@pytest.mark.parametrize("streaming", [False, True])
def test_a_gate_that_leaves_ends_the_call(run: Callable[[Any], None], streaming: bool) -> None:
    gone: list[bool] = []

    async def journey() -> None:
        arrived = asyncio.Event()

        async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            arrived.set()
            gone.append(await reader.read() == b"")

        async with through(slow) as door:
            asking = asyncio.create_task(door.send(RELEASE, streaming=streaming))
            await arrived.wait()
            asking.cancel()
            await until(lambda: bool(gone))

    run(journey())
    assert gone == [True]


@pytest.mark.parametrize("listens", [True, False], ids=["nobody accepts", "nobody listens"])
def test_without_a_door_the_destination_is_unreachable_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listens: bool
) -> None:
    monkeypatch.setattr(distant_door, "WELCOME_WITHIN", 0.1)
    path = tmp_path / "door.sock"

    async def journey() -> None:
        door = DistantDoor(["cloud"], partial(connected, path), timeouts=PATIENT, largest=1 << 20)
        await door.send(RELEASE, streaming=False)

    with socket.socket(socket.AF_UNIX) as listener:
        if listens:
            listener.bind(str(path))
            listener.listen()
        with pytest.raises(Unreachable):
            asyncio.run(journey())


def test_a_letter_is_not_sent_twice(tmp_path: Path) -> None:
    """A door that ends while it has a letter may have sent it; a second one would be charged twice."""
    arrived: list[bytes] = []

    async def journey() -> None:
        class Ends:
            async def send(self, release: Releasable, *, streaming: bool) -> Any:
                arrived.append(release.body)
                if len(arrived) == 2:
                    raise RuntimeError("the end")
                raise Overloaded("cloud")

        async with behind_a_socket(Ends()) as door:
            with pytest.raises(Overloaded):
                await door.send(RELEASE, streaming=False)
            with pytest.raises(Unreachable):  # over a connection that was kept
                await door.send(RELEASE, streaming=False)
            await asyncio.sleep(0.05)

    asyncio.run(journey())
    assert len(arrived) == 2


@on_both_loops
def test_a_door_that_is_told_to_end_finishes_first(run: Callable[[Any], None], tmp_path: Path) -> None:
    async def journey() -> None:
        begun, finish = asyncio.Event(), asyncio.Event()

        class Slow:
            async def send(self, release: Releasable, *, streaming: bool) -> Any:
                begun.set()
                await finish.wait()
                raise Misconfigured("cloud")

        async with line(tmp_path, Slow()) as (reader, writer, made):
            idle, other = await asyncio.open_unix_connection(str(tmp_path / "d"))
            await idle.readexactly(1)
            writer.write(written(RELEASE, streaming=False))
            await begun.wait()
            ending = asyncio.create_task(made.empty(5))
            assert await idle.read() == b""
            late, another = await asyncio.open_unix_connection(str(tmp_path / "d"))
            assert await late.read() == b""
            assert not ending.done()
            finish.set()
            assert b"Misconfigured" in await reader.read()
            await ending
            assert not made.lines
            other.close()
            another.close()

    run(journey())
