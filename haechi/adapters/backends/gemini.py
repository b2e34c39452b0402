"""Google's Gemini API, v1beta: generateContent, and streamGenerateContent as server-sent events.

Source: Gemini API reference (generateContent, Function calling, Structured output, Thought signatures) and the
types of google-genai 3.4. The key travels in a header, never in the URL, where every log would keep it.
"""

from typing import Any, Final
from urllib.parse import quote

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
    AudioPart,
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
    JsonFormat,
    JsonObject,
    Message,
    NamedToolChoice,
    RefusalPart,
    SchemaFormat,
    TextPart,
    ToolCall,
    ToolCallDelta,
    Usage,
)
from haechi.domain.errors import BadRequest
from haechi.domain.text import Text

WIRE: Final = "Gemini"

FINISH: Final[dict[str, FinishReason]] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "LANGUAGE": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "MODEL_ARMOR": "content_filter",
}
BROKEN: Final = frozenset({"MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL"})
"""Reasons that mean: there is no answer in this answer."""

NOT_HERE: Final = ("logit_bias", "logprobs", "top_logprobs", "user", "web_search_options")

UNSIGNED: Final = "skip_thought_signature_validator"
"""What Google documents for calls in a history that carry no signature of its own, because another model made them:
newer models refuse a history without one."""

THINKING: Final[dict[str, JsonObject]] = {
    "none": {"thinkingBudget": 0},
    "minimal": {"thinkingLevel": "MINIMAL"},
    "low": {"thinkingLevel": "LOW"},
    "medium": {"thinkingLevel": "MEDIUM"},
    "high": {"thinkingLevel": "HIGH"},
    "xhigh": {"thinkingLevel": "XHIGH"},
}


class Gemini:
    """The wire."""

    def __init__(self, upstream: Upstream) -> None:
        base = upstream.origin.path
        self._base = base if base.endswith(("/v1beta", "/v1")) else f"{base}/v1beta"
        self._max_output = upstream.max_output
        self.headers: Headers = (("x-goog-api-key", upstream.key),) if upstream.key else ()

    def path(self, model: str, *, streaming: bool) -> str:
        """The model is part of the path, as one segment whatever it contains."""
        name = quote(model.removeprefix("models/"), safe="")
        what = "streamGenerateContent?alt=sse" if streaming else "generateContent"
        return f"{self._base}/models/{name}:{what}"

    def render(self, chat: Chat, model: str) -> bytes:
        """The body. Raises `BadRequest` for what this wire has no words for."""
        refuse_fields(chat, WIRE, NOT_HERE)
        if chat.parallel_tool_calls is False and chat.tools:
            raise unsupported("parallel_tool_calls", WIRE)
        body: JsonObject = {"contents": _contents(chat.messages)}
        if system := _system(chat.messages):
            body["systemInstruction"] = {"parts": system}
        if chat.tools:
            body["tools"] = [{"functionDeclarations": _functions(chat)}]
            body["toolConfig"] = {"functionCallingConfig": _calling(chat)}
        if generation := self._generation(chat):
            body["generationConfig"] = generation
        return msgspec.json.encode(body)

    def answer(self, body: bytes) -> Answer:
        """A whole answer."""
        found = _RESPONSE.decode(body)
        if not found.candidates and not _blocked(found):
            raise ValueError("no candidate, and no reason why")
        chunks = _Reader()
        choices = []
        for candidate in found.candidates or [_Candidate(finishReason="SAFETY")]:
            delta, finish = chunks.read(candidate, found.responseId)
            if finish is None:
                raise ValueError("a candidate that has not ended")
            calls = tuple(
                ToolCall(call.id or "", FunctionCall(call.function.name or "", call.function.arguments or ""))
                for call in delta.tool_calls or ()
                if call.function is not None
            )
            message = Message(
                role="assistant",
                content=delta.content,
                tool_calls=calls or None,
                reasoning_content=delta.reasoning_content,
                thoughts=delta.thoughts,
            )
            choices.append(Choice(index=candidate.index, message=message, finish_reason=finish))
        return Answer(
            model=found.modelVersion or "", choices=tuple(choices), usage=_usage(found.usageMetadata)
        )

    def reader(self) -> Reader:
        """Events to chunks."""
        return _Reader()

    def _generation(self, chat: Chat) -> JsonObject:
        config: JsonObject = {
            "candidateCount": chat.n,
            "maxOutputTokens": least(chat.token_limit, self._max_output),
            "temperature": chat.temperature,
            "topP": chat.top_p,
            "stopSequences": chat.stops or None,
            "seed": chat.seed,
            "frequencyPenalty": chat.frequency_penalty,
            "presencePenalty": chat.presence_penalty,
            "thinkingConfig": THINKING[chat.reasoning_effort] if chat.reasoning_effort else None,
        }
        match chat.response_format:
            case JsonFormat():
                config["responseMimeType"] = "application/json"
            case SchemaFormat(json_schema=schema):
                config["responseMimeType"] = "application/json"
                config["responseJsonSchema"] = schema.schema
        return {name: value for name, value in config.items() if value is not None}


