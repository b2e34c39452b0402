"""OpenAI's dialect: what is decoded is what is scanned is what is sent."""

import contextlib
import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.web.dialects.dialect import Stamp
from haechi.app.web.dialects.openai import ChunkEncoder, decode, encode_answer
from haechi.domain.chat import Answer, Choice, ChoiceDelta, Chunk, Delta, Message, Usage
from haechi.domain.errors import BadRequest

HELLO: dict[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": "안녕"}]}


def raw(**more: Any) -> bytes:
    return orjson.dumps({**HELLO, **more})


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        (b"{", None, "invalid_json"),
        (b"[]", None, "invalid_json"),
        (b"\xff\xfe", None, "invalid_json"),
        (b'{"model":"a","model":"b","messages":[]}', None, "duplicate_key"),
        (b'{"messages":[{"role":"user","role":"user","content":"x"}],"model":"a"}', None, "duplicate_key"),
        (
            b'{"model":"a","messages":[{"role":"user","content":"\\u003a"}],"n":1,"n":2}',
            None,
            "duplicate_key",
        ),
        (b'{"messages":[]}', None, None),
        (b'{"model":"a"}', None, None),
        (b'{"model":1,"messages":[]}', "model", None),
        (b'{"model":"a","messages":[]}', "messages", None),
        (b'{"model":"a","messages":[{"role":"nobody","content":"x"}]}', "messages[0].role", None),
        (b'{"model":"a","messages":[{"role":"user","content":5}]}', "messages[0].content", None),
        (b'{"model":"a","messages":"hello"}', "messages", None),
        (raw(temperature="hot"), "temperature", None),
        (raw(fallbacks=["gpt"]), "fallbacks", None),
        (raw(api_base="http://evil.example"), "api_base", None),
        (raw(base_url="http://evil.example"), "base_url", None),
        (raw(extra_body={}), "extra_body", None),
        (raw(tools=[{"type": "web_search"}]), "tools", None),
        (raw(tools=[{"type": "mcp", "server_url": "https://x.example"}]), "tools", None),
        (raw(tools=[{"type": "function", "function": 5}]), "tools[0].function", None),
        (raw(tools=5), "tools", None),
        (raw(tools=[5]), "tools[0]", None),
        (raw(mcp_servers=[]), "mcp_servers", None),
    ],
)
def test_a_bad_request_names_its_field(body: bytes, param: str | None, code: str | None) -> None:
    with pytest.raises(BadRequest) as raised:
        decode(body)
    assert raised.value.param == param
    assert raised.value.code == code


@pytest.mark.parametrize(
    ("body", "dropped"),
    [
        (raw(), ()),
        (raw(store=True, metadata={"a": "b"}), ("store", "metadata")),
        (raw(messages=[{"role": "user", "content": "x", "cache_control": {}}]), ("messages.cache_control",)),
        (
            raw(messages=[{"role": "user", "content": [{"type": "text", "text": "x", "z": 1}]}]),
            ("messages.content.z",),
        ),
        (raw(홍길동=1), ("?",)),
        (raw(messages=[{"role": "user", "content": "x", "홍길동": 1}]), ("messages.?",)),
        (
            raw(
                messages=[
                    {
                        "role": "user",
                        "content": [{"type": "image_url", "image_url": {"url": "data:", "size": 1}}],
                    },
                    {
                        "role": "assistant",
                        "tool_calls": [
                            {
                                "id": "1",
                                "type": "function",
                                "function": {"name": "f", "arguments": "", "cached": 1},
                                "extra_content": {"z": 1},
                            }
                        ],
                    },
                ]
            ),
            (
                "messages.content.image_url.size",
                "messages.tool_calls.extra_content",
                "messages.tool_calls.function.cached",
            ),
        ),
        (
            raw(
                tools=[
                    {"type": "function", "function": {"name": "f", "defer": True, "parameters": {"any": 1}}}
                ],
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "a", "rule": 1},
                    "grammar": "g",
                },
                stream_options={"include_usage": True, "obfuscate": False},
            ),
            (
                "tools.function.defer",
                "response_format.grammar",
                "response_format.json_schema.rule",
                "stream_options.obfuscate",
            ),
        ),
        (
            raw(
                messages=[
                    {"role": "user", "content": [{"type": "file", "file": {"file_id": "f", "filename": "n"}}]}
                ],
                tools=[{"type": "function", "function": {"name": "f", "description": "d", "strict": True}}],
                tool_choice={"type": "function", "function": {"name": "f"}},
                response_format={"type": "text"},
                web_search_options={
                    "user_location": {"type": "approximate", "approximate": {"city": "Seoul"}},
                },
            ),
            (),
        ),
    ],
)
def test_unknown_fields_are_named_and_left_behind(body: bytes, dropped: tuple[str, ...]) -> None:
    assert decode(body).dropped == dropped


