"""Gemini, what is answered: the internal form to bytes, whole and as events.

Source: Gemini API reference, GenerateContentResponse (v1beta). A call is told at once, when its arguments have ended.
"""

from typing import Final

import orjson
from msgspec import Struct

from haechi.app.web.dialects.dialect import Dialect, Failure, Stamp
from haechi.app.web.dialects.gemini_form import decode, sealed
from haechi.app.web.dialects.reading import given_object
from haechi.domain.chat import Answer, ChoiceDelta, Chunk, FinishReason, JsonObject, Message, Usage
from haechi.domain.errors import Garbled

FINISH: Final[dict[FinishReason, str]] = {
    "stop": "STOP",
    "length": "MAX_TOKENS",
    "tool_calls": "STOP",
    "content_filter": "SAFETY",
}
STATUS: Final = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


def encode_answer(answer: Answer, stamp: Stamp) -> bytes:
    """A whole answer."""
    candidates = [
        _candidate(choice.index, _parts(choice.message, answer.model), choice.finish_reason)
        for choice in answer.choices
    ]
    return orjson.dumps(_response(stamp, answer.model, candidates, answer.usage or Usage()))


def encode_error(failure: Failure) -> bytes:
    """An error in Google's shape."""
    status = STATUS.get(failure.status, "INVALID_ARGUMENT" if failure.status < 500 else "INTERNAL")
    return orjson.dumps({"error": {"code": failure.status, "message": failure.message, "status": status}})


def encode_count(tokens: int) -> bytes:
    """A count of tokens."""
    return orjson.dumps({"totalTokens": tokens})


def encode_models(names: list[tuple[str, str]]) -> bytes:
    """The list of models."""
    return orjson.dumps({"models": [_model(name) for name, _ in names]})


def encode_model(name: str, owner: str) -> bytes:
    """One model."""
    return orjson.dumps(_model(name))


def _model(name: str) -> JsonObject:
    asked = ["generateContent", "streamGenerateContent", "countTokens"]
    return {"name": f"models/{name}", "displayName": name, "version": "", "supportedGenerationMethods": asked}


def _response(stamp: Stamp, model: str, candidates: list[JsonObject], usage: Usage | None) -> JsonObject:
    body: JsonObject = {"candidates": candidates, "modelVersion": model, "responseId": stamp.record}
    if usage is not None:
        body["usageMetadata"] = {
            "promptTokenCount": usage.input,
            "candidatesTokenCount": usage.output - usage.reasoning,
            "thoughtsTokenCount": usage.reasoning,
            "cachedContentTokenCount": usage.cached,
            "totalTokenCount": usage.input + usage.output,
        }
    return body


def _candidate(index: int, parts: list[JsonObject], finish: FinishReason | None) -> JsonObject:
    candidate: JsonObject = {"content": {"role": "model", "parts": parts}, "index": index}
    return candidate | ({"finishReason": FINISH[finish]} if finish is not None else {})


def _parts(message: Message, model: str) -> list[JsonObject]:
    parts: list[JsonObject] = []
    if message.reasoning_content:
        parts.append({"text": message.reasoning_content, "thought": True})
    if text := message.text or message.refusal:
        parts.append({"text": text})
    parts += [
        _call(call.id, call.function.name, call.function.arguments, model)
        for call in message.tool_calls or ()
    ]
    if message.thoughts:
        if not parts or parts[-1].get("thought"):
            parts.append({"text": ""})
        parts[-1]["thoughtSignature"] = sealed(message.thoughts)
    return parts


def _call(name: str, function: str, arguments: str, model: str) -> JsonObject:
    """A call with its arguments decoded. Raises `Garbled` where a model wrote no JSON."""
    given = given_object(arguments)
    if given is None:
        raise Garbled(model)
    return {"functionCall": {"id": name, "name": function, "args": given}}


class _Call(Struct):
    """A call whose arguments have not ended."""

    id: str
    name: str
    arguments: str = ""


class EventEncoder:
    """One streamed answer. Calls wait for the end of their arguments, and usage for the end of all."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._usage: Usage | None = None
        self._calls: dict[tuple[int, int], _Call] = {}
        self._finish: dict[int, FinishReason] = {}
        self.whole: JsonObject = {}

    def feed(self, chunk: Chunk) -> bytes:
        """The event for one step; empty where it says nothing yet."""
        self._usage = chunk.usage or self._usage
        candidates = [
            _candidate(choice.index, parts, None) for choice in chunk.choices if (parts := self._said(choice))
        ]
        return self._event(candidates, None) if candidates else b""

    def finish(self) -> bytes:
        """The last event: calls, why it ended, and what it took."""
        parts: dict[int, list[JsonObject]] = {index: [] for index in list(self._finish) or [0]}
        for (index, _), call in self._calls.items():
            parts.setdefault(index, []).append(_call(call.id, call.name, call.arguments, self._stamp.model))
        last = [
            _candidate(index, said or [{"text": ""}], self._finish.get(index, "stop"))
            for index, said in parts.items()
        ]
        return self._event(last, self._usage or Usage())

    def fail(self, failure: Failure) -> bytes:
        """The last event of a stream that broke."""
        return b"data: " + encode_error(failure) + b"\r\n\r\n"

    def _said(self, choice: ChoiceDelta) -> list[JsonObject]:
        delta, parts = choice.delta, list[JsonObject]()
        if delta.reasoning_content:
            parts.append({"text": delta.reasoning_content, "thought": True})
        parts += [{"text": text} for text in (delta.content, delta.refusal) if text]
        if delta.thoughts:
            parts.append({"text": "", "thoughtSignature": sealed(delta.thoughts)})
        for call in delta.tool_calls or ():
            place, function = (choice.index, call.index), call.function
            if place not in self._calls:
                if function is None or function.name is None:
                    raise Garbled(self._stamp.model)
                self._calls[place] = _Call(call.id or f"call_{call.index}", function.name)
            if function is not None and function.arguments:
                self._calls[place].arguments += function.arguments
        if choice.finish_reason is not None:
            self._finish[choice.index] = choice.finish_reason
        return parts

    def _event(self, candidates: list[JsonObject], usage: Usage | None) -> bytes:
        body = _response(self._stamp, self._stamp.model, candidates, usage)
        return b"data: " + orjson.dumps(body) + b"\r\n\r\n"


CONTENT: Final = Dialect("gemini", decode, encode_answer, EventEncoder, encode_error)
