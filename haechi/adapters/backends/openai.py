"""OpenAI's Chat Completions, spoken by most: OpenAI, Azure OpenAI (v1 API), vLLM, Ollama, llama.cpp, Upstage,
HyperCLOVA X. They differ by base URL, and in three habits that the host name tells (`_Habits`).

Source: OpenAI API reference, Chat Completions; the servers' own documentation for what they do not take.
"""

from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from haechi.adapters.backends.remote import Reader, StreamFault
from haechi.adapters.backends.translate import least
from haechi.adapters.backends.upstream import Headers, Upstream
from haechi.domain.chat import (
    Answer,
    Chat,
    Choice,
    ChoiceDelta,
    Chunk,
    Delta,
    FinishReason,
    FunctionCall,
    FunctionDelta,
    JsonObject,
    Message,
    StreamOptions,
    ToolCall,
    ToolCallDelta,
    Usage,
)

FINISH: Final[dict[str, FinishReason]] = {
    "stop": "stop",
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}
"""Other words (`eos`, `abort` and the like) are read as `stop`: the model ended by itself."""


class _Habits(NamedTuple):
    """What the model's maker does otherwise than those who follow him: output is limited by
    `max_completion_tokens`, there is a `developer` role, and answers may be stored, so that `store` must say no."""

    original: bool
    azure: bool


def _habits(host: str) -> _Habits:
    azure = host.endswith(".openai.azure.com")
    return _Habits(original=azure or host == "openai.com" or host.endswith(".openai.com"), azure=azure)


class OpenAI:
    """The wire. Two bodies differ from the internal form only in the fields that `render` sets."""

    def __init__(self, upstream: Upstream) -> None:
        origin = upstream.origin
        self._habits = _habits(origin.host)
        self._path = f"{origin.path or '/v1'}/chat/completions"
        self._max_output = upstream.max_output
        self.headers: Headers = ()
        if upstream.key:
            self.headers = (
                (("api-key", upstream.key),)
                if self._habits.azure
                else (("authorization", f"Bearer {upstream.key}"),)
            )

    def path(self, model: str, *, streaming: bool) -> str:
        """One path for all; the body says the rest."""
        return self._path

    def render(self, chat: Chat, model: str) -> bytes:
        """The body. Streaming always asks for usage: what is not asked for is not known, and must be paid."""
        limit = least(chat.token_limit, self._max_output)
        original = self._habits.original
        body = replace(
            chat,
            model=model,
            messages=tuple(_message(message, original=original) for message in chat.messages),
            max_completion_tokens=limit if original else None,
            max_tokens=None if original else limit,
            stream=chat.stream or None,
            stream_options=StreamOptions(include_usage=True) if chat.stream else None,
        )
        encoded = msgspec.json.encode(body)
        return encoded[:-1] + b',"store":false}' if original else encoded

    def answer(self, body: bytes) -> Answer:
        """A whole answer."""
        found = _ANSWER.decode(body)
        return Answer(
            model=found.model or "",
            choices=tuple(_choice(choice) for choice in found.choices),
            usage=_usage(found.usage),
        )

    def reader(self) -> Reader:
        """Events to chunks."""
        return _Reader()


def _message(message: Message, *, original: bool) -> Message:
    """What a host of that kind does not know is said in the way it knows; reasoning is not given back to
    OpenAI, whose chat messages have no place for it."""
    if original:
        if message.reasoning_content is None and message.thoughts is None:
            return message
        return replace(message, reasoning_content=None, thoughts=None)
    return replace(message, role="system") if message.role == "developer" else message


class _CachedTokens(Struct, gc=False):
    cached_tokens: int | None = None


class _ReasoningTokens(Struct, gc=False):
    reasoning_tokens: int | None = None


class _Usage(Struct, gc=False):
    prompt_tokens: int = 0
    completion_tokens: int | None = 0
    prompt_tokens_details: _CachedTokens | None = None
    completion_tokens_details: _ReasoningTokens | None = None


class _Function(Struct, gc=False):
    name: str | None = None
    arguments: str | None = None


class _ToolCall(Struct, gc=False):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Said(Struct, gc=False):
    """A message or a delta: the fields are the same."""

    role: str | None = None
    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(Struct, gc=False):
    message: _Said
    index: int = 0
    finish_reason: str | None = None
    logprobs: JsonObject | None = None


