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


class DataSource(Struct, frozen=True, tag="base64"):
    """The bytes themselves."""

    media_type: str
    data: str


class UrlSource(Struct, frozen=True, tag="url"):
    """Where they lie."""

    url: str


class TextSource(Struct, frozen=True, tag="text"):
    """A text that is a document."""

    data: str
    media_type: str | None = None


class FileSource(Struct, frozen=True, tag="file"):
    """What is stored with a provider."""

    file_id: str


class SystemText(Struct, frozen=True):
    text: str
    type: Literal["text"] | None = None


class TextBlock(Struct, frozen=True, tag="text"):
    text: str


class ImageBlock(Struct, frozen=True, tag="image"):
    source: DataSource | UrlSource


class DocumentBlock(Struct, frozen=True, tag="document"):
    source: DataSource | UrlSource | TextSource | FileSource
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


Shown = TextBlock | ImageBlock | DocumentBlock
Answered = TextBlock | ToolUseBlock | ThinkingBlock | RedactedBlock


class UserTurn(Struct, frozen=True, tag="user", tag_field="role"):
    content: str | tuple[TextBlock | ImageBlock | DocumentBlock | ToolResultBlock, ...]


class AssistantTurn(Struct, frozen=True, tag="assistant", tag_field="role"):
    content: str | tuple[Answered, ...]


class SystemTurn(Struct, frozen=True, tag="system", tag_field="role"):
    """Instructions in the middle of a conversation."""

    content: str | tuple[SystemText, ...]


Turn = UserTurn | AssistantTurn | SystemTurn


class Tool(Struct, frozen=True):
    """A function that the caller runs."""

    name: str
    input_schema: JsonObject
    description: str | None = None
    strict: bool | None = None
    type: Literal["custom"] | None = None


class AutoChoice(Struct, frozen=True, tag="auto"):
    disable_parallel_tool_use: bool | None = None


class AnyChoice(Struct, frozen=True, tag="any"):
    disable_parallel_tool_use: bool | None = None


class NamedChoice(Struct, frozen=True, tag="tool"):
    name: str
    disable_parallel_tool_use: bool | None = None


class NoChoice(Struct, frozen=True, tag="none"):
    pass


ToolChoice = AutoChoice | AnyChoice | NamedChoice | NoChoice


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


class CountRequest(Struct, frozen=True):
    """What both routes take: `messages` and `messages/count_tokens`."""

    model: str
    messages: tuple[Turn, ...]
    system: str | tuple[SystemText, ...] | None = None
    tools: tuple[Tool, ...] | None = None
    tool_choice: ToolChoice | None = None
    thinking: Thinking | None = None
    output_config: OutputConfig | None = None
    output_format: OutputFormat | None = None


