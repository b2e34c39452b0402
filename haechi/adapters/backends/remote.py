"""A model service behind the door: a wire, which only translates, and an upstream, where it is found."""

from collections.abc import AsyncGenerator
from typing import Final, Protocol

from haechi.adapters.backends.client import Response
from haechi.adapters.backends.faults import fault
from haechi.adapters.backends.sse import EventStream
from haechi.adapters.backends.upstream import Headers
from haechi.domain.chat import Answer, Chat, Chunk
from haechi.domain.errors import BackendFault, Garbled
from haechi.domain.releasable import Releasable

MAX_ERROR_BODY: Final = 64 * 1024
"""Bytes of an error answer that are looked at."""


class Reader(Protocol):
    """Turns the events of one streamed answer into chunks. Fed, like everything that streams.

    `feed` raises `ValueError` (msgspec's errors are some) for what is not this wire, `StreamFault` for an error
    that the service reports in the stream.
    """

    @property
    def whole(self) -> bool:
        """Every alternative has said why it ended."""
        ...

    @property
    def over(self) -> bool:
        """The service has said that nothing more comes."""
        ...

    def feed(self, event: bytes) -> list[Chunk]:
        """The chunks that the data of one event stands for."""
        ...


class Wire(Protocol):
    """One protocol of model services, as a pure translation. `path` and `headers`, the key among them, are for the
    door; the gate's wires are made without a key."""

    headers: Headers

    def render(self, chat: Chat, model: str) -> bytes:
        """The body for `model`. Raises `BadRequest` for what this wire cannot say."""
        ...

    def path(self, model: str, *, streaming: bool) -> str:
        """The path and query below the origin."""
        ...

    def answer(self, body: bytes) -> Answer:
        """A whole answer. Raises `ValueError` for what is not this wire."""
        ...

    def reader(self) -> Reader:
        """A reader for one streamed answer."""
        ...


class Door(Protocol):
    """What lets a release out: the door itself, or the way to the process in which it stands."""

    async def send(self, release: Releasable, *, streaming: bool) -> Response:
        """Send the released body to the destination it was released for, and wait for the answer's head.

        Raises `NotCleared` and `BackendFault`s.
        """
        ...


class StreamFault(Exception):
    """An error that the service reports inside a stream, as the status it would have answered with."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


class Remote:
    """The `Backend` for every wire that goes over the network. It writes and reads; where its bytes go, and with
    what key, is the door's business."""

    def __init__(self, name: str, door: Door, wire: Wire) -> None:
        self.name = name
        self._door = door
        self._wire = wire

    def render(self, chat: Chat, model: str) -> bytes:
        """The body in this wire. Raises `BadRequest` for what the wire cannot say: nothing is dropped silently."""
        return self._wire.render(chat, model)

    async def complete(self, release: Releasable) -> Answer:
        """Send and wait for the whole answer. Raises `BackendFault`s."""
        response = await self._send(release, streaming=False)
        try:
            body = await response.read()
        finally:
            response.close()
        try:
            return self._wire.answer(body)
        except ValueError:
            raise Garbled(self.name) from None

    async def stream(self, release: Releasable) -> AsyncGenerator[Chunk, None]:
        """Send and yield the answer as it comes. Raises `BackendFault`s; closing the iterator cancels the call.

        A stream that ends before every alternative has said why it ended is `Garbled`, whether or not it was
        cut between two events; one that only lacks its last word is whole.
        """
        response = await self._send(release, streaming=True)
        events, reader = EventStream(), self._wire.reader()
        try:
            while data := await response.next():
                for event in events.feed(data):
                    for chunk in reader.feed(event):
                        yield chunk
                    if reader.over:
                        response.leave()
                        return
            if not reader.whole:
                raise Garbled(self.name)
        except StreamFault as reported:
            raise fault(self.name, reported.status, {}, reported.body) from None
        except ValueError:
            raise Garbled(self.name) from None
        finally:
            response.close()

    async def _send(self, release: Releasable, *, streaming: bool) -> Response:
        response = await self._door.send(release, streaming=streaming)
        if response.status == 200 and response.headers.get(b"content-encoding", b"identity") == b"identity":
            return response
        try:
            refusal = await self._refusal(response)
        finally:
            response.close()
        raise refusal

    async def _refusal(self, response: Response) -> BackendFault:
        body = b""
        try:
            while len(body) < MAX_ERROR_BODY and (piece := await response.next()):
                body += piece
        except BackendFault:
            pass  # it broke off; the status says enough
        return fault(self.name, response.status, response.headers, body)
