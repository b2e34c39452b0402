"""`POST /haechi/v1/deidentify` and `/haechi/v1/reidentify`: values out of a text or a body of any form, and back.

Nothing is sent anywhere and nothing is kept: what puts the values back is handed out sealed, and opens for the same key
alone, on any worker, until it ends.
"""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.domain.errors import BadRequest
from haechi.domain.mapping import Mapping
from haechi.domain.ports import Seals
from haechi.domain.text import Text
from haechi.gateway.decide.policy import Policy
from haechi.gateway.reidentify.anything import reidentify_anything
from haechi.gateway.taking_out import TakenOut

T = TypeVar("T")


class OutRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What values are to be taken out of: one of the three."""

    text: str | UnsetType = UNSET
    messages: list[Any] | UnsetType = UNSET
    body: Any = UNSET


class HomeRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What values are to be put back into: one of the two, and what puts them back."""

    mapping: str
    text: str | UnsetType = UNSET
    answer: Any = UNSET


class TakingRoad(Protocol):
    """What this surface asks of the road."""

    def taken_out(self, body: Any, key: str) -> TakenOut:
        """`body` without its values. Raises `BadRequest`."""


class TakingGate(Protocol):
    """What this surface asks of the gate."""

    body_limit: int
    policy: Callable[[], Policy]

    @property
    def road(self) -> TakingRoad:
        """The way of all requests."""

    @property
    def seals(self) -> Seals:
        """What closes a mapping."""

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...]) -> Headers:
        """The headers that every answer carries."""

    async def aside(self, size: int, work: Callable[[], T]) -> T:
        """What `work` gives; done beside the event loop where `size` bytes are long."""


async def deidentify(gate: TakingGate, request: Incoming, send: Send) -> None:
    """Take values out, and hand out what puts them back."""
    key = gate.caller(request)
    raw = await request.body(gate.body_limit)
    given = _decoded(raw, OutRequest, _ASK_OUT)
    named = {name: value for name in _FORMS if (value := getattr(given, name)) is not UNSET}
    if len(named) != 1:
        raise BadRequest(_ASK_OUT)
    ((name, value),) = named.items()
    body = {"messages": value} if name == "messages" else value

    def work() -> dict[str, Any]:
        taken = gate.road.taken_out(body, key)
        seconds = gate.policy().taking.mapping_seconds
        return {
            "text" if name == "text" else "body": taken.body,
            "mapping": gate.seals.sealed(taken.mapping.to_bytes(), key, seconds),
            "counts": taken.counts,
            "left": taken.left,
        }

    await _answer(gate, send, len(raw), work)


async def reidentify(gate: TakingGate, request: Incoming, send: Send) -> None:
    """Put values back into what was answered."""
    key = gate.caller(request)
    raw = await request.body(gate.body_limit)
    given = _decoded(raw, HomeRequest, _ASK_HOME)
    named = {name: value for name in ("text", "answer") if (value := getattr(given, name)) is not UNSET}
    if len(named) != 1:
        raise BadRequest(_ASK_HOME)
    ((name, value),) = named.items()

    def work() -> dict[str, Any]:
        mapping = Mapping.from_bytes(gate.seals.opened(given.mapping, key))
        restored, counts = reidentify_anything(value, mapping, gate.policy().taking.never_into)
        return {name: restored, "tokens": msgspec.to_builtins(counts)}

    await _answer(gate, send, len(raw), work)


_FORMS: Final = ("text", "messages", "body")
_ASK_OUT: Final = Text(
    ko='본문은 {"text": "…"}, {"messages": […]}, {"body": …} 가운데 하나인 JSON 이어야 합니다.',
    en='The body must be JSON with one of {"text": "…"}, {"messages": […]} and {"body": …}.',
)
_ASK_HOME: Final = Text(
    ko='본문은 {"text": "…", "mapping": "hm1.…"} 이나 {"answer": …, "mapping": "hm1.…"} 꼴의 JSON 이어야 합니다.',
    en='The body must be JSON: {"text": "…", "mapping": "hm1.…"} or {"answer": …, "mapping": "hm1.…"}.',
)


def _decoded(raw: bytes, kind: type[T], wanted: Text) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeError, ValueError, RecursionError):
        raise BadRequest(wanted) from None


async def _answer(gate: TakingGate, send: Send, size: int, work: Callable[[], dict[str, Any]]) -> None:
    def answer() -> bytes:
        try:
            return msgspec.json.encode(work())
        except RecursionError:
            raise BadRequest(_TOO_DEEP) from None

    body = await gate.aside(size, answer)
    headers: Headers = [(b"content-type", b"application/json"), *gate.headers(None, ())]
    await send_whole(send, 200, headers, body)


_TOO_DEEP: Final = Text(
    ko="본문이 너무 깊이 겹쳐 있습니다. 얕게 펴서 보내세요.",
    en="The body is nested too deeply. Send it flatter.",
)
