"""Gemini's dialect: what contents become, what answers look like whole and as events, and what is refused."""

import base64
from typing import Any

import orjson
import pytest

from haechi.app.web.dialects.dialect import Failure, Stamp
from haechi.app.web.dialects.gemini import EventEncoder, encode_answer, encode_error
from haechi.app.web.dialects.gemini_form import decode, sealed
from haechi.app.web.gemini import served
from haechi.domain.chat import (
    Answer,
    Choice,
    ChoiceDelta,
    Chunk,
    Delta,
    FunctionCall,
    FunctionDelta,
    JsonFormat,
    Message,
    NamedToolChoice,
    SchemaFormat,
    ToolCall,
    ToolCallDelta,
    Usage,
)
from haechi.domain.errors import BadRequest, Garbled
from haechi.domain.text import Text

PATH = "/v1beta/models/claude/opus:generateContent"
HELLO: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "안녕"}]}]}


def raw(**more: Any) -> bytes:
    return orjson.dumps({**HELLO, **more})


def stamp() -> Stamp:
    return Stamp("r1", 1, "home-model", decode(raw(), PATH))


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"{", None),
        (raw(contents=[]), "contents"),
        (raw(contents=[{"role": "nobody"}]), "contents[0].role"),
        (raw(generationConfig={"temperature": 3}), "generationConfig.temperature"),
        (raw(tools=[{"googleSearch": {}}]), None),
        (raw(api_key="x"), "api_key"),
    ],
)
def test_a_bad_request_names_its_field(body: bytes, param: str | None) -> None:
    if body == raw(tools=[{"googleSearch": {}}]):
        assert decode(body, PATH).dropped == ("tools.googleSearch",)
        return
    with pytest.raises(BadRequest) as raised:
        decode(body, PATH)
    assert raised.value.param == param


def test_the_model_stands_in_the_path_and_is_scanned() -> None:
    decoded = decode(raw(), PATH)
    assert decoded.chat.model == decoded.body["model"] == "claude/opus"
    assert decoded.chat.stream is None
    assert (
        decode(raw(), PATH.replace("generate", "streamGenerate").replace("tG", "tG")).chat.model
        == "claude/opus"
    )
    assert decode(raw(), "/v1beta/models/auto:streamGenerateContent").chat.stream is True


def test_a_conversation_becomes_messages_and_calls_find_their_answers() -> None:
    contents = [
        {
            "role": "user",
            "parts": [{"text": "둘 다 찾아줘"}, {"inlineData": {"mimeType": "image/png", "data": "iVBO"}}],
        },
        {
            "role": "model",
            "parts": [
                {"text": "음", "thought": True},
                {"text": "네", "thoughtSignature": sealed(("hm1.a", "hm1.b"))},
                {"functionCall": {"name": "find", "args": {"q": 1}}},
                {"functionCall": {"name": "find", "args": {"q": 2}}},
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"name": "find", "response": {"a": 1}}},
                {"functionResponse": {"name": "find", "response": {"a": 2}}},
                {"text": "계속"},
            ],
        },
    ]
    decoded = decode(raw(contents=contents, systemInstruction={"parts": [{"text": "규칙"}]}), PATH)
    system, user, answer, one, two, last = decoded.chat.messages
    assert (system.text, user.text, last.text) == ("규칙", "둘 다 찾아줘", "계속")
    assert (answer.text, answer.reasoning_content, answer.thoughts) == ("네", "음", ("hm1.a", "hm1.b"))
    assert [call.id for call in answer.tool_calls or ()] == [one.tool_call_id, two.tool_call_id]
    assert (one.text, two.text) == ('{"a":1}', '{"a":2}')
    assert sealed(("hm1.a", "hm1.b")).encode() not in orjson.dumps(decoded.body)
    assert decoded.to_chat(decoded.body).messages[2].thoughts is None


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"generationConfig": {"maxOutputTokens": 5}}, "max_tokens", 5),
        ({"generationConfig": {"stopSequences": ["끝"]}}, "stop", ("끝",)),
        ({"generationConfig": {"thinkingConfig": {"thinkingBudget": 0}}}, "reasoning_effort", "none"),
        ({"generationConfig": {"thinkingConfig": {"thinkingLevel": "HIGH"}}}, "reasoning_effort", "high"),
        ({"generationConfig": {"responseMimeType": "application/json"}}, "response_format", JsonFormat()),
        ({"toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}, "tool_choice", "required"),
        ({"toolConfig": {"functionCallingConfig": {"mode": "NONE"}}}, "tool_choice", "none"),
    ],
)
def test_fields(more: dict[str, Any], field: str, value: Any) -> None:
    assert getattr(decode(raw(**more), PATH).chat, field) == value


