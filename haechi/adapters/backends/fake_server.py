"""The fake model as a service on a socket, in the three wires, with a record of all that it received.

    python -m haechi.adapters.backends.fake_server --wire all --port 0 --record received.jsonl

It stands in for the cloud where nothing may really leave: journeys, `haechi prove`, SDK checks. One line per
request goes to the record, before the answer starts: method, path, headers without secrets, the body as it came.
"""

import argparse
import asyncio
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.backends.fake_model import ContextExceeded, FakeModel
from haechi.adapters.backends.fake_wires import ServedAnthropic, ServedGemini, ServedOpenAI
from haechi.domain.chat import JsonObject

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Served = ServedOpenAI | ServedAnthropic | ServedGemini

SECRETS: Final = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie"})
MODEL: Final = "haechi-fake"
HTML: Final = b"<html><body><h1>upstream connect error</h1></body></html>"


class FakeService:
    """The ASGI application. `received` holds what the record holds."""

    def __init__(
        self,
        wires: frozenset[str] = frozenset({"openai", "anthropic", "gemini"}),
        *,
        model: FakeModel | None = None,
        faults: Faults | None = None,
        key: str | None = None,
        record: TextIO | None = None,
    ) -> None:
        self.received: list[JsonObject] = []
        self._wires = wires
        self._model = model or FakeModel()
        self._faults = faults or Faults()
        self._key = key
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        path, method = scope["path"], scope["method"]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self._write_down(method, path, headers, body)
        if method == "GET" and path == "/v1/models" and "openai" in self._wires:
            listed = {"id": MODEL, "object": "model", "created": 1_767_225_600, "owned_by": "haechi"}
            await _json(send, 200, {"object": "list", "data": [listed]})
            return
        wire = self._wire(path) if method == "POST" else None
        if wire is None:
            await _json(send, 404, ServedOpenAI().error(404, "Not found", "not_found"))
        elif self._key is not None and self._key not in " ".join(headers.get(name, "") for name in SECRETS):
            await _json(send, 401, wire.error(401, "Invalid key", "invalid_api_key"))
        else:
            await self._answer(wire, path, body, send)

    def _wire(self, path: str) -> Served | None:
        if path.endswith("/chat/completions") and "openai" in self._wires:
            return ServedOpenAI()
        if path.endswith("/v1/messages") and "anthropic" in self._wires:
            return ServedAnthropic()
        if ":" in path and "gemini" in self._wires:
            return ServedGemini()
        return None

    def _write_down(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        shown = {name: "…" if name in SECRETS else value for name, value in headers.items()}
        text = body.decode(errors="backslashreplace")
        line = {"method": method, "path": path, "headers": shown, "body": text}
        self.received.append(line)
        if self._record is not None:
            self._record.write(msgspec.json.encode(line).decode() + "\n")
            self._record.flush()

    async def _answer(self, wire: Served, path: str, body: bytes, send: Send) -> None:
        fault = self._faults.next()
        if await _fails_before(fault, wire, send):
            return
        try:
            chat = wire.read(path, body)
            answer = self._model.answer(chat)
        except ContextExceeded:
            await _json(send, 400, wire.error(400, wire.overflow, "context"))
            return
        except (ValueError, KeyError, TypeError) as wrong:
            await _json(send, 400, wire.error(400, str(wrong), None))
            return
        if chat.stream:
            events = [_event(event) for event in wire.events(answer, chat)]
            await _stream(send, events, wire, fault)
        else:
            await _whole(send, msgspec.json.encode(wire.whole(answer)), fault)


def _event(event: JsonObject) -> bytes:
    name = f"event: {event['type']}\n".encode() if "type" in event else b""
    return name + b"data: " + msgspec.json.encode(event) + b"\n\n"


async def _fails_before(fault: Fault, wire: Served, send: Send) -> bool:
    match fault.kind:
        case "status":
            await _start(send, int(fault.number), "text/html", {"retry-after": "2"})
            await send({"type": "http.response.body", "body": HTML})
        case "redirect":
            await _start(
                send, 307, "text/html", {"location": "https://elsewhere.example/v1/chat/completions"}
            )
            await send({"type": "http.response.body", "body": HTML})
        case "context":
            await _json(send, 400, wire.error(400, wire.overflow, "context"))
        case "stall":
            await asyncio.Event().wait()
        case "reset":
            _break_off(send)
        case _:
            return False
    return True


async def _whole(send: Send, body: bytes, fault: Fault) -> None:
    half = len(body) // 2
    match fault.kind:
        case "garbage":
            body = HTML
        case "truncate":
            body = body[:half]
        case "stall-mid" | "reset-mid":
            await _start(send, 200, "application/json")
            await send({"type": "http.response.body", "body": body[:half], "more_body": True})
            await _end_badly(fault, send)
            return
    await _start(send, 200, "application/json")
    await send({"type": "http.response.body", "body": body})


async def _stream(send: Send, events: list[bytes], wire: Served, fault: Fault) -> None:
    await _start(send, 200, "text/event-stream")
    for number, event in enumerate(events):
        if number == len(events) // 2 and fault.kind.endswith(("-mid", "garbage", "truncate")):
            if fault.kind == "garbage":
                await send({"type": "http.response.body", "body": b"data: {{{ \xff\n\n", "more_body": True})
            elif fault.kind == "error-mid":
                wrong = _event(wire.error(529, "Overloaded", None))
                await send({"type": "http.response.body", "body": wrong, "more_body": True})
            elif fault.kind != "truncate":
                await _end_badly(fault, send)
                return
            await send({"type": "http.response.body"})
            return
        if fault.kind == "slow":
            await asyncio.sleep(fault.number)
        await send({"type": "http.response.body", "body": event, "more_body": True})
    if fault.kind != "no-done":
        await send({"type": "http.response.body", "body": wire.last_word, "more_body": True})
    await send({"type": "http.response.body"})


async def _end_badly(fault: Fault, send: Send) -> None:
    if fault.kind == "stall-mid":
        await asyncio.Event().wait()
    _break_off(send)


def _break_off(send: Send) -> None:
    """Reset the connection. ASGI has no word for it; uvicorn's `send` belongs to an exchange that can."""
    exchange = getattr(send, "__self__", None)
    if exchange is not None:
        exchange.transport.abort()


async def _start(send: Send, status: int, kind: str, more: dict[str, str] | None = None) -> None:
    headers = {"content-type": kind} | (more or {})
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})


