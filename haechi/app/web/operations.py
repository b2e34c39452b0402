"""Every operation that the gate serves, as its OpenAPI document describes it. A route that does not stand here is not
documented, and a test says so.

What is taken in is described by the types that decode it. What is given out is described by types of this file, closed
ones: an answer with a field that they do not know breaks its description.
"""

from typing import Any, Final, Literal

from msgspec import Struct

from haechi.app.web.deidentification import HomeRequest, OutRequest
from haechi.app.web.dialects import openai
from haechi.app.web.dialects.anthropic_form import CountRequest, MessagesRequest
from haechi.app.web.dialects.gemini_form import ContentRequest
from haechi.app.web.dialects.reading import WIDENING
from haechi.app.web.dialects.responses_form import MessageItem, ResponsesRequest
from haechi.app.web.inspection import InspectionRequest
from haechi.app.web.mcp import ProtocolMessage
from haechi.app.web.moderations import ModerationRequest
from haechi.domain.chat import Chat, FunctionTool, JsonObject, NamedToolChoice
from haechi.domain.text import Text
from haechi.gateway.reidentify.stream import Counts

Key = Literal["required", "elsewhere", "none"]
"""Who needs a key: everybody, callers of other machines, nobody."""


class Closed(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer, described."""


class Health(Closed, frozen=True):
    status: Literal["ok"]


class Readiness(Closed, frozen=True):
    ready: bool
    ledger: bool


class Model(Closed, frozen=True):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelList(Closed, frozen=True):
    object: Literal["list"]
    data: list[Model]


class FoundLabel(Closed, frozen=True):
    level: Literal["public", "internal", "confidential", "restricted"]
    kinds: list[str]


class Found(Closed, frozen=True):
    """A finding. `start` and `end` count code points of the text."""

    start: int
    end: int
    kind: str
    level: Literal["public", "internal", "confidential", "restricted"]
    confidence: float
    rule: str


class Inspected(Closed, frozen=True):
    """What is found in a text. `unreadable`: a part of it could not be looked at."""

    label: FoundLabel
    findings: list[Found]
    unreadable: bool = False


class WithoutValues(Closed, frozen=True):
    """`text` where a text was given, `body` where anything else was. `counts`: what was taken out, by kind; `left`: what
    is still said of the rest. `mapping` puts the values back, for the same key."""

    mapping: str
    counts: dict[str, int]
    left: dict[str, int]
    text: str = ""
    body: Any = None


class WithValues(Closed, frozen=True):
    """`text` or `answer`, as it was given. `tokens`: what became of them."""

    tokens: Counts
    text: str = ""
    answer: Any = None


class ErrorText(Closed, frozen=True):
    message: str
    type: str
    param: str | None
    code: str | None


class Error(Closed, frozen=True):
    """What happened, why, and what to do. It repeats nothing of the request."""

    error: ErrorText


class DeletedResponse(Closed, frozen=True):
    id: str
    object: Literal["response"]
    deleted: Literal[True]


class ProtocolAnswer(Closed, frozen=True):
    """The answer to a message, JSON-RPC 2.0: either of the two."""

    jsonrpc: Literal["2.0"]
    id: str | int | None = None
    result: JsonObject = {}
    error: JsonObject = {}


class ContentErrorText(Closed, frozen=True):
    code: int
    message: str
    status: str


class ContentError(Closed, frozen=True):
    """The same in Google's shape."""

    error: ContentErrorText


class ModerationResult(Closed, frozen=True):
    """`categories` are the kinds that were found; whether a text is hateful or dangerous is not looked at."""

    flagged: bool
    level: Literal["public", "internal", "confidential", "restricted"]
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[str]]


class Moderated(Closed, frozen=True):
    id: str
    model: Literal["haechi"]
    results: list[ModerationResult]


class TokenUsage(Closed, frozen=True):
    input_tokens: int
    cache_creation_input_tokens: int
    cache_read_input_tokens: int
    output_tokens: int


class MessageAnswer(Closed, frozen=True):
    """An answer in Anthropic's shape. What the blocks of `content` hold follows from their `type`."""

    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    model: str
    content: list[JsonObject]
    stop_reason: Literal["end_turn", "max_tokens", "tool_use", "refusal"]
    stop_sequence: None
    usage: TokenUsage


class TokenCount(Closed, frozen=True):
    """About how many tokens a request is."""

    input_tokens: int


class MessageErrorText(Closed, frozen=True):
    type: str
    message: str


class MessageError(Closed, frozen=True):
    """The same in Anthropic's shape."""

    type: Literal["error"]
    error: MessageErrorText
    request_id: str


class Header(Struct, frozen=True):
    """A header of a request, and the words that it may say."""

    name: str
    words: tuple[str, ...]
    effect: Text