# Out: the internal form, said in this wire.


def _system(messages: tuple[Message, ...]) -> list[JsonObject]:
    return [
        {"text": text_only(message, number, WIRE)}
        for number, message in enumerate(messages)
        if message.role in ("system", "developer")
    ]


def _contents(messages: tuple[Message, ...]) -> list[JsonObject]:
    """User and model in turn; results of parallel calls stand together. A result names its function, which is
    found by the id of the call it answers."""
    contents: list[JsonObject] = []
    functions: dict[str, str] = {}
    for number, message in enumerate(messages):
        if message.role in ("system", "developer"):
            continue
        if message.name is not None and message.role != "tool":
            raise unsupported(f"messages.{number}.name", WIRE)
        for call in message.tool_calls or ():
            functions[call.id] = call.function.name
        role = "model" if message.role == "assistant" else "user"
        parts = [_result(message, number, functions)] if message.role == "tool" else _parts(message, number)
        if contents and contents[-1]["role"] == role:
            contents[-1]["parts"] += parts
        else:
            contents.append({"role": role, "parts": parts})
    return contents


def _result(message: Message, number: int, functions: dict[str, str]) -> JsonObject:
    name = functions.get(message.tool_call_id or "", message.name)
    if name is None:
        raise BadRequest(
            Text(
                ko="tool_call_id 가 앞선 어떤 도구 호출과도 맞지 않습니다.",
                en="tool_call_id answers no tool call of an earlier message.",
            ),
            param=f"messages.{number}.tool_call_id",
        )
    output = {"output": text_only(message, number, WIRE)}
    return {"functionResponse": {"id": message.tool_call_id, "name": name, "response": output}}


def _parts(message: Message, number: int) -> list[JsonObject]:
    where = f"messages.{number}"
    content = message.content
    given: tuple[ContentPart, ...] = (TextPart(content),) if isinstance(content, str) else content or ()
    signed = [_SIGNED.decode(thought) for thought in message.thoughts or ()]
    of_calls = {each.call: each.signature for each in signed if each.call is not None}
    parts = [_part(part, f"{where}.content.{place}") for place, part in enumerate(given)]
    if message.refusal:
        parts.append({"text": message.refusal})
    if parts and (of_text := [each.signature for each in signed if each.call is None]):
        parts[-1]["thoughtSignature"] = of_text[-1]
    for place, call in enumerate(message.tool_calls or ()):
        args = arguments(call.function.arguments, f"{where}.tool_calls.{place}.function.arguments")
        part: JsonObject = {"functionCall": {"id": call.id, "name": call.function.name, "args": args}}
        if place in of_calls or place == 0:
            part["thoughtSignature"] = of_calls.get(place, UNSIGNED)
        parts.append(part)
    return parts


def _part(part: ContentPart, where: str) -> JsonObject:
    match part:
        case TextPart(text=text) | RefusalPart(refusal=text):
            return {"text": text}
        case ImagePart(image_url=image):
            if image.detail not in (None, "auto"):
                raise unsupported(f"{where}.image_url.detail", WIRE)
            return _inline(image.url, f"{where}.image_url.url")
        case AudioPart(input_audio=clip):
            return {"inlineData": {"mimeType": f"audio/{clip.format}", "data": clip.data}}
        case FilePart(file=file) if file.file_data:
            return _inline(file.file_data, f"{where}.file.file_data")
        case _:
            raise unsupported(where, WIRE)


def _inline(url: str, where: str) -> JsonObject:
    found = data_url(url)
    if found is None:
        raise unsupported(where, WIRE)
    return {"inlineData": {"mimeType": found[0], "data": found[1]}}


def _functions(chat: Chat) -> list[JsonObject]:
    functions = []
    for tool in chat.tools or ():
        function: JsonObject = {"name": tool.function.name}
        if tool.function.description:
            function["description"] = tool.function.description
        if tool.function.parameters:
            function["parametersJsonSchema"] = tool.function.parameters
        functions.append(function)
    return functions


def _calling(chat: Chat) -> JsonObject:
    """`strict` tools ask for arguments that obey their schema: `VALIDATED` here, and what `ANY` does anyway."""
    match chat.tool_choice:
        case NamedToolChoice(function=function):
            return {"mode": "ANY", "allowedFunctionNames": [function.name]}
        case "required":
            return {"mode": "ANY"}
        case "none":
            return {"mode": "NONE"}
        case _:
            strict = any(tool.function.strict for tool in chat.tools or ())
            return {"mode": "VALIDATED" if strict else "AUTO"}


# In: this wire, read into the internal form. Field names are the wire's.


class _Signed(Struct):
    """A signature, and the call that it stands at; without one, at the end of the text."""

    signature: str
    call: int | None = None


_SIGNED: Final = msgspec.json.Decoder(_Signed)


