"""Responses: what items become, what answers look like whole and as events, and how a conversation is taken up."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.adapters.stores.responses import SqliteResponses, prepare_responses
from haechi.app.web.dialects.dialect import Failure, Stamp
from haechi.app.web.dialects.responses import EventEncoder, encode_answer
from haechi.app.web.dialects.responses_form import decode
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
from haechi.domain.errors import BadRequest
from haechi.domain.text import Text

TOOL = {"type": "function", "name": "find", "parameters": {"type": "object"}}


def raw(**more: Any) -> bytes:
    return orjson.dumps({"model": "auto", "input": "안녕", **more})


def stamp(**more: Any) -> Stamp:
    return Stamp("r1", 1, "home-model", decode(raw(**more)))


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (raw(input=[]), "input"),
        (raw(input=5), "input"),
        (raw(input=[{"role": "nobody", "content": "x"}]), "input[0].role"),
        (raw(input=[{"type": "item_reference", "id": "x"}]), "input"),
        (raw(tools=[{"type": "web_search"}]), "tools"),
        (raw(tools=[{"type": "mcp", "server_url": "https://x.example"}]), "tools"),
        (raw(background=True), "background"),
        (raw(max_output_tokens=0), "max_output_tokens"),
        (raw(mcp_servers=[]), "mcp_servers"),
    ],
)
def test_a_bad_request_names_its_field(body: bytes, param: str) -> None:
    with pytest.raises(BadRequest) as raised:
        decode(body)
    assert raised.value.param == param


def test_items_become_messages_and_what_one_answer_held_becomes_one() -> None:
    items = [
        {"role": "user", "content": [{"type": "input_text", "text": "찾아줘"}]},
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "음"}],
            "encrypted_content": "hm1.s",
        },
        {
            "type": "message",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "네", "annotations": []}],
        },
        {"type": "function_call", "call_id": "c1", "name": "find", "arguments": "{}"},
        {"type": "function_call", "call_id": "c2", "name": "find", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "없음"},
        {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "있음"}]},
        {"role": "user", "content": "계속"},
    ]
    decoded = decode(raw(input=items, instructions="규칙", tools=[TOOL]))
    system, user, answer, one, two, last = decoded.chat.messages
    assert (system.role, system.text, user.text, last.text) == ("system", "규칙", "찾아줘", "계속")
    assert (answer.text, answer.reasoning_content, answer.thoughts) == ("네", "음", ("hm1.s",))
    assert [call.id for call in answer.tool_calls or ()] == ["c1", "c2"]
    assert [(message.tool_call_id, message.text) for message in (one, two)] == [
        ("c1", "없음"),
        ("c2", "있음"),
    ]
    assert b"hm1.s" not in orjson.dumps(decoded.body)
    assert decoded.to_chat(decoded.body).messages[2].thoughts is None
    assert decoded.dropped == ("input.content.annotations",)


def test_a_whole_response() -> None:
    message = Message(
        "assistant",
        "답",
        tool_calls=(ToolCall("c1", FunctionCall("find", "{}")),),
        reasoning_content="음",
        thoughts=("hm1.a",),
    )
    answer = Answer(
        "m", (Choice(0, message, "tool_calls"),), Usage(input=10, output=5, cached=4, reasoning=2)
    )
    told = orjson.loads(encode_answer(answer, stamp(metadata={"a": "b"})))
    assert [item["type"] for item in told["output"]] == ["reasoning", "message", "function_call"]
    assert told["output"][0]["encrypted_content"] == "hm1.a"
    assert told["output"][1]["content"] == [
        {"type": "output_text", "text": "답", "annotations": [], "logprobs": []}
    ]
    assert (told["id"], told["status"], told["metadata"]) == ("resp_r1", "completed", {"a": "b"})
    assert told["usage"]["total_tokens"] == 15


@pytest.mark.parametrize(
    ("finish", "status", "why"),
    [
        ("stop", "completed", None),
        ("length", "incomplete", {"reason": "max_output_tokens"}),
        ("content_filter", "incomplete", {"reason": "content_filter"}),
    ],
)
def test_how_it_ended(finish: Any, status: str, why: Any) -> None:
    told = orjson.loads(encode_answer(Answer("m", (Choice(0, Message("assistant", "x"), finish),)), stamp()))
    assert (told["status"], told["incomplete_details"]) == (status, why)


def events(*deltas: Delta) -> list[dict[str, Any]]:
    encoder = EventEncoder(stamp())
    written = b"".join(encoder.feed(Chunk((ChoiceDelta(0, delta),))) for delta in deltas) + encoder.finish()
    told = []
    for block in written.decode().strip().split("\n\n"):
        name, data = block.split("\n")
        told.append(orjson.loads(data.removeprefix("data: ")))
        assert told[-1]["type"] == name.removeprefix("event: ")
    return told


def tool(index: int, *, new: str = "", arguments: str = "") -> Delta:
    named = FunctionDelta(new or None, arguments or None)
    return Delta(tool_calls=(ToolCallDelta(index, f"c{index}" if new else None, "function", named),))


DELTAS = [
    Delta(content="가"),
    Delta(reasoning_content="나"),
    Delta(thoughts=("hm1.x",)),
    Delta(refusal="다"),
    tool(0, new="a"),
    tool(1, new="b", arguments="{}"),
]


@given(st.lists(st.sampled_from(DELTAS)))
def test_items_are_added_and_done_one_at_a_time_and_the_last_event_holds_them_all(
    deltas: list[Delta],
) -> None:
    told = events(*deltas)
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    added = [event["item"]["id"] for event in told if event["type"] == "response.output_item.added"]
    done = [event["item"] for event in told if event["type"] == "response.output_item.done"]
    assert added == [item["id"] for item in done]
    assert len(set(added)) == len(added)
    assert told[-1]["response"]["output"] == done
    said = "".join(event["delta"] for event in told if event["type"] == "response.output_text.delta")
    whole = [
        part["text"] for item in done for part in item.get("content", ()) if part["type"] == "output_text"
    ]
    assert said == "".join(whole) == "".join(delta.content or "" for delta in deltas)


def test_a_stream_that_broke_says_so() -> None:
    encoder = EventEncoder(stamp())
    encoder.feed(Chunk((ChoiceDelta(0, Delta(content="가")),)))
    last = encoder.fail(Failure(502, Text("가", "a"), "upstream_error", "upstream_garbled", None, "en", "r1"))
    names = [
        line.removeprefix("event: ") for line in last.decode().splitlines() if line.startswith("event: ")
    ]
    assert names == ["error", "response.failed"]


def test_what_is_kept_belongs_to_one_key_and_ends(tmp_path: Path) -> None:
    prepare_responses(tmp_path)
    now = [1_000.0]
    store, again = (SqliteResponses(tmp_path, now=lambda: now[0]) for _ in range(2))
    store.keep("resp_1", "kim", "비밀".encode())
    assert again.known("resp_1", "kim") == "비밀".encode()
    assert again.known("resp_1", "lee") is None
    assert not again.delete("resp_1", "lee")
    assert (
        "비밀".encode()
        not in (tmp_path / "responses.db").read_bytes() + (tmp_path / "responses.db-wal").read_bytes()
    )
    now[0] += 40 * 86_400
    assert store.known("resp_1", "kim") is None
    now[0] = 1_000.0
    assert again.delete("resp_1", "kim")
    assert store.known("resp_1", "kim") is None
    assert not store.delete("resp_1", "kim")
