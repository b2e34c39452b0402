"""A caller who may say anything: HTTP/1.1 by hand, so that headers can stand twice and bodies can be anything.

What the gate says back in errors and headers is kept: a canary must not stand there either.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import orjson

Header = tuple[str, str]
Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PATIENCE: Final = 30.0
LARGEST_HEAD: Final = 1 << 20


class Reply(NamedTuple):
    """An answer; status 0 where none came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def route(self) -> str:
        """Where the gate says the request went."""
        return self.headers.get("x-haechi-route", "")

    def said(self) -> str:
        """The text of a whole answer; empty where there is none."""
        try:
            return str(orjson.loads(self.body)["choices"][0]["message"]["content"] or "")
        except (ValueError, KeyError, IndexError, TypeError):
            return ""

    def streamed(self) -> str:
        """The text of a streamed answer."""
        return "".join(self._deltas(lambda delta: delta["content"]))

    def _deltas(self, wanted: Callable[[Any], Any]) -> Iterator[str]:
        for line in self.body.split(b"\n"):
            with contextlib.suppress(ValueError, KeyError, IndexError, TypeError):
                yield wanted(orjson.loads(line.removeprefix(b"data: "))["choices"][0]["delta"]) or ""

    def called(self) -> str:
        """The arguments of the first tool that an answer calls, whole or streamed."""
        try:
            return str(
                orjson.loads(self.body)["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
            )
        except (ValueError, KeyError, IndexError, TypeError):
            return "".join(self._deltas(lambda delta: delta["tool_calls"][0]["function"]["arguments"]))


NO_REPLY: Final = Reply(0, {}, b"")


class Caller:
    """Keeps connections. `told` gathers what the gate says in headers and errors."""

    def __init__(self, host: str, port: int, key: str) -> None:
        self._host = host
        self._port = port
        self._key = key
        self._idle: list[Wire] = []
        self.told = bytearray()
        self.asked = 0

    async def post(
        self,
        body: bytes,
        path: str = "/v1/chat/completions",
        *more: Header,
        patience: float = PATIENCE,
        fresh: bool = False,
    ) -> Reply:
        """POST `body`. `fresh`: on a connection of its own, which may lead to another worker."""
        return await self._exchange("POST", path, body, more, patience, fresh)

    async def get(self, path: str) -> Reply:
        """GET `path`."""
        return await self._exchange("GET", path, b"", (), PATIENCE, False)

    async def close(self) -> None:
        """Hang up."""
        while self._idle:
            self._idle.pop()[1].close()

    async def _exchange(
        self, method: str, path: str, body: bytes, more: tuple[Header, ...], patience: float, fresh: bool
    ) -> Reply:
        self.asked += 1
        request = self._head(method, path, len(body), more) + body
        try:
            async with asyncio.timeout(patience):
                while self._idle and not fresh:
                    wire = self._idle.pop()
                    with contextlib.suppress(OSError, EOFError):  # it was closed while it lay here
                        return await self._once(wire, request)
                wire = await asyncio.open_connection(self._host, self._port, limit=LARGEST_HEAD)
                return await self._once(wire, request)
        except (OSError, EOFError, ValueError):  # TimeoutError is an OSError, IncompleteReadError an EOFError
            return NO_REPLY

    async def _once(self, wire: Wire, request: bytes) -> Reply:
        reader, writer = wire
        try:
            writer.write(request)
            reply = await _read(reader)
        except BaseException:
            writer.close()
            raise
        self.told += repr(sorted(reply.headers.items())).encode()
        if reply.status != 200:
            self.told += reply.body
        if reply.headers.get("connection") == "close":
            writer.close()
        else:
            self._idle.append(wire)
        return reply

    def _head(self, method: str, path: str, length: int, more: tuple[Header, ...]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1"]
        if not any(name == "host" for name, _ in more):
            lines.append(f"host: {self._host}:{self._port}")
        lines += [f"authorization: Bearer {self._key}", "content-type: application/json"]
        lines += [f"{name}: {value}" for name, value in more]
        return "\r\n".join([*lines, f"content-length: {length}", "", ""]).encode()


async def _read(reader: asyncio.StreamReader) -> Reply:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ", 2)[1])
    headers = {}
    for line in filter(None, head[1:]):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if headers.get("transfer-encoding") != "chunked":
        return Reply(status, headers, await reader.readexactly(int(headers.get("content-length", 0))))
    body = bytearray()
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return Reply(status, headers, bytes(body))
