"""Anthropic's Messages API, version 2023-06-01.

Source: Anthropic API reference (Messages, Streaming, Errors, Structured outputs, Effort) and the types of its
Python SDK 2.12. System and developer messages are hoisted to the one place this wire has for them, and results
of tools become blocks of the next user turn.
"""

from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from haechi.adapters.backends.remote import Reader, StreamFault
from haechi.adapters.backends.translate import (
    arguments,
    data_url,
    least,
    refuse_fields,
    text_only,
    unsupported,
)
from haechi.adapters.backends.upstream import Headers, Upstream
from haechi.domain.chat import (
    Answer,
    Chat,
    Choice,
    ChoiceDelta,
    Chunk,
    ContentPart,
    Delta,
    FilePart,
    FinishReason,
    FunctionCall,
    FunctionDelta,
    ImagePart,
    JsonObject,
    Message,
    NamedToolChoice,
    RefusalPart,
    SchemaFormat,
    TextFormat,
    TextPart,
    ToolCall,
    ToolCallDelta,
    Usage,
    remote,
)

WIRE: Final = "Anthropic Messages"
VERSION: Final = "2023-06-01"

DEFAULT_MAX_TOKENS: Final = 16_384
"""This wire insists on a limit. Every model served since 2025 may write this much, and no answer that a person
reads is longer; where it is reached, the finish reason says so."""

FINISH: Final[dict[str, FinishReason]] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}

STATUS_OF_ERROR: Final = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}

NOT_HERE: Final = (
    "seed",
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "web_search_options",
)

EFFORT: Final = {"minimal": "low", "low": "low", "medium": "medium", "high": "high", "xhigh": "xhigh"}

IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


class Anthropic:
    """The wire."""

    def __init__(self, upstream: Upstream) -> None:
        base = upstream.origin.path
        self._path = f"{base}/messages" if base.endswith("/v1") else f"{base}/v1/messages"
        self._max_output = upstream.max_output
        key: Headers = (("x-api-key", upstream.key),) if upstream.key else ()
        self.headers: Headers = (("anthropic-version", VERSION), *key)

    def path(self, model: str, *, streaming: bool) -> str:
        """One path for all; the body says the rest."""
        return self._path

    def render(self, chat: Chat, model: str) -> bytes:
        """The body. Raises `BadRequest` for what this wire has no words for."""
        refuse_fields(chat, WIRE, NOT_HERE)
        if chat.n not in (None, 1):
            raise unsupported("n", WIRE)
        if chat.temperature is not None and chat.temperature > 1:
            raise unsupported("temperature", WIRE)
        body: JsonObject = {
            "model": model,
            "max_tokens": least(chat.token_limit or DEFAULT_MAX_TOKENS, self._max_output),
            "messages": _turns(chat.messages),
        }
        optional: JsonObject = {
            "system": _system(chat.messages) or None,
            "stream": chat.stream or None,
            "stop_sequences": chat.stops or None,
            "temperature": chat.temperature,
            "top_p": chat.top_p,
            "metadata": {"user_id": chat.user} if chat.user else None,
            "tools": _tools(chat) or None,
            "tool_choice": _tool_choice(chat),
            "output_config": _output(chat) or None,
            "thinking": {"type": "disabled"} if chat.reasoning_effort == "none" else None,
        }
        body.update((name, value) for name, value in optional.items() if value is not None)
        return msgspec.json.encode(body)

    def answer(self, body: bytes) -> Answer:
        """A whole answer."""
        found = _MESSAGE.decode(body)
        if found.type != "message" or found.stop_reason is None:
            raise ValueError("not a message that has ended")
        text = [block.text or "" for block in found.content if block.type == "text"]
        thought = [block.thinking or "" for block in found.content if block.type == "thinking"]
        calls = tuple(_tool_call(block) for block in found.content if block.type == "tool_use")
        message = Message(
            role="assistant",
            content="".join(text) if text else None,
            tool_calls=calls or None,
            reasoning_content="".join(thought) or None,
            thoughts=tuple(filter(None, map(_signed, found.content))) or None,
        )
        return Answer(
            model=found.model,
            choices=(Choice(index=0, message=message, finish_reason=FINISH.get(found.stop_reason, "stop")),),
            usage=_usage(found.usage),
        )

    def reader(self) -> Reader:
        """Events to chunks."""
        return _Reader()


# Out: the internal form, said in this wire.


def _system(messages: tuple[Message, ...]) -> list[JsonObject]:
    return [
        {"type": "text", "text": text}
        for number, message in enumerate(messages)
        if message.role in ("system", "developer") and (text := text_only(message, number, WIRE))
    ]


