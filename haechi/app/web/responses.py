"""`/v1/responses`: answers that are kept for whoever asked, to be gone on with, read again and deleted.

    POST /v1/responses {previous_response_id} ─ what was said so far │ what is said now ─> the road of all ─> kept, sealed

What is kept is text with its values, under the label that it had: the next turn is looked at whole, as if it had been sent whole.
Another key's response is not there.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec
import orjson
from msgspec import Struct

from haechi.app.web.dialects.reading import object_of
from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.domain.chat import JsonObject
from haechi.domain.errors import BadRequest, UnknownObject
from haechi.domain.label import Label, Level
from haechi.domain.ports import ResponseStore
from haechi.domain.text import Text
from haechi.gateway.journey import Journey

RESPONSE: Final = "/v1/responses/"
_JSON: Final = (b"content-type", b"application/json")


class Kept(Struct, frozen=True):
    """A response with the turn that it answered, and the label of both."""

    input: list[Any]
    response: JsonObject
    level: Level
    kinds: tuple[str, ...]

    @property
    def label(self) -> Label:
        """What it was known to be."""
        return Label(self.level, frozenset(self.kinds))

    @property
    def items(self) -> list[Any]:
        """The conversation so far."""
        return [*self.input, *self.response["output"]]


class Storing(Protocol):
    """What this surface asks of the gate."""

    stored: ResponseStore | None

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...]) -> Headers:
        """The headers that every answer carries."""


class Conversations:
    """Takes a conversation up where it was left, and keeps how it went on."""

    @staticmethod
    def taken_up(stored: ResponseStore | None, key: str, raw: bytes) -> tuple[bytes, Label | None]:
        """The body with what was said before, and the label of that. Raises `UnknownObject` and `BadRequest`."""
        if b"previous_response_id" not in raw:
            return raw, None
        body = object_of(raw)
        name = body.get("previous_response_id")
        if type(name) is not str:
            return raw, None
        before = _kept(stored, name, key, "previous_response_not_found")
        return orjson.dumps(body | {"input": [*before.items, *_items(body.get("input"))]}), before.label

    @staticmethod
    def keep(
        stored: ResponseStore | None, key: str, raw: bytes, journey: Journey, response: JsonObject
    ) -> None:
        """Keep a response, unless its caller wants none kept. Raises `LedgerUnavailable`."""
        if stored is None or not response or response.get("store") is False:
            return
        label = journey.answer_label
        kept = Kept(_items(orjson.loads(raw).get("input")), response, label.level, tuple(sorted(label.kinds)))
        stored.keep(response["id"], key, msgspec.msgpack.encode(kept))


def _items(given: Any) -> list[Any]:
    if type(given) is list:
        return given
    return [{"type": "message", "role": "user", "content": given}] if type(given) is str else []


def _kept(stored: ResponseStore | None, name: str, key: str, code: str = "response_not_found") -> Kept:
    content = stored.known(name, key) if stored is not None else None
    if content is None:
        raise UnknownObject(_GONE, code=code)
    return msgspec.msgpack.decode(content, type=Kept)


async def retrieve(gate: Storing, request: Incoming, send: Send) -> None:
    """`GET /v1/responses/{id}`."""
    kept = _kept(gate.stored, _name(request.path), gate.caller(request))
    await _give(gate, send, kept.response)


async def delete(gate: Storing, request: Incoming, send: Send) -> None:
    """`DELETE /v1/responses/{id}`: gone at once."""
    name, key = _name(request.path), gate.caller(request)
    if gate.stored is None or not gate.stored.delete(name, key):
        raise UnknownObject(_GONE, code="response_not_found")
    await _give(gate, send, {"id": name, "object": "response", "deleted": True})


async def input_items(gate: Storing, request: Incoming, send: Send) -> None:
    """`GET /v1/responses/{id}/input_items`."""
    kept = _kept(gate.stored, _name(request.path), gate.caller(request))
    named = [{"id": f"in_{number}"} | item for number, item in enumerate(kept.input) if type(item) is dict]
    ends = (
        {"first_id": named[0]["id"], "last_id": named[-1]["id"]}
        if named
        else {"first_id": None, "last_id": None}
    )
    await _give(gate, send, {"object": "list", "data": named, "has_more": False} | ends)


async def cancel(gate: Storing, request: Incoming, send: Send) -> None:
    """`POST /v1/responses/{id}/cancel`: what is kept has ended already."""
    _kept(gate.stored, _name(request.path), gate.caller(request))
    raise BadRequest(_ENDED, code="response_ended")


def _name(path: str) -> str:
    return path.removeprefix(RESPONSE).partition("/")[0]


async def _give(gate: Storing, send: Send, body: JsonObject) -> None:
    await send_whole(send, 200, [_JSON, *gate.headers(None, ())], orjson.dumps(body))


Handler = Callable[[Any, Incoming, Send], Any]


def served(path: str) -> dict[str, Handler] | None:
    """The methods of a path below `/v1/responses/`."""
    name, _, below = path.removeprefix(RESPONSE).partition("/")
    if not name:
        return None
    table: dict[str, dict[str, Handler]] = {
        "": {"GET": retrieve, "DELETE": delete},
        "input_items": {"GET": input_items},
        "cancel": {"POST": cancel},
    }
    return table.get(below)


_GONE: Final = Text(
    ko="그런 응답이 없습니다. 지웠거나, 30일이 지났거나, store: false 로 만들었거나, 다른 키의 것입니다.",
    en="There is no such response: it was deleted, is older than 30 days, was made with store: false, or belongs to another key.",
)
_ENDED: Final = Text(
    ko="이미 끝난 응답은 멈출 수 없습니다.", en="A response that has ended cannot be cancelled."
)
