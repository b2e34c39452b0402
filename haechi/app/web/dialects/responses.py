"""OpenAI Responses, what is answered: the internal form to bytes, whole and as events with rising numbers.

Source: OpenAI API reference, Responses and streaming events.
"""

from typing import Any, Final

import msgspec
import orjson
from msgspec import Struct

from haechi.app.web.dialects.dialect import Dialect, Failure, Stamp
from haechi.app.web.dialects.openai import encode_error
from haechi.app.web.dialects.responses_form import asked_of, decode
from haechi.domain.chat import (
    Answer,
    ChoiceDelta,
    Chunk,
    FinishReason,
    JsonObject,
    Message,
    ToolCallDelta,
    Usage,
)
from haechi.domain.errors import Garbled

SEALED: Final = "reasoning.encrypted_content"
"""What a caller includes who wants to hand thoughts back himself."""


def response_id(record: str) -> str:
    """The id of the response to this record."""
    return f"resp_{record}"


def encode_answer(answer: Answer, stamp: Stamp) -> bytes:
    """A whole response."""
    choice = answer.choices[0]
    output = items(choice.message, stamp)
    return orjson.dumps(response(stamp, answer.model, output, choice.finish_reason, answer.usage))


def items(message: Message, stamp: Stamp) -> list[JsonObject]:
    """What was answered, item by item: thoughts, text, calls."""
    output: list[JsonObject] = []
    seals = list(message.thoughts or ())
    if message.reasoning_content or seals:
        first = seals.pop(0) if seals else None
        output.append(_reasoning(stamp, 0, message.reasoning_content or "", first))
        output += [_reasoning(stamp, number, "", seal) for number, seal in enumerate(seals, 1)]
    parts = [_text(message.text)] if message.text else []
    if message.refusal:
        parts.append({"type": "refusal", "refusal": message.refusal})
    if parts or not message.tool_calls:
        output.append(_message(stamp, 0, parts or [_text("")], "completed"))
    output += [
        _call(stamp, number, call.id, call.function.name, call.function.arguments, "completed")
        for number, call in enumerate(message.tool_calls or ())
    ]
    return output


def response(
    stamp: Stamp, model: str, output: list[JsonObject], finish: FinishReason | None, usage: Usage | None
) -> JsonObject:
    """The response object. Without `finish` it is under way."""
    asked = asked_of(stamp.decoded.body)
    incomplete = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(finish or "")
    status = "in_progress" if finish is None else "incomplete" if incomplete else "completed"
    text = stamp.decoded.body.get("text")
    return {
        "id": response_id(stamp.record),
        "object": "response",
        "created_at": stamp.created,
        "status": status,
        "background": False,
        "error": None,
        "incomplete_details": {"reason": incomplete} if incomplete else None,
        "instructions": asked.instructions,
        "max_output_tokens": asked.max_output_tokens,
        "max_tool_calls": None,
        "model": model,
        "output": output,
        "parallel_tool_calls": asked.parallel_tool_calls is not False,
        "previous_response_id": asked.previous_response_id,
        "reasoning": {
            "effort": asked.reasoning.effort if asked.reasoning else None,
            "summary": asked.reasoning.summary if asked.reasoning else None,
        },
        "safety_identifier": asked.safety_identifier,
        "service_tier": "default",
        "store": asked.store is not False,
        "temperature": 1.0 if asked.temperature is None else asked.temperature,
        "text": text if type(text) is dict else {"format": {"type": "text"}},
        "tool_choice": stamp.decoded.body.get("tool_choice") or "auto",
        "tools": [{"type": "function"} | tool for tool in stamp.decoded.body.get("tools") or []],
        "top_logprobs": 0,
        "top_p": 1.0 if asked.top_p is None else asked.top_p,
        "truncation": "disabled",
        "usage": _usage(usage) if usage is not None else None,
        "user": asked.user,
        "metadata": asked.metadata or {},
    }


def _usage(usage: Usage) -> JsonObject:
    return {
        "input_tokens": usage.input,
        "input_tokens_details": {"cached_tokens": usage.cached},
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.input + usage.output,
    }


