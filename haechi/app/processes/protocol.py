"""HTTP/1.1 between a caller's socket and the gate: uvicorn's protocol, with the bounds that it lacks.

    head ──> body ──> answer ──> idle ──> head …

| in this phase | a caller may                                             | else                |
|---------------|----------------------------------------------------------|---------------------|
| head          | send 64 KiB, for 10 s from connecting or its first byte  | 431, 408            |
| body          | be silent for 30 s; after the answer, go on for 30 s     | 408                 |
| answer        | wait                                                     |                     |
| idle          | keep the connection for 75 s                             | it is closed        |

None of this needs a key, so nobody without one can hold more than a connection for some seconds. A clock that
looks at all connections once a second costs less than a timer for each request. What is refused here never
became a request: no record is made of it.
"""

import asyncio
from collections.abc import Collection
from typing import Any, Final, Literal

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from haechi.app.web.dialects import openai
from haechi.app.web.dialects.dialect import Failure
from haechi.domain.text import Language, Text

LARGEST_HEAD: Final = 64 << 10
HEAD_WITHIN: Final = 10.0
SILENT_BODY: Final = 30.0
IDLE_FOR: Final = 75
CLOSED_WITHIN: Final = 10.0
"""Seconds after which a connection that we closed is cut, whether or not its caller has read our last words."""

MOST_CONNECTIONS: Final = 4096
"""For each worker."""

LOOK_EVERY: Final = 1.0
_REFUSED: Final = {
    400: (
        "invalid_request_error",
        "invalid_http",
        Text(
            ko="올바른 HTTP/1.1 요청이 아닙니다. http 와 https 를 혼동하지 않았는지 확인하세요.",
            en="This is not a valid HTTP/1.1 request. Check that http and https are not mixed up.",
        ),
    ),
    408: (
        "invalid_request_error",
        "request_timeout",
        Text(
            ko=f"요청이 제때 다 오지 않았습니다: 헤더는 {HEAD_WITHIN:.0f}초 안에, 본문은 "
            f"{SILENT_BODY:.0f}초 넘게 멈추지 말고 보내세요.",
            en=f"The request did not arrive in time: send its head within {HEAD_WITHIN:.0f} s, and its body "
            f"without a pause of {SILENT_BODY:.0f} s.",
        ),
    ),
    431: (
        "invalid_request_error",
        "head_too_large",
        Text(
            ko=f"주소와 헤더가 한도 {LARGEST_HEAD >> 10} KiB 를 넘습니다. 큰 값은 본문으로 보내세요.",
            en=f"Address and headers are over the limit of {LARGEST_HEAD >> 10} KiB. Send what is large in the body.",
        ),
    ),
    503: (
        "service_unavailable_error",
        "too_many_connections",
        Text(
            ko="연결이 너무 많습니다. 연결을 다시 쓰고(keep-alive), 잠시 뒤에 다시 시도하세요.",
            en="There are too many connections. Reuse them (keep-alive), and try again in a moment.",
        ),
    ),
}
Phase = Literal["head", "body", "answer", "idle"]


class BoundedProtocol(HttpToolsProtocol):
    """One caller's connection."""

    most_connections = MOST_CONNECTIONS

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._phase: Phase = "head"
        self._since = self.loop.time()
        self._loose = 0
        self._cut_at: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by asyncio."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(503)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        if self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if self._phase == "idle":
            self._phase, self._since = "head", self.loop.time()
        elif self._phase == "body" and not self.cycle.response_complete:
            self._since = self.loop.time()
        self._loose += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            self._decline(data[offer.args[0] :])
        except httptools.HttpParserError:  # also what our callbacks raise
            self._refuse(400)
        if self._loose > LARGEST_HEAD:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        if self._phase != "head":
            self._phase, self._since = "head", self.loop.time()

    def on_headers_complete(self) -> None:
        """Called by the parser. The sum is only taken where so much was read that it could be too large."""
        if self._loose > LARGEST_HEAD:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if size > LARGEST_HEAD:
                self._refuse(431)
        if self.transport.is_closing():
            raise ConnectionAbortedError  # ends the parser: no request behind a refused one is begun
        self._loose = 0
        if not self.parser.should_upgrade():
            self._phase, self._since = "body", self.loop.time()
            super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser, for trailers too, which nobody here reads."""
        if self._phase == "head":
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._loose = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        if self.parser.should_upgrade():
            return
        self._loose = 0
        self._phase = "idle" if self.cycle.response_complete else "answer"
        self._since = self.loop.time()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Called by the answer. A body that nobody waited for may go on for a moment."""
        super().on_response_complete()
        self._since = self.loop.time()
        if self._phase == "answer":
            self._phase = "idle"

    def timeout_keep_alive_handler(self) -> None:
        """Called by uvicorn's timer."""
        self._close()

    def look(self, now: float) -> None:
        """Refuse who took too long, and cut who does not take our last words."""
        if self._cut_at is not None:
            if now >= self._cut_at:
                self.transport.abort()
        elif self.transport.is_closing():
            pass
        elif self.flow.read_paused or (self._phase == "head" and self._under_way):
            self._since = now  # it is we who do not read, or an answer that is waited for
        elif (self._phase == "head" and now - self._since > HEAD_WITHIN) or (
            self._phase == "body" and now - self._since > SILENT_BODY
        ):
            self._refuse(408)

    @property
    def _under_way(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _decline(self, rest: bytes) -> None:
        """Go on without the upgrade that the caller offers (RFC 9110, 7.8). The parser has stopped behind the
        head and would take the body for another protocol: a new one reads the head again, without the offer."""
        if self.parser.get_method() == b"CONNECT":
            return self._refuse(400)
        head = [
            b"%b %b HTTP/%b\r\n"
            % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        ]
        for name, value in self.headers:
            if name == b"connection":
                value = b",".join(word for word in value.split(b",") if word.strip().lower() != b"upgrade")
            if name != b"upgrade":
                head.append(b"%b: %b\r\n" % (name, value))
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._phase = "head"
        return self.data_received(b"".join([*head, b"\r\n", rest]))

    def _refuse(self, status: int) -> None:
        """Say why where nothing else is being said, and close."""
        if self.transport.is_closing():
            return
        silent = self._under_way and (
            self._phase != "body" or self.cycle.response_started or bool(self.pipeline)
        )
        if not silent:
            kind, code, text = _REFUSED[status]
            body = openai.encode_error(Failure(status, text, kind, code, None, self._language, ""))
            self.transport.write(
                b"%bcontent-type: application/json\r\ncontent-length: %d\r\nx-haechi-route: none\r\n"
                b"connection: close\r\n\r\n%b" % (STATUS_LINE[status], len(body), body)
            )
        if self._under_way:  # who answers is told that nobody listens any more
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._close()

    def _close(self) -> None:
        if not self.transport.is_closing():
            self._cut_at = self.loop.time() + CLOSED_WITHIN
            self.transport.close()

    @property
    def _language(self) -> Language:
        wishes = [value for name, value in self.headers or () if name == b"accept-language"]
        return "ko" if wishes and wishes[0].lower().startswith(b"ko") else "en"


async def watch(connections: Collection[asyncio.Protocol]) -> None:
    """Look at every connection, again and again."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(LOOK_EVERY)
        now = loop.time()
        for each in list(connections):
            if isinstance(each, BoundedProtocol):
                each.look(now)