def _turns(messages: tuple[Message, ...]) -> list[JsonObject]:
    """User and assistant in turn: neighbours of the same side become one, so that all results of parallel tool
    calls stand together, as this wire demands."""
    turns: list[JsonObject] = []
    for number, message in enumerate(messages):
        if message.role in ("system", "developer"):
            continue
        if message.name is not None and message.role != "tool":
            raise unsupported(f"messages.{number}.name", WIRE)
        role = "assistant" if message.role == "assistant" else "user"
        blocks = _blocks(message, number)
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        else:
            turns.append({"role": role, "content": blocks})
    return turns


def _blocks(message: Message, number: int) -> list[JsonObject]:
    where = f"messages.{number}"
    if message.role == "tool":
        result = text_only(message, number, WIRE)
        return [{"type": "tool_result", "tool_use_id": message.tool_call_id, "content": result}]
    content = message.content
    parts: tuple[ContentPart, ...] = (TextPart(content),) if isinstance(content, str) else content or ()
    blocks = [msgspec.json.decode(thought) for thought in message.thoughts or ()]
    blocks += [_block(part, f"{where}.content.{place}") for place, part in enumerate(parts)]
    if message.refusal:
        blocks.append({"type": "text", "text": message.refusal})
    for place, call in enumerate(message.tool_calls or ()):
        given = arguments(call.function.arguments, f"{where}.tool_calls.{place}.function.arguments")
        blocks.append({"type": "tool_use", "id": call.id, "name": call.function.name, "input": given})
    return [block for block in blocks if block.get("text") != ""]


def _block(part: ContentPart, where: str) -> JsonObject:
    match part:
        case TextPart(text=text) | RefusalPart(refusal=text):
            return {"type": "text", "text": text}
        case ImagePart(image_url=image):
            if image.detail not in (None, "auto"):
                raise unsupported(f"{where}.image_url.detail", WIRE)
            if remote(image.url):
                return {"type": "image", "source": {"type": "url", "url": image.url}}
            found = data_url(image.url)
            if found is None or found[0] not in IMAGES:
                raise unsupported(f"{where}.image_url.url", WIRE)
            return {"type": "image", "source": {"type": "base64", "media_type": found[0], "data": found[1]}}
        case FilePart(file=file) if file.file_data and (found := data_url(file.file_data)):
            if found[0] != "application/pdf":
                raise unsupported(f"{where}.file", WIRE)
            source = {"type": "base64", "media_type": found[0], "data": found[1]}
            return {"type": "document", "source": source} | (
                {"title": file.filename} if file.filename else {}
            )
        case _:
            raise unsupported(where, WIRE)


def _tools(chat: Chat) -> list[JsonObject]:
    tools = []
    for tool in chat.tools or ():
        function = tool.function
        said: JsonObject = {
            "name": function.name,
            "input_schema": function.parameters or {"type": "object", "properties": {}},
        }
        if function.description:
            said["description"] = function.description
        if function.strict:
            said["strict"] = True
        tools.append(said)
    return tools


def _tool_choice(chat: Chat) -> JsonObject | None:
    match chat.tool_choice:
        case NamedToolChoice(function=function):
            choice: JsonObject = {"type": "tool", "name": function.name}
        case "required":
            choice = {"type": "any"}
        case "none":
            return {"type": "none"}
        case _:
            choice = {"type": "auto"}
    if chat.parallel_tool_calls is False and chat.tools:
        choice["disable_parallel_tool_use"] = True
    return choice if chat.tools and choice != {"type": "auto"} else None


def _output(chat: Chat) -> JsonObject:
    output: JsonObject = {}
    match chat.response_format:
        case None | TextFormat():
            pass
        case SchemaFormat(json_schema=schema) if schema.schema is not None:
            output["format"] = {"type": "json_schema", "schema": schema.schema}
        case _:  # JSON without a schema does not exist here
            raise unsupported("response_format", WIRE)
    if chat.reasoning_effort not in (None, "none"):
        output["effort"] = EFFORT[chat.reasoning_effort]
    return output


# In: this wire, read into the internal form.


class _Thought(Struct):
    thinking_tokens: int = 0


class _Usage(Struct):
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    output_tokens_details: _Thought | None = None


class _Block(Struct):
    type: str
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    data: str | None = None
    id: str | None = None
    name: str | None = None
    input: Raw = Raw(b"{}")


class _Message(Struct):
    type: str
    model: str
    content: list[_Block]
    stop_reason: str | None = None
    usage: _Usage | None = None


class _Delta(Struct):
    """Of a block, or of the message: the fields do not overlap."""

    type: str | None = None
    text: str | None = None
    thinking: str | None = None
    signature: str | None = None
    partial_json: str | None = None
    stop_reason: str | None = None


class _Event(Struct):
    type: str
    index: int = 0
    message: _Message | None = None
    content_block: _Block | None = None
    delta: _Delta | None = None
    usage: _Usage | None = None
    error: Any = None


_MESSAGE: Final = msgspec.json.Decoder(_Message)
_EVENT: Final = msgspec.json.Decoder(_Event)


