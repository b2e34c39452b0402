"""Every wire, against a service that speaks it over a real socket, keeps the same contract: with the door in the
process of the gate, and behind a Unix socket."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.backends.fake_model import FakeModel
from haechi.adapters.backends.fake_server import FakeService
from haechi.domain.chat import (
    Answer,
    Chat,
    FunctionCall,
    FunctionName,
    FunctionSpec,
    FunctionTool,
    ImagePart,
    ImageUrl,
    JsonSchema,
    Message,
    NamedToolChoice,
    SchemaFormat,
    TextPart,
    ToolCall,
    Usage,
)
from haechi.domain.destination import Wire
from haechi.domain.errors import (
    BackendFault,
    ContextTooLong,
    Garbled,
    Misconfigured,
    Overloaded,
    Rejected,
    TimedOut,
    Unreachable,
)
from haechi.domain.ports import Backend
from tests.adapters.backends import kit
from tests.adapters.backends.kit import HASTY, PATIENT, ask, cleared, collect, fail

WIRES: tuple[Wire, ...] = ("openai", "anthropic", "gemini")
on_every_wire = pytest.mark.parametrize("wire", WIRES)

WEATHER = FunctionTool(
    FunctionSpec(
        name="weather",
        description="날씨",
        parameters={
            "type": "object",
            "properties": {"city": {"type": "string", "maxLength": 4}, "days": {"type": "integer"}},
            "required": ["city"],
        },
    )
)
CLOCK = FunctionTool(FunctionSpec(name="clock"))
PIXEL = "data:image/png;base64,iVBORw0KGgo="


class Deploy:
    """Where the door of the present test stands."""

    split = False


@pytest.fixture(params=["in-process", "split"], autouse=True)
def deploy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deploy, "split", request.param == "split")


def served(wire: Wire, **options: Any) -> AbstractAsyncContextManager[tuple[Backend, FakeService]]:
    return kit.served(wire, split=Deploy.split, **options)


def complete(wire: Wire, chat: Chat, **options: Any) -> tuple[Answer, list[dict[str, Any]]]:
    """The answer, and what the service received."""

    async def journey() -> tuple[Answer, list[dict[str, Any]]]:
        async with served(wire, **options) as (backend, service):
            answer = await backend.complete(cleared(backend.render(chat, "m-1")))
            return answer, service.received

    return asyncio.run(journey())


def stream(
    wire: Wire, chat: Chat, **options: Any
) -> tuple[str, list[tuple[str, str]], str | None, Usage | None]:
    """What `collect` makes of the streamed answer."""

    async def journey() -> tuple[str, list[tuple[str, str]], str | None, Usage | None]:
        async with served(wire, **options) as (backend, _):
            return await collect(backend.stream(cleared(backend.render(chat, "m-1"))))

    return asyncio.run(journey())


def streamed(text: str = "서울의 날씨는? 🌧️", **fields: object) -> Chat:
    return ask(text, stream=True, **fields)


@on_every_wire
def test_a_question_is_answered(wire: Wire) -> None:
    answer, _ = complete(wire, ask("서울의 날씨는? 🌧️"))
    (choice,) = answer.choices
    assert choice.message.text == "다음과 같이 말씀하셨습니다: 서울의 날씨는? 🌧️ 🦁"
    assert choice.finish_reason == "stop"
    assert answer.model == "m-1"


@on_every_wire
def test_a_streamed_answer_is_the_same_answer(wire: Wire) -> None:
    whole, _ = complete(wire, ask())
    text, calls, finish, usage = stream(wire, streamed())
    assert (text, calls, finish) == (whole.choices[0].message.text, [], "stop")
    assert usage == whole.usage


@on_every_wire
def test_usage_counts_what_was_cached_and_thought_as_shares(wire: Wire) -> None:
    chat = Chat(
        model="auto",
        messages=(
            Message(role="system", content="짧게 답하세요."),
            Message(role="developer", content="Be kind."),
            Message(role="user", content="안녕"),
        ),
        reasoning_effort="low",
    )
    answer, _ = complete(wire, chat)
    usage = answer.usage
    assert usage is not None
    assert 0 < usage.cached < usage.input
    assert 0 < usage.reasoning < usage.output
    assert not usage.counted_here
    assert answer.choices[0].message.reasoning_content == "생각 중입니다. Thinking."


@on_every_wire
def test_tools_are_called_side_by_side(wire: Wire) -> None:
    chat = ask("weather 와 clock 을 써 줘", tools=(WEATHER, CLOCK))
    answer, _ = complete(wire, chat)
    (choice,) = answer.choices
    calls = choice.message.tool_calls or ()
    assert [(call.function.name, json.loads(call.function.arguments)) for call in calls] == [
        ("weather", {"city": "weat", "days": 1}),
        ("clock", {}),
    ]
    assert len({call.id for call in calls}) == 2
    assert choice.finish_reason == "tool_calls"

    chat = streamed("weather 와 clock 을 써 줘", tools=(WEATHER, CLOCK))
    _, told, finish, _ = stream(wire, chat)
    assert [(name, json.loads(given)) for name, given in told] == [
        ("weather", {"city": "weat", "days": 1}),
        ("clock", {}),
    ]
    assert finish == "tool_calls"


@on_every_wire
@pytest.mark.parametrize(
    ("choice", "called"),
    [
        (None, []),
        ("none", []),
        ("auto", []),
        ("required", ["weather"]),
        (NamedToolChoice(FunctionName("clock")), ["clock"]),
    ],
)
def test_tool_choice_is_obeyed(wire: Wire, choice: Any, called: list[str]) -> None:
    answer, _ = complete(wire, ask("안녕", tools=(WEATHER, CLOCK), tool_choice=choice))
    calls = answer.choices[0].message.tool_calls or ()
    assert [call.function.name for call in calls] == called


@on_every_wire
def test_the_result_of_a_tool_goes_back(wire: Wire) -> None:
    calls = (
        ToolCall("call_1", FunctionCall("weather", '{"city": "서울"}')),
        ToolCall("call_2", FunctionCall("clock", "")),
    )
    chat = Chat(
        model="auto",
        messages=(
            Message(role="user", content="서울 날씨?"),
            Message(role="assistant", tool_calls=calls),
            Message(role="tool", tool_call_id="call_1", content="비 ☔"),
            Message(role="tool", tool_call_id="call_2", content="열 시"),
        ),
        tools=(WEATHER, CLOCK),
    )
    answer, _ = complete(wire, chat)
    assert answer.choices[0].message.text == "도구의 결과입니다: 열 시 🦁"


@on_every_wire
def test_a_schema_is_obeyed(wire: Wire) -> None:
    schema = {
        "type": "object",
        "properties": {"level": {"enum": ["low", "high"]}, "sure": {"type": "boolean"}},
        "required": ["level", "sure"],
        "additionalProperties": False,
    }
    form = SchemaFormat(JsonSchema(name="verdict", schema=schema, strict=True))
    answer, _ = complete(wire, ask(response_format=form))
    assert json.loads(answer.choices[0].message.text) == {"level": "low", "sure": True}


@on_every_wire
@pytest.mark.parametrize(
    ("fields", "finish"),
    [
        ({"max_tokens": 3}, "length"),
        ({"max_completion_tokens": 3}, "length"),
        ({"stop": "말씀"}, "stop"),
        ({"stop": ("말씀", "없음")}, "stop"),
    ],
)
def test_limits_and_stops_end_an_answer(wire: Wire, fields: dict[str, Any], finish: str) -> None:
    answer, _ = complete(wire, ask("안녕", **fields))
    assert answer.choices[0].finish_reason == finish
    assert "안녕" not in answer.choices[0].message.text
    assert stream(wire, streamed("안녕", **fields))[2] == finish


@on_every_wire
def test_the_cap_of_a_destination_narrows_what_the_caller_allows(wire: Wire) -> None:
    for asked in (None, 2, 100):
        answer, _ = complete(wire, ask("안녕하세요", max_tokens=asked), max_output=3)
        assert answer.usage is not None
        assert answer.usage.output == min(3, asked or 3)


@on_every_wire
def test_an_image_travels_as_data(wire: Wire) -> None:
    content = (TextPart("무엇입니까?"), ImagePart(ImageUrl(PIXEL)))
    chat = Chat(model="auto", messages=(Message(role="user", content=content),))
    answer, received = complete(wire, chat)
    assert answer.choices[0].finish_reason == "stop"
    assert "iVBORw0KGgo=" in received[0]["body"]


@on_every_wire
def test_the_key_travels_in_a_header_and_nowhere_else(wire: Wire) -> None:
    _, received = complete(wire, ask())
    (request,) = received
    assert "…" in request["headers"].values()
    assert "sk-1" not in json.dumps(request)


@on_every_wire
def test_a_wrong_key_is_our_fault_not_the_callers(wire: Wire) -> None:
    with pytest.raises(Misconfigured):
        complete(wire, ask(), key="sk-2")


@on_every_wire
def test_a_prompt_beyond_the_context_is_named_so(wire: Wire) -> None:
    with pytest.raises(ContextTooLong):
        complete(wire, ask("너무 긴 글 " * 50), model=FakeModel(context=40))


FAULTS: list[tuple[str, type[BackendFault]]] = [
    ("status:400", Rejected),
    ("status:401", Misconfigured),
    ("status:403", Misconfigured),
    ("status:404", Misconfigured),
    ("status:413", Rejected),
    ("status:422", Rejected),
    ("status:429", Overloaded),
    ("status:500", Overloaded),
    ("status:502", Overloaded),
    ("status:503", Overloaded),
    ("status:504", TimedOut),
    ("status:529", Overloaded),
    ("redirect", Misconfigured),
    ("context", ContextTooLong),
    ("stall", TimedOut),
    ("stall-mid", TimedOut),
    ("reset", Unreachable),
    ("reset-mid", Unreachable),
    ("garbage", Garbled),
    ("truncate", Garbled),
]


@on_every_wire
@pytest.mark.parametrize(("word", "kind"), FAULTS)
def test_every_failure_has_its_name(wire: Wire, word: str, kind: type[BackendFault]) -> None:
    timeouts = HASTY if word.startswith("stall") else PATIENT
    for run in (complete, stream):
        with pytest.raises(BackendFault) as caught:
            run(wire, ask(stream=run is stream), faults=fail(word), timeouts=timeouts)
        assert type(caught.value) is kind
        assert caught.value.destination == "cloud"
        assert "upstream connect error" not in str(caught.value)


@on_every_wire
def test_an_error_inside_a_stream_has_its_name(wire: Wire) -> None:
    with pytest.raises(Overloaded):
        stream(wire, streamed(), faults=fail("error-mid"))


@on_every_wire
@pytest.mark.parametrize("word", ["no-done", "slow:0.001"])
def test_what_is_only_odd_is_no_failure(wire: Wire, word: str) -> None:
    assert stream(wire, streamed(), faults=fail(word))[2] == "stop"


@on_every_wire
def test_the_wait_that_a_service_asks_for_is_kept(wire: Wire) -> None:
    with pytest.raises(Overloaded) as caught:
        complete(wire, ask(), faults=fail("status:429"))
    assert caught.value.retry_after == 2


@on_every_wire
def test_a_failure_does_not_spoil_the_next_call(wire: Wire) -> None:
    async def journey() -> None:
        faults = Faults(script=[Fault.of("reset-mid"), Fault.of("garbage"), Fault.of("status:503")])
        async with served(wire, faults=faults) as (backend, _):
            body = cleared(backend.render(streamed(), "m-1"))
            for _ in range(3):
                with pytest.raises(BackendFault):
                    await collect(backend.stream(body))
            assert (await collect(backend.stream(body)))[2] == "stop"

    asyncio.run(journey())


@on_every_wire
def test_a_caller_that_leaves_a_stream_ends_the_call(wire: Wire) -> None:
    async def journey() -> None:
        async with served(wire, faults=fail("slow:0.01")) as (backend, _):
            chunks = backend.stream(cleared(backend.render(streamed("긴 글 " * 2000), "m-1")))
            async for _ in chunks:
                break
            await chunks.aclose()
            assert (await collect(backend.stream(cleared(backend.render(streamed("짧은 글"), "m-1")))))[
                2
            ] == "stop"

    asyncio.run(journey())


@pytest.mark.parametrize(("word", "kind"), [*FAULTS, ("error-mid", Overloaded)])
def test_the_fake_in_the_process_fails_like_the_one_on_a_socket(word: str, kind: type[BackendFault]) -> None:
    async def journey(streaming: bool) -> None:
        backend = FakeBackend("cloud", faults=fail(word), timeouts=HASTY)
        sent = cleared(backend.render(ask(stream=streaming), "m-1"))
        await (collect(backend.stream(sent)) if streaming else backend.complete(sent))

    for streaming in (True,) if word == "error-mid" else (True, False):
        if word == "garbage" and not streaming:
            continue
        with pytest.raises(BackendFault) as caught:
            asyncio.run(journey(streaming))
        assert type(caught.value) is kind


def test_the_fake_in_the_process_keeps_what_it_received() -> None:
    async def journey() -> None:
        backend = FakeBackend("cloud")
        sent = cleared(backend.render(ask("안녕"), "m-1"))
        answer = await backend.complete(sent)
        assert answer.choices[0].message.text == "다음과 같이 말씀하셨습니다: 안녕 🦁"
        assert (await collect(backend.stream(sent)))[0] == answer.choices[0].message.text
        assert backend.received == [sent.body, sent.body]

    asyncio.run(journey())