def test_schemas_are_written_in_small_letters() -> None:
    schema = {"type": "OBJECT", "properties": {"type": {"type": "STRING"}}}
    only = {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}}
    tools = [{"functionDeclarations": [{"name": "f", "parameters": schema}]}]
    chat = decode(raw(tools=tools, toolConfig=only, generationConfig={"responseSchema": schema}), PATH).chat
    assert chat.tools is not None
    assert chat.tools[0].function.parameters == {"type": "object", "properties": {"type": {"type": "string"}}}
    assert isinstance(chat.response_format, SchemaFormat)
    assert isinstance(chat.tool_choice, NamedToolChoice)


def test_a_whole_answer() -> None:
    message = Message(
        "assistant",
        "답",
        tool_calls=(ToolCall("c1", FunctionCall("find", '{"q": 1}')),),
        reasoning_content="음",
        thoughts=("hm1.a",),
    )
    answer = Answer(
        "m", (Choice(0, message, "tool_calls"),), Usage(input=10, output=5, cached=4, reasoning=2)
    )
    told = orjson.loads(encode_answer(answer, stamp()))
    (candidate,) = told["candidates"]
    thought, text, call = candidate["content"]["parts"]
    assert (thought, text) == ({"text": "음", "thought": True}, {"text": "답"})
    assert call["functionCall"] == {"id": "c1", "name": "find", "args": {"q": 1}}
    assert base64.b64decode(call["thoughtSignature"]) == b"hm1.a"
    assert candidate["finishReason"] == "STOP"
    assert told["usageMetadata"]["candidatesTokenCount"] == 3
    assert told["usageMetadata"]["totalTokenCount"] == 15


def events(*deltas: Delta) -> list[dict[str, Any]]:
    encoder = EventEncoder(stamp())
    written = b"".join(encoder.feed(Chunk((ChoiceDelta(0, delta),))) for delta in deltas)
    written += encoder.feed(Chunk((ChoiceDelta(0, Delta(), "stop"),), usage=Usage(3, 2))) + encoder.finish()
    return [
        orjson.loads(block.removeprefix("data: ")) for block in written.decode().strip().split("\r\n\r\n")
    ]


def tool(index: int, *, new: str = "", arguments: str = "") -> Delta:
    named = FunctionDelta(new or None, arguments or None)
    return Delta(tool_calls=(ToolCallDelta(index, f"c{index}" if new else None, "function", named),))


def test_a_stream_tells_calls_when_their_arguments_have_ended() -> None:
    told = events(
        Delta(content="가"),
        tool(0, new="a", arguments='{"q":'),
        tool(1, new="b"),
        tool(0, arguments="1}"),
        Delta(thoughts=("hm1.x",)),
    )
    said = [part for event in told for part in event["candidates"][0]["content"]["parts"]]
    assert [part["text"] for part in said if "text" in part] == ["가", ""]
    assert [part["functionCall"]["args"] for part in said if "functionCall" in part] == [{"q": 1}, {}]
    assert told[-1]["candidates"][0]["finishReason"] == "STOP"
    assert told[-1]["usageMetadata"]["totalTokenCount"] == 5


def test_arguments_that_are_no_json_are_no_answer() -> None:
    with pytest.raises(Garbled):
        events(tool(0, new="a", arguments="[1"))


@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "INVALID_ARGUMENT"), (401, "UNAUTHENTICATED"), (405, "INVALID_ARGUMENT"), (502, "INTERNAL")],
)
def test_errors(status: int, said: str) -> None:
    told = orjson.loads(encode_error(Failure(status, Text("가", "a"), "x", None, None, "en", "r1")))
    assert told == {"error": {"code": status, "message": "a", "status": said}}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (PATH, {"POST"}),
        ("/v1beta/models/auto:countTokens", {"POST"}),
        ("/v1beta/models/auto", {"GET"}),
        ("/v1beta/models", {"GET"}),
        ("/v1beta/models/auto:tuneModel", {"GET"}),
        ("/v1beta/files", None),
    ],
)
def test_what_is_served(path: str, methods: set[str] | None) -> None:
    found = served(path)
    assert (found and set(found)) == methods
