"""`POST /v1/messages/count_tokens`: about how many tokens a request is. Estimated here: nothing is sent anywhere."""

from typing import Protocol

from haechi.app.web.dialects import anthropic
from haechi.app.web.dialects.dialect import Dialect
from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.gateway.record.estimate import estimate


class Counting(Protocol):
    """What this surface asks of the gate."""

    body_limit: int

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...], dialect: Dialect | None = None) -> Headers:
        """The headers that every answer carries."""


async def count_tokens(gate: Counting, request: Incoming, send: Send) -> None:
    """Answer as Anthropic does."""
    gate.caller(request)
    raw = await request.body(gate.body_limit)
    decoded = anthropic.COUNT.decode(raw, request.path)
    body = anthropic.encode_count(estimate(decoded.chat))
    headers: Headers = [
        (b"content-type", b"application/json"),
        *gate.headers(None, decoded.dropped, anthropic.COUNT),
    ]
    await send_whole(send, 200, headers, body)
