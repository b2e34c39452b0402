"""Gemini, what is asked: bytes and a path to the internal form.

Source: Gemini API reference, generateContent (v1beta). The model stands in the path, and is scanned with the rest. A call
without an id is known by its place, and an answer to it by the name of its function, in order.
"""

import base64
import binascii
from collections import deque
from functools import partial
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from haechi.app.web.dialects.dialect import Decoded
from haechi.app.web.dialects.reading import bad, form_of, left_behind, not_the_callers, request_of, typed
from haechi.domain.chat import (
    Chat,
    ContentPart,
    Effort,
    FileContent,
    FilePart,
    FunctionCall,
    FunctionName,
    FunctionSpec,
    FunctionTool,
    ImagePart,
    ImageUrl,
    JsonFormat,
    JsonObject,
    JsonSchema,
    Message,
    NamedToolChoice,
    Positive,
    SchemaFormat,
    TextPart,
    ToolCall,
)
from haechi.domain.errors import BadRequest

PREFIX: Final = "/v1beta/models/"
STABLE: Final = "/v1/models/"
"""Newer SDKs ask below `/v1`, older ones below `/v1beta`."""

STREAM: Final = "streamGenerateContent"
LOW: Final = 2_048
MEDIUM: Final = 8_192
"""Tokens of a budget for thinking up to which it is a low and a medium effort."""


class Camel(Struct, frozen=True, rename="camel"):
    """A piece of this dialect, whose names have humps."""


class Blob(Camel, frozen=True):
    mime_type: str
    data: str
    display_name: str | None = None


class FileData(Camel, frozen=True):
    file_uri: str
    mime_type: str | None = None


class Call(Camel, frozen=True):
    name: str
    args: JsonObject = {}
    id: str | None = None


class CallResponse(Camel, frozen=True):
    name: str
    response: JsonObject
    id: str | None = None


class Part(Camel, frozen=True):
    """One piece of a turn: of the kinds, one."""

    text: str | None = None
    inline_data: Blob | None = None
    file_data: FileData | None = None
    function_call: Call | None = None
    function_response: CallResponse | None = None
    thought: bool | None = None
    thought_signature: str | None = None


class Content(Camel, frozen=True):
    parts: tuple[Part, ...] = ()
    role: Literal["user", "model", "function"] | None = None


class Instruction(Camel, frozen=True):
    parts: tuple[Part, ...] = ()
    role: str | None = None


class Declaration(Camel, frozen=True):
    name: str
    description: str | None = None
    parameters: JsonObject | None = None
    parameters_json_schema: JsonObject | None = None


class Functions(Camel, frozen=True):
    function_declarations: tuple[Declaration, ...] = ()


class CallingConfig(Camel, frozen=True):
    mode: Literal["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"] = "AUTO"
    allowed_function_names: tuple[str, ...] = ()


class ToolConfig(Camel, frozen=True):
    function_calling_config: CallingConfig | None = None


class ThinkingConfig(Camel, frozen=True):
    include_thoughts: bool | None = None
    thinking_budget: int | None = None
    thinking_level: Literal["MINIMAL", "LOW", "MEDIUM", "HIGH"] | None = None


class GenerationConfig(Camel, frozen=True):
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    candidate_count: Annotated[int, Meta(ge=1, le=8)] | None = None
    max_output_tokens: Positive | None = None
    stop_sequences: tuple[str, ...] = ()
    response_mime_type: str | None = None
    response_schema: JsonObject | None = None
    response_json_schema: JsonObject | None = None
    seed: int | None = None
    presence_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[float, Meta(ge=-2, le=2)] | None = None
    thinking_config: ThinkingConfig | None = None


class ContentRequest(Camel, frozen=True):
    """`POST /v1beta/models/{model}:generateContent` and its kin."""

    contents: tuple[Content, ...]
    system_instruction: Instruction | None = None
    tools: tuple[Functions, ...] = ()
    tool_config: ToolConfig | None = None
    generation_config: GenerationConfig = GenerationConfig()