class _Answer(Struct, gc=False):
    choices: list[_Choice]
    model: str | None = None
    usage: _Usage | None = None


class _ChoiceDelta(Struct, gc=False):
    index: int = 0
    delta: _Said | None = None
    finish_reason: str | None = None
    logprobs: JsonObject | None = None


class _Chunk(Struct, gc=False):
    choices: list[_ChoiceDelta] | None = None
    model: str | None = None
    usage: _Usage | None = None
    error: Any = None


_ANSWER: Final = msgspec.json.Decoder(_Answer)
_CHUNK: Final = msgspec.json.Decoder(_Chunk)


def _choice(choice: _Choice) -> Choice:
    said = choice.message
    calls = tuple(_tool_call(number, call) for number, call in enumerate(said.tool_calls or ()))
    return Choice(
        index=choice.index,
        message=Message(
            role="assistant",
            content=said.content,
            tool_calls=calls or None,
            refusal=said.refusal,
            reasoning_content=said.reasoning_content or said.reasoning,
        ),
        finish_reason=FINISH.get(choice.finish_reason or "stop", "stop"),
        logprobs=choice.logprobs,
    )


def _tool_call(number: int, call: _ToolCall) -> ToolCall:
    if call.function is None or call.function.name is None:
        raise ValueError("a tool call without a name")
    return ToolCall(
        id=call.id or f"call_{number}",
        function=FunctionCall(call.function.name, call.function.arguments or ""),
    )


def _usage(usage: _Usage | None) -> Usage | None:
    if usage is None:
        return None
    read, written = usage.prompt_tokens_details, usage.completion_tokens_details
    return Usage(
        input=usage.prompt_tokens,
        output=usage.completion_tokens or 0,
        cached=(read.cached_tokens or 0) if read else 0,
        reasoning=(written.reasoning_tokens or 0) if written else 0,
    )


class _Reader:
    """Chunks map one to one; `[DONE]` is the last word."""

    def __init__(self) -> None:
        self.over = False
        self._open: set[int] = set()
        self._ended: set[int] = set()

    @property
    def whole(self) -> bool:
        return bool(self._ended) and self._open <= self._ended

    def feed(self, event: bytes) -> list[Chunk]:
        if event == b"[DONE]":
            if not self.whole:
                raise ValueError("done before any choice has ended")
            self.over = True
            return []
        found = _CHUNK.decode(event)
        if found.error:
            raise StreamFault(_status(found.error), event)
        if not found.choices and found.usage is None:
            return []
        choices = tuple(self._delta(choice) for choice in found.choices or ())
        return [Chunk(choices=choices, model=found.model, usage=_usage(found.usage))]

    def _delta(self, choice: _ChoiceDelta) -> ChoiceDelta:
        said = choice.delta or _Said()
        self._open.add(choice.index)
        finish = None
        if choice.finish_reason:
            finish = FINISH.get(choice.finish_reason, "stop")
            self._ended.add(choice.index)
        calls = tuple(_call_delta(number, call) for number, call in enumerate(said.tool_calls or ()))
        return ChoiceDelta(
            index=choice.index,
            delta=Delta(
                role="assistant" if said.role else None,
                content=said.content,
                refusal=said.refusal,
                reasoning_content=said.reasoning_content or said.reasoning,
                tool_calls=calls or None,
            ),
            finish_reason=finish,
            logprobs=choice.logprobs,
        )


def _call_delta(number: int, call: _ToolCall) -> ToolCallDelta:
    function = call.function
    return ToolCallDelta(
        index=number if call.index is None else call.index,
        id=call.id,
        type="function" if call.id else None,
        function=FunctionDelta(function.name, function.arguments) if function else None,
    )


def _status(error: Any) -> int:
    """The status an error inside a stream stands for: servers put it into `code`, or nowhere."""
    code = error.get("code") if isinstance(error, dict) else None
    text = str(code or (error.get("type") if isinstance(error, dict) else ""))
    if text.isdigit() and 400 <= int(text) < 600:
        return int(text)
    return 429 if "rate_limit" in text else 400 if "context" in text or "invalid_request" in text else 500
