"""`POST /v1/moderations`: what is sensitive in a text, in the shape of OpenAI's moderations. Nothing is sent anywhere.

Categories are the kinds that were found. Whether a text is hateful or dangerous is not looked at, and no such category is given:
an answer «no» would say more than anybody knows.
"""

from typing import Any, Final, Literal, Protocol

import orjson
from msgspec import Struct

from haechi.app.web.dialects.dialect import Dialect
from haechi.app.web.dialects.openai import CHAT
from haechi.app.web.dialects.reading import bad, form_of, left_behind, request_of, typed
from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.domain.chat import JsonObject
from haechi.domain.label import Level
from haechi.gateway.classify import inspection
from haechi.gateway.classify.classify import Classified

MOST: Final = 1_000
"""Texts of one request."""


class TextInput(Struct, frozen=True):
    text: str
    type: Literal["text"] | None = None


class ModerationRequest(Struct, frozen=True):
    """`POST /v1/moderations`. There is one model, whatever is asked for."""

    input: str | tuple[str | TextInput, ...]
    model: str | None = None


_FORM: Final = form_of(ModerationRequest, input=form_of(TextInput))


class Moderating(Protocol):
    """What this surface asks of the gate."""

    body_limit: int

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...], dialect: Dialect | None = None) -> Headers:
        """The headers that every answer carries."""

    async def looked_at(self, text: str, size: int) -> Classified:
        """A text, classified as a request would be."""


async def moderate(gate: Moderating, request: Incoming, send: Send) -> None:
    """Answer as OpenAI does; flagged is what is confidential or more."""
    gate.caller(request)
    body = request_of(await request.body(gate.body_limit))
    texts = _texts(typed(body, ModerationRequest).input)
    results = [_result(await gate.looked_at(text, len(text) * 3)) for text in texts]
    headers: Headers = [
        (b"content-type", b"application/json"),
        *gate.headers(None, left_behind(body, _FORM), CHAT),
    ]
    name = dict(headers)[b"x-request-id"].decode()
    await send_whole(
        send, 200, headers, orjson.dumps({"id": f"modr-{name}", "model": "haechi", "results": results})
    )


def _texts(given: str | tuple[str | TextInput, ...]) -> list[str]:
    if isinstance(given, str):
        return [given]
    if len(given) > MOST:
        raise bad("input", f"한 번에 {MOST:,}개까지 볼 수 있습니다.", f"At most {MOST:,} texts at once.")
    return [each if isinstance(each, str) else each.text for each in given]


def _result(classified: Classified) -> JsonObject:
    seen = inspection.of(classified)
    scores: dict[str, Any] = {}
    for one in seen.findings:
        scores[one.kind] = max(one.confidence, scores.get(one.kind, 0.0))
    kinds = sorted(seen.label.kinds | scores.keys())
    return {
        "flagged": seen.label.level >= Level.CONFIDENTIAL or seen.unreadable,
        "level": seen.label.level.word,
        "categories": dict.fromkeys(kinds, True),
        "category_scores": {kind: scores.get(kind, 1.0) for kind in kinds},
        "category_applied_input_types": {kind: ["text"] for kind in kinds},
    }
