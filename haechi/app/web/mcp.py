"""`POST /haechi/mcp`: the tools of `mcp_tools` by the Model Context Protocol (modelcontextprotocol.io), streamable HTTP.

The official SDK speaks the protocol, all its versions; this file stands between it and the gate. No session is kept: any
worker answers any request, by the key that comes with it. Nothing is asked of the client, so there is no stream from here
to it (`GET` is 405), and nothing is ever started for one.

The SDK is an extra (`haechi[mcp]`) and takes most of a second to import: it is imported where `mcp` stands in
`haechi.yaml`, before the worker says that it is ready.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, cast

import msgspec
import orjson
from msgspec import UNSET, Struct, UnsetType

from haechi.app.web import mcp_tools
from haechi.app.web.dialects.dialect import Failure
from haechi.app.web.dialects.reading import object_of
from haechi.app.web.http import Headers, Incoming, Receive, Scope, Send, own_page
from haechi.app.web.inspection import InspectionRequest
from haechi.app.web.mcp_tools import TOOLS, AskedGate, Caller, Ceilings, Tool
from haechi.app.web.reporting import report_ours
from haechi.domain.chat import JsonObject
from haechi.domain.errors import BadRequest, Forbidden, HaechiError, TooLarge, UnknownRoute
from haechi.domain.text import Language, Text

if TYPE_CHECKING:
    from mcp.server import ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams

Handle = Callable[[Scope, Receive, Send], Awaitable[None]]
PATH: Final = "/haechi/mcp"
LARGEST_MESSAGE: Final = 1 << 20
"""Bytes. A message is decoded on the event loop, by the SDK once more, and no model reads that much at once."""

_FORM: Final[Headers] = [
    (b"accept", b"application/json, text/event-stream"),
    (b"content-type", b"application/json"),
]
_OURS: Final = frozenset(name for name, _ in _FORM)
"""What the SDK insists on, and what changes nothing: JSON was read, and JSON is answered."""

_CALLER: Final = "haechi.caller"
_INVALID_REQUEST: Final = -32600
"""JSON-RPC 2.0, 5.1."""


class ProtocolMessage(Struct, frozen=True):
    """One request or notification, JSON-RPC 2.0. Other fields are the protocol's matter."""

    jsonrpc: Literal["2.0"]
    method: str
    id: str | int | UnsetType = UNSET
    params: dict[str, Any] | UnsetType = UNSET


class CallParams(Struct, frozen=True):
    """Which tool, and what it is given."""

    name: Literal["inspect", "deidentify"]
    arguments: InspectionRequest


class ToolCall(Struct, frozen=True):
    """The message that brings a text: what stands in it where, for those who try every place."""

    jsonrpc: Literal["2.0"]
    id: str | int
    method: Literal["tools/call"]
    params: CallParams


class ServingGate(AskedGate, Protocol):
    """What this surface asks of the gate."""

    body_limit: int
    mcp: "Mcp | None"

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...]) -> Headers:
        """The headers that every answer carries."""


async def serve(gate: ServingGate, request: Incoming, send: Send) -> None:
    """Answer one message. Raises `BadRequest` for what is none, `TooLarge`, `Forbidden` for a page of somebody else's."""
    key = gate.caller(request)
    if not own_page(request.header(b"origin")):
        raise Forbidden(_FOREIGN_PAGE)
    if gate.mcp is None:
        raise UnknownRoute(_OFF)
    for name in request.repeated:
        if name.startswith(b"mcp-"):
            request.single(name)
    try:
        raw = await request.body(min(gate.body_limit, LARGEST_MESSAGE))
    except TooLarge:
        raise TooLarge(_TOO_LARGE) from None
    _check(object_of(raw))
    language: Language = "ko" if request.language == "ko" else "en"
    caller = Caller(key, language, gate.mcp.ceilings.of(key))
    await gate.mcp.answer(gate, request, raw, caller, _with(gate.headers(None, ()), send))


def _check(body: JsonObject) -> None:
    """Raises `BadRequest` where this is no message: the SDK would repeat it in its answer."""
    try:
        msgspec.convert(body, ProtocolMessage)
    except msgspec.ValidationError:
        raise BadRequest(_NO_MESSAGE, code="invalid_message") from None


def _with(ours: Headers, send: Send) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message.get("headers", ()), *ours]}
        await send(message)

    return sending


