"""Anthropic's dialect: what blocks become, what answers look like whole and as events, and what is refused."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.web.dialects.anthropic import EventEncoder, encode_answer, encode_error
from haechi.app.web.dialects.anthropic_form import decode, decode_counted
from haechi.app.web.dialects.dialect import Failure, Stamp
from haechi.domain.chat import (
    Answer,
    Choice,
    ChoiceDelta,
    Chunk,
    Delta,
    FunctionCall,
    FunctionDelta,
    Message,
    ToolCall,
    ToolCallDelta,
    Usage,
)
from haechi.domain.errors import BadRequest, Garbled
from haechi.domain.text import Text

HELLO: dict[str, Any] = {"model": "auto", "max_tokens": 9, "messages": [{"role": "user", "content": "안녕"}]}
TOOL = {"name": "find", "description": "찾기", "input_schema": {"type": "object"}}


def raw(**more: Any) -> bytes:
    return orjson.dumps({**HELLO, **more})


def stamp() -> Stamp:
    return Stamp("r1", 1, "home-model", decode(raw()))


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"{", None),
        (orjson.dumps({"model": "a", "messages": HELLO["messages"]}), None),  # max_tokens is required
        (raw(messages=[]), "messages"),
        (raw(max_tokens=0), "max_tokens"),
        (raw(temperature=1.5), "temperature"),
        (raw(messages=[{"role": "nobody", "content": "x"}]), "messages[0].role"),
        (
            raw(messages=[{"role": "user", "content": [{"type": "server_tool_use"}]}]),
            "messages[0].content[0].type",
        ),
        (raw(tools=[{"type": "web_search_20250305", "name": "web_search"}]), "tools"),
        (raw(tools=[{"type": "bash_20250124", "name": "bash"}]), "tools"),
        (raw(tool_choice={"type": "tool"}), "tool_choice"),
        (raw(mcp_servers=[{"url": "https://x.example"}]), "mcp_servers"),
        (
            raw(
                messages=[{"role": "assistant", "content": [{"type": "image", "source": {"type": "base64"}}]}]
            ),
            "messages[0].content[0].type",
        ),
        (
            raw(
                messages=[
                    {"role": "user", "content": [{"type": "tool_use", "id": "a", "name": "b", "input": {}}]}
                ]
            ),
            "messages[0].content[0].type",
        ),
        (
            raw(messages=[{"role": "user", "content": [{"type": "image", "source": {"type": "file"}}]}]),
            "messages[0].content[0].source.type",
        ),
    ],
)
def test_a_bad_request_names_its_field(body: bytes, param: str | None) -> None:
    with pytest.raises(BadRequest) as raised:
        decode(body)
    assert raised.value.param == param


def test_a_conversation_becomes_messages_and_parts() -> None:
    turns = [
        {
            "role": "user",
            "content": [{"type": "text", "text": "찾아줘", "cache_control": {"type": "ephemeral"}}],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "음", "signature": "hm1.seal"},
                {"type": "redacted_thinking", "data": "hm1.other"},
                {"type": "text", "text": "네"},
                {"type": "tool_use", "id": "t1", "name": "find", "input": {"q": "홍"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "t1",
                    "content": [{"type": "text", "text": "없음"}],
                    "is_error": True,
                },
                {"type": "text", "text": "다시"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}},
                {"type": "document", "title": "메모", "source": {"type": "text", "data": "글"}},
            ],
        },
    ]
    decoded = decode(raw(system=[{"type": "text", "text": "규칙"}], messages=turns, tools=[TOOL]))
    system, user, assistant, tool, last = decoded.chat.messages
    assert (system.role, system.text) == ("system", "규칙")
    assert (user.role, user.text) == ("user", "찾아줘")
    assert assistant.thoughts == ("hm1.seal", "hm1.other")
    assert (assistant.reasoning_content, assistant.text) == ("음", "네")
    assert assistant.tool_calls == (ToolCall("t1", FunctionCall("find", '{"q":"홍"}')),)
    assert (tool.role, tool.text, tool.tool_call_id) == ("tool", "[error]\n없음", "t1")
    assert last.text == "다시\n메모\n글"
    assert decoded.dropped == ("messages.content.cache_control",)


def test_seals_are_not_scanned_and_stay_out_of_the_form_that_is_read_again() -> None:
    turns = [
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "음", "signature": "hm1.seal"}]}
    ]
    decoded = decode(raw(messages=[*HELLO["messages"], *turns]))
    assert b"hm1.seal" not in orjson.dumps(decoded.body)
    assert decoded.to_chat(decoded.body).messages[-1].thoughts is None
    assert decoded.chat.messages[-1].thoughts == ("hm1.seal",)


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"stop_sequences": ["끝"]}, "stop", ("끝",)),
        ({"metadata": {"user_id": "u"}}, "user", "u"),
        ({"tool_choice": {"type": "any"}}, "tool_choice", "required"),
        ({"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}}, "parallel_tool_calls", False),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "reasoning_effort", "low"),
        ({"thinking": {"type": "enabled", "budget_tokens": 30000}}, "reasoning_effort", "high"),
        ({"thinking": {"type": "disabled"}}, "reasoning_effort", "none"),
        ({"output_config": {"effort": "max"}}, "reasoning_effort", "xhigh"),
    ],
)
def test_fields(more: dict[str, Any], field: str, value: Any) -> None:
    assert getattr(decode(raw(**more)).chat, field) == value


def test_a_count_needs_no_max_tokens() -> None:
    body = {name: value for name, value in HELLO.items() if name != "max_tokens"}
    assert decode_counted(orjson.dumps(body)).chat.messages[0].text == "안녕"


def test_a_whole_answer() -> None:
    message = Message(
        "assistant",
        "답",
        tool_calls=(ToolCall("t1", FunctionCall("find", '{"q": 1}')),),
        reasoning_content="음",
        thoughts=("hm1.a", "hm1.b"),
    )
    answer = Answer("m", (Choice(0, message, "tool_calls"),), Usage(input=10, output=5, cached=4))
    told = orjson.loads(encode_answer(answer, stamp()))
    assert told["content"] == [
        {"type": "thinking", "thinking": "음", "signature": "hm1.a"},
        {"type": "redacted_thinking", "data": "hm1.b"},
        {"type": "text", "text": "답"},
        {"type": "tool_use", "id": "t1", "name": "find", "input": {"q": 1}},
    ]
    assert (told["type"], told["role"], told["stop_reason"]) == ("message", "assistant", "tool_use")
    assert told["usage"] == {
        "input_tokens": 6, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 4, "output_tokens": 5
    }  # fmt: skip


def test_arguments_that_are_no_json_are_no_answer() -> None:
    message = Message("assistant", None, tool_calls=(ToolCall("t", FunctionCall("f", "{")),))
    with pytest.raises(Garbled):
        encode_answer(Answer("m", (Choice(0, message, "tool_calls"),)), stamp())


def events(*chunks: Chunk) -> list[tuple[str, dict[str, Any]]]:
    """Every event of a stream, with its name."""
    encoder = EventEncoder(stamp())
    written = b"".join(map(encoder.feed, chunks)) + encoder.finish()
    told = []
    for block in written.decode().strip().split("\n\n"):
        name, data = block.split("\n")
        told.append((name.removeprefix("event: "), orjson.loads(data.removeprefix("data: "))))
    return told


def step(delta: Delta, finish: Any = None) -> Chunk:
    return Chunk((ChoiceDelta(0, delta, finish),))


def tool(index: int, *, new: str = "", arguments: str = "") -> Delta:
    named = FunctionDelta(new or None, arguments or None)
    return Delta(tool_calls=(ToolCallDelta(index, f"t{index}" if new else None, "function", named),))


def test_the_order_of_events() -> None:
    told = events(
        step(Delta(role="assistant")),
        step(Delta(reasoning_content="음")),
        step(Delta(thoughts=("hm1.a",))),
        step(Delta(content="답")),
        step(Delta(content="변")),
        step(tool(0, new="find")),
        step(tool(0, arguments='{"q":')),
        step(tool(0, arguments="1}")),
        step(tool(1, new="other", arguments="{}"), "tool_calls"),
        Chunk(usage=Usage(input=3, output=2)),
    )
    assert [name for name, _ in told] == [
        "message_start",
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        *("content_block_start", "content_block_delta", "content_block_stop"),
        *("message_delta", "message_stop"),
    ]
    assert [data["index"] for name, data in told if name == "content_block_start"] == [0, 1, 2, 3]
    assert told[3][1]["delta"] == {"type": "signature_delta", "signature": "hm1.a"}
    assert told[-2][1]["delta"]["stop_reason"] == "tool_use"
    assert told[-2][1]["usage"]["output_tokens"] == 2


def test_an_answer_of_nothing_begins_and_ends() -> None:
    assert [name for name, _ in events()] == ["message_start", "message_delta", "message_stop"]


@given(
    st.lists(
        st.sampled_from(
            [
                Delta(content="가"),
                Delta(reasoning_content="나"),
                Delta(thoughts=("hm1.x",)),
                Delta(refusal="다"),
                tool(0, new="a"),
                tool(1, new="b", arguments="{}"),
            ]
        )
    )
)
def test_blocks_open_one_at_a_time_and_all_close(deltas: list[Delta]) -> None:
    open_now, seen = None, -1
    for name, data in events(*map(step, deltas)):
        if name == "content_block_start":
            assert open_now is None
            assert data["index"] == seen + 1
            open_now = seen = data["index"]
        elif name == "content_block_delta":
            assert data["index"] == open_now
        elif name == "content_block_stop":
            assert data["index"] == open_now
            open_now = None
    assert open_now is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (405, "invalid_request_error"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (502, "api_error"),
        (503, "overloaded_error"),
    ],
)
def test_errors(status: int, kind: str) -> None:
    told = orjson.loads(encode_error(Failure(status, Text("가", "a"), "x", None, None, "en", "r1")))
    assert told == {"type": "error", "error": {"type": kind, "message": "a"}, "request_id": "r1"}
