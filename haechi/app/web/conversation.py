"""One request for an answer, in any dialect: read it, walk the road, write what came in the dialect that asked."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, Final, NamedTuple, Protocol

import orjson
from msgspec import structs

from haechi.app.web.dialects.dialect import Decoded, Dialect, Failure, Stamp
from haechi.app.web.http import CancelledWhenGone, Headers, Incoming, Send, send_whole
from haechi.app.web.reporting import report_ours
from haechi.domain.chat import JsonObject
from haechi.domain.decision import Reason
from haechi.domain.label import Label
from haechi.domain.ports import ResponseStore
from haechi.gateway.admit.narrowing import asked
from haechi.gateway.classify.classify import Classified
from haechi.gateway.flow import Road
from haechi.gateway.journey import Journey

JSON: Final = (b"content-type", b"application/json")
_EVENTS: Final = ((b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"))


class Keeping(Protocol):
    """Takes up what was kept of a conversation, and keeps how it goes on."""

    def taken_up(self, stored: ResponseStore | None, key: str, raw: bytes) -> tuple[bytes, Label | None]:
        """The body with what was said before, and the label of that. Raises `UnknownObject`."""

    def keep(
        self, stored: ResponseStore | None, key: str, raw: bytes, journey: Journey, response: JsonObject
    ) -> None:
        """Keep what was answered. Raises `LedgerUnavailable`."""


class Kept(NamedTuple):
    """What an answer is kept with."""

    keeping: Keeping
    key: str
    raw: bytes


class Asked(Protocol):
    """What a conversation asks of the gate."""

    road: Road
    body_limit: int
    stored: ResponseStore | None

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    async def read(
        self, dialect: Dialect, raw: bytes, path: str
    ) -> tuple[Decoded, Classified, tuple[Reason, ...]]:
        """Decode and classify."""

    def headers(
        self, journey: Journey | None, dropped: tuple[str, ...], dialect: Dialect | None = None
    ) -> Headers:
        """The headers that every answer carries."""

    async def refuse(
        self,
        request: Incoming,
        send: Send,
        error: Exception,
        journey: Journey | None,
        dropped: tuple[str, ...],
    ) -> None:
        """Answer with an error."""

    def failure(self, error: Exception, request: Incoming, record: str) -> Failure:
        """An error as the caller is told it."""


def conversation(
    dialect: Dialect, keeping: Keeping | None = None
) -> Callable[[Any, Incoming, Send], Awaitable[None]]:
    """The handler of the route on which `dialect` asks for answers, which `keeping` keeps."""

    async def converse(gate: Asked, request: Incoming, send: Send) -> None:
        key = gate.caller(request)
        wish = asked(request.single(b"x-haechi-zone"), request.single(b"x-haechi-level"))
        raw, kept = await request.body(gate.body_limit), None
        if keeping is not None:
            raw, label = keeping.taken_up(gate.stored, key, raw)
            wish, kept = structs.replace(wish, kept=label), Kept(keeping, key, raw)
        decoded, classified, reasons = await gate.read(dialect, raw, request.path)
        journey = gate.road.judge(
            classified,
            decoded.body,
            decoded.chat,
            wish,
            key,
            reasons,
            decoded.strangers,
            surface=dialect.name,
            to_chat=decoded.to_chat,
        )
        walk = _stream if decoded.chat.stream else _whole
        try:
            with CancelledWhenGone(request):
                await walk(gate, dialect, request, send, journey, decoded, kept)
        except Exception as error:  # from here on every answer carries the journey's headers
            await gate.refuse(request, send, error, journey, decoded.dropped)

    return converse


async def _whole(
    gate: Asked,
    dialect: Dialect,
    request: Incoming,
    send: Send,
    journey: Journey,
    decoded: Decoded,
    kept: Kept | None,
) -> None:
    answer = await gate.road.answer(journey)
    body = dialect.encode(answer, Stamp(journey.record, int(journey.at), answer.model, decoded))
    if kept is not None:
        kept.keeping.keep(gate.stored, kept.key, kept.raw, journey, orjson.loads(body))
    await send_whole(send, 200, [JSON, *gate.headers(journey, decoded.dropped, dialect)], body)


async def _stream(
    gate: Asked,
    dialect: Dialect,
    request: Incoming,
    send: Send,
    journey: Journey,
    decoded: Decoded,
    kept: Kept | None,
) -> None:
    """Headers wait for the first chunk: only then is it known who answers, and an error can still be an error."""
    async with aclosing(gate.road.stream(journey)) as chunks:
        first = await anext(chunks, None)
        model = (first.model if first else None) or journey.route.split("/", 2)[-1]
        encoder = dialect.stream(Stamp(journey.record, int(journey.at), model, decoded))
        headers = [*_EVENTS, *gate.headers(journey, decoded.dropped, dialect)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            if first is not None and (event := encoder.feed(first)):
                await send({"type": "http.response.body", "body": event, "more_body": True})
            async for chunk in chunks:
                if event := encoder.feed(chunk):
                    await send({"type": "http.response.body", "body": event, "more_body": True})
            end = encoder.finish()
            if kept is not None:
                kept.keeping.keep(gate.stored, kept.key, kept.raw, journey, encoder.whole)
        except Exception as error:  # the answer has begun: the error becomes its last event
            report_ours(error)
            end = encoder.fail(gate.failure(error, request, journey.record))
    await send({"type": "http.response.body", "body": end})