_PART: Final = form_of(
    Part,
    inlineData=form_of(Blob),
    fileData=form_of(FileData),
    functionCall=form_of(Call),
    functionResponse=form_of(CallResponse),
)
_FORM: Final = form_of(
    ContentRequest,
    contents=form_of(Content, parts=_PART),
    systemInstruction=form_of(Instruction, parts=_PART),
    tools=form_of(Functions, functionDeclarations=form_of(Declaration)),
    toolConfig=form_of(ToolConfig, functionCallingConfig=form_of(CallingConfig)),
    generationConfig=form_of(GenerationConfig, thinkingConfig=form_of(ThinkingConfig)),
)


def model_of(path: str) -> tuple[str, str]:
    """The model and what is asked of it, from a path."""
    name, _, action = path.partition("/models/")[2].rpartition(":")
    return name, action


ACTIONS: Final = ("generateContent", STREAM, "countTokens")


def is_asked(path: str) -> bool:
    """Whether a path is one of this dialect alone."""
    return path.startswith("/v1beta/") or (path.startswith(STABLE) and model_of(path)[1] in ACTIONS)


def decode(raw: bytes, path: str = "") -> Decoded:
    """One request for content. Raises `BadRequest` with `param` naming the field."""
    body = request_of(raw)
    model, action = model_of(path)
    read = partial(to_chat, stream=action == STREAM)
    named = body | {"model": model}
    chat = read(named)
    return Decoded(_unsealed(named), chat, left_behind(body, _FORM), to_chat=read)


def to_chat(body: JsonObject, *, stream: bool = False) -> Chat:
    """A body of this dialect, with its model, as the internal form. Raises `BadRequest`."""
    asked = typed(body, ContentRequest, _foreign)
    if not asked.contents:
        raise bad("contents", "내용이 하나는 있어야 합니다.", "There must be some content.")
    config = asked.generation_config
    declared = [each for tool in asked.tools for each in tool.function_declarations]
    return Chat(
        model=body["model"],
        messages=(*_system(asked.system_instruction), *_messages(asked.contents)),
        tools=tuple(map(_tool, declared)) or None,
        tool_choice=_choice(asked.tool_config),
        response_format=_format(config),
        max_tokens=config.max_output_tokens,
        temperature=config.temperature,
        top_p=config.top_p,
        n=config.candidate_count,
        stop=config.stop_sequences or None,
        seed=config.seed,
        frequency_penalty=config.frequency_penalty,
        presence_penalty=config.presence_penalty,
        reasoning_effort=_effort(config.thinking_config),
        stream=stream or None,
    )


def _system(said: Instruction | None) -> tuple[Message, ...]:
    text = "\n".join(part.text for part in said.parts if part.text) if said else ""
    return (Message("system", text),) if text else ()


def _messages(contents: tuple[Content, ...]) -> tuple[Message, ...]:
    messages: list[Message] = []
    waiting: dict[str, deque[str]] = {}
    for number, content in enumerate(contents):
        if content.role == "model":
            messages.append(_answered(content, number, waiting))
        else:
            messages += _asked(content, waiting)
    return tuple(messages)


def _answered(content: Content, number: int, waiting: dict[str, deque[str]]) -> Message:
    """An answer of an earlier turn, in one message."""
    calls = []
    for place, part in enumerate(content.parts):
        if (call := part.function_call) is not None:
            name = call.id or f"call_{number}_{place}"
            waiting.setdefault(call.name, deque()).append(name)
            calls.append(ToolCall(name, FunctionCall(call.name, msgspec.json.encode(call.args).decode())))
    seals = [seal for part in content.parts for seal in _seals(part.thought_signature)]
    text = tuple(TextPart(part.text) for part in content.parts if part.text and not part.thought)
    thought = "".join(part.text for part in content.parts if part.text and part.thought)
    return Message(
        "assistant",
        text or None,
        tool_calls=tuple(calls) or None,
        reasoning_content=thought or None,
        thoughts=tuple(seals) or None,
    )


def _asked(content: Content, waiting: dict[str, deque[str]]) -> list[Message]:
    """What functions returned, each a message, and what the user says beside it."""
    messages = []
    parts: list[ContentPart] = []
    for part in content.parts:
        if (returned := part.function_response) is not None:
            known = waiting.get(returned.name)
            name = returned.id or (known.popleft() if known else f"call_{returned.name}")
            said = msgspec.json.encode(returned.response).decode()
            messages.append(Message("tool", said, tool_call_id=name))
        else:
            parts.append(_part(part))
    if parts or not messages:
        messages.append(Message("user", tuple(parts)))
    return messages


