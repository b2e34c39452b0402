"""OpenAI Chat Completions: bytes to the internal form and back.

What is decoded is what is scanned is what is sent. Fields that haechi does not know are scanned with the
rest, never forwarded, and named to the caller.
"""

from typing import Any, Final

import msgspec
import orjson
from msgspec import Struct

from haechi.app.web.dialects.dialect import Decoded, Dialect, Failure, Stamp
from haechi.app.web.dialects.reading import bad, form_of, left_behind, not_the_callers, request_of, typed
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

_PART: Final = form_of(
    *(TextPart, RefusalPart, ImagePart, AudioPart, FilePart),
    image_url=form_of(ImageUrl),
    input_audio=form_of(AudioClip),
    file=form_of(FileContent),
)
_CHAT: Final = form_of(
    Chat,
    messages=form_of(Message, content=_PART, tool_calls=form_of(ToolCall, function=form_of(FunctionCall))),
    tools=form_of(FunctionTool, function=form_of(FunctionSpec)),
    tool_choice=form_of(NamedToolChoice, function=form_of(FunctionName)),
    response_format=form_of(SchemaFormat, json_schema=form_of(JsonSchema)),
    stream_options=form_of(StreamOptions),
    web_search_options=form_of(WebSearch, user_location=form_of(UserLocation, approximate=form_of(Place))),
)


def decode(raw: bytes, path: str = "") -> Decoded:
    """Decode one request. Raises `BadRequest` with `param` naming the field."""
    body = request_of(raw)
    chat = typed(body, Chat, _foreign_tool)
    if not chat.messages:
        raise bad("messages", "메시지가 하나는 있어야 합니다.", "There must be at least one message.")
    return Decoded(body, chat, left_behind(body, _CHAT))


def encode_answer(answer: Answer, stamp: Stamp) -> bytes:
    """A whole answer as `chat.completion`."""
    choices = [
        _Choice(c.index, _Written(**_fields(c.message)), c.finish_reason, c.logprobs) for c in answer.choices
    ]
    usage = _usage(answer.usage) if answer.usage else None
    return _ENCODER.encode(
        _Completion(
            f"chatcmpl-{stamp.record}", "chat.completion", stamp.created, answer.model, choices, usage
        )
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

    def __init__(self, stamp: Stamp) -> None:
        self._wants_usage = stamp.decoded.chat.wants_usage
        self._usage: Usage | None = None
        self.whole: JsonObject = {}
        fixed = {
            "id": f"chatcmpl-{stamp.record}",
            "object": "chat.completion.chunk",
            "created": stamp.created,
            "model": stamp.model,
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

    def fail(self, failure: Failure) -> bytes:
        """The last event of a stream that broke: the error, and no end mark."""
        return b"data: " + encode_error(failure) + b"\n\n"


def encode_error(failure: Failure) -> bytes:
    """An error in OpenAI's shape."""
    said = {
        "message": failure.message,
        "type": failure.kind,
        "param": failure.param,
        "code": failure.code,
    }
    return orjson.dumps({"error": said})


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


COMPLETION: Final = _Completion
"""The form of a whole answer, for those who describe it."""


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
    return not_the_callers("tools")


CHAT: Final = Dialect("chat", decode, encode_answer, ChunkEncoder, encode_error)
