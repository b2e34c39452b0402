"""Anthropic Messages, what is answered: the internal form to bytes, whole and as events.

Source: Anthropic API reference, Messages and streaming (2023-06-01). A stream opens one block at a time: thoughts, text, each
tool; what closes a block opens the next.
"""

from typing import Any, Final

import orjson

from haechi.app.web.dialects.anthropic_form import decode, decode_counted
from haechi.app.web.dialects.dialect import Dialect, Failure, Stamp
from haechi.app.web.dialects.reading import given_object
from haechi.domain.chat import Answer, Chunk, FinishReason, JsonObject, Message, ToolCallDelta, Usage
from haechi.domain.errors import Garbled

STOP: Final[dict[FinishReason, str]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
}
KINDS: Final = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}
_NO_USAGE: Final = Usage()


def encode_answer(answer: Answer, stamp: Stamp) -> bytes:
    """A whole answer: the first alternative, since this dialect knows no others."""
    choice = answer.choices[0]
    return orjson.dumps(
        _envelope(stamp, answer.model)
        | {
            "content": _blocks(choice.message, answer.model),
            "stop_reason": STOP[choice.finish_reason],
            "usage": _usage(answer.usage or _NO_USAGE),
        }
    )


def encode_error(failure: Failure) -> bytes:
    """An error in Anthropic's shape."""
    kind = KINDS.get(failure.status, "invalid_request_error" if failure.status < 500 else "api_error")
    said = {"type": kind, "message": failure.message}
    return orjson.dumps({"type": "error", "error": said, "request_id": failure.record})


def encode_count(tokens: int) -> bytes:
    """A count of tokens."""
    return orjson.dumps({"input_tokens": tokens})


def encode_models(names: list[tuple[str, str]]) -> bytes:
    """The list of models."""
    listed = [_model(name) for name, _ in names]
    ends = (
        {"first_id": listed[0]["id"], "last_id": listed[-1]["id"]}
        if listed
        else {"first_id": None, "last_id": None}
    )
    return orjson.dumps({"data": listed, "has_more": False} | ends)


def encode_model(name: str, owner: str) -> bytes:
    """One model."""
    return orjson.dumps(_model(name))


def _model(name: str) -> JsonObject:
    return {"type": "model", "id": name, "display_name": name, "created_at": "1970-01-01T00:00:00Z"}


def _envelope(stamp: Stamp, model: str) -> JsonObject:
    return {
        "id": f"msg_{stamp.record}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def _usage(usage: Usage) -> JsonObject:
    """This dialect counts what was read from a cache apart."""
    return {
        "input_tokens": usage.input - usage.cached,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": usage.cached,
        "output_tokens": usage.output,
    }


def _blocks(message: Message, model: str) -> list[JsonObject]:
    seals = list(message.thoughts or ())
    blocks: list[JsonObject] = []
    if message.reasoning_content:
        signature = seals.pop(0) if seals else ""
        blocks.append({"type": "thinking", "thinking": message.reasoning_content, "signature": signature})
    blocks += [{"type": "redacted_thinking", "data": seal} for seal in seals]
    if text := message.text or message.refusal:
        blocks.append({"type": "text", "text": text})
    blocks += [
        {
            "type": "tool_use",
            "id": call.id,
            "name": call.function.name,
            "input": _given(call.function.arguments, model),
        }
        for call in message.tool_calls or ()
    ]
    return blocks


def _given(arguments: str, model: str) -> JsonObject:
    """What a tool is given, decoded. Raises `Garbled` where a model wrote no JSON."""
    given = given_object(arguments)
    if given is None:
        raise Garbled(model)
    return given


class EventEncoder:
    """One streamed answer. Usage is told at the end; at the beginning nobody knows it yet."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._begun = False
        self._index = -1
        self._open = ""
        self._tool = -1
        self._signed = False
        self._usage = _NO_USAGE
        self._stop: FinishReason | None = None
        self.whole: JsonObject = {}

    def feed(self, chunk: Chunk) -> bytes:
        """The events for one step."""
        self._usage = chunk.usage or self._usage
        events = [] if self._begun else [self._start()]
        for choice in chunk.choices:
            if choice.index != 0:
                continue
            delta = choice.delta
            if delta.reasoning_content:
                events += self._say(
                    "thinking", {"type": "thinking_delta", "thinking": delta.reasoning_content}
                )
            for seal in delta.thoughts or ():
                events += self._sign(seal)
            for text in (delta.content, delta.refusal):
                if text:
                    events += self._say("text", {"type": "text_delta", "text": text})
            for call in delta.tool_calls or ():
                events += self._call(call)
            self._stop = choice.finish_reason or self._stop
        return b"".join(events)

    def finish(self) -> bytes:
        """The events that end the message."""
        events = [] if self._begun else [self._start()]
        events += self._close()
        events.append(
            _event(
                "message_delta",
                delta={"stop_reason": STOP[self._stop or "stop"], "stop_sequence": None},
                usage=_usage(self._usage),
            )
        )
        events.append(_event("message_stop"))
        return b"".join(events)

    def fail(self, failure: Failure) -> bytes:
        """The last event of a stream that broke."""
        return b"event: error\ndata: " + encode_error(failure) + b"\n\n"

    def _start(self) -> bytes:
        self._begun = True
        return _event(
            "message_start",
            message=_envelope(self._stamp, self._stamp.model) | {"usage": _usage(self._usage)},
        )

    def _say(self, kind: str, delta: JsonObject) -> list[bytes]:
        events = []
        if self._open != kind:
            empty = {"thinking": {"thinking": "", "signature": ""}, "text": {"text": ""}}[kind]
            events = self._begin(kind, {"type": kind} | empty)
        return [*events, self._delta(delta)]

    def _sign(self, seal: str) -> list[bytes]:
        """The seal of a thought that was told, else of one that was not."""
        if self._open == "thinking" and not self._signed:
            self._signed = True
            return [self._delta({"type": "signature_delta", "signature": seal})]
        return self._begin("redacted_thinking", {"type": "redacted_thinking", "data": seal})

    def _call(self, call: ToolCallDelta) -> list[bytes]:
        events: list[bytes] = []
        function = call.function
        if self._open != "tool_use" or self._tool != call.index:
            if (
                call.id is None or function is None or function.name is None
            ):  # more of a block that was closed
                raise Garbled(self._stamp.model)
            begun = {"type": "tool_use", "id": call.id, "name": function.name, "input": {}}
            events = self._begin("tool_use", begun)
            self._tool = call.index
        if function is not None and function.arguments:
            events.append(self._delta({"type": "input_json_delta", "partial_json": function.arguments}))
        return events

    def _begin(self, kind: str, block: JsonObject) -> list[bytes]:
        closed = self._close()
        self._index += 1
        self._open, self._signed = kind, False
        return [*closed, _event("content_block_start", index=self._index, content_block=block)]

    def _delta(self, delta: JsonObject) -> bytes:
        return _event("content_block_delta", index=self._index, delta=delta)

    def _close(self) -> list[bytes]:
        if not self._open:
            return []
        self._open = ""
        return [_event("content_block_stop", index=self._index)]


def _event(name: str, **fields: Any) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps({"type": name, **fields}))


MESSAGES: Final = Dialect("messages", decode, encode_answer, EventEncoder, encode_error, (b"request-id",))
COUNT: Final = Dialect(
    "messages", decode_counted, encode_answer, EventEncoder, encode_error, (b"request-id",)
)
