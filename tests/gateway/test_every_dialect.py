"""Values go out as tokens and come home as values, whatever dialect a request is written in, wherever in it they stand."""

import asyncio
from typing import Any

import orjson
import pytest

from haechi.app.web.dialects import anthropic, gemini, openai, responses
from haechi.app.web.dialects.dialect import Dialect, Stamp
from haechi.gateway.admit.narrowing import NOTHING_ASKED
from tests.gateway.test_flow import Scene
from tests.gateway.test_without_values import MAIL, PHONE, SIGNED

ASK = f"{PHONE}로 보낼 예약 안내를 {MAIL}에도 보내게 써줘"
SCHEMA = {"type": "object", "properties": {"to": {"type": "string", "description": f"예: {MAIL}"}}}
RESULT = {"phone": PHONE, "mail": [MAIL]}

CHAT: Any = {
    "model": "cloud/cloud-model",
    "messages": [
        {"role": "system", "content": f"담당 {MAIL}"},
        {"role": "user", "content": [{"type": "text", "text": ASK}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "send", "arguments": orjson.dumps({"to": MAIL}).decode()},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": orjson.dumps(RESULT).decode()},
        {"role": "user", "content": ASK},
    ],
    "tools": [{"type": "function", "function": {"name": "send", "parameters": SCHEMA}}],
}
MESSAGES: Any = {
    "model": "cloud/cloud-model",
    "max_tokens": 900,
    "system": [{"type": "text", "text": f"담당 {MAIL}"}],
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": ASK}]},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "c1", "name": "send", "input": {"to": MAIL}}],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "c1",
                    "content": [{"type": "text", "text": orjson.dumps(RESULT).decode()}],
                },
                {"type": "text", "text": ASK},
            ],
        },
    ],
    "tools": [{"name": "send", "input_schema": SCHEMA}],
}
RESPONSES: Any = {
    "model": "cloud/cloud-model",
    "instructions": f"담당 {MAIL}",
    "input": [
        {"role": "user", "content": [{"type": "input_text", "text": ASK}]},
        {
            "type": "function_call",
            "call_id": "c1",
            "name": "send",
            "arguments": orjson.dumps({"to": MAIL}).decode(),
        },
        {"type": "function_call_output", "call_id": "c1", "output": orjson.dumps(RESULT).decode()},
        {"role": "user", "content": ASK},
    ],
    "tools": [{"type": "function", "name": "send", "parameters": SCHEMA}],
}
GEMINI: Any = {
    "systemInstruction": {"parts": [{"text": f"담당 {MAIL}"}]},
    "contents": [
        {"role": "user", "parts": [{"text": ASK}]},
        {"role": "model", "parts": [{"functionCall": {"name": "send", "args": {"to": MAIL}}}]},
        {
            "role": "user",
            "parts": [{"functionResponse": {"name": "send", "response": RESULT}}, {"text": ASK}],
        },
    ],
    "tools": [{"functionDeclarations": [{"name": "send", "parameters": SCHEMA}]}],
}
DIALECTS: list[tuple[Dialect, Any, str]] = [
    (openai.CHAT, CHAT, ""),
    (anthropic.MESSAGES, MESSAGES, ""),
    (responses.RESPONSES, RESPONSES, ""),
    (gemini.CONTENT, GEMINI, "/v1beta/models/cloud/cloud-model:generateContent"),
]


@pytest.mark.parametrize(
    ("dialect", "body", "path"), DIALECTS, ids=[dialect.name for dialect, _, _ in DIALECTS]
)
@pytest.mark.parametrize("streamed", [False, True])
def test_values_stay_and_come_home(dialect: Dialect, body: Any, path: str, streamed: bool) -> None:
    now = Scene(destinations=SIGNED)
    if dialect is gemini.CONTENT:
        path = path.replace("generate", "streamGenerate") if streamed else path
        path = path.replace("streamGenerateContent", "streamGenerateContent")
    else:
        body = body | {"stream": streamed}
    decoded = dialect.decode(orjson.dumps(body), path)
    road = now.road
    journey = road.judge(
        road.classify(decoded.body),
        decoded.body,
        decoded.chat,
        NOTHING_ASKED,
        "tester",
        to_chat=decoded.to_chat,
    )

    async def told() -> bytes:
        if not streamed:
            answer = await road.answer(journey)
            return dialect.encode(answer, Stamp(journey.record, 1, answer.model, decoded))
        encoder = dialect.stream(Stamp(journey.record, 1, "cloud-model", decoded))
        pieces = [encoder.feed(chunk) async for chunk in road.stream(journey)]
        return b"".join([*pieces, encoder.finish()])

    said = asyncio.run(told()).decode()
    assert journey.route == "cloud/cloud/cloud-model"
    sent = now.left().decode()
    assert PHONE not in sent
    assert MAIL not in sent
    assert sent.count("PHONE_1") >= 3
    assert sent.count("EMAIL_1") >= 5
    assert PHONE in said or streamed  # a stream gives it piece by piece
    assert "PHONE_1" not in said
    assert "EMAIL_1" not in said