class Operation(Struct, frozen=True):
    """One method of one path. `gives` by status: media type and what it holds, a type or a schema."""

    name: str
    says: Text
    key: Key
    gives: dict[int, dict[str, Any]]
    takes: Any = None
    headers: tuple[Header, ...] = ()
    fails: type = Error
    recorded: bool = False
    """Whether its answers carry the headers of a request that was decided about."""


JSON: Final = "application/json"

NARROWING: Final = (
    Header(
        "x-haechi-zone",
        ("onprem",),
        Text(ko="클라우드 목적지로 보내지 않습니다.", en="No cloud destination."),
    ),
    Header(
        "x-haechi-level",
        ("internal", "confidential", "restricted"),
        Text(ko="등급을 여기까지 올립니다.", en="Raises the level to that."),
    ),
)

OPERATIONS: Final[dict[str, dict[str, Operation]]] = {
    "/v1/chat/completions": {
        "POST": Operation(
            "createChatCompletion",
            Text(
                ko="대화의 답. 어디로 갈 수 있는지는 정책이 정합니다. 모르는 필드는 보내지 않고 `x-haechi-dropped` 에 적습니다.",
                en="Answer a conversation. Policy decides where it may go. Unknown fields are not forwarded, and named in "
                "`x-haechi-dropped`.",
            ),
            "required",
            {200: {JSON: openai.COMPLETION, "text/event-stream": {}}},
            takes=Chat,
            headers=NARROWING,
            recorded=True,
        )
    },
    "/v1/responses": {
        "POST": Operation(
            "createResponse",
            Text(
                ko="대화의 답, Responses 형식. `store: false` 가 아니면 30일 동안 봉해 두고, 만든 키만 이어 쓰고 읽고 지웁니다.",
                en="Answer a conversation in the shape of Responses. Kept sealed for 30 days unless `store: false`; only the key "
                "that made it goes on with it, reads and deletes it.",
            ),
            "required",
            {200: {JSON: {"type": "object"}, "text/event-stream": {}}},
            takes=ResponsesRequest,
            headers=NARROWING,
            recorded=True,
        )
    },
    "/v1/responses/{name}": {
        "GET": Operation(
            "getResponse",
            Text(ko="보관한 응답.", en="A response that was kept."),
            "required",
            {200: {JSON: {"type": "object"}}},
        ),
        "DELETE": Operation(
            "deleteResponse",
            Text(ko="곧바로 지웁니다.", en="Delete it at once."),
            "required",
            {200: {JSON: DeletedResponse}},
        ),
    },
    "/v1/responses/{name}/input_items": {
        "GET": Operation(
            "listInputItems",
            Text(ko="무엇에 답한 것인지.", en="What it answered."),
            "required",
            {200: {JSON: {"type": "object"}}},
        )
    },
    "/v1/responses/{name}/cancel": {
        "POST": Operation(
            "cancelResponse",
            Text(
                ko="끝난 응답은 멈출 수 없습니다. 400 이나 404.",
                en="What has ended cannot be cancelled: 400 or 404.",
            ),
            "required",
            {},
        )
    },
    "/v1/messages": {
        "POST": Operation(
            "createMessage",
            Text(
                ko="대화의 답, Anthropic 형식. 어디로 갈 수 있는지는 정책이 정합니다.",
                en="Answer a conversation in Anthropic's shape. Policy decides where it may go.",
            ),
            "required",
            {200: {JSON: MessageAnswer, "text/event-stream": {}}},
            takes=MessagesRequest,
            headers=NARROWING,
            fails=MessageError,
            recorded=True,
        )
    },
    "/v1/messages/count_tokens": {
        "POST": Operation(
            "countTokens",
            Text(
                ko="대화가 대략 몇 토큰인지. 어디로도 나가지 않습니다.",
                en="About how many tokens a conversation is. It goes nowhere.",
            ),
            "required",
            {200: {JSON: TokenCount}},
            takes=CountRequest,
            fails=MessageError,
        )
    },
    "/v1beta/models/{name}:generateContent": {
        "POST": Operation(
            "generateContent",
            Text(
                ko="대화의 답, Gemini 형식. `:streamGenerateContent` 는 같은 것을 SSE 로, `:countTokens` 는 대략 몇 토큰인지를 "
                "줍니다.",
                en="Answer a conversation in Gemini's shape. `:streamGenerateContent` gives the same as SSE, `:countTokens` "
                "about how many tokens it is.",
            ),
            "required",
            {200: {JSON: {"type": "object"}}},
            takes=ContentRequest,
            headers=NARROWING,
            fails=ContentError,
            recorded=True,
        )
    },
    "/v1/moderations": {
        "POST": Operation(
            "moderate",
            Text(
                ko="글에 든 민감한 것을 OpenAI moderations 형식으로. 어디로도 나가지 않습니다.",
                en="What is sensitive in texts, in the shape of OpenAI's moderations. It goes nowhere.",
            ),
            "required",
            {200: {JSON: Moderated}},
            takes=ModerationRequest,
        )
    },
    "/v1/models": {
        "GET": Operation(
            "listModels",
            Text(ko="요청할 수 있는 이름.", en="Names that may be asked for."),
            "required",
            {200: {JSON: ModelList}},
        )
    },
    "/v1/models/{name}": {
        "GET": Operation(
            "getModel", Text(ko="그 가운데 하나.", en="One of them."), "required", {200: {JSON: Model}}
        )
    },
    "/haechi/v1/inspect": {
        "POST": Operation(
            "inspect",
            Text(
                ko="글에서 무엇이 보이는지. 어디로도 나가지 않고 남지 않습니다.",
                en="What is found in a text. It goes nowhere and is not kept.",
            ),
            "required",
            {200: {JSON: Inspected}},
            takes=InspectionRequest,
        )
    },
    "/haechi/v1/deidentify": {
        "POST": Operation(
            "deidentify",
            Text(
                ko="값을 뺀 글이나 본문과, 되돌리는 봉한 매핑. `text`, `messages`, `body` 가운데 하나를 줍니다.",
                en="A text or body without its values, and a sealed mapping that puts them back. Give one of `text`, "
                "`messages` and `body`.",
            ),
            "required",
            {200: {JSON: WithoutValues}},
            takes=OutRequest,
        )
    },
    "/haechi/v1/reidentify": {
        "POST": Operation(
            "reidentify",
            Text(
                ko="값을 되돌린 글이나 답. 매핑은 만든 키로만 열립니다. `text` 와 `answer` 가운데 하나를 줍니다.",
                en="A text or answer with its values again. The mapping opens for the key it was made with. Give one of "
                "`text` and `answer`.",
            ),
            "required",
            {200: {JSON: WithValues}},
            takes=HomeRequest,
        )
    },
    "/haechi/v1/openapi.json": {
        "GET": Operation(
            "openapi",
            Text(ko="이 문서.", en="This document."),
            "elsewhere",
            {200: {JSON: {"type": "object"}}},
        )
    },
    "/haechi/mcp": {
        "POST": Operation(
            "mcp",
            Text(
                ko="Model Context Protocol 의 도구: inspect, deidentify, explain. `mcp` 를 켠 곳에만 있고, 아니면 404 입니다.",
                en="Tools by the Model Context Protocol: inspect, deidentify, explain. Only where `mcp` is on; else 404.",
            ),
            "required",
            {200: {JSON: ProtocolAnswer}, 202: {}},
            takes=ProtocolMessage,
            fails=ProtocolAnswer,
        )
    },
    "/healthz": {
        "GET": Operation(
            "health",
            Text(ko="프로세스가 돌고 있습니다.", en="The process runs."),
            "none",
            {200: {JSON: Health}},
        )
    },
    "/readyz": {
        "GET": Operation(
            "readiness",
            Text(
                ko="요청을 기록하고 답할 수 있는지.", en="Whether requests can be put on record and answered."
            ),
            "none",
            {200: {JSON: Readiness}, 503: {JSON: Readiness}},
        )
    },
    "/metrics": {
        "GET": Operation(
            "metrics",
            Text(ko="Prometheus 지표, 모든 작업자의 합.", en="Prometheus metrics, summed over all workers."),
            "elsewhere",
            {200: {"text/plain": {"type": "string"}}},
        )
    },
}

