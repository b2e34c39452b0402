"""What each wire writes, refuses and reads. `tests/contract` shows that services understand it."""

import json
from contextlib import suppress
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.adapters.backends.anthropic import Anthropic
from haechi.adapters.backends.forms import asks_for
from haechi.adapters.backends.gemini import Gemini
from haechi.adapters.backends.openai import OpenAI
from haechi.adapters.backends.remote import StreamFault, Wire
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.backends.wires import WIRES
from haechi.domain.chat import (
    AudioClip,
    AudioPart,
    Chat,
    FileContent,
    FilePart,
    FunctionCall,
    FunctionSpec,
    FunctionTool,
    ImagePart,
    ImageUrl,
    JsonFormat,
    JsonSchema,
    Message,
    SchemaFormat,
    TextPart,
    ToolCall,
    Usage,
    WebSearch,
)
from haechi.domain.destination import Wire as WireName
from haechi.domain.errors import BadRequest
from tests.adapters.backends.kit import ask

TOOL = FunctionTool(
    FunctionSpec(name="weather", description="날씨", parameters={"type": "object"}, strict=True)
)
PIXEL = ImagePart(ImageUrl("data:image/png;base64,iVBO"))
HISTORY = (
    Message(role="system", content="짧게"),
    Message(role="developer", content="Be kind."),
    Message(role="user", content=(TextPart("무엇?"), PIXEL)),
    Message(
        role="assistant",
        content="찾아보죠",
        reasoning_content="흠",
        tool_calls=(ToolCall("c1", FunctionCall("weather", '{"city":"서울"}')),),
    ),
    Message(role="tool", tool_call_id="c1", content="비"),
    Message(role="user", content="그래서?"),
)
FULL = Chat(
    model="auto",
    messages=HISTORY,
    tools=(TOOL,),
    tool_choice="required",
    response_format=SchemaFormat(JsonSchema(name="x", schema={"type": "object"})),
    max_completion_tokens=50,
    temperature=0.0,
    top_p=0.5,
    stop=("끝",),
    reasoning_effort="medium",
    stream=True,
)


ODD: Final = Chat(
    model="auto",
    messages=(
        Message(role="user", content='\u2028 </script> \x00 🐢 \\u0041 "q"'),
        Message(
            role="assistant",
            tool_calls=(ToolCall("c1", FunctionCall("weather", '{ "city" : "서울", "x": 1e5, "y": 1.0 }')),),
        ),
        Message(role="tool", tool_call_id="c1", content='{"a": 1, "a": 2}'),
    ),
    tools=(
        FunctionTool(
            FunctionSpec(name="weather", parameters={"type": "object", "maximum": 1e22, "x": 1.50, "y": -0.0})
        ),
    ),
    temperature=1e-7,
    top_p=0.30000000000000004,
)


def wire(name: WireName, base: str = "http://localhost:1", key: str = "sk-1") -> Wire:
    return WIRES[name](Upstream("x", "cloud", name, base, key))


def body(name: WireName, chat: Chat, base: str = "http://localhost:1") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(wire(name, base).render(chat, "m-1"))
    return found


@pytest.mark.parametrize(
    ("name", "base", "path"),
    [
        ("openai", "https://api.openai.com/v1", "/v1/chat/completions"),
        ("openai", "http://localhost:8000", "/v1/chat/completions"),
        ("openai", "https://x.openai.azure.com/openai/v1", "/openai/v1/chat/completions"),
        ("anthropic", "https://api.anthropic.com", "/v1/messages"),
        ("anthropic", "https://api.anthropic.com/v1", "/v1/messages"),
        ("anthropic", "https://relay.example/anthropic", "/anthropic/v1/messages"),
        ("gemini", "https://g.example", "/v1beta/models/m-1:streamGenerateContent?alt=sse"),
        ("gemini", "https://g.example/v1beta", "/v1beta/models/m-1:streamGenerateContent?alt=sse"),
    ],
)
def test_where_a_wire_is_found(name: WireName, base: str, path: str) -> None:
    assert wire(name, base).path("m-1", streaming=True) == path