class Mcp:
    """The SDK's server in one worker. `ceilings`: what which key may read."""

    def __init__(self, ceilings: Ceilings) -> None:
        from mcp.server import Server

        self.ceilings = ceilings
        self._server: Server[Any] = Server(
            "haechi",
            version=version("haechi"),
            title="haechi (해치)",
            instructions=_INSTRUCTIONS,
            on_list_tools=_list_tools,
            on_call_tool=_call_tool,
        )
        self._keeper: asyncio.Task[None] | None = None
        self._stands: asyncio.Future[Handle]

    async def answer(
        self, gate: ServingGate, request: Incoming, raw: bytes, caller: Caller, send: Send
    ) -> None:
        """Hand a message to the SDK, with who sent it."""
        handle = await self._handler(gate.body_limit)
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": request.path,
            "raw_path": request.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name, value) for name, value in request.headers.items() if name not in _OURS]
            + _FORM,
            "client": request.client,
            "server": None,
            _CALLER: (gate, caller),
        }
        await handle(scope, _once(raw, request.receive), send)

    async def _handler(self, limit: int) -> Handle:
        """The SDK's application, running. It lives in a task of its own, which ends with the worker."""
        if self._keeper is None or self._keeper.done():
            self._stands = asyncio.get_running_loop().create_future()
            self._keeper = asyncio.create_task(self._keep(limit, self._stands))
        return await asyncio.shield(self._stands)

    async def _keep(self, limit: int, stands: "asyncio.Future[Handle]") -> None:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=limit
        )
        try:
            async with manager.run():
                stands.set_result(cast("Handle", manager.handle_request))
                await asyncio.Event().wait()
        finally:
            stands.cancel()  # whoever waits for what did not come to stand


def _once(raw: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever comes: that a caller left."""
    body: list[dict[str, Any]] = [{"type": "http.request", "body": raw, "more_body": False}]

    async def receiving() -> dict[str, Any]:
        return body.pop() if body else await receive()

    return receiving


async def _list_tools(
    context: "ServerRequestContext[Any, Any]", params: "PaginatedRequestParams | None"
) -> "ListToolsResult":
    import mcp_types as types

    _, caller = _asked(context)
    return types.ListToolsResult(tools=[_described(tool, caller.language) for tool in TOOLS.values()])


def _described(tool: Tool, language: Language) -> Any:
    import mcp_types as types

    return types.Tool(
        name=tool.name,
        title=tool.title.say(language),
        description=tool.says.say(language),
        input_schema=mcp_tools.schema_of(tool),
        output_schema=tool.gives,
        annotations=types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


async def _call_tool(
    context: "ServerRequestContext[Any, Any]", params: "CallToolRequestParams"
) -> "CallToolResult":
    import mcp_types as types
    from mcp.shared.exceptions import MCPError

    gate, caller = _asked(context)
    tool = TOOLS.get(params.name)
    if tool is None:
        raise MCPError(code=types.INVALID_PARAMS, message=_NO_TOOL.say(caller.language))
    try:
        told = await mcp_tools.call(gate, caller, tool, params.arguments or {})
    except HaechiError as error:
        return _failed(mcp_tools.failure(error, caller))
    except Exception as error:  # said to us, and to the caller only that it happened
        report_ours(error)
        return _failed(_OUR_FAULT.say(caller.language))
    text = types.TextContent(type="text", text=json.dumps(told.said, ensure_ascii=False))
    return types.CallToolResult(content=[text], structured_content=told.said, _meta=told.beside or None)


def _failed(text: str) -> "CallToolResult":
    import mcp_types as types

    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)


def _asked(context: "ServerRequestContext[Any, Any]") -> tuple[AskedGate, Caller]:
    return cast("tuple[AskedGate, Caller]", cast("Any", context.request).scope[_CALLER])


def encode_error(failure: Failure) -> bytes:
    """An error before there was an answer, as JSON-RPC says it."""
    said = {"type": failure.kind, "code": failure.code}
    error = {"code": _INVALID_REQUEST, "message": failure.message, "data": said}
    return orjson.dumps({"jsonrpc": "2.0", "id": None, "error": error})


_INSTRUCTIONS: Final = (
    "Finds personal data and secrets in texts, puts tokens in place of values, and explains why requests went where they "
    "went. 개인정보와 비밀을 찾고, 값을 토큰으로 바꾸고, 요청이 왜 그곳으로 갔는지 설명합니다."
)
"""In both languages: a client asks for them once, whoever is behind it."""

_OFF: Final = Text(
    ko="MCP 가 꺼져 있습니다. haechi.yaml 에 `mcp: {ceiling: internal}` 을 적으세요.",
    en="MCP is off here. Write `mcp: {ceiling: internal}` in haechi.yaml.",
)
_TOO_LARGE: Final = Text(
    ko=f"메시지가 {LARGEST_MESSAGE >> 20} MiB 를 넘습니다. 글을 나누거나 /haechi/v1 의 주소로 보내세요.",
    en=f"The message is over {LARGEST_MESSAGE >> 20} MiB. Send the text in parts, or to the addresses of /haechi/v1.",
)
_FOREIGN_PAGE: Final = Text(
    ko="다른 곳의 웹 페이지에서는 쓸 수 없습니다. 프로그램에서 부르세요.",
    en="Not for web pages of other places. Call it from a program.",
)
_NO_MESSAGE: Final = Text(
    ko='본문은 JSON-RPC 2.0 메시지 하나여야 합니다: {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}.',
    en='The body must be one JSON-RPC 2.0 message: {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}.',
)
_NO_TOOL: Final = Text(
    ko="그런 도구가 없습니다. tools/list 를 보세요.", en="There is no such tool. See tools/list."
)
_OUR_FAULT: Final = Text(ko="haechi 안에서 오류가 났습니다.", en="Something broke inside haechi.")
