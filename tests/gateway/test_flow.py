"""The road of one request: promises 1, 2 and 4 as scenes with the product's own fakes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import orjson
import pytest

from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.stores.memory import MemoryLabels, MemoryLedger
from haechi.adapters.telemetry.nothing import NoMeter
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web import errors
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import SystemClock, SystemNames, detectors, no_prices
from haechi.domain.chat import Chat, ChoiceDelta, Chunk, Delta
from haechi.domain.errors import (
    AnswerWithheld,
    BackendFault,
    BadRequest,
    Forbidden,
    HomeUnavailable,
    LedgerUnavailable,
    NotCleared,
    UnknownModel,
)
from haechi.domain.label import Label, Level
from haechi.domain.ports import Seals
from haechi.domain.record import Attempt, Intent, Row, Settlement
from haechi.domain.releasable import Receipt, Releasable
from haechi.domain.text import Text
from haechi.gateway.admit.narrowing import NOTHING_ASKED, Asked
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.flow import Road
from haechi.gateway.journey import Journey

SENSITIVE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
ORDINARY = "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"
DESTINATIONS = """
destinations:
  home:  {provider: fake, zone: onprem, models: [home-model]}
  cloud: {provider: fake, zone: cloud, models: [cloud-model], contract: openai-api-standard}
  other: {provider: fake, zone: cloud, models: [other-model], contract: anthropic-commercial}
