"""Anthropic Messages, what is asked: bytes to the internal form.

Source: Anthropic API reference, Messages (2023-06-01). Blocks become messages and parts: what a tool returned is a message of
its own, before what the user says beside it. Signed thoughts come back as the seals that were handed out for them; nobody
reads them here, and what is no seal of ours goes nowhere.
"""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from haechi.app.web.dialects.dialect import Decoded
from haechi.app.web.dialects.reading import (
    Form,
    bad,
    form_of,
    left_behind,
    not_the_callers,
    request_of,
    typed,
)
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

LOW: Final = 2_048
MEDIUM: Final = 8_192
"""Tokens of a budget for thinking up to which it is a low and a medium effort."""


class Source(Struct, frozen=True):
    """Where the bytes of an image or a document are."""

    type: Literal["base64", "url", "text", "file"]
    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    file_id: str | None = None


class TextBlock(Struct, frozen=True, tag="text"):
    text: str


class ImageBlock(Struct, frozen=True, tag="image"):
    source: Source


class DocumentBlock(Struct, frozen=True, tag="document"):
    source: Source
    title: str | None = None
    context: str | None = None


class ToolUseBlock(Struct, frozen=True, tag="tool_use"):
    id: str
    name: str
    input: JsonObject


class ToolResultBlock(Struct, frozen=True, tag="tool_result"):
    tool_use_id: str
    content: str | tuple[TextBlock | ImageBlock | DocumentBlock, ...] | None = None
    is_error: bool | None = None


class ThinkingBlock(Struct, frozen=True, tag="thinking"):
    thinking: str
    signature: str = ""


class RedactedBlock(Struct, frozen=True, tag="redacted_thinking"):
    data: str


Block = (
    TextBlock | ImageBlock | DocumentBlock | ToolUseBlock | ToolResultBlock | ThinkingBlock | RedactedBlock
)


class Turn(Struct, frozen=True):
    """One turn; `system` in the middle of a conversation is taken, too."""

    role: Literal["user", "assistant", "system"]
    content: str | tuple[Block, ...]


class Tool(Struct, frozen=True):
    """A function that the caller runs."""

    name: str
    input_schema: JsonObject
    description: str | None = None
    strict: bool | None = None
    type: Literal["custom"] | None = None


class ToolChoice(Struct, frozen=True):
    type: Literal["auto", "any", "tool", "none"]
    name: str | None = None
    disable_parallel_tool_use: bool | None = None


class Thinking(Struct, frozen=True):
    type: Literal["enabled", "disabled", "adaptive"]
    budget_tokens: Positive | None = None


class OutputFormat(Struct, frozen=True):
    type: Literal["json_schema"]
    schema: JsonObject


class OutputConfig(Struct, frozen=True):
    effort: Literal["low", "medium", "high", "max"] | None = None
    format: OutputFormat | None = None


class Metadata(Struct, frozen=True):
    user_id: str | None = None


class Counted(Struct, frozen=True):
    """What both routes take: `messages` and `messages/count_tokens`."""

    model: str
    messages: tuple[Turn, ...]
    system: str | tuple[TextBlock, ...] | None = None
    tools: tuple[Tool, ...] | None = None
    tool_choice: ToolChoice | None = None
    thinking: Thinking | None = None
    output_config: OutputConfig | None = None
    output_format: OutputFormat | None = None


class Request(Counted, frozen=True, kw_only=True):
    """`POST /v1/messages`."""

    max_tokens: Positive
    stop_sequences: tuple[str, ...] | None = None
    stream: bool | None = None
    temperature: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    metadata: Metadata | None = None


_SOURCE: Final = form_of(Source)
_INNER: Final = form_of(TextBlock, ImageBlock, DocumentBlock, source=_SOURCE)
_BLOCK: Final = form_of(
    *(TextBlock, ImageBlock, DocumentBlock, ToolUseBlock, ToolResultBlock, ThinkingBlock, RedactedBlock),
    source=_SOURCE,
    content=_INNER,
)


