"""`POST /v1/messages/count_tokens` and its kin: about how many tokens a request is. Estimated here: nothing is sent."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

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


def counting(
    dialect: Dialect, encode: Callable[[int], bytes]
) -> Callable[[Any, Incoming, Send], Awaitable[None]]:
    """The handler of the route on which `dialect` asks for a count."""

    async def count(gate: Counting, request: Incoming, send: Send) -> None:
        gate.caller(request)
        raw = await request.body(gate.body_limit)
        decoded = dialect.decode(raw, request.path)
        headers: Headers = [
            (b"content-type", b"application/json"),
            *gate.headers(None, decoded.dropped, dialect),
        ]
        await send_whole(send, 200, headers, encode(estimate(decoded.chat)))

    return count