"""
SCAN = detectors().scan


class WatchedBackend(FakeBackend):
    """Notes what the ledger held at the moment it was called."""

    def __init__(self, name: str, ledger: MemoryLedger, fault: str | None = None) -> None:
        trouble = Faults(Fault.of(fault)) if fault else None
        super().__init__(name, outside=name != "home", faults=trouble)
        self.ledger = ledger
        self.rows_at_call: list[list[Row]] = []
        self.then: Callable[[], object] = lambda: None

    async def _take(self, release: Releasable) -> Any:
        self.rows_at_call.append(list(self.ledger.rows))
        self.then()
        return await super()._take(release)


class Scene:
    """A road over fakes. `faults` names what is wrong with which backend."""

    def __init__(
        self,
        more: str = "",
        scan: Any = SCAN,
        ledger: MemoryLedger | None = None,
        destinations: str = DESTINATIONS,
        seals: Seals | None = None,
        **faults: str,
    ) -> None:
        self.ledger = ledger or MemoryLedger()
        self.labels = MemoryLabels()
        names = ("home", "cloud", "other")
        self.backends = {name: WatchedBackend(name, self.ledger, faults.get(name)) for name in names}
        compiled = policy(parse(destinations + more, "t", {}), None, date(2026, 11, 22))
        self.road = Road(
            policy=lambda: compiled,
            eyes=Eyes(scan),
            backends=dict(self.backends),
            ledger=self.ledger,
            clock=SystemClock(),
            names=SystemNames(),
            meter=NoMeter(),
            price=no_prices,
            status=errors.status,
            labels=self.labels,
            seals=seals,
        )

    def judge(self, text: str, asked: Asked = NOTHING_ASKED, **more: Any) -> Journey:
        body = {"model": "auto", "messages": [{"role": "user", "content": text}], **more}
        decoded = decode(orjson.dumps(body))
        return self.road.judge(self.road.classify(decoded.body), decoded.body, decoded.chat, asked, "tester")

    def answer(self, text: str, asked: Asked = NOTHING_ASKED, **more: Any) -> tuple[Journey, str]:
        journey = self.judge(text, asked, **more)
        return journey, asyncio.run(self.road.answer(journey)).choices[0].message.text

    def stream(self, text: str, **more: Any) -> tuple[Journey, list[Chunk]]:
        journey = self.judge(text, stream=True, **more)

        async def collect() -> list[Chunk]:
            return [chunk async for chunk in self.road.stream(journey)]

        return journey, asyncio.run(collect())

    @property
    def outcomes(self) -> list[str]:
        attempts = [row for row in self.ledger.rows if isinstance(row, Attempt)]
        return [f"{row.destination}:{row.outcome}" for row in attempts]

    @property
    def settlements(self) -> list[Settlement]:
        return [row for row in self.ledger.rows if isinstance(row, Settlement)]

    def left(self) -> bytes:
        return b"".join(self.backends["cloud"].received + self.backends["other"].received)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("text", "route", "level"),
    [(SENSITIVE, "onprem/home/home-model", "restricted"), (ORDINARY, "cloud/cloud/cloud-model", "internal")],
)
def test_it_goes_where_it_may(text: str, route: str, level: str, streamed: bool) -> None:
    scene = Scene()
    journey, _ = scene.stream(text) if streamed else scene.answer(text)
    assert journey.route == route
    assert journey.decision.label.level.word == level
    (record,) = scene.ledger.recent(9)
    assert record.settlement is not None
    assert record.settlement.outcome == "answered"
    assert record.settlement.route == route
    assert record.intent.key == "tester"


@pytest.mark.parametrize("streamed", [False, True])
def test_the_intent_is_durable_before_anything_is_sent(streamed: bool) -> None:
    scene = Scene()
    _ = scene.stream(ORDINARY) if streamed else scene.answer(ORDINARY)
    (at_call,) = scene.backends["cloud"].rows_at_call
    assert [type(row) for row in at_call] == [Intent]


def test_a_stream_is_settled_before_it_ends() -> None:
    scene = Scene()
    journey = scene.judge(ORDINARY, stream=True)

    async def walk() -> None:
        stream = scene.road.stream(journey)
        async for _ in stream:
            assert not scene.settlements
        assert scene.settlements

    asyncio.run(walk())


class DeafLedger(MemoryLedger):
    async def open(self, row: Row) -> Receipt:
        raise LedgerUnavailable

    async def append(self, rows: Sequence[Row]) -> None:
        raise LedgerUnavailable


@pytest.mark.parametrize("text", [SENSITIVE, ORDINARY])
def test_without_a_ledger_nothing_is_sent(text: str) -> None:
    scene = Scene(ledger=DeafLedger())
    with pytest.raises(LedgerUnavailable):
        scene.answer(text)
    assert not any(backend.received for backend in scene.backends.values())


class TiredLedger(MemoryLedger):
    """Takes intents, and no settlement."""

    async def append(self, rows: Sequence[Row]) -> None:
        raise LedgerUnavailable


@pytest.mark.parametrize("streamed", [False, True])
def test_an_answer_whose_end_cannot_be_recorded_is_withheld_and_nobody_says_that_nothing_was_sent(
    streamed: bool,
) -> None:
    scene = Scene(ledger=TiredLedger())
    with pytest.raises(AnswerWithheld) as raised:
        _ = scene.stream(ORDINARY) if streamed else scene.answer(ORDINARY)
    assert scene.left()
    assert "was sent" in raised.value.text.en
    assert errors.status(raised.value) == 500


def test_a_fault_is_told_even_where_its_end_cannot_be_recorded() -> None:
    with pytest.raises(HomeUnavailable):
        Scene(ledger=TiredLedger(), home="reset").answer(SENSITIVE)


@pytest.mark.parametrize("fault", ["status:500", "status:429", "status:401", "reset", "garbage", "redirect"])
@pytest.mark.parametrize("streamed", [False, True])
def test_home_down_never_becomes_a_trip_to_the_cloud(fault: str, streamed: bool) -> None:
    scene = Scene(home=fault)
    with pytest.raises(HomeUnavailable) as raised:
        _ = scene.stream(SENSITIVE) if streamed else scene.answer(SENSITIVE)
    assert scene.left() == b""
    assert "Nothing has left" in raised.value.text.en
    assert errors.status(raised.value) == 503
    assert scene.outcomes == ["home:failed"]
    assert [row.outcome for row in scene.settlements] == ["failed"]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_failed_cloud_call_goes_on_under_the_same_label(streamed: bool) -> None:
    scene = Scene(cloud="status:503", other="reset")
    journey, _ = scene.stream(ORDINARY) if streamed else scene.answer(ORDINARY)
    assert journey.route == "onprem/home/home-model"
    assert scene.outcomes == ["cloud:failed", "other:failed", "home:answered"]
    assert len(scene.settlements) == 1


def test_a_request_that_is_wrong_is_not_tried_elsewhere() -> None:
    scene = Scene(cloud="status:400")
    with pytest.raises(BackendFault):
        scene.answer(ORDINARY)
    assert scene.outcomes == ["cloud:failed"]
    assert not scene.backends["other"].received


def test_after_the_first_chunk_nothing_is_tried_again() -> None:
    scene = Scene(cloud="reset-mid")
    with pytest.raises(BackendFault):
        scene.stream(ORDINARY)
    assert scene.outcomes == ["cloud:failed"]
    assert [row.outcome for row in scene.settlements] == ["failed"]


def test_a_caller_who_leaves_is_settled_as_cancelled() -> None:
    scene = Scene(cloud="stall")
    journey = scene.judge(ORDINARY)

    async def leave() -> None:
        task = asyncio.create_task(scene.road.answer(journey))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(leave())
    assert [row.outcome for row in scene.settlements] == ["cancelled"]
    assert scene.outcomes == ["cloud:cancelled"]


def test_a_stream_that_is_closed_early_is_settled_as_cancelled() -> None:
    scene = Scene()
    journey = scene.judge(ORDINARY, stream=True)

    async def leave() -> None:
        stream: AsyncGenerator[Chunk, None] = scene.road.stream(journey)
        await anext(stream)
        await stream.aclose()

    asyncio.run(leave())
    assert [row.outcome for row in scene.settlements] == ["cancelled"]


def speechless(chat: Chat, model: str) -> bytes:
    """A wire that cannot say what was asked."""
    raise BadRequest(Text(ko="n", en="n"), param="n")


def test_what_one_wire_cannot_say_another_may(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    monkeypatch.setattr(scene.backends["cloud"], "render", speechless)
    journey, _ = scene.answer(ORDINARY)
    assert journey.route == "cloud/other/other-model"
    assert scene.outcomes == ["other:answered"]


def test_what_nobody_can_say_is_the_caller_s_to_mend_and_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    monkeypatch.setattr(scene.backends["cloud"], "render", speechless)
    with pytest.raises(BadRequest):
        scene.answer(ORDINARY, model="cloud/cloud-model")
    assert [row.status for row in scene.settlements] == [400]
    assert scene.outcomes == []


def test_a_detector_that_fails_keeps_everything_home() -> None:
    def broken(text: str) -> list[Hit]:
        raise RuntimeError

    scene = Scene(scan=broken)
    journey, _ = scene.answer(ORDINARY)
    assert journey.route.startswith("onprem/")
    assert scene.left() == b""


def test_a_rule_that_refuses_is_on_record_and_nothing_is_called() -> None:
    scene = Scene("rules: [{when: {kind: [kr.rrn]}, then: refuse, because: test}]")
    with pytest.raises(Forbidden):
        scene.answer(SENSITIVE)
    assert not any(backend.received for backend in scene.backends.values())
    assert [(row.outcome, row.status) for row in scene.settlements] == [("refused", 403)]


def test_an_unknown_model_is_never_another_one() -> None:
    with pytest.raises(UnknownModel):
        Scene().judge(ORDINARY, model="gpt-0")


def test_a_caller_may_ask_for_home_and_may_raise_the_level() -> None:
    assert Scene().answer(ORDINARY, Asked(home_only=True))[0].route.startswith("onprem/")
    journey, _ = Scene().answer(ORDINARY, Asked(level=Level.CONFIDENTIAL))
    assert journey.route.startswith("onprem/")
    assert journey.decision.label.level is Level.CONFIDENTIAL


@pytest.mark.parametrize("streamed", [False, True])
def test_an_answer_about_somebody_stays_home_in_the_next_turn_even_with_its_history_cut(
    streamed: bool,
) -> None:
    scene = Scene()
    if streamed:
        _, chunks = scene.stream(SENSITIVE)
        answer = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    else:
        _, answer = scene.answer(SENSITIVE)
    told = answer.replace("900101-1234568", "그분")  # whatever the answer says, a scan would not find it
    scene.labels.labels[told.strip()] = scene.labels.labels[answer.strip()]
    journey = scene.judge(
        "더 짧게", messages=[{"role": "assistant", "content": told}, {"role": "user", "content": "더 짧게"}]
    )
    assert journey.decision.label.level is Level.RESTRICTED
    assert journey.decision.calls[0].destination == "home"
    assert [reason.code for reason in journey.decision.because][1] == "remembered"


LOOK = {
    "type": "object",
    "properties": {"about": {"type": "string"}, "note": {"const": "the customer of Monday"}},
    "required": ["note"],
}


@pytest.mark.parametrize("streamed", [False, True])
def test_what_a_model_gives_to_a_tool_carries_the_label_too(streamed: bool) -> None:
    scene = Scene()
    tools = [{"type": "function", "function": {"name": "look", "parameters": LOOK}}]
    more: dict[str, Any] = {"tools": tools, "tool_choice": "required"}
    if streamed:
        _, chunks = scene.stream(SENSITIVE, **more)
        calls = [
            call for chunk in chunks for choice in chunk.choices for call in choice.delta.tool_calls or ()
        ]
        given = "".join(call.function.arguments or "" for call in calls if call.function)
    else:
        journey = scene.judge(SENSITIVE, **more)
        message = asyncio.run(scene.road.answer(journey)).choices[0].message
        assert message.tool_calls
        given = message.tool_calls[0].function.arguments
    assert scene.labels.known([given]).level is Level.RESTRICTED
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": given}}
    scene.road._eyes = Eyes(lambda text: [])  # whatever it says, a scan would not find it
    later = scene.judge(
        "", messages=[{"role": "assistant", "tool_calls": [call]}, {"role": "user", "content": "그래서?"}]
    )
    assert [call.destination for call in later.decision.calls] == ["home"]


def test_what_a_caller_declared_holds_although_nobody_answered() -> None:
    scene = Scene(home="status:500")
    text = "내년 사업 계획의 초안입니다. 문장을 다듬어 줘."
    with pytest.raises(HomeUnavailable):
        scene.answer(text, Asked(level=Level.CONFIDENTIAL))
    assert scene.judge(text).decision.label.level is Level.CONFIDENTIAL


def test_a_day_that_ends_on_the_way_ends_the_contract_for_the_next_try() -> None:
    scene = Scene(cloud="status:500")
    journey = scene.judge(ORDINARY)
    assert [call.destination for call in journey.decision.calls] == ["cloud", "other", "home"]
    later = policy(parse(DESTINATIONS, "t", {}), None, date(2028, 1, 1))  # nobody has read a fact since
    scene.backends["cloud"].then = lambda: setattr(scene.road, "_policy", lambda: later)
    with pytest.raises(NotCleared):
        asyncio.run(scene.road.answer(journey))
    assert scene.backends["other"].received == []
    assert [row.outcome for row in scene.settlements] == ["failed"]


def test_a_declared_level_is_not_the_system_prompts() -> None:
    scene = Scene()
    program = {"role": "system", "content": "당신은 사내 문서를 다듬는 비서입니다."}
    mine = {"role": "user", "content": "내년 사업 계획의 초안입니다. 문장을 다듬어 줘."}
    scene.judge("", Asked(level=Level.CONFIDENTIAL), messages=[program, mine])
    assert (
        scene.judge("", messages=[program, {"role": "user", "content": ORDINARY}])
        .decision.calls[0]
        .destination
        == "cloud"
    )
    assert scene.judge("", messages=[program, mine]).decision.calls[0].destination == "home"


def test_what_a_caller_declared_keeps_its_level_without_the_header() -> None:
    scene = Scene()
    text = "내년 사업 계획의 초안입니다. 문장을 다듬어 줘."
    scene.answer(text, Asked(level=Level.CONFIDENTIAL))
    again = scene.judge(text)
    assert again.decision.label.level is Level.CONFIDENTIAL
    assert again.decision.calls[0].destination == "home"


def test_what_was_found_in_one_text_is_not_declared_of_the_others() -> None:
    scene = Scene()
    manner = {"role": "user", "content": "You are a helpful assistant."}
    messages = [manner, {"role": "user", "content": SENSITIVE}]
    scene.answer("", Asked(level=Level.CONFIDENTIAL), messages=messages)
    later = scene.judge("", messages=[manner, {"role": "user", "content": ORDINARY}])
    assert later.decision.label == Label(Level.CONFIDENTIAL, frozenset({"declared"}))


FIRST, SECOND = "내년 사업 계획의 초안입니다.", "문장을 다듬어 줘, 길게."
PARTS = [{"type": "text", "text": FIRST}, {"type": "text", "text": SECOND}]


def calling(arguments: str) -> dict[str, Any]:
    function = {"name": "f", "arguments": arguments}
    return {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": function}]}


AFTERWARDS = [
    ({"role": "user", "content": PARTS}, {"role": "user", "content": FIRST}),
    ({"role": "user", "content": FIRST}, {"role": "user", "content": PARTS}),
    (
        {"role": "assistant", "refusal": FIRST},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": FIRST}]},
    ),
    (calling('{"plan":"내년 초안","n":1}'), calling('{"n": 1, "plan": "\\ub0b4\\ub144 초안"}')),
]
"""What was said under a header, and how a client may say it again."""


@pytest.mark.parametrize(("declared", "again"), AFTERWARDS)
def test_what_was_declared_is_known_in_whatever_form_it_comes_back(
    declared: dict[str, Any], again: dict[str, Any]
) -> None:
    scene, ask = Scene(), {"role": "user", "content": "그래서?"}
    scene.answer("", Asked(level=Level.CONFIDENTIAL), messages=[declared, ask])
    later = scene.judge("", messages=[again, ask])
    assert later.decision.label.level is Level.CONFIDENTIAL
    assert scene.judge(ORDINARY).decision.label.level is Level.INTERNAL


def test_a_refusal_is_remembered_like_any_answer() -> None:
    scene = Scene()
    journey = scene.judge(SENSITIVE, stream=True)
    for piece in ("그분의 대출은 ", "심사하지 않습니다"):
        journey.hear(Chunk(choices=(ChoiceDelta(index=0, delta=Delta(refusal=piece)),)))
    assert list(journey.heard_texts) == ["그분의 대출은 심사하지 않습니다"]


@pytest.mark.parametrize("ends", ["cut", "closed"])
def test_what_was_read_of_an_answer_that_broke_off_is_remembered(ends: str) -> None:
    scene = Scene(home="reset-mid") if ends == "cut" else Scene()
    journey = scene.judge(SENSITIVE, stream=True)
    read: list[str] = []

    async def listen() -> None:
        stream: AsyncGenerator[Chunk, None] = scene.road.stream(journey)
        async for chunk in stream:
            read.extend(choice.delta.content or "" for choice in chunk.choices)
            if ends == "closed" and len("".join(read)) > 20:
                await stream.aclose()

    with suppress(BackendFault):
        asyncio.run(listen())
    assert [row.outcome for row in scene.settlements] == ["failed" if ends == "cut" else "cancelled"]
    assert scene.labels.known(["".join(read)]).level is Level.RESTRICTED


def test_ordinary_answers_and_small_words_are_not_remembered() -> None:
    scene = Scene()
    scene.answer(ORDINARY)
    scene.answer("네", Asked(level=Level.RESTRICTED))
    assert "네" not in scene.labels.labels
    assert not any(ORDINARY in text for text in scene.labels.labels)


class ForgetfulLabels(MemoryLabels):
    def remember(self, texts: Iterable[str], label: Label) -> None:
        raise LedgerUnavailable


@pytest.mark.parametrize("streamed", [False, True])
def test_an_answer_whose_label_cannot_be_kept_is_withheld_and_settled(streamed: bool) -> None:
    scene = Scene()
    scene.road._labels = ForgetfulLabels()
    with pytest.raises(AnswerWithheld):
        _ = scene.stream(SENSITIVE) if streamed else scene.answer(SENSITIVE)
    assert [(row.outcome, row.status) for row in scene.settlements] == [("failed", 500)]


class DeafLabels(MemoryLabels):
    def known(self, texts: Iterable[str]) -> Label:
        raise LedgerUnavailable


def test_a_label_store_that_cannot_be_read_lets_nothing_out() -> None:
    scene = Scene()
    scene.road._labels = DeafLabels()
    with pytest.raises(LedgerUnavailable):
        scene.answer(ORDINARY)
    assert scene.left() == b""


def test_no_row_holds_any_text_of_the_request_or_the_answer() -> None:
    scene = Scene()
    _, answer = scene.answer(SENSITIVE)
    kept = repr(scene.ledger.rows)
    assert "홍길동" not in kept
    assert "900101" not in kept
    assert answer not in kept
