"""`POST /haechi/v1/inspect`: what the gate sees in a text. Nothing is sent anywhere and nothing is kept."""

from typing import TYPE_CHECKING

import msgspec
import orjson
from msgspec import Struct

from haechi.app import inspection
from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.domain.errors import BadRequest
from haechi.domain.text import Text

if TYPE_CHECKING:
    from haechi.app.web.app import Gate


class InspectionRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A text to look at."""

    text: str


async def inspect(gate: "Gate", request: Incoming, send: Send) -> None:
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