@pytest.mark.parametrize("model", ["../x", "a/b", "m?key=1", "m\r\nx: y", "모델", "m#x", "m%2f"])
def test_a_model_name_cannot_leave_its_place_in_a_path(model: str) -> None:
    path = Gemini(Upstream("x", "cloud", "gemini", "https://g.example")).path(model, streaming=False)
    assert path.startswith("/v1beta/models/")
    assert path.endswith(":generateContent")
    name = path.removeprefix("/v1beta/models/").removesuffix(":generateContent")
    assert not set(name) & set("/?#:\r\n ")
    assert path.isascii()


@pytest.mark.parametrize(
    ("name", "base", "headers"),
    [
        ("openai", "https://api.openai.com/v1", {"authorization": "Bearer sk-1"}),
        ("openai", "https://x.openai.azure.com/openai/v1", {"api-key": "sk-1"}),
        ("anthropic", "https://api.anthropic.com", {"anthropic-version": "2023-06-01", "x-api-key": "sk-1"}),
        ("gemini", "https://g.example", {"x-goog-api-key": "sk-1"}),
    ],
)
def test_the_key_has_a_header_of_its_own(name: WireName, base: str, headers: dict[str, str]) -> None:
    assert dict(wire(name, base).headers) == headers
    assert "sk-1" not in str(dict(wire(name, base, key="").headers))


def test_openai_is_written_with_its_own_habits() -> None:
    ours = body("openai", FULL, "https://api.openai.com/v1")
    assert ours["store"] is False
    assert ours["max_completion_tokens"] == 50
    assert "max_tokens" not in ours
    assert ours["stream_options"] == {"include_usage": True}
    assert ours["messages"][1] == {"role": "developer", "content": "Be kind."}
    assert "reasoning_content" not in ours["messages"][3]


def test_those_who_follow_openai_are_written_to_plainly() -> None:
    theirs = body("openai", FULL, "http://localhost:8000/v1")
    assert "store" not in theirs
    assert theirs["max_tokens"] == 50
    assert "max_completion_tokens" not in theirs
    assert theirs["messages"][1] == {"role": "system", "content": "Be kind."}
    assert theirs["messages"][3]["reasoning_content"] == "흠"
    assert theirs["model"] == "m-1"


def test_anthropic_fetches_a_picture_by_its_url() -> None:
    theirs = body(
        "anthropic", Chat("auto", (Message("user", (ImagePart(ImageUrl("https://x.example/a.png")),)),))
    )
    source = {"type": "url", "url": "https://x.example/a.png"}
    assert theirs["messages"][0]["content"] == [{"type": "image", "source": source}]


def test_anthropic_is_written() -> None:
    assert body("anthropic", FULL) == {
        "model": "m-1",
        "max_tokens": 50,
        "system": [{"type": "text", "text": "짧게"}, {"type": "text", "text": "Be kind."}],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "무엇?"},
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"},
                    },
                ],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "text", "text": "찾아보죠"},
                    {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "서울"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "c1", "content": "비"},
                    {"type": "text", "text": "그래서?"},
                ],
            },
        ],
        "stream": True,
        "stop_sequences": ["끝"],
        "temperature": 0.0,
        "top_p": 0.5,
        "tools": [
            {"name": "weather", "input_schema": {"type": "object"}, "description": "날씨", "strict": True}
        ],
        "tool_choice": {"type": "any"},
        "output_config": {
            "format": {"type": "json_schema", "schema": {"type": "object"}},
            "effort": "medium",
        },
    }


def test_gemini_is_written() -> None:
    assert body("gemini", FULL) == {
        "systemInstruction": {"parts": [{"text": "짧게"}, {"text": "Be kind."}]},
        "contents": [
            {
                "role": "user",
                "parts": [{"text": "무엇?"}, {"inlineData": {"mimeType": "image/png", "data": "iVBO"}}],
            },
            {
                "role": "model",
                "parts": [
                    {"text": "찾아보죠"},
                    {
                        "functionCall": {"id": "c1", "name": "weather", "args": {"city": "서울"}},
                        "thoughtSignature": "skip_thought_signature_validator",
                    },
                ],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"id": "c1", "name": "weather", "response": {"output": "비"}}},
                    {"text": "그래서?"},
                ],
            },
        ],
        "tools": [
            {
                "functionDeclarations": [
                    {"name": "weather", "description": "날씨", "parametersJsonSchema": {"type": "object"}}
                ]
            }
        ],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY"}},
        "generationConfig": {
            "maxOutputTokens": 50,
            "temperature": 0.0,
            "topP": 0.5,
            "stopSequences": ["끝"],
            "thinkingConfig": {"thinkingLevel": "MEDIUM"},
            "responseMimeType": "application/json",
            "responseJsonSchema": {"type": "object"},
        },
    }


