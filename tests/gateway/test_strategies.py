"""What stands for a value on the road, and what becomes of it: by kind, by destination, by tool."""

import asyncio
from pathlib import Path

import orjson
import pytest

from haechi.adapters.stores.sealing import DirectorySeals, prepare_sealing
from haechi.domain.chat import Answer
from haechi.gateway.journey import Journey
from haechi.gateway.record.explain import explain, tell
from tests.gateway.test_flow import Scene
from tests.gateway.test_without_values import MAIL, PHONE, SIGNED, TOOLS

ASK = f"{PHONE}로 보낼 예약 안내를 {MAIL}에도 보내게 써줘"


def scene(where: Path, more: str, destinations: str = SIGNED) -> Scene:
    prepare_sealing(where)
    return Scene(more, destinations=destinations, seals=DirectorySeals(where))


def told(now: Scene) -> str:
    """What the cloud was asked."""
    return str(orjson.loads(now.left())["messages"][-1]["content"])


@pytest.mark.parametrize("streamed", [False, True])
def test_a_surrogate_goes_out_and_the_value_comes_home(tmp_path: Path, streamed: bool) -> None:
    now = scene(tmp_path, "deidentify: {as: {phone: surrogate, email: surrogate}}")
    if streamed:
        journey, chunks = now.stream(ASK)
        answer = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    else:
        journey, answer = now.answer(ASK)
    assert journey.route == "cloud/cloud/cloud-model"
    sent = told(now)
    assert PHONE not in sent
    assert MAIL not in sent
    assert "PHONE_1" not in sent
    assert "010-0" in sent
    assert "@example.com" in sent
    assert ASK in answer


def test_the_next_turn_and_another_worker_say_the_same_and_another_site_does_not(tmp_path: Path) -> None:
    more = "deidentify: {as: {phone: surrogate}}"
    said = []
    for where in ("here", "here", "there"):
        now = scene(tmp_path / where, more)
        now.answer(ASK)
        said.append(told(now))
    assert said[0] == said[1] != said[2]


def test_what_is_removed_does_not_come_back_and_stands_nowhere(tmp_path: Path) -> None:
    now = scene(tmp_path, "deidentify: {as: {phone: remove}}")
    journey, answer = now.answer(ASK)
    assert journey.route == "cloud/cloud/cloud-model"
    assert told(now) == ASK.replace(PHONE, "[PHONE]").replace(MAIL, "EMAIL_1")
    assert PHONE not in answer
    assert MAIL in answer


def test_everything_removed_is_still_without_values(tmp_path: Path) -> None:
    now = scene(tmp_path, "deidentify: {as: {phone: remove, email: remove}}")
    journey, _ = now.answer(ASK)
    assert journey.route == "cloud/cloud/cloud-model"
    assert b"2291" not in now.left()


def test_a_destination_gets_only_kinds_of_its_list(tmp_path: Path) -> None:
    listed = SIGNED.replace("valid_until: 2027-06-30}}", "valid_until: 2027-06-30}, deidentify: [phone]}")
    now = scene(tmp_path, "", listed)
    journey, _ = now.answer(ASK)
    assert journey.route == "onprem/home/home-model"
    assert journey.decision.missing is not None
    assert journey.decision.missing.path == "destinations.cloud.deidentify"
    only, _ = scene(tmp_path, "", listed).answer(f"{PHONE}로 보낼 예약 안내를 써줘")
    assert only.route == "cloud/cloud/cloud-model"


def test_what_became_of_it_is_on_record_and_no_value_is(tmp_path: Path) -> None:
    now = scene(tmp_path, "")
    now.answer(ASK)
    (record,) = now.ledger.recent(9)
    assert record.settlement is not None
    done = record.settlement.transforms
    assert done is not None
    assert done.taken == {"email": 1, "phone": 1}
    assert done.restored >= 2
    given = explain(record)
    assert given["transforms"]["taken"] == {"email": 1, "phone": 1}
    assert list(given)[:6] == ["record", "label", "findings", "decision", "attempts", "cost"]
    assert "가명처리: 전자우편 주소 × 1, 전화번호 × 1" in tell(record, "ko")
    assert "De-identified:" in tell(record, "en")
    assert PHONE not in str(given)


def test_what_stays_home_has_nothing_to_tell(tmp_path: Path) -> None:
    now = scene(tmp_path, "")
    now.answer("고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘")
    (record,) = now.ledger.recent(9)
    assert record.settlement is not None
    assert record.settlement.transforms is None
    assert "transforms" not in explain(record)


@pytest.mark.parametrize(("tools", "withheld"), [("", 0), ("never_into: [send]", 1)])
def test_a_tool_that_policy_names_gets_no_value(tmp_path: Path, tools: str, withheld: int) -> None:
    now = scene(tmp_path, f"deidentify: {{{tools}}}")
    journey = now.judge(f"{PHONE} 로 send 를 불러줘", tools=TOOLS, tool_choice="required")
    answer = _run(now, journey)
    (call,) = answer.choices[0].message.tool_calls or ()
    assert (PHONE in call.function.arguments) is (withheld == 0)
    (record,) = now.ledger.recent(9)
    assert record.settlement is not None
    done = record.settlement.transforms
    assert done is not None
    assert (done.withheld > 0) is bool(withheld)


def _run(now: Scene, journey: Journey) -> Answer:
    return asyncio.run(now.road.answer(journey))