def _form(kind: type[Struct]) -> Form:
    return form_of(
        kind,
        messages=form_of(Turn, content=_BLOCK),
        system=form_of(TextBlock),
        tools=form_of(Tool),
        tool_choice=form_of(ToolChoice),
        thinking=form_of(Thinking),
        output_config=form_of(OutputConfig, format=form_of(OutputFormat)),
        output_format=form_of(OutputFormat),
        metadata=form_of(Metadata),
    )


_REQUEST: Final = _form(Request)
_COUNTED: Final = _form(Counted)


def decode(raw: bytes, path: str = "") -> Decoded:
    """One request for a message. Raises `BadRequest` with `param` naming the field."""
    return _decoded(request_of(raw), Request, _REQUEST)


def decode_counted(raw: bytes, path: str = "") -> Decoded:
    """One request for a count of tokens."""
    return _decoded(request_of(raw), Counted, _COUNTED)


def _decoded(body: JsonObject, kind: type[Counted], form: Form) -> Decoded:
    chat = to_chat(body, kind)
    return Decoded(_unsealed(body), chat, left_behind(body, form), to_chat=partial(to_chat, kind=kind))


def to_chat(body: JsonObject, kind: type[Counted]) -> Chat:
    """A body of this dialect as the internal form. Raises `BadRequest`."""
    asked = typed(body, kind, _foreign)
    if not asked.messages:
        raise bad("messages", "메시지가 하나는 있어야 합니다.", "There must be at least one message.")
    choice = asked.tool_choice
    single = choice.disable_parallel_tool_use if choice is not None else None
    chat = Chat(
        model=asked.model,
        messages=(
            *_system(asked.system),
            *(message for turn in asked.messages for message in _messages(turn)),
        ),
        tools=tuple(map(_tool, asked.tools)) if asked.tools else None,
        tool_choice=_choice(choice),
        parallel_tool_calls=None if single is None else not single,
        response_format=_format(asked),
        reasoning_effort=_effort(asked),
    )
    if not isinstance(asked, Request):
        return chat
    return msgspec.structs.replace(
        chat,
        max_tokens=asked.max_tokens,
        stop=asked.stop_sequences or None,
        stream=asked.stream,
        temperature=asked.temperature,
        top_p=asked.top_p,
        user=asked.metadata.user_id if asked.metadata else None,
    )


def _system(system: str | tuple[TextBlock, ...] | None) -> tuple[Message, ...]:
    if not system:
        return ()
    said = system if isinstance(system, str) else tuple(TextPart(block.text) for block in system)
    return (Message("system", said),)


def _messages(turn: Turn) -> Iterator[Message]:
    if isinstance(turn.content, str):
        yield Message(turn.role, turn.content)
    elif turn.role == "assistant":
        yield _answered(turn.content)
    else:
        results = [block for block in turn.content if isinstance(block, ToolResultBlock)]
        yield from (Message("tool", _returned(block), tool_call_id=block.tool_use_id) for block in results)
        parts = tuple(_part(block) for block in turn.content if not isinstance(block, ToolResultBlock))
        if parts or not results:
            yield Message(turn.role, parts)


def _answered(blocks: tuple[Block, ...]) -> Message:
    """An answer of an earlier turn, in one message."""
    thought = [block.thinking for block in blocks if isinstance(block, ThinkingBlock)]
    seals = [
        block.signature if isinstance(block, ThinkingBlock) else block.data
        for block in blocks
        if isinstance(block, ThinkingBlock | RedactedBlock)
    ]
    parts = tuple(TextPart(block.text) for block in blocks if isinstance(block, TextBlock))
    calls = tuple(
        ToolCall(block.id, FunctionCall(block.name, msgspec.json.encode(block.input).decode()))
        for block in blocks
        if isinstance(block, ToolUseBlock)
    )
    if any(isinstance(block, ImageBlock | DocumentBlock | ToolResultBlock) for block in blocks):
        raise bad(
            "messages",
            "assistant 의 말에는 글, 생각, tool_use 만 올 수 있습니다.",
            "An assistant says text, thinking and tool_use alone.",
        )
    return Message(
        "assistant",
        parts or None,
        tool_calls=calls or None,
        reasoning_content="".join(thought) or None,
        thoughts=tuple(filter(None, seals)) or None,
    )


