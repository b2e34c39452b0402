"""OpenAI Chat Completions: bytes to the internal form and back.

What is decoded is what is scanned is what is sent. Fields that haechi does not know are scanned with the
rest, never forwarded, and named to the caller.
"""

import json
import re
from typing import Any, Final, NamedTuple

import msgspec
import orjson
from msgspec import Struct

from haechi.domain.chat import (
    Answer,
    AudioClip,
    AudioPart,
    Chat,
    Chunk,
    Delta,
    FileContent,
    FilePart,
    FinishReason,
    FunctionCall,
    FunctionName,
    FunctionSpec,
    FunctionTool,
    ImagePart,
    ImageUrl,
    JsonObject,
    JsonSchema,
    Message,
    NamedToolChoice,
    Place,
    RefusalPart,
    SchemaFormat,
    StreamOptions,
    TextPart,
    ToolCall,
    Usage,
    UserLocation,
    WebSearch,
)
from haechi.domain.errors import BadRequest
from haechi.domain.text import Language, Text

WIDENING: Final = frozenset(
    {
        "api_base",
        "api_key",
        "base_url",
        "custom_llm_provider",
        "extra_body",
        "extra_headers",
        "fallbacks",
        "mcp_servers",
    }
)
"""Fields by which other gateways let a caller choose where a request goes, or what a provider connects to."""

_SHOWN: Final = re.compile(r"[A-Za-z_][A-Za-z_.\-]{0,39}\d{0,2}\Z")
_MOST_SHOWN: Final = 20
_WHERE: Final = re.compile(r" - at `\$((?:\.[a-z_]+|\[(?:\d{1,6}|\.\.\.)\])*)`\Z")
_WHAT: Final = re.compile(
    r"(?:Expected `[a-z |]+`(?:, got `[a-z]+`| [<>=]+ -?[0-9.]+)?|Object missing required field `[a-z_]+`)\Z"
)
"""What may be said of msgspec's messages: the rest quotes values, which are the caller's."""


class _Form(NamedTuple):
    """The fields of one piece of the body that are sent on, and the pieces in it. What a schema or a tool's parameters
    hold is the caller's own, and has no form."""

    fields: frozenset[str]
    inner: dict[str, "_Form"]


def _form(*kinds: type[Struct], **inner: _Form) -> _Form:
    fields = {name for kind in kinds for name in kind.__struct_encode_fields__}
    tags = {field for kind in kinds if (field := kind.__struct_config__.tag_field) is not None}
    return _Form(frozenset(fields | tags), inner)


_PART: Final = _form(
    *(TextPart, RefusalPart, ImagePart, AudioPart, FilePart),
    image_url=_form(ImageUrl),
    input_audio=_form(AudioClip),
    file=_form(FileContent),
)
_CHAT: Final = _form(
    Chat,
    messages=_form(Message, content=_PART, tool_calls=_form(ToolCall, function=_form(FunctionCall))),
    tools=_form(FunctionTool, function=_form(FunctionSpec)),
    tool_choice=_form(NamedToolChoice, function=_form(FunctionName)),
    response_format=_form(SchemaFormat, json_schema=_form(JsonSchema)),
    stream_options=_form(StreamOptions),
    web_search_options=_form(WebSearch, user_location=_form(UserLocation, approximate=_form(Place))),
)


class Decoded(Struct, frozen=True):
    """A request: the decoded body that is scanned, its typed form that is sent, what is left behind, and the pointers of
    parts that stand in the caller's place and are not his words: the text of files."""

    body: JsonObject
    chat: Chat
    dropped: tuple[str, ...]
    strangers: tuple[str, ...] = ()


