"""The gate's surface: a closed table of routes over one road.

A path that is not in the table does not exist; a method that is not in its row is refused. Every answer, error
or not, carries the same headers: where it went, how sensitive it was, which rule decided, the record to ask.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar, cast

from haechi.app.web import errors
from haechi.app.web.conversation import JSON, conversation
from haechi.app.web.counting import counting
from haechi.app.web.deidentification import deidentify, reidentify
from haechi.app.web.dialects import anthropic, openai, responses
from haechi.app.web.dialects.dialect import Decoded, Dialect, Failure
from haechi.app.web.dialects.files import has_files
from haechi.app.web.dialects.table import dialect_of
from haechi.app.web.files import read_files
from haechi.app.web.gemini import served as gemini_path
from haechi.app.web.http import (
    Headers,
    Incoming,
    Receive,
    Scope,
    Send,
    own_page,
    same_host,
    send_whole,
)
from haechi.app.web.inspection import inspect
from haechi.app.web.mcp import Mcp, serve
from haechi.app.web.models import models
from haechi.app.web.moderations import moderate
from haechi.app.web.openapi import openapi
from haechi.app.web.reporting import report_ours
from haechi.app.web.responses import RESPONSE, Conversations
from haechi.app.web.responses import served as stored_response
from haechi.domain.decision import Reason
from haechi.domain.errors import (
    AnswerWithheld,
    CallerError,
    HaechiError,
    MethodNotAllowed,
    Unauthenticated,
    UnknownRoute,
)
from haechi.domain.ports import Clock, KeyRing, LedgerReader, Names, Readers, ResponseStore, Seals
from haechi.domain.text import Language, Text
from haechi.gateway.classify.classify import Classified
from haechi.gateway.decide.policy import Policy
from haechi.gateway.flow import Road
from haechi.gateway.journey import Journey

T = TypeVar("T")
Handler = Callable[["Gate", Incoming, Send], Awaitable[None]]
ANYBODY: Final = "loopback"
"""The name under which callers without a key are on record where the gate is open to this machine."""

AT_ONCE: Final = 16 * 1024
"""Bytes of a body that are read on the event loop."""

_OUR_FAULT: Final = Text(
    ko="haechi 안에서 오류가 났습니다. 밖으로 나간 것이 있는지는 기록 번호로 `haechi explain` 이 알려 줍니다.",
    en="Something broke inside haechi. `haechi explain` with the record id says whether anything has left.",
)


class Gate:
    """The ASGI application of one worker."""

    def __init__(
        self,
        *,
        road: Road,
        policy: Callable[[], Policy],
        keys: KeyRing | None,
        clock: Clock,
        names: Names,
        exposition: Callable[[], bytes],
        ready: Callable[[], dict[str, bool]],
        body_limit: int,
        readers: Readers | None = None,
        seals: Seals | None = None,
        stored: ResponseStore | None = None,
        records: LedgerReader | None = None,
        mcp: Mcp | None = None,
    ) -> None:
        self.road = road
        self.policy = policy
        self.keys = keys
        self.clock = clock
        self.names = names
        self.exposition = exposition
        self.ready = ready
        self.body_limit = body_limit
        self.readers = readers
        self._seals = seals
        self.stored = stored
        self.records = records
        self.mcp = mcp
        self._reader = ThreadPoolExecutor(1, "reader")
        self._inspector = ThreadPoolExecutor(1, "inspector")  # who only asks keeps no request waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _lifespan(receive, send)
        if scope["type"] != "http":  # the gate speaks no websocket
            return None
        request = Incoming(scope, receive)
        try:
            await self._route(request, send)
        except asyncio.CancelledError:
            if (
                not request.gone
            ):  # a caller who left is nobody's error, and nothing to write a traceback about
                raise
        except Exception as error:  # the one place where every error becomes an answer
            await self.refuse(request, send, error, None, ())
        return None

    async def _route(self, request: Incoming, send: Send) -> None:
        methods = served(request.path)
        if methods is None:
            raise UnknownRoute(
                Text(
                    ko="이 주소에는 아무것도 없습니다. OpenAI SDK 의 base_url 은 /v1 로 끝나고 Anthropic SDK 의 것에는 "
                    "/v1 이 없습니다. "
                    "이 판은 chat/completions, responses, messages, models 와 v1beta/models 를 받습니다.",
                    en="Nothing is served here. The base_url of an OpenAI SDK ends in /v1, that of an Anthropic SDK has "
                    "none; this version serves chat/completions, responses, messages, models and v1beta/models.",
                )
            )
        handler = methods.get(request.method)
        if handler is None:
            allowed = ", ".join(methods)
            raise MethodNotAllowed(
                Text(ko=f"이 주소는 {allowed} 만 받습니다.", en=f"This address takes {allowed} only.")
            )
        await handler(self, request, send)

    async def read(
        self, dialect: Dialect, raw: bytes, path: str
    ) -> tuple[Decoded, Classified, tuple[Reason, ...]]:
        """Decode, put the text of files in their place, and classify; and what became of the files. What is long is
        read beside the event loop, so that no stream waits for it."""
        if len(raw) <= AT_ONCE:
            found = self._read(dialect, raw, path)
        else:
            run = asyncio.get_running_loop().run_in_executor
            found = await run(self._reader, self._read, dialect, raw, path)
        if self.readers is None or found[1] is not None:
            return found[0], found[1] or self.road.classify(found[0].body), ()
        decoded, reasons = await read_files(found[0], self.readers)
        run = asyncio.get_running_loop().run_in_executor
        return decoded, await run(self._reader, self.road.classify, decoded.body), reasons

    def _read(self, dialect: Dialect, raw: bytes, path: str) -> tuple[Decoded, Classified | None]:
        """What was decoded, and what it holds, unless there are files to read first."""
        decoded = dialect.decode(raw, path)
        waits = self.readers is not None and has_files(decoded.chat, pictures=self.readers.pictures)
        return decoded, None if waits else self.road.classify(decoded.body)

    async def looked_at(self, text: str, size: int) -> Classified:
        """A text that goes nowhere, classified as a request would be."""
        return await self.aside(size, partial(self.road.classify, text))

    async def aside(self, size: int, work: Callable[[], T]) -> T:
        """What `work` gives; for who only asks, so that a long text (`size` bytes) keeps no request waiting."""
        if size <= AT_ONCE:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._inspector, work)

    @property
    def seals(self) -> Seals:
        """What closes a mapping that is handed out. Raises `UnknownRoute` where there is no data directory."""
        if self._seals is None:
            raise UnknownRoute(
                Text(ko="여기서는 매핑을 봉할 수 없습니다.", en="Mappings cannot be sealed here.")
            )
        return self._seals

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""
        if self.keys is None:
            ours = same_host(request.header(b"host")) and own_page(request.header(b"origin"))
            if request.from_loopback and ours:
                return ANYBODY
            raise _unauthenticated()
        name = self.keys.name_of(_secret(request))
        if name is None:
            raise _unauthenticated()
        return name

    def headers(
        self, journey: Journey | None, dropped: tuple[str, ...], dialect: Dialect | None = None
    ) -> Headers:
        """The headers that every answer carries, under the names that the dialect knows, too."""
        also = dialect.record_headers if dialect is not None else ()
        if journey is None:
            name = self.names.record().encode()
            return [(b"x-request-id", name), *((each, name) for each in also), (b"x-haechi-route", b"none")]
        decision, record = journey.decision, journey.record.encode()
        headers = [
            (b"x-request-id", record),
            *((each, record) for each in also),
            (b"x-haechi-record", record),
            (b"x-haechi-route", _ascii(journey.route)),
            (b"x-haechi-level", decision.label.level.word.encode()),
            (b"x-haechi-kinds", ",".join(sorted(decision.label.kinds)).encode()),
            (b"x-haechi-rule", _ascii(decision.rule)),
        ]
        if decision.missing:
            headers.append(
                (b"x-haechi-missing", _ascii(f"{decision.missing.path} ({decision.missing.what.en})"))
            )
        if journey.plumbing:
            headers.append((b"x-haechi-engine", b"plumbing"))
        if dropped:
            headers.append((b"x-haechi-dropped", _ascii(",".join(dropped))))
        return headers

    async def refuse(
        self,
        request: Incoming,
        send: Send,
        error: Exception,
        journey: Journey | None,
        dropped: tuple[str, ...],
    ) -> None:
        status = errors.status(error)
        report_ours(error)
        dialect = dialect_of(request.path, request.headers)
        named = self.headers(journey, dropped, dialect)
        headers = [JSON, *named]
        if (seconds := errors.retry_after(error)) is not None:
            headers.append((b"retry-after", b"%d" % seconds))
        if isinstance(
            error, AnswerWithheld
        ):  # SDKs repeat a 500 by themselves, and that would be charged twice
            headers.append((b"x-should-retry", b"false"))
        if status == 413:
            headers.append((b"connection", b"close"))
        if isinstance(error, MethodNotAllowed):  # RFC 9110, 15.5.6
            headers.append((b"allow", ", ".join(served(request.path) or ()).encode()))
        failure = self.failure(error, request, named[0][1].decode())
        await send_whole(send, status, headers, dialect.encode_error(failure))

    def failure(self, error: Exception, request: Incoming, record: str) -> Failure:
        """An error as the caller is told it."""
        status, kind, code = errors.row(error)
        text = error.text if isinstance(error, HaechiError) else _OUR_FAULT
        param = error.param if isinstance(error, CallerError) else None
        code = (error.code if isinstance(error, CallerError) else None) or code
        return Failure(status, text, kind, code, param, cast("Language", request.language), record)


async def healthz(gate: Gate, request: Incoming, send: Send) -> None:
    """`GET /healthz`: this process runs."""
    await send_whole(send, 200, [JSON], b'{"status":"ok"}')


async def readyz(gate: Gate, request: Incoming, send: Send) -> None:
    """`GET /readyz`: requests can be put on record and answered."""
    parts = gate.ready()
    status = 200 if all(parts.values()) else 503
    await send_whole(send, status, [JSON], json.dumps({"ready": status == 200, **parts}).encode())


async def metrics(gate: Gate, request: Incoming, send: Send) -> None:
    """`GET /metrics`: Prometheus text, summed over workers; with a key, or from this machine."""
    if not request.from_loopback:
        gate.caller(request)
    await send_whole(
        send, 200, [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")], gate.exposition()
    )


ROUTES: Final[dict[str, dict[str, Handler]]] = {
    "/v1/chat/completions": {"POST": conversation(openai.CHAT)},
    "/v1/messages": {"POST": conversation(anthropic.MESSAGES)},
    "/v1/messages/count_tokens": {"POST": counting(anthropic.COUNT, anthropic.encode_count)},
    "/v1/responses": {"POST": conversation(responses.RESPONSES, Conversations())},
    "/v1/moderations": {"POST": moderate},
    "/v1/models": {"GET": models},
    "/haechi/v1/inspect": {"POST": inspect},
    "/haechi/v1/deidentify": {"POST": deidentify},
    "/haechi/v1/reidentify": {"POST": reidentify},
    "/haechi/v1/openapi.json": {"GET": openapi},
    "/haechi/mcp": {"POST": serve},
    "/healthz": {"GET": healthz},
    "/readyz": {"GET": readyz},
    "/metrics": {"GET": metrics},
}


def served(path: str) -> dict[str, Handler] | None:
    """The methods of `path`, or `None` where nothing is served there."""
    if path.startswith(RESPONSE):
        return stored_response(path)
    return ROUTES.get(path) or gemini_path(path)


def _secret(request: Incoming) -> str:
    """The caller's secret, by whichever header; two credentials are as good as none."""
    found = [
        name
        for name in (b"authorization", b"x-api-key", b"api-key", b"x-goog-api-key")
        if name in request.headers
    ]
    if len(found) != 1 or found[0] in request.repeated:
        return ""
    value = request.header(found[0]) or ""
    if found[0] == b"authorization":
        scheme, _, value = value.partition(" ")
        return value.strip() if scheme.lower() == "bearer" else ""
    return value


def _unauthenticated() -> Unauthenticated:
    return Unauthenticated(
        Text(
            ko="키가 없거나 맞지 않습니다. `Authorization: Bearer KEY` 로 보내세요. "
            "첫 키는 데이터 폴더의 keys/first.key 에 있습니다.",
            en="There is no key, or it is not valid. Send `Authorization: Bearer KEY`. "
            "The first key lies in keys/first.key of the data directory.",
        )
    )


def _ascii(text: str) -> bytes:
    return text.encode("ascii", "replace")


async def _lifespan(receive: Receive, send: Send) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    await send({"type": "lifespan.shutdown.complete"})