def user(*parts: Any) -> dict[str, Any]:
    return {"messages": (Message(role="user", content=parts),)}


UNSAYABLE: list[tuple[WireName, dict[str, Any], str]] = [
    ("anthropic", {"n": 2}, "n"),
    ("anthropic", {"seed": 0}, "seed"),
    ("anthropic", {"logprobs": True}, "logprobs"),
    ("anthropic", {"top_logprobs": 2}, "top_logprobs"),
    ("anthropic", {"logit_bias": {"1": 2.0}}, "logit_bias"),
    ("anthropic", {"frequency_penalty": 0.5}, "frequency_penalty"),
    ("anthropic", {"presence_penalty": 0.5}, "presence_penalty"),
    ("anthropic", {"temperature": 1.5}, "temperature"),
    ("anthropic", {"response_format": JsonFormat()}, "response_format"),
    ("anthropic", user(AudioPart(AudioClip("AAAA", "wav"))), "messages.0.content.0"),
    ("anthropic", user(TextPart("x"), FilePart(FileContent(file_id="f"))), "messages.0.content.1"),
    ("anthropic", user(ImagePart(ImageUrl("iVBO"))), "messages.0.content.0.image_url.url"),
    ("anthropic", {"web_search_options": WebSearch()}, "web_search_options"),
    ("gemini", {"web_search_options": WebSearch()}, "web_search_options"),
    (
        "anthropic",
        user(ImagePart(ImageUrl("data:image/png;base64,AA==", "low"))),
        "messages.0.content.0.image_url.detail",
    ),
    ("anthropic", {"messages": (Message(role="user", content="x", name="김"),)}, "messages.0.name"),
    ("anthropic", {"messages": (Message(role="system", content=(PIXEL,)),)}, "messages.0.content"),
    ("gemini", {"logprobs": True}, "logprobs"),
    ("gemini", {"logit_bias": {"1": 2.0}}, "logit_bias"),
    ("gemini", {"user": "u-1"}, "user"),
    ("gemini", {"parallel_tool_calls": False, "tools": (TOOL,)}, "parallel_tool_calls"),
    ("gemini", user(ImagePart(ImageUrl("https://x.example/a.png"))), "messages.0.content.0.image_url.url"),
    ("gemini", user(FilePart(FileContent(file_id="f"))), "messages.0.content.0"),
    ("gemini", {"messages": (Message(role="user", content="x", name="김"),)}, "messages.0.name"),
    (
        "gemini",
        {"messages": (Message(role="tool", content="x", tool_call_id="c9"),)},
        "messages.0.tool_call_id",
    ),
]


@pytest.mark.parametrize(("name", "fields", "param"), UNSAYABLE)
def test_what_a_wire_cannot_say_is_refused_and_named(
    name: WireName, fields: dict[str, Any], param: str
) -> None:
    chat = Chat(**{"model": "auto", "messages": (Message(role="user", content="안녕"),)} | fields)
    with pytest.raises(BadRequest) as caught:
        body(name, chat)
    assert caught.value.param == param
    assert caught.value.text.ko != caught.value.text.en


@pytest.mark.parametrize("name", ["anthropic", "gemini"])
def test_fields_that_ask_for_nothing_are_no_reason_to_refuse(name: WireName) -> None:
    body(name, ask(n=1, logprobs=False, frequency_penalty=0, presence_penalty=0.0, logit_bias={}))


@pytest.mark.parametrize("name", ["anthropic", "gemini"])
@pytest.mark.parametrize("given_arguments", ["{", "[]", '"x"'])
def test_arguments_that_are_no_object_are_refused(name: WireName, given_arguments: str) -> None:
    calls = (ToolCall("c1", FunctionCall("weather", given_arguments)),)
    chat = Chat(model="auto", messages=(Message(role="assistant", tool_calls=calls),))
    with pytest.raises(BadRequest):
        body(name, chat)