def decode(raw: bytes) -> Decoded:
    """Decode one request. Raises `BadRequest` with `param` naming the field."""
    body = _object(raw)
    if not WIDENING.isdisjoint(body):
        raise _bad(
            min(WIDENING.intersection(body)),
            "목적지는 요청이 아니라 정책이 정합니다. 이 필드를 빼세요.",
            "Destinations are chosen by policy, not by requests. Leave this field out.",
        )
    try:
        chat = msgspec.convert(body, Chat)
    except msgspec.ValidationError as error:
        raise _foreign_tool(body) or _ill_typed(str(error)) from None
    except RecursionError:
        raise _too_deep() from None
    if not chat.messages:
        raise _bad("messages", "메시지가 하나는 있어야 합니다.", "There must be at least one message.")
    return Decoded(body, chat, _dropped(body))


def _object(raw: bytes) -> JsonObject:
    """A JSON object without duplicate keys."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise _bad(None, "올바른 JSON 이 아닙니다.", "This is not valid JSON.", "invalid_json") from None
    if type(body) is not dict:
        raise _bad(None, "본문은 JSON 객체여야 합니다.", "The body must be a JSON object.", "invalid_json")
    try:
        lost = _lost_a_key(raw, body)
    except (TypeError, RecursionError):  # both writers of JSON have a limit of depth
        raise _too_deep() from None
    if lost:
        raise _bad(
            None,
            "같은 키가 두 번 나옵니다. 하나만 남기세요.",
            "A key stands twice. Keep one.",
            "duplicate_key",
        )
    return body


def _lost_a_key(raw: bytes, body: JsonObject) -> bool:
    """Whether decoding dropped a pair because its key came twice.

    Outside strings a colon stands once for each pair, inside strings decoding keeps it: so the number of
    colons falls exactly when a pair is lost. Only an escaped colon would upset the count; then look closely.
    """
    if b"\\" not in raw or b"\\u003" not in raw:
        return raw.count(b":") != orjson.dumps(body).count(b":")
    repeated = False

    def pairs(found: list[tuple[str, Any]]) -> None:
        nonlocal repeated
        repeated = repeated or len({key for key, _ in found}) != len(found)

    json.loads(raw, object_pairs_hook=pairs)
    return repeated


def _dropped(body: JsonObject) -> tuple[str, ...]:
    """Names of fields that are not forwarded, by their place; names of the caller's own making are masked."""
    lost: list[str] = []
    _compare(body, _CHAT, "", lost)
    return tuple(dict.fromkeys(lost))[:_MOST_SHOWN] if lost else ()


def _compare(node: JsonObject, form: _Form, where: str, lost: list[str]) -> None:
    """Gather the fields of `node` and of what is in it that `form` does not know."""
    fields, inner = form
    if not node.keys() <= fields:
        unknown = (key for key in node if key not in fields)
        lost += [where + (key if _SHOWN.match(key) else "?") for key in unknown]
    for key in node if inner else ():
        if key in inner:
            value, there = node[key], f"{where}{key}."
            if type(value) is dict:
                _compare(value, inner[key], there, lost)
            elif type(value) is list:
                for member in value:
                    if type(member) is dict:
                        _compare(member, inner[key], there, lost)


def encode_answer(answer: Answer, record: str, created: int) -> bytes:
    """A whole answer as `chat.completion`."""
    choices = [
        _Choice(c.index, _Written(**_fields(c.message)), c.finish_reason, c.logprobs) for c in answer.choices
    ]
    usage = _usage(answer.usage) if answer.usage else None
    return _ENCODER.encode(
        _Completion(f"chatcmpl-{record}", "chat.completion", created, answer.model, choices, usage)
    )


def _fields(message: Message) -> dict[str, Any]:
    return {
        "content": message.content,
        "refusal": message.refusal,
        "tool_calls": message.tool_calls,
        "reasoning_content": message.reasoning_content,
    }


def _usage(usage: Usage) -> JsonObject:
    return {
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
        "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
    }


