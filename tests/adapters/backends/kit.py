"""What the tests of the backends share: a release to send, a served fake, a raw server to misbehave with."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from haechi.adapters.backends.build import backend
from haechi.adapters.backends.client import Timeouts
from haechi.adapters.backends.distant_door import DistantDoor
from haechi.adapters.backends.door import Door
from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.backends.fake_model import FakeModel
from haechi.adapters.backends.fake_server import FakeService, serving
from haechi.adapters.backends.threshold import SecondLook, Threshold
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.stores.wire import connected
from haechi.domain.chat import Chat, Chunk, Message, Usage
from haechi.domain.decision import Call
from haechi.domain.destination import Clearance, Destination, Wire, Zone
from haechi.domain.label import ORDINARY, Label, Level
from haechi.domain.ports import Backend
from haechi.domain.releasable import Receipt, Releasable, release

PATIENT = Timeouts(connect=5, first_byte=30, idle=30, total=60)
HASTY = Timeouts(connect=5, first_byte=0.2, idle=0.2, total=60)

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def ask(text: str = "서울의 날씨는? 🌧️", **fields: object) -> Chat:
    """A chat with one user message."""
    return Chat(model="auto", messages=(Message(role="user", content=text),), **fields)  # type: ignore[arg-type]  # any field


def cleared(
    body: bytes, *, name: str = "cloud", zone: Zone = "cloud", model: str = "m-1", label: Label = ORDINARY
) -> Releasable:
    """`body`, released for `name`."""
    place = Destination(name=name, zone=zone, wire="openai", models=(model,))
    clearance = Clearance(raw=Level.RESTRICTED, deidentified=Level.RESTRICTED)
    return release(body, Call(name, model), place, clearance, label, Receipt("r-1"), "policy-1")


@asynccontextmanager
async def served(
    wire: Wire,
    *,
    faults: Faults | None = None,
    timeouts: Timeouts = PATIENT,
    model: FakeModel | None = None,
    max_output: int | None = None,
    key: str = "sk-1",
    split: bool = False,
) -> AsyncIterator[tuple[Backend, FakeService]]:
    """A backend of `wire`, and the fake service that it really talks to over a socket; with `split`, through a door
    behind a Unix socket."""
    service = FakeService(frozenset({wire}), faults=faults, model=model, key="sk-1")
    async with serving(service) as base:
        upstream = Upstream("cloud", "cloud", wire, base, key, timeouts=timeouts, max_output=max_output)
        door = Door([upstream])
        try:
            if split:
                async with behind_a_socket(door, timeouts=timeouts) as distant:
                    yield backend(upstream, distant), service
            else:
                yield backend(upstream, door), service
        finally:
            await door.aclose()


@asynccontextmanager
async def behind_a_socket(
    door: Any,
    *,
    second_look: SecondLook = lambda release: None,
    caller: int | None = None,
    largest: int = 1 << 24,
    timeouts: Timeouts = PATIENT,
) -> AsyncIterator[DistantDoor]:
    """The way to `door` over a Unix socket, as between two processes; it knows the destination `cloud`."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as reader:
        path = Path(folder) / "door.sock"
        threshold = Threshold(
            door,
            second_look,
            caller=os.getuid() if caller is None else caller,
            largest=largest,
            reader=reader,
        )
        server = await asyncio.get_running_loop().create_unix_server(threshold.line, str(path))
        distant = DistantDoor(["cloud"], partial(connected, path), timeouts=timeouts, largest=largest)
        try:
            yield distant
        finally:
            await distant.aclose()
            server.close()
            await threshold.empty(1)


def fail(word: str) -> Faults:
    """Every request fails that way."""
    return Faults(Fault.of(word))


async def collect(
    chunks: AsyncIterator[Chunk],
) -> tuple[str, list[tuple[str, str]], str | None, Usage | None]:
    """Text, tool calls (name, arguments), finish reason and usage of a streamed first alternative."""
    text, finish, usage = "", None, None
    calls: dict[int, list[str]] = {}
    async for chunk in chunks:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            if choice.index:
                continue
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for call in choice.delta.tool_calls or ():
                said = calls.setdefault(call.index, ["", ""])
                if call.function is not None:
                    said[0] += call.function.name or ""
                    said[1] += call.function.arguments or ""
    return text, [(name, given) for name, given in calls.values()], finish, usage


@asynccontextmanager
async def raw_server(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A TCP server on a loopback port that does what `handler` does; yields the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(task)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
                await writer.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of the next request. Raises `IncompleteReadError` when there is none."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return head, await reader.readexactly(length)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until `condition` holds."""
    while not condition():  # noqa: ASYNC110 -- what is waited for has no event of its own
        await asyncio.sleep(0.001)
