"""What a model thought goes back to it byte for byte, and to nobody else. Over the real wires and services that check."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from haechi.adapters.backends.anthropic import Anthropic
from haechi.adapters.backends.fake_model import FakeModel
from haechi.adapters.backends.fake_wires import ServedAnthropic, ServedGemini, signature
from haechi.adapters.backends.gemini import Gemini
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.stores.sealing import DirectorySeals, prepare_sealing
from haechi.domain.chat import Answer, Chat, Choice, Chunk, Message
from haechi.domain.mapping import Mapping, Taken
from haechi.gateway.thoughts import Thoughts

TOOL = {
    "type": "function",
    "function": {"name": "find", "parameters": {"type": "object", "properties": {"q": {"type": "string"}}}},
}
ASKED: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "user", "content": "find 로 PERSON_1 을 찾아줘"}],
    "tools": [TOOL],
    "reasoning_effort": "high",
}
MAPPING = Mapping((Taken("PERSON_1", "김민수", "person"),))
Wire = tuple[Any, Any, str]
WIRES: dict[str, Callable[[], Wire]] = {
    "anthropic": lambda: (Anthropic(_upstream("anthropic")), ServedAnthropic(), "/v1/messages"),
    "gemini": lambda: (Gemini(_upstream("gemini")), ServedGemini(), "/v1beta/models/m:generateContent"),
}


def _upstream(wire: Any) -> Upstream:
    return Upstream("claude", "cloud", wire, "https://api.example.com")


@pytest.fixture
def thoughts(tmp_path: Path) -> Thoughts:
    prepare_sealing(tmp_path)
    return Thoughts(DirectorySeals(tmp_path))


def chat(**more: Any) -> Chat:
    return msgspec.convert(ASKED | more, Chat)


def answered(name: str, *, streamed: bool) -> Message:
    """What the wire reads of the service's answer, whole or piece by piece."""
    wire, service, _ = WIRES[name]()
    answer = FakeModel().answer(chat())
    if not streamed:
        found: Answer = wire.answer(orjson.dumps(service.whole(answer)))
        return found.choices[0].message
    reader, chunks = wire.reader(), list[Chunk]()
    for event in service.events(answer, chat()):
        chunks += reader.feed(orjson.dumps(event))
    signed = tuple(
        each for chunk in chunks for choice in chunk.choices for each in choice.delta.thoughts or ()
    )
    return msgspec.structs.replace(answer.choices[0].message, thoughts=signed)


def history(message: Message) -> Chat:
    call = (message.tool_calls or ())[0]
    return msgspec.structs.replace(
        chat(),
        messages=(*chat().messages, message, Message("tool", "없음", tool_call_id=call.id)),
    )


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("name", WIRES)
def test_the_service_takes_its_own_thought_back(name: str, streamed: bool, thoughts: Thoughts) -> None:
    wire, service, path = WIRES[name]()
    message = answered(name, streamed=streamed)
    assert message.thoughts
    sealed = thoughts.of_answer(Answer("m", (_choice(message),)), "key", "claude", MAPPING).choices[0].message
    assert sealed.thoughts != message.thoughts
    told, forgotten = thoughts.recalled(history(sealed), "key", "claude", MAPPING)
    assert forgotten == 0
    body = wire.render(told, "m")
    assert service.read(path, body).messages  # it checks what it signed
    assert (signature("find") if name == "gemini" else signature("생각 중입니다. Thinking.")).encode() in body
    changed = body.replace(signature("find").encode(), b"b3RoZXI=").replace("생각".encode(), "샘각".encode())
    with pytest.raises(ValueError, match=r"[Ss]ignature"):
        service.read(path, changed)


@pytest.mark.parametrize(
    ("key", "destination", "mapping"),
    [("other", "claude", MAPPING), ("key", "gpt", MAPPING), ("key", "claude", None)],
    ids=["another caller", "another destination", "other tokens"],
)
def test_to_others_nothing_goes(
    key: str, destination: str, mapping: Mapping | None, thoughts: Thoughts
) -> None:
    sealed = thoughts.of_answer(
        Answer("m", (_choice(answered("anthropic", streamed=False)),)), "key", "claude", MAPPING
    )
    told, forgotten = thoughts.recalled(history(sealed.choices[0].message), key, destination, mapping)
    assert forgotten == 1
    assert told.messages[1].thoughts is None


@pytest.mark.parametrize(
    "made_up", ["hm1.AAAA", '{"type":"thinking","thinking":"900101-1234568","signature":"x"}', ""]
)
def test_what_a_caller_makes_up_goes_nowhere(made_up: str, thoughts: Thoughts) -> None:
    said = Message("assistant", "네", thoughts=(made_up,))
    told, forgotten = thoughts.recalled(
        msgspec.structs.replace(chat(), messages=(said,)), "key", "claude", None
    )
    assert (told.messages[0].thoughts, forgotten) == (None, 1)


def test_one_that_is_missing_takes_the_others_with_it(thoughts: Thoughts) -> None:
    sealed = thoughts.of_answer(
        Answer("m", (_choice(Message("assistant", thoughts=("1", "2"))),)), "key", "claude", None
    )
    first, second = sealed.choices[0].message.thoughts or ()
    assert first != second
    said = Message("assistant", "네", thoughts=(first, second[:-4]))
    told, forgotten = thoughts.recalled(
        msgspec.structs.replace(chat(), messages=(said,)), "key", "claude", None
    )
    assert (told.messages[0].thoughts, forgotten) == (None, 2)


def test_without_seals_nobody_gets_any() -> None:
    sealed = Thoughts(None).of_answer(
        Answer("m", (_choice(Message("assistant", thoughts=("1",))),)), "key", "claude", None
    )
    assert sealed.choices[0].message.thoughts is None


def _choice(message: Message) -> Choice:
    return Choice(0, message, "tool_calls")