class ChunkEncoder:
    """One streamed answer as server-sent events. Usage is kept for the end, whenever the backend reports it."""

    def __init__(self, record: str, created: int, model: str, wants_usage: bool) -> None:
        self._wants_usage = wants_usage
        self._usage: Usage | None = None
        fixed = {
            "id": f"chatcmpl-{record}",
            "object": "chat.completion.chunk",
            "created": created,
            "model": model,
        }
        self._head = b"data: " + orjson.dumps(fixed)[:-1] + b',"choices":'

    def feed(self, chunk: Chunk) -> bytes:
        """The events for one step; empty where it only reports usage."""
        self._usage = chunk.usage or self._usage
        if not chunk.choices:
            return b""
        choices = [_StreamedChoice(c.index, c.delta, c.finish_reason, c.logprobs) for c in chunk.choices]
        return self._head + _ENCODER.encode(choices) + b"}\n\n"

    def finish(self) -> bytes:
        """The usage event where it was asked for and is known, and the end mark."""
        if not self._wants_usage or self._usage is None:
            return b"data: [DONE]\n\n"
        return self._head + b'[],"usage":' + orjson.dumps(_usage(self._usage)) + b"}\n\ndata: [DONE]\n\n"

    def fail(self, error: bytes) -> bytes:
        """The last event of a stream that broke: the error, and no end mark."""
        return b"data: " + error + b"\n\n"


def encode_error(text: Text, kind: str, code: str | None, param: str | None, language: Language) -> bytes:
    """An error in OpenAI's shape."""
    return orjson.dumps(
        {"error": {"message": text.say(language), "type": kind, "param": param, "code": code}}
    )


def encode_models(names: list[tuple[str, str]]) -> bytes:
    """The list of models: names with who offers them."""
    return orjson.dumps({"object": "list", "data": [_model(name, owner) for name, owner in names]})


def encode_model(name: str, owner: str) -> bytes:
    """One model."""
    return orjson.dumps(_model(name, owner))


def _model(name: str, owner: str) -> JsonObject:
    return {"id": name, "object": "model", "created": 0, "owned_by": owner}


class _Written(Struct, omit_defaults=True, gc=False):
    content: Any
    refusal: str | None
    role: str = msgspec.field(default_factory=lambda: "assistant")
    tool_calls: Any = None
    reasoning_content: str | None = None


class _Choice(Struct, gc=False):
    index: int
    message: _Written
    finish_reason: FinishReason
    logprobs: JsonObject | None


class _Completion(Struct, gc=False):
    id: str
    object: str
    created: int
    model: str
    choices: list[_Choice]
    usage: JsonObject | None


class _StreamedChoice(Struct, gc=False):
    index: int
    delta: Delta
    finish_reason: FinishReason | None
    logprobs: JsonObject | None


_ENCODER: Final = msgspec.json.Encoder()


def _foreign_tool(body: JsonObject) -> BadRequest | None:
    """The refusal of a tool that is not the caller's own function: a provider would run it, or connect to it."""
    tools = body.get("tools")
    kinds = [tool.get("type") for tool in tools if type(tool) is dict] if type(tools) is list else []
    if all(kind in ("function", None) for kind in kinds):
        return None
    return _bad(
        "tools",
        "호출하는 쪽이 직접 실행하는 함수(type: function)만 받습니다. 제공자가 실행하거나 접속하는 도구는 빼세요.",
        "Only functions that the caller runs are taken (type: function). Leave out tools that a provider would run "
        "or connect to.",
    )


def _ill_typed(message: str) -> BadRequest:
    """What msgspec found, without a word of the value."""
    place = _WHERE.search(message)
    said = message[: place.start()] if place else message
    param = place[1].lstrip(".") if place else None
    what = said if _WHAT.match(said) else "this value is not allowed here"
    name = param or "body"
    return _bad(param or None, f"{name} 의 값이 맞지 않습니다: {what}", f"{name} is not right: {what}")


def _too_deep() -> BadRequest:
    return _bad(None, "본문이 너무 깊게 중첩되어 있습니다.", "The body is nested too deeply.", "invalid_json")


def _bad(param: str | None, ko: str, en: str, code: str | None = None) -> BadRequest:
    return BadRequest(Text(ko=ko, en=en), param=param, code=code)