RRN = "900101-1234568"
INDISCREET = [
    {"messages": [{"role": RRN, "content": "x"}]},
    {"messages": [{"role": f"x'{RRN} 홍길동", "content": "x"}]},
    {"messages": [{"role": f"u - at `$.{RRN} 홍길동", "content": "x"}]},
    {"messages": [{"role": f"u - at `$.{RRN}`", "content": "x"}]},
    {"messages": [{"role": "user", "content": [{"type": RRN}]}]},
    {"reasoning_effort": f"'{RRN}'"},
    {"logit_bias": {RRN: "x"}},
    {"tools": [{"type": "function", "function": {"name": "f", "parameters": RRN}}]},
    {"model": [RRN]},
]


@pytest.mark.parametrize("wrong", INDISCREET, ids=str)
def test_an_error_does_not_repeat_what_the_caller_wrote(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as raised:
        decode(raw(**wrong))
    error = raised.value
    for said in (error.text.en, error.text.ko, error.param or "", error.code or ""):
        assert RRN not in said
        assert "홍길동" not in said
    assert error.param


@pytest.mark.parametrize("depth", [200, 300, 1000, 5000])
@pytest.mark.parametrize("aside", ["", "\\u003a"])
def test_depth_is_survived(depth: int, aside: str) -> None:
    deep = "[" * depth + "]" * depth
    body = f'{{"model":"auto","messages":[{{"role":"user","content":"{aside}"}}],"x":{deep}}}'
    with contextlib.suppress(BadRequest):
        assert decode(body.encode()).dropped == ("x",)


texts = st.text(st.characters(codec="utf-8"))
bodies = st.recursive(
    texts | st.integers(-(2**63), 2**63 - 1),
    lambda inner: st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(texts, bodies, max_size=4), st.booleans())
def test_no_object_without_a_repeated_key_is_taken_for_one(value: dict[str, Any], escaped: bool) -> None:
    body = json.dumps({**HELLO, "metadata": value}, ensure_ascii=escaped).encode()
    assert decode(body).body["metadata"] == value


@given(texts, bodies, bodies)
def test_a_repeated_key_is_always_noticed(key: str, first: Any, second: Any) -> None:
    name = json.dumps(key)
    inner = f"{{{name}: {json.dumps(first)}, {name}:{json.dumps(second)}}}"
    body = orjson.dumps(HELLO)[:-1] + f', "metadata": {inner}}}'.encode()
    with pytest.raises(BadRequest, match="twice"):
        decode(body)


def test_an_answer_has_openai_s_shape() -> None:
    answer = Answer("m", (Choice(0, Message("assistant", "좋은 날씨 ☀️"), "stop"),), Usage(3, 4, 1, 2))
    body = orjson.loads(encode_answer(answer, Stamp("r1", 7, "m", decode(raw()))))
    assert body["id"] == "chatcmpl-r1"
    assert body["object"] == "chat.completion"
    assert body["choices"][0]["message"] == {"role": "assistant", "content": "좋은 날씨 ☀️", "refusal": None}
    assert body["choices"][0]["finish_reason"] == "stop"
    assert body["usage"]["total_tokens"] == 7
    assert body["usage"]["prompt_tokens_details"] == {"cached_tokens": 1}


@pytest.mark.parametrize("wants_usage", [True, False])
def test_a_stream_ends_with_usage_where_asked_and_always_with_done(wants_usage: bool) -> None:
    asked = decode(raw(stream=True, stream_options={"include_usage": wants_usage}))
    encoder = ChunkEncoder(Stamp("r1", 7, "m", asked))
    out = encoder.feed(Chunk((ChoiceDelta(0, Delta("assistant", "안")),)))
    out += encoder.feed(Chunk(usage=Usage(1, 2)))
    out += encoder.feed(Chunk((ChoiceDelta(0, Delta(), "stop"),)))
    events = [line.removeprefix("data: ") for line in (out + encoder.finish()).decode().split("\n\n") if line]
    assert events.pop() == "[DONE]"
    chunks = [orjson.loads(event) for event in events]
    assert all(
        chunk["object"] == "chat.completion.chunk" and chunk["id"] == "chatcmpl-r1" for chunk in chunks
    )
    assert ("usage" in chunks[-1]) is wants_usage
    if wants_usage:
        assert chunks[-1]["choices"] == []
        assert chunks[-1]["usage"]["total_tokens"] == 3