class MessagesRequest(CountRequest, frozen=True, kw_only=True):
    """`POST /v1/messages`."""

    max_tokens: Positive
    stop_sequences: tuple[str, ...] | None = None
    stream: bool | None = None
    temperature: Annotated[float, Meta(ge=0, le=1)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    metadata: Metadata | None = None


_SOURCE: Final = form_of(DataSource, UrlSource, TextSource, FileSource)
_INNER: Final = form_of(TextBlock, ImageBlock, DocumentBlock, source=_SOURCE)
_BLOCK: Final = form_of(
    *(TextBlock, ImageBlock, DocumentBlock, ToolUseBlock, ToolResultBlock, ThinkingBlock, RedactedBlock),
    source=_SOURCE,
    content=_INNER,
)


def _form(kind: type[Struct]) -> Form:
    return form_of(
        kind,
        messages=form_of(UserTurn, AssistantTurn, content=_BLOCK),
        system=form_of(SystemText),
        tools=form_of(Tool),
        tool_choice=form_of(AutoChoice, AnyChoice, NamedChoice, NoChoice),
        thinking=form_of(Thinking),
        output_config=form_of(OutputConfig, format=form_of(OutputFormat)),
        output_format=form_of(OutputFormat),
        metadata=form_of(Metadata),
    )


_REQUEST: Final = _form(MessagesRequest)
_COUNTED: Final = _form(CountRequest)


def decode(raw: bytes, path: str = "") -> Decoded:
    """One request for a message. Raises `BadRequest` with `param` naming the field."""
    return _decoded(request_of(raw), MessagesRequest, _REQUEST)


def decode_counted(raw: bytes, path: str = "") -> Decoded:
    """One request for a count of tokens."""
    return _decoded(request_of(raw), CountRequest, _COUNTED)


def _decoded(body: JsonObject, kind: type[CountRequest], form: Form) -> Decoded:
    chat = to_chat(body, kind)
    return Decoded(_unsealed(body), chat, left_behind(body, form), to_chat=partial(to_chat, kind=kind))


def to_chat(body: JsonObject, kind: type[CountRequest]) -> Chat:
    """A body of this dialect as the internal form. Raises `BadRequest`."""
    asked = typed(body, kind, _foreign)
    if not asked.messages:
        raise bad("messages", "메시지가 하나는 있어야 합니다.", "There must be at least one message.")
    choice = asked.tool_choice
    single = None if choice is None or isinstance(choice, NoChoice) else choice.disable_parallel_tool_use
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
    if not isinstance(asked, MessagesRequest):
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


def _system(system: str | tuple[SystemText, ...] | None) -> tuple[Message, ...]:
    if not system:
        return ()
    said = system if isinstance(system, str) else tuple(TextPart(block.text) for block in system)
    return (Message("system", said),)


def _messages(turn: Turn) -> Iterator[Message]:
    if isinstance(turn, SystemTurn):
        yield from _system(turn.content)
        return
    if isinstance(turn, AssistantTurn):
        yield Message("assistant", turn.content) if isinstance(turn.content, str) else _answered(turn.content)
        return
    if isinstance(turn.content, str):
        yield Message("user", turn.content)
        return
    results = [block for block in turn.content if isinstance(block, ToolResultBlock)]
    yield from (Message("tool", _returned(block), tool_call_id=block.tool_use_id) for block in results)
    parts = tuple(_part(block) for block in turn.content if not isinstance(block, ToolResultBlock))
    if parts or not results:
        yield Message("user", parts)


def _answered(blocks: tuple[Answered, ...]) -> Message:
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


def _part(block: Shown) -> ContentPart:
    if isinstance(block, TextBlock):
        return TextPart(block.text)
    if isinstance(block, ImageBlock):
        return ImagePart(ImageUrl(_address(block.source)))
    source = block.source
    if isinstance(source, TextSource):
        return TextPart("\n".join(filter(None, (block.title, block.context, source.data))))
    if isinstance(source, FileSource):
        return FilePart(FileContent(file_id=source.file_id, filename=block.title))
    return FilePart(FileContent(file_data=_address(source), filename=block.title))


def _address(source: DataSource | UrlSource) -> str:
    if isinstance(source, UrlSource):
        return source.url
    return f"data:{source.media_type};base64,{source.data}"


def _tool(tool: Tool) -> FunctionTool:
    return FunctionTool(FunctionSpec(tool.name, tool.description, tool.input_schema, tool.strict))


def _choice(choice: ToolChoice | None) -> Literal["none", "auto", "required"] | NamedToolChoice | None:
    match choice:
        case NamedChoice():
            return NamedToolChoice(FunctionName(choice.name))
        case AnyChoice():
            return "required"
        case NoChoice():
            return "none"
        case AutoChoice():
            return "auto"
        case _:
            return None


def _format(asked: CountRequest) -> SchemaFormat | None:
    wanted = (asked.output_config.format if asked.output_config else None) or asked.output_format
    return SchemaFormat(JsonSchema("answer", wanted.schema, strict=True)) if wanted else None


def _effort(asked: CountRequest) -> Effort | None:
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
