"""`POST /haechi/v1/inspect`: what the gate sees in a text. Nothing is sent anywhere and nothing is kept."""

from typing import Protocol

import msgspec
import orjson
from msgspec import Struct

from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.domain.errors import BadRequest
from haechi.domain.text import Text
from haechi.gateway.classify import inspection
from haechi.gateway.classify.classify import Classified


class InspectionRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A text to look at."""

    text: str


class Looking(Protocol):
    """What this surface asks of the gate."""

    body_limit: int

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...]) -> Headers:
        """The headers that every answer carries."""

    async def looked_at(self, text: str, size: int) -> Classified:
        """A text, classified as a request would be."""


async def inspect(gate: Looking, request: Incoming, send: Send) -> None:
    """Answer as `haechi inspect --json` does."""
    gate.caller(request)
    raw = await request.body(gate.body_limit)
    try:
        text = msgspec.json.decode(raw, type=InspectionRequest).text
    except (msgspec.DecodeError, UnicodeError):
        raise BadRequest(
            Text(
                ko='본문은 {"text": "…"} 꼴의 JSON 이어야 합니다.', en='The body must be JSON: {"text": "…"}.'
            )
        ) from None
    classified = await gate.looked_at(text, len(raw))
    answer = orjson.dumps(inspection.of(classified).row())
    headers: Headers = [(b"content-type", b"application/json"), *gate.headers(None, ())]
    await send_whole(send, 200, headers, answer)