def _text(text: str) -> JsonObject:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _message(stamp: Stamp, number: int, content: list[JsonObject], status: str) -> JsonObject:
    return {
        "id": f"msg_{stamp.record}_{number}",
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": content,
    }


def _reasoning(stamp: Stamp, number: int, summary: str, seal: str | None) -> JsonObject:
    said = [{"type": "summary_text", "text": summary}] if summary else []
    item: JsonObject = {"id": f"rs_{stamp.record}_{number}", "type": "reasoning", "summary": said}
    return item | ({"encrypted_content": seal} if seal is not None else {})


def _call(stamp: Stamp, number: int, call: str, name: str, arguments: str, status: str) -> JsonObject:
    return {
        "id": f"fc_{stamp.record}_{number}",
        "type": "function_call",
        "status": status,
        "call_id": call,
        "name": name,
        "arguments": arguments,
    }


_SHORT: Final = {"reasoning": "rs", "message": "msg", "function_call": "fc"}


class _Open(Struct):
    """The item that is being written."""

    kind: str
    index: int
    id: str
    part: str = ""
    said: str = ""
    tool: int = -1
    call: str = ""
    name: str = ""
    seal: str | None = None


class EventEncoder:
    """One streamed response. `whole` is the response object, once it has ended."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._number = -1
        self._open: _Open | None = None
        self._usage: Usage | None = None
        self._finish: FinishReason | None = None
        self._begun = {"reasoning": 0, "message": 0, "function_call": 0}
        self.output: list[JsonObject] = []
        self.whole: JsonObject = {}

    def feed(self, chunk: Chunk) -> bytes:
        """The events for one step."""
        self._usage = chunk.usage or self._usage
        events = self._begin()
        for choice in chunk.choices:
            if choice.index == 0:
                events += self._step(choice)
        return b"".join(events)

    def finish(self) -> bytes:
        """The events that end the response."""
        events = self._begin() + self._close()
        if not self.output:
            events += self._turn("message") + self._close()
        finish, usage = self._finish or "stop", self._usage or Usage()
        self.whole = response(self._stamp, self._stamp.model, self.output, finish, usage)
        events.append(self._event(f"response.{self.whole['status']}", response=self.whole))
        return b"".join(events)

    def fail(self, failure: Failure) -> bytes:
        """The last event of a stream that broke."""
        said = {"code": failure.code or failure.kind, "message": failure.message}
        events = self._begin()
        broken = response(self._stamp, self._stamp.model, self.output, None, self._usage)
        events.append(self._event("error", **said, param=failure.param))
        events.append(self._event("response.failed", response=broken | {"status": "failed", "error": said}))
        return b"".join(events)

    def _begin(self) -> list[bytes]:
        if self._number >= 0:
            return []
        begun = response(self._stamp, self._stamp.model, [], None, None)
        return [
            self._event("response.created", response=begun),
            self._event("response.in_progress", response=begun),
        ]

    def _step(self, choice: ChoiceDelta) -> list[bytes]:
        delta, events = choice.delta, list[bytes]()
        if delta.reasoning_content:
            events += self._turn("reasoning") + self._more(
                "reasoning_summary_text.delta", delta.reasoning_content
            )
        for seal in delta.thoughts or ():
            if self._open is None or self._open.kind != "reasoning" or self._open.seal is not None:
                events += self._close() + self._turn("reasoning")
            if self._open is not None:
                self._open.seal = seal
        if delta.content:
            events += self._turn("message", "output_text") + self._more("output_text.delta", delta.content)
        if delta.refusal:
            events += self._turn("message", "refusal") + self._more("refusal.delta", delta.refusal)
        for call in delta.tool_calls or ():
            events += self._call(call)
        self._finish = choice.finish_reason or self._finish
        return events

    def _call(self, call: ToolCallDelta) -> list[bytes]:
        function, events = call.function, list[bytes]()
        if self._open is None or self._open.kind != "function_call" or self._open.tool != call.index:
            if (
                call.id is None or function is None or function.name is None
            ):  # more of an item that was closed
                raise Garbled(self._stamp.model)
            events = self._close()
            opened = self._opened("function_call")
            opened.tool, opened.call, opened.name = call.index, call.id, function.name
            events += self._added(opened)
        if function is not None and function.arguments:
            events += self._more("function_call_arguments.delta", function.arguments)
        return events

    def _turn(self, kind: str, part: str = "output_text") -> list[bytes]:
        """An item of this kind is open now, and in a message this part."""
        now = self._open
        if now is not None and now.kind == kind and (kind != "message" or now.part == part):
            return []
        events = self._close()
        opened = self._opened(kind)
        opened.part = part if kind == "message" else ""
        events += self._added(opened)
        if kind == "message":
            empty = _text("") if part == "output_text" else {"type": "refusal", "refusal": ""}
            events.append(self._of(opened, "content_part.added", content_index=0, part=empty))
        return events

    def _opened(self, kind: str) -> _Open:
        number = self._begun[kind]
        self._begun[kind] = number + 1
        return _Open(kind, len(self.output), f"{_SHORT[kind]}_{self._stamp.record}_{number}")

    def _added(self, opened: _Open) -> list[bytes]:
        self._open = opened
        item = self._item(opened, "in_progress", empty=True)
        return [self._event("response.output_item.added", output_index=opened.index, item=item)]

    def _more(self, name: str, piece: str) -> list[bytes]:
        now = self._open
        if now is None:
            return []
        events = []
        if now.kind == "reasoning":
            if not now.said:
                part = {"type": "summary_text", "text": ""}
                events.append(self._of(now, "reasoning_summary_part.added", summary_index=0, part=part))
            events.append(self._of(now, name, summary_index=0, delta=piece))
        elif now.kind == "message":
            more: JsonObject = {"logprobs": []} if now.part == "output_text" else {}
            events.append(self._of(now, name, content_index=0, delta=piece, **more))
        else:
            events.append(self._of(now, name, delta=piece))
        now.said += piece
        return events

    def _close(self) -> list[bytes]:
        """The events that end the open item."""
        now, self._open = self._open, None
        if now is None:
            return []
        item = self._item(now, "completed")
        events = []
        if now.kind == "message":
            field = "text" if now.part == "output_text" else "refusal"
            more: JsonObject = {"logprobs": []} if now.part == "output_text" else {}
            events = [
                self._of(now, f"{now.part}.done", content_index=0, **{field: now.said}, **more),
                self._of(now, "content_part.done", content_index=0, part=item["content"][0]),
            ]
        elif now.kind == "function_call":
            events = [self._of(now, "function_call_arguments.done", name=now.name, arguments=now.said)]
        elif now.said:
            events = [
                self._of(now, "reasoning_summary_text.done", summary_index=0, text=now.said),
                self._of(now, "reasoning_summary_part.done", summary_index=0, part=item["summary"][0]),
            ]
        self.output.append(item)
        return [*events, self._event("response.output_item.done", output_index=now.index, item=item)]

    def _item(self, now: _Open, status: str, *, empty: bool = False) -> JsonObject:
        number = int(now.id.rpartition("_")[2])
        if now.kind == "reasoning":
            return _reasoning(self._stamp, number, now.said, now.seal)
        if now.kind == "function_call":
            return _call(self._stamp, number, now.call, now.name, now.said, status)
        part = _text(now.said) if now.part == "output_text" else {"type": "refusal", "refusal": now.said}
        return _message(self._stamp, number, [] if empty else [part], status)

    def _of(self, now: _Open, what: str, **fields: Any) -> bytes:
        return self._event(f"response.{what}", item_id=now.id, output_index=now.index, **fields)

    def _event(self, what: str, **fields: Any) -> bytes:
        self._number += 1
        data = msgspec.json.encode({"type": what, "sequence_number": self._number, **fields})
        return b"event: %s\ndata: %s\n\n" % (what.encode(), data)


RESPONSES: Final = Dialect("responses", decode, encode_answer, EventEncoder, encode_error)