class _FunctionCall(Struct):
    name: str
    id: str | None = None
    args: Raw = Raw(b"{}")


class _Part(Struct):
    text: str | None = None
    thought: bool = False
    thoughtSignature: str | None = None  # noqa: N815
    functionCall: _FunctionCall | None = None  # noqa: N815


class _Content(Struct):
    parts: list[_Part] | None = None


class _Candidate(Struct):
    content: _Content | None = None
    finishReason: str | None = None  # noqa: N815
    index: int = 0


class _Feedback(Struct):
    blockReason: str | None = None  # noqa: N815


class _Usage(Struct):
    promptTokenCount: int = 0  # noqa: N815
    candidatesTokenCount: int = 0  # noqa: N815
    thoughtsTokenCount: int = 0  # noqa: N815
    cachedContentTokenCount: int = 0  # noqa: N815
    toolUsePromptTokenCount: int = 0  # noqa: N815


class _Response(Struct):
    candidates: list[_Candidate] | None = None
    promptFeedback: _Feedback | None = None  # noqa: N815
    usageMetadata: _Usage | None = None  # noqa: N815
    modelVersion: str | None = None  # noqa: N815
    responseId: str | None = None  # noqa: N815
    error: Any = None


_RESPONSE: Final = msgspec.json.Decoder(_Response)


def _blocked(response: _Response) -> bool:
    return response.promptFeedback is not None and response.promptFeedback.blockReason is not None


def _usage(usage: _Usage | None) -> Usage | None:
    if usage is None:
        return None
    return Usage(
        input=usage.promptTokenCount + usage.toolUsePromptTokenCount,
        output=usage.candidatesTokenCount + usage.thoughtsTokenCount,
        cached=usage.cachedContentTokenCount,
        reasoning=usage.thoughtsTokenCount,
    )


class _Reader:
    """Every event is a whole response with the next piece of each candidate; there is no last word. A function
    call comes in one piece, and gets an id where it has none."""

    over = False

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._ended: set[int] = set()
        self._calls: dict[int, int] = {}

    @property
    def whole(self) -> bool:
        return bool(self._ended) and self._open <= self._ended

    def feed(self, event: bytes) -> list[Chunk]:
        found = _RESPONSE.decode(event)
        if found.error:
            code = found.error.get("code") if isinstance(found.error, dict) else None
            raise StreamFault(code if isinstance(code, int) and 400 <= code < 600 else 500, event)
        candidates = found.candidates or ([_Candidate(finishReason="SAFETY")] if _blocked(found) else [])
        choices = []
        for candidate in candidates:
            opening = candidate.index not in self._open
            delta, finish = self.read(candidate, found.responseId)
            if opening:
                delta = msgspec.structs.replace(delta, role="assistant")
            choices.append(ChoiceDelta(index=candidate.index, delta=delta, finish_reason=finish))
        if not choices and found.usageMetadata is None:
            return []
        usage = _usage(found.usageMetadata) if self.whole else None
        chunks = [Chunk(choices=tuple(choices), model=found.modelVersion)] if choices else []
        return [*chunks, Chunk(usage=usage)] if usage else chunks

    def read(self, candidate: _Candidate, response: str | None) -> tuple[Delta, FinishReason | None]:
        """What the next piece of `candidate` says, and why it ended, if it did. Raises `ValueError`."""
        text: list[str] = []
        thoughts: list[str] = []
        calls: list[ToolCallDelta] = []
        signed: list[_Signed] = []
        self._open.add(candidate.index)
        for part in (candidate.content.parts if candidate.content else None) or ():
            if part.thoughtSignature:
                at = self._calls.get(candidate.index, 0) if part.functionCall is not None else None
                signed.append(_Signed(part.thoughtSignature, at))
            if part.functionCall is not None:
                calls.append(self._call(part.functionCall, candidate.index, response))
            elif part.text:
                (thoughts if part.thought else text).append(part.text)
        finish: FinishReason | None = None
        if candidate.finishReason is not None:
            if candidate.finishReason in BROKEN:
                raise ValueError("the model wrote no usable answer")
            self._ended.add(candidate.index)
            finish = FINISH.get(candidate.finishReason, "stop")
            if finish == "stop" and self._calls.get(candidate.index):
                finish = "tool_calls"
        delta = Delta(
            content="".join(text) or None,
            reasoning_content="".join(thoughts) or None,
            tool_calls=tuple(calls) or None,
            thoughts=tuple(msgspec.json.encode(each).decode() for each in signed) or None,
        )
        return delta, finish

    def _call(self, call: _FunctionCall, candidate: int, response: str | None) -> ToolCallDelta:
        number = self._calls.get(candidate, 0)
        self._calls[candidate] = number + 1
        return ToolCallDelta(
            index=number,
            id=call.id or f"call_{response or candidate}_{number}",
            type="function",
            function=FunctionDelta(call.name, bytes(call.args).decode()),
        )