_SEAL: Final = r"^hm1\.([A-Za-z0-9_\-]{4}){12,}([A-Za-z0-9_\-]{2,3})?$"
"""What is sealed, as it looks: nonce, end and tag alone have 36 bytes."""

_CONVERSATION: Final[JsonObject] = {
    "properties": {"model": {"examples": ["auto"]}, "messages": {"minItems": 1}}
    | dict.fromkeys(sorted(WIDENING), False)
}

BEYOND: Final[dict[type, JsonObject]] = {
    Chat: _CONVERSATION,
    MessagesRequest: _CONVERSATION,
    CountRequest: _CONVERSATION,
    ModerationRequest: {"properties": dict.fromkeys(sorted(WIDENING), False)},
    ContentRequest: {"properties": {"contents": {"minItems": 1}} | dict.fromkeys(sorted(WIDENING), False)},
    ResponsesRequest: {
        "properties": {
            "model": {"examples": ["auto"]},
            "input": {"not": {"const": []}},
            "background": {"enum": [False, None]},
        }
        | dict.fromkeys(sorted(WIDENING), False),
        "required": ["model", "input"],
    },
    OutRequest: {"oneOf": [{"required": [name]} for name in ("text", "messages", "body")]},
    HomeRequest: {
        "oneOf": [{"required": [name]} for name in ("text", "answer")],
        "properties": {"mapping": {"pattern": _SEAL}},
    },
    MessageItem: {"required": ["role", "content"]},
    FunctionTool: {"required": ["function"]},  # there is one sort of either, and it may go without saying
    NamedToolChoice: {"required": ["function"]},
}
"""What the gate asks beyond the types, or less than they do: of which fields exactly one is given, which are refused, how a
value looks."""
