"""The fake model keeps its word, in the process and as a service of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships without types

from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.backends.fake_model import ContextExceeded, FakeModel, chunks, example, tokens
from haechi.domain.chat import Chat, Message
from haechi.domain.errors import ConfigurationError
from tests.adapters.backends.kit import ask


def said(chat: Chat) -> str:
    return FakeModel().answer(chat).choices[0].message.text


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("서울 날씨 ☀️", "다음과 같이 말씀하셨습니다: 서울 날씨 ☀️ 🦁"),
        ("Weather?", "You said: Weather? 🦁"),
        ("", "You said:  🦁"),
    ],
)
def test_it_answers_in_the_language_of_the_question(asked: str, answered: str) -> None:
    assert said(ask(asked)) == answered


def test_it_answers_the_same_every_time() -> None:
    assert FakeModel().answer(ask(n=3)) == FakeModel().answer(ask(n=3))


def test_alternatives_differ() -> None:
    answer = FakeModel().answer(ask(n=3))
    assert len({choice.message.text for choice in answer.choices}) == 3
    assert [choice.index for choice in answer.choices] == [0, 1, 2]


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(text=st.text(max_size=50), limit=st.integers(1, 20), alternatives=st.integers(1, 3))
def test_a_stream_says_what_the_answer_says(text: str, limit: int, alternatives: int) -> None:
    answer = FakeModel().answer(ask(text, max_tokens=limit, n=alternatives, reasoning_effort="low"))
    heard = dict.fromkeys(range(alternatives), "")
    for chunk in chunks(answer):
        for choice in chunk.choices:
            heard[choice.index] += choice.delta.content or ""
    assert list(heard.values()) == [choice.message.text for choice in answer.choices]
    assert all(len(tokens(text)) <= limit for text in heard.values())


SCHEMAS: list[dict[str, Any]] = [
    {"type": "object", "properties": {"a": {"type": "integer", "minimum": 5}}, "required": ["a"]},
    {"type": "object", "properties": {"a": {"type": "number", "exclusiveMinimum": 5}}, "required": ["a"]},
    {"type": "array", "items": {"enum": ["x", "y"]}, "minItems": 3},
    {"type": "string", "minLength": 30, "maxLength": 40},
    {"type": "string", "maxLength": 2},
    {"type": ["string", "null"]},
    {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
    {"type": "null"},
    {"const": 7},
    {
        "type": "object",
        "properties": {"child": {"$ref": "#/$defs/child"}},
        "required": ["child"],
        "additionalProperties": False,
        "$defs": {"child": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}}}},
    },
]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_simple_schemas_are_obeyed(schema: dict[str, Any]) -> None:
    Draft202012Validator(schema).validate(example(schema, "서울의 날씨"))


@pytest.mark.parametrize("word", ["", "status", "explode", "status:x", "STALL"])
def test_an_unknown_fault_is_a_configuration_error(word: str) -> None:
    if word == "status":
        assert Fault.of(word) == Fault("status", 0)
        return
    with pytest.raises(ConfigurationError):
        Fault.of(word)


def test_a_script_comes_before_what_always_happens() -> None:
    faults = Faults(Fault("stall"), [Fault("reset"), Fault()])
    assert [faults.next().kind for _ in range(4)] == ["reset", "none", "stall", "stall"]


def launch(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "haechi.adapters.backends.fake_server", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    assert ready.startswith("ready http://127.0.0.1:")
    return process, ready.split()[1]


def post(url: str, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_the_service_records_what_it_received_but_no_key(tmp_path: Path) -> None:
    record = tmp_path / "received.jsonl"
    process, base = launch("--record", str(record), "--script", "context,none", "--key", "sk-1")
    with process:
        chat = {"model": "m", "messages": [{"role": "user", "content": "안녕"}]}
        assert post(f"{base}/v1/chat/completions", chat)[0] == 401
        status, refusal = post(f"{base}/v1/chat/completions", chat, authorization="Bearer sk-1")
        assert (status, refusal["error"]["code"]) == (400, "context_length_exceeded")
        status, answer = post(f"{base}/v1/chat/completions", chat, authorization="Bearer sk-1")
        assert answer["choices"][0]["message"]["content"] == "다음과 같이 말씀하셨습니다: 안녕 🦁"
        assert post(f"{base}/elsewhere", {})[0] == 404
        with urllib.request.urlopen(f"{base}/v1/models") as models:
            assert [model["id"] for model in json.load(models)["data"]] == ["haechi-fake"]
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    assert [(line["method"], line["path"]) for line in lines] == [
        *[("POST", "/v1/chat/completions")] * 3,
        ("POST", "/elsewhere"),
        ("GET", "/v1/models"),
    ]
    assert json.loads(lines[0]["body"]) == chat
    assert "sk-1" not in record.read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_the_service_dies_with_its_parent() -> None:
    process, _ = launch("--wire", "anthropic", "--die-with-parent")
    with process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def test_the_context_holds_prompt_and_answer() -> None:
    chat = Chat(model="m", messages=(Message(role="user", content="가" * 50),), max_tokens=10)
    assert FakeModel(context=64).answer(chat).usage is not None
    with pytest.raises(ContextExceeded):
        FakeModel(context=63).answer(chat)