def test_only_known_fields_travel() -> None:
    for name in WIRES:
        assert "auto" not in json.dumps(body(name, ask()))


GARBAGE = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"{}",
    b'{"choices":1}',
    b'{"type":"message"}',
    b'{"candidates":[{}]}',
    b"\xff",
]


@pytest.mark.parametrize("name", list(WIRES))
@pytest.mark.parametrize("garbage", GARBAGE)
def test_an_answer_that_is_none_is_a_value_error(name: WireName, garbage: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- what the port turns into `Garbled`
        wire(name).answer(garbage)


@given(name=st.sampled_from(list(WIRES)), garbage=st.binary(max_size=100))
def test_no_garbage_makes_a_reader_fail_otherwise(name: WireName, garbage: bytes) -> None:
    for read in (wire(name).answer, wire(name).reader().feed):
        with suppress(ValueError, StreamFault):
            read(garbage)


def test_openai_answers_are_read_with_all_their_oddities() -> None:
    said = {
        "id": "x",
        "strange": {"deep": [1]},
        "choices": [
            {
                "finish_reason": None,
                "message": {"role": "assistant", "content": None, "reasoning": "흠", "annotations": []},
            }
        ],
        "usage": {"prompt_tokens": 5, "completion_tokens": None, "prompt_tokens_details": None},
    }
    answer = OpenAI(Upstream("x", "onprem", "openai", "http://h")).answer(json.dumps(said).encode())
    assert answer.choices[0].finish_reason == "stop"
    assert answer.choices[0].message.reasoning_content == "흠"
    assert answer.usage == Usage(input=5)


def test_a_stream_says_done_only_after_it_has_said_why() -> None:
    reader = wire("openai").reader()
    with pytest.raises(ValueError, match="done before"):
        reader.feed(b"[DONE]")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ({"code": 503, "message": "x"}, 503),
        ({"code": "429"}, 429),
        ({"type": "rate_limit_error"}, 429),
        ({"code": "context_length_exceeded"}, 400),
        ({"message": "x"}, 500),
        ("x", 500),
    ],
)
def test_an_error_inside_an_openai_stream_stands_for_a_status(error: object, status: int) -> None:
    with pytest.raises(StreamFault) as caught:
        wire("openai").reader().feed(json.dumps({"error": error}).encode())
    assert caught.value.status == status


def test_a_call_without_arguments_gets_an_empty_object_from_anthropic() -> None:
    reader = Anthropic(Upstream("x", "cloud", "anthropic", "http://localhost")).reader()
    told = [
        {
            "type": "content_block_start",
            "index": 1,
            "content_block": {"type": "tool_use", "id": "t", "name": "clock"},
        },
        {
            "type": "content_block_delta",
            "index": 1,
            "delta": {"type": "input_json_delta", "partial_json": ""},
        },
        {"type": "content_block_stop", "index": 1},
    ]
    chunks = [chunk for event in told for chunk in reader.feed(json.dumps(event).encode())]
    calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or ()]
    assert "".join(call.function.arguments or "" for call in calls if call.function) == "{}"


def test_a_blocked_prompt_of_gemini_is_a_filtered_answer() -> None:
    said = b'{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":4}}'
    answer = wire("gemini").answer(said)
    assert [choice.finish_reason for choice in answer.choices] == ["content_filter"]
    reader = wire("gemini").reader()
    assert reader.feed(said)[0].choices[0].finish_reason == "content_filter"
    assert reader.whole


def test_an_answer_that_gemini_calls_malformed_is_none() -> None:
    with pytest.raises(ValueError, match="no usable answer"):
        wire("gemini").answer(b'{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}')


@pytest.mark.parametrize("name", WIRES)
@pytest.mark.parametrize("chat", [FULL, ODD], ids=["full", "odd"])
def test_a_body_is_json_as_our_own_encoder_writes_it(name: WireName, chat: Chat) -> None:
    """A door of its own takes nothing else: what it decoded and looked at must be all that there is."""
    rendered = wire(name, "https://api.openai.com/v1").render(chat, "m-1")
    decoded = msgspec.json.decode(rendered)
    assert msgspec.json.encode(decoded) == rendered
    assert asks_for(name, decoded) == frozenset()  # and it knows the form