async def _json(send: Send, status: int, body: JsonObject) -> None:
    await _start(send, status, "application/json")
    await send({"type": "http.response.body", "body": msgspec.json.encode(body)})


class _Server(uvicorn.Server):
    """Says on stdout when it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            print(f"ready {_address(sockets[0])}", flush=True)


def _config(service: FakeService) -> uvicorn.Config:
    return uvicorn.Config(
        service,
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(1024)
    return listening


def _address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def serving(service: FakeService) -> AsyncIterator[str]:
    """Serve inside the running loop, on any free loopback port; yields the base URL."""
    config, state = _config(service), ServerState()
    config.load()
    listening = _listen(0)
    protocol = partial(HttpToolsProtocol, config=config, server_state=state, app_state={})
    running = await asyncio.get_running_loop().create_server(protocol, sock=listening)
    try:
        yield _address(listening)
    finally:
        running.close()
        for connection in tuple(state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        tasks = tuple(state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="fake_server", description="A model service that is not one.")
    parser.add_argument("--wire", choices=["openai", "anthropic", "gemini", "all"], default="all")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--record", type=Path, help="append every request to this file, one JSON object a line"
    )
    parser.add_argument("--fault", default="none", help="how every request fails, for example status:429")
    parser.add_argument("--script", default="", help="faults of the first requests, with commas between")
    parser.add_argument("--context", type=int, default=FakeModel().context, help="tokens")
    parser.add_argument("--key", help="the only key that is accepted")
    parser.add_argument("--die-with-parent", action="store_true", help="stop when stdin closes")
    given = parser.parse_args(arguments)
    wires = frozenset({"openai", "anthropic", "gemini"} if given.wire == "all" else {given.wire})
    script = [Fault.of(word) for word in given.script.split(",") if word]
    service = FakeService(
        wires,
        model=FakeModel(context=given.context),
        faults=Faults(Fault.of(given.fault), script),
        key=given.key,
        record=given.record.open("a", encoding="utf-8") if given.record else None,
    )
    running = _Server(_config(service))
    if given.die_with_parent:
        threading.Thread(target=_watch_parent, args=(running,), daemon=True).start()
    running.run([_listen(given.port)])


def _watch_parent(running: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    running.should_exit = True


if __name__ == "__main__":
    main()