def _part(part: Part) -> ContentPart:
    if (blob := part.inline_data) is not None:
        url = f"data:{blob.mime_type};base64,{blob.data}"
        if blob.mime_type.startswith("image/"):
            return ImagePart(ImageUrl(url))
        return FilePart(FileContent(file_data=url, filename=blob.display_name))
    if (file := part.file_data) is not None:
        if (file.mime_type or "").startswith("image/"):
            return ImagePart(ImageUrl(file.file_uri))
        return FilePart(FileContent(file_data=file.file_uri))
    return TextPart(part.text or "")


def sealed(seals: tuple[str, ...]) -> str:
    """Seals as a signature of this dialect, which is base64."""
    return base64.b64encode("\n".join(seals).encode()).decode()


def _seals(signature: str | None) -> list[str]:
    if not signature:
        return []
    try:
        return base64.b64decode(signature, altchars=b"-_", validate=False).decode().split("\n")
    except (binascii.Error, ValueError):
        return [signature]  # none of ours: it goes nowhere


def _tool(said: Declaration) -> FunctionTool:
    schema = said.parameters_json_schema or (_lowered(said.parameters) if said.parameters else None)
    return FunctionTool(FunctionSpec(said.name, said.description, schema))


def _lowered(schema: Any) -> Any:
    """A schema with its types in small letters: `STRING` is Gemini's word for `string`."""
    if isinstance(schema, list):
        return [_lowered(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.lower() if key == "type" and isinstance(value, str) else _lowered(value)
        for key, value in schema.items()
    }


def _choice(config: ToolConfig | None) -> Literal["none", "auto", "required"] | NamedToolChoice | None:
    calling = config.function_calling_config if config else None
    if calling is None:
        return None
    if calling.mode == "ANY":
        only = calling.allowed_function_names
        return NamedToolChoice(FunctionName(only[0])) if len(only) == 1 else "required"
    return "none" if calling.mode == "NONE" else "auto"


def _format(config: GenerationConfig) -> JsonFormat | SchemaFormat | None:
    schema = config.response_json_schema or (
        _lowered(config.response_schema) if config.response_schema else None
    )
    if schema is not None:
        return SchemaFormat(JsonSchema("answer", schema))
    return JsonFormat() if config.response_mime_type == "application/json" else None


def _effort(config: ThinkingConfig | None) -> Effort | None:
    if config is None:
        return None
    match config.thinking_level, config.thinking_budget:
        case "MINIMAL" | "LOW" | "MEDIUM" | "HIGH" as level, _:
            words: dict[str, Effort] = {
                "MINIMAL": "minimal",
                "LOW": "low",
                "MEDIUM": "medium",
                "HIGH": "high",
            }
            return words[level]
        case _, 0:
            return "none"
        case _, int(budget) if budget > 0:
            return "low" if budget <= LOW else "medium" if budget <= MEDIUM else "high"
        case _:
            return None


def _unsealed(body: JsonObject) -> JsonObject:
    """`body` without what is sealed: nobody can read it here, and it goes nowhere but back to who wrote it."""
    contents = body["contents"]
    if not any(_is_sealed(part) for content in contents for part in content.get("parts", ())):
        return body
    return body | {
        "contents": [
            content
            | {
                "parts": [
                    part | {"thoughtSignature": ""} if _is_sealed(part) else part
                    for part in content.get("parts", ())
                ]
            }
            for content in contents
        ]
    }


def _is_sealed(part: Any) -> bool:
    return type(part) is dict and bool(part.get("thoughtSignature"))


def _foreign(body: JsonObject) -> BadRequest | None:
    """The refusal of tools that Google would run, which are known by other names than functions."""
    tools = body.get("tools")
    names = {name for tool in tools if type(tool) is dict for name in tool} if type(tools) is list else set()
    return not_the_callers("tools") if names - {"functionDeclarations"} else None