def _returned(block: ToolResultBlock) -> str | tuple[ContentPart, ...]:
    """What a tool returned; that it failed is said in words, which every backend can carry."""
    content = block.content or ""
    parts = (TextPart(content),) if isinstance(content, str) else tuple(map(_part, content))
    failed = (TextPart("[error]"),) if block.is_error else ()
    if all(isinstance(part, TextPart) for part in parts):
        return "\n".join(part.text for part in (*failed, *parts) if isinstance(part, TextPart))
    return (*failed, *parts)


def _part(block: Block) -> ContentPart:
    match block:
        case TextBlock():
            return TextPart(block.text)
        case ImageBlock():
            return ImagePart(ImageUrl(_address(block.source)))
        case DocumentBlock(source=Source(type="text", data=str(text))):
            return TextPart("\n".join(filter(None, (block.title, block.context, text))))
        case DocumentBlock():
            return FilePart(_file(block))
        case _:
            raise bad(
                "messages",
                "user 의 말에는 글, 그림, 문서, tool_result 만 올 수 있습니다.",
                "A user says text, images, documents and tool_result alone.",
            )


def _address(source: Source) -> str:
    if source.type == "url" and source.url is not None:
        return source.url
    if source.type == "base64" and source.data is not None:
        return f"data:{source.media_type or 'application/octet-stream'};base64,{source.data}"
    raise bad("messages", "그림은 base64 나 url 로 주세요.", "Give an image as base64 or url.")


def _file(block: DocumentBlock) -> FileContent:
    if block.source.type == "file":
        return FileContent(file_id=block.source.file_id, filename=block.title)
    return FileContent(file_data=_address(block.source), filename=block.title)


def _tool(tool: Tool) -> FunctionTool:
    return FunctionTool(FunctionSpec(tool.name, tool.description, tool.input_schema, tool.strict))


def _choice(choice: ToolChoice | None) -> Any:
    if choice is None:
        return None
    if choice.type == "tool":
        if choice.name is None:
            raise bad("tool_choice.name", "어느 도구인지 적어 주세요.", "Say which tool.")
        return NamedToolChoice(FunctionName(choice.name))
    return {"auto": "auto", "any": "required", "none": "none"}[choice.type]


def _format(asked: Counted) -> SchemaFormat | None:
    wanted = (asked.output_config.format if asked.output_config else None) or asked.output_format
    return SchemaFormat(JsonSchema("answer", wanted.schema, strict=True)) if wanted else None


def _effort(asked: Counted) -> Effort | None:
    """How much is to be thought, in the words of the internal form."""
    said = asked.output_config.effort if asked.output_config else None
    if asked.thinking is not None and asked.thinking.type == "disabled":
        return "none"
    if said is not None:
        return "xhigh" if said == "max" else said
    if asked.thinking is None or asked.thinking.type == "adaptive":
        return None
    budget = asked.thinking.budget_tokens or MEDIUM
    return "low" if budget <= LOW else "medium" if budget <= MEDIUM else "high"


def _unsealed(body: JsonObject) -> JsonObject:
    """`body` without what is sealed: nobody can read it here, and it goes nowhere but back to who wrote it."""
    turns = body["messages"]
    if not any(type(turn.get("content")) is list and any(map(_is_sealed, turn["content"])) for turn in turns):
        return body
    return body | {"messages": [turn | {"content": _without(turn["content"])} for turn in turns]}


_SEALED: Final = {"thinking": "signature", "redacted_thinking": "data"}


def _is_sealed(block: Any) -> bool:
    return type(block) is dict and block.get("type") in _SEALED


def _without(content: Any) -> Any:
    if type(content) is not list:
        return content
    return [block | {_SEALED[block["type"]]: ""} if _is_sealed(block) else block for block in content]


def _foreign(body: JsonObject) -> BadRequest | None:
    """The refusal of a tool that a provider would run, or that only one provider's models know."""
    tools = body.get("tools")
    kinds = [tool.get("type") for tool in tools if type(tool) is dict] if type(tools) is list else []
    return None if all(kind in ("custom", None) for kind in kinds) else not_the_callers("tools")