def _signed(block: _Block) -> str | None:
    """A thought that the service takes back: signed, or readable for nobody else."""
    if block.type == "thinking" and block.signature:
        said = {"type": "thinking", "thinking": block.thinking or "", "signature": block.signature}
    elif block.type == "redacted_thinking" and block.data:
        said = {"type": "redacted_thinking", "data": block.data}
    else:
        return None
    return msgspec.json.encode(said).decode()


def _tool_call(block: _Block) -> ToolCall:
    if block.id is None or block.name is None:
        raise ValueError("a tool call without id or name")
    return ToolCall(id=block.id, function=FunctionCall(block.name, bytes(block.input).decode()))


def _usage(*reports: _Usage | None) -> Usage:
    """Usage comes in pieces, the later ones counting from the start. What was read from a cache or written into
    one is counted apart here, and is part of the input everywhere else."""
    fresh = read = written = output = thought = 0
    for report in reports:
        if report is not None:
            fresh = fresh if report.input_tokens is None else report.input_tokens
            read = read if report.cache_read_input_tokens is None else report.cache_read_input_tokens
            if report.cache_creation_input_tokens is not None:
                written = report.cache_creation_input_tokens
            output = output if report.output_tokens is None else report.output_tokens
            if report.output_tokens_details is not None:
                thought = report.output_tokens_details.thinking_tokens
    return Usage(input=fresh + read + written, output=output, cached=read, reasoning=thought)


class _Reader:
    """`message_start`, then blocks, then `message_delta` with the reason and the usage, then `message_stop`."""

    def __init__(self) -> None:
        self.whole = False
        self.over = False
        self._at_start: _Usage | None = None
        self._calls: dict[int, int] = {}
        self._silent: set[int] = set()
        self._thoughts: dict[int, _Block] = {}

    def feed(self, event: bytes) -> list[Chunk]:
        found = _EVENT.decode(event)
        match found.type:
            case "message_start" if found.message is not None:
                self._at_start = found.message.usage
                return [_say(Delta(role="assistant", content=""), model=found.message.model)]
            case "content_block_start" if found.content_block is not None:
                return self._begin(found.index, found.content_block)
            case "content_block_delta" if found.delta is not None:
                return self._continue(found.index, found.delta)
            case "content_block_stop" if found.index in self._silent:  # a call without arguments
                return [self._arguments(found.index, "{}")]
            case "content_block_stop" if found.index in self._thoughts:
                signed = _signed(self._thoughts.pop(found.index))
                return [_say(Delta(thoughts=(signed,)))] if signed else []
            case "message_delta" if found.delta is not None:
                if found.delta.stop_reason is None:
                    return []
                self.whole = True
                reason = FINISH.get(found.delta.stop_reason, "stop")
                end = Chunk(choices=(ChoiceDelta(index=0, delta=Delta(), finish_reason=reason),))
                return [end, Chunk(usage=_usage(self._at_start, found.usage))]
            case "message_stop":
                if not self.whole:
                    raise ValueError("stopped before it said why")
                self.over = True
            case "error":
                kind = found.error.get("type", "") if isinstance(found.error, dict) else ""
                raise StreamFault(STATUS_OF_ERROR.get(str(kind), 500), event)
        return []  # ping, and whatever is added to the wire

    def _begin(self, index: int, block: _Block) -> list[Chunk]:
        if block.type in ("thinking", "redacted_thinking"):
            self._thoughts[index] = block
            return [_say(Delta(reasoning_content=block.thinking))] if block.thinking else []
        if block.type != "tool_use":
            return [_say(Delta(content=block.text))] if block.text else []
        if block.id is None or block.name is None:
            raise ValueError("a tool call without id or name")
        number = self._calls[index] = len(self._calls)
        self._silent.add(index)
        call = ToolCallDelta(number, block.id, "function", FunctionDelta(name=block.name, arguments=""))
        return [_say(Delta(tool_calls=(call,)))]

    def _continue(self, index: int, delta: _Delta) -> list[Chunk]:
        if delta.text:
            return [_say(Delta(content=delta.text))]
        thought = self._thoughts.get(index)
        if thought is not None and delta.signature:
            thought.signature = (thought.signature or "") + delta.signature
        if delta.thinking:
            if thought is not None:
                thought.thinking = (thought.thinking or "") + delta.thinking
            return [_say(Delta(reasoning_content=delta.thinking))]
        if delta.partial_json and index in self._calls:
            return [self._arguments(index, delta.partial_json)]
        return []

    def _arguments(self, index: int, piece: str) -> Chunk:
        self._silent.discard(index)
        call = ToolCallDelta(self._calls[index], function=FunctionDelta(arguments=piece))
        return _say(Delta(tool_calls=(call,)))


def _say(delta: Delta, model: str | None = None) -> Chunk:
    return Chunk(choices=(ChoiceDelta(index=0, delta=delta),), model=model)
