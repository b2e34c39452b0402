"""OpenAI Responses, what is asked: bytes to the internal form.

Source: OpenAI API reference, Responses. Items become messages: what a model called and what it thought before an answer belong to
one message of it. Encrypted reasoning comes back as the seal that was handed out for it.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, structs

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
    RefusalPart,
    SchemaFormat,
    TextFormat,
    TextPart,
    ToolCall,
)
from haechi.domain.errors import BadRequest

Role = Literal["user", "assistant", "system", "developer"]


class InputText(Struct, frozen=True, tag="input_text"):
    text: str


class OutputText(Struct, frozen=True, tag="output_text"):
    text: str


class Refusal(Struct, frozen=True, tag="refusal"):
    refusal: str


class InputImage(Struct, frozen=True, tag="input_image"):
    image_url: str | None = None
    file_id: str | None = None
    detail: Literal["auto", "low", "high"] | None = None


class InputFile(Struct, frozen=True, tag="input_file"):
    file_data: str | None = None
    file_id: str | None = None
    file_url: str | None = None
    filename: str | None = None


InputPart = InputText | OutputText | Refusal | InputImage | InputFile


class MessageItem(Struct, frozen=True, tag="message"):
    """A turn. `type` may go without saying."""

    role: Role
    content: str | tuple[InputPart, ...]
    id: str | None = None
    status: str | None = None


class CallItem(Struct, frozen=True, tag="function_call"):
    """A function that the model called."""

    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: str | None = None


class OutputItem(Struct, frozen=True, tag="function_call_output"):
    """What it returned."""

    call_id: str
    output: str | tuple[InputText | InputImage | InputFile, ...]
    id: str | None = None
    status: str | None = None


class SummaryText(Struct, frozen=True):
    text: str
    type: Literal["summary_text"] | None = None


class ReasoningItem(Struct, frozen=True, tag="reasoning"):
    """What the model thought: a summary, and a seal that opens for its writer."""

    summary: tuple[SummaryText, ...] = ()
    encrypted_content: str | None = None
    id: str | None = None
    status: str | None = None


Item = MessageItem | CallItem | OutputItem | ReasoningItem


class FunctionToolItem(Struct, frozen=True):
    """A function that the caller runs."""

    name: str
    parameters: JsonObject | None = None
    description: str | None = None
    strict: bool | None = None
    type: Literal["function"] | None = None


class ToolName(Struct, frozen=True):
    name: str
    type: Literal["function"] | None = None


class PlainText(Struct, frozen=True, tag="text"):
    pass


class PlainJson(Struct, frozen=True, tag="json_object"):
    pass


class SchemaText(Struct, frozen=True, tag="json_schema"):
    name: str
    schema: JsonObject
    description: str | None = None
    strict: bool | None = None


class TextSettings(Struct, frozen=True):
    format: PlainText | PlainJson | SchemaText | None = None


class Reasoning(Struct, frozen=True):
    effort: Effort | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None


class ResponsesRequest(Struct, frozen=True):
    """`POST /v1/responses`."""

    model: str
    input: str | tuple[Item, ...] = ()
    instructions: str | None = None
    tools: tuple[FunctionToolItem, ...] | None = None
    tool_choice: Literal["none", "auto", "required"] | ToolName | None = None
    parallel_tool_calls: bool | None = None
    text: TextSettings | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: Positive | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, Meta(ge=0, le=1)] | None = None
    stream: bool | None = None
    store: bool | None = None
    previous_response_id: str | None = None
    include: tuple[str, ...] | None = None
    metadata: dict[str, str] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    truncation: Literal["auto", "disabled"] | None = None
    background: bool | None = None


_PART: Final = form_of(InputText, OutputText, Refusal, InputImage, InputFile)
_FORM: Final = form_of(
    ResponsesRequest,
    input=form_of(
        MessageItem,
        CallItem,
        OutputItem,
        ReasoningItem,
        content=_PART,
        output=_PART,
        summary=form_of(SummaryText),
    ),
    tools=form_of(FunctionToolItem),
    tool_choice=form_of(ToolName),
    text=form_of(TextSettings, format=form_of(SchemaText)),
    reasoning=form_of(Reasoning),
)


def decode(raw: bytes, path: str = "") -> Decoded:
    """One request for a response. Raises `BadRequest` with `param` naming the field."""
    return decoded_of(request_of(raw))


def decoded_of(body: JsonObject) -> Decoded:
    """A decoded body as a request."""
    chat = to_chat(body)
    return Decoded(_unsealed(body), chat, left_behind(body, _FORM), to_chat=to_chat)


def asked_of(body: JsonObject) -> ResponsesRequest:
    """The typed form of a body. Raises `BadRequest`."""
    return typed(_named(body), ResponsesRequest, _foreign)


def to_chat(body: JsonObject) -> Chat:
    """A body of this dialect as the internal form. Raises `BadRequest`."""
    asked = asked_of(body)
    if asked.background:
        raise bad(
            "background",
            "background 는 아직 받지 않습니다. 빼고 stream 으로 받으세요.",
            "background is not taken yet. Leave it out, and stream the response.",
        )
    messages = (*_instructions(asked.instructions), *_messages(asked.input))
    if not asked.input and not isinstance(asked.input, str):
        raise bad("input", "입력이 하나는 있어야 합니다.", "There must be some input.")
    return Chat(
        model=asked.model,
        messages=messages,
        tools=tuple(map(_tool, asked.tools)) if asked.tools else None,
        tool_choice=NamedToolChoice(FunctionName(asked.tool_choice.name))
        if isinstance(asked.tool_choice, ToolName)
        else asked.tool_choice,
        parallel_tool_calls=asked.parallel_tool_calls,
        response_format=_format(asked.text),
        max_completion_tokens=asked.max_output_tokens,
        temperature=asked.temperature,
        top_p=asked.top_p,
        reasoning_effort=asked.reasoning.effort if asked.reasoning else None,
        user=asked.user or asked.safety_identifier,
        stream=asked.stream,
    )


def _named(body: JsonObject) -> JsonObject:
    """`body` with the type of every turn, which may go without saying."""
    items = body.get("input")
    if type(items) is not list:
        return body
    return body | {
        "input": [
            {"type": "message"} | item
            if type(item) is dict and "type" not in item and "role" in item
            else item
            for item in items
        ]
    }


def _instructions(said: str | None) -> tuple[Message, ...]:
    return (Message("system", said),) if said else ()


def _messages(given: str | tuple[Item, ...]) -> Iterator[Message]:
    """The turns, what one answer held in one message."""
    if isinstance(given, str):
        yield Message("user", given)
        return
    answer: Message | None = None
    for item in given:
        said = _of_the_model(item)
        if said is not None:
            answer = said if answer is None else _joined(answer, said)
            continue
        if answer is not None:
            yield answer
            answer = None
        if isinstance(item, OutputItem):
            yield Message("tool", _returned(item.output), tool_call_id=item.call_id)
        elif isinstance(item, MessageItem):
            content = item.content
            yield Message(item.role, content if isinstance(content, str) else tuple(map(_part, content)))
    if answer is not None:
        yield answer


def _of_the_model(item: Item) -> Message | None:
    match item:
        case ReasoningItem():
            thought = "\n".join(each.text for each in item.summary)
            seal = (item.encrypted_content,) if item.encrypted_content else None
            return Message("assistant", reasoning_content=thought or None, thoughts=seal)
        case CallItem():
            call = ToolCall(item.call_id, FunctionCall(item.name, item.arguments))
            return Message("assistant", tool_calls=(call,))
        case MessageItem(role="assistant"):
            content = item.content
            return Message("assistant", content if isinstance(content, str) else tuple(map(_part, content)))
        case _:
            return None


def _joined(first: Message, then: Message) -> Message:
    """Two pieces of one answer; text before calls, and another text is another answer's only by its caller's word."""
    parts = (*_parts(first.content), *_parts(then.content))
    return structs.replace(
        first,
        content=parts or None,
        tool_calls=(*(first.tool_calls or ()), *(then.tool_calls or ())) or None,
        reasoning_content="\n".join(filter(None, (first.reasoning_content, then.reasoning_content))) or None,
        thoughts=(*(first.thoughts or ()), *(then.thoughts or ())) or None,
    )


def _parts(content: str | tuple[ContentPart, ...] | None) -> tuple[ContentPart, ...]:
    return (TextPart(content),) if isinstance(content, str) else content or ()


def _returned(output: str | tuple[InputText | InputImage | InputFile, ...]) -> str | tuple[ContentPart, ...]:
    if isinstance(output, str):
        return output
    parts = tuple(map(_part, output))
    if all(isinstance(part, TextPart) for part in parts):
        return "\n".join(part.text for part in parts if isinstance(part, TextPart))
    return parts


def _part(part: InputPart) -> ContentPart:
    match part:
        case InputText() | OutputText():
            return TextPart(part.text)
        case Refusal():
            return RefusalPart(part.refusal)
        case InputImage(image_url=str(url)):
            return ImagePart(ImageUrl(url, part.detail))
        case InputImage():
            return FilePart(FileContent(file_id=part.file_id or ""))
        case InputFile():
            return FilePart(FileContent(part.file_data or part.file_url, part.file_id, part.filename))


def _tool(tool: FunctionToolItem) -> FunctionTool:
    return FunctionTool(FunctionSpec(tool.name, tool.description, tool.parameters, tool.strict))


def _format(text: TextSettings | None) -> TextFormat | JsonFormat | SchemaFormat | None:
    match text.format if text else None:
        case SchemaText(name=name, schema=schema, description=description, strict=strict):
            return SchemaFormat(JsonSchema(name, schema, description, strict))
        case PlainJson():
            return JsonFormat()
        case _:
            return None


def _unsealed(body: JsonObject) -> JsonObject:
    """`body` without what is sealed: nobody can read it here, and it goes nowhere but back to who wrote it."""
    items = body.get("input")
    if type(items) is not list or not any(map(_is_sealed, items)):
        return body
    return body | {
        "input": [item | {"encrypted_content": ""} if _is_sealed(item) else item for item in items]
    }


def _is_sealed(item: Any) -> bool:
    return type(item) is dict and item.get("type") == "reasoning" and "encrypted_content" in item


def _foreign(body: JsonObject) -> BadRequest | None:
    """Better words for what only OpenAI itself can do."""
    tools = body.get("tools")
    kinds = [tool.get("type") for tool in tools if type(tool) is dict] if type(tools) is list else []
    if not all(kind in ("function", None) for kind in kinds):
        return not_the_callers("tools")
    items = body.get("input")
    kinds = [item.get("type") for item in items if type(item) is dict] if type(items) is list else []
    if "item_reference" in kinds:
        return bad(
            "input",
            "item_reference 는 받지 않습니다. 항목을 그대로 보내거나 previous_response_id 를 쓰세요.",
            "item_reference is not taken. Send the item itself, or use previous_response_id.",
        )
    return None
