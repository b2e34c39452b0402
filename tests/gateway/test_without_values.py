"""A request leaves without its values, and its answer has them again: promises 1 and 5 on the road."""

import asyncio
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.adapters.stores.memory import MemoryLedger
from haechi.domain.chat import Chunk
from haechi.domain.errors import BackendFault
from haechi.domain.label import Label, Level
from haechi.gateway.admit.narrowing import Asked
from tests.gateway.test_flow import Scene

SIGNED = """
destinations:
  home:  {provider: fake, zone: onprem, models: [home-model]}
  cloud:
    {provider: fake, zone: cloud, models: [cloud-model], contract: {preset: openai-api-standard, dpa_id: D, transfer_basis:
    policy_notice, attested_by: ciso@corp.example, valid_until: 2027-06-30}}
  other: {provider: fake, zone: cloud, models: [other-model], contract: anthropic-commercial}
"""
PHONE = "010-3847-2291"
MAIL = "kim@corp.example"
ASK = f"{PHONE}로 보낼 예약 안내를 {MAIL}에도 보내게 써줘"
TOLD = "PHONE_1로 보낼 예약 안내를 EMAIL_1에도 보내게 써줘"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "send",
            "parameters": {"type": "object", "properties": {"to": {"type": "string"}}, "required": ["to"]},
        },
    }
]


def scene(**more: Any) -> Scene:
    return Scene(destinations=SIGNED, **more)


def said(chunks: list[Chunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


@pytest.mark.parametrize("streamed", [False, True])
def test_the_cloud_reads_tokens_and_the_caller_reads_values(streamed: bool) -> None:
    now = scene()
    if streamed:
        journey, chunks = now.stream(ASK)
        answer = said(chunks)
    else:
        journey, answer = now.answer(ASK)
    assert journey.route == "cloud/cloud/cloud-model"
    assert [message["content"] for message in orjson.loads(now.left())["messages"]] == [TOLD]
    assert ASK in answer
    assert "PHONE_1" not in answer
    assert journey.restored.restored == 2


def test_a_tool_gets_values_in_valid_json() -> None:
    """Whole and streamed: the arguments are JSON, and the cloud saw none of the values."""
    now = scene()
    journey, chunks = now.stream(f"send: {PHONE}", tools=TOOLS)
    calls = [call for chunk in chunks for choice in chunk.choices for call in choice.delta.tool_calls or ()]
    arguments = "".join(call.function.arguments or "" for call in calls if call.function)
    assert PHONE in orjson.loads(arguments)["to"]
    assert PHONE.encode() not in now.left()
    assert journey.route.startswith("cloud/")


def test_the_next_turn_says_the_same_bytes_again() -> None:
    """The history comes back with its values, and goes out as it went out before: prompt caches stay warm."""
    now = scene()
    first = [{"role": "user", "content": ASK}]
    _, answer = now.answer("", messages=first)
    before = orjson.loads(now.backends["cloud"].received[-1])["messages"]
    later = [*first, {"role": "assistant", "content": answer}, {"role": "user", "content": f"{MAIL} 은 빼줘"}]
    journey, _ = now.answer("", messages=later)
    after = orjson.loads(now.backends["cloud"].received[-1])["messages"]
    assert journey.route.startswith("cloud/")
    assert after[: len(before)] == before
    assert TOLD in after[1]["content"]
    assert after[2]["content"] == "EMAIL_1 은 빼줘"


def test_what_the_header_says_is_more_than_values() -> None:
    """A caller's word, or a document's label, is not taken out with the values: it stays home."""
    now = scene()
    journey, _ = now.answer(ASK, Asked(level=Level.CONFIDENTIAL))
    assert journey.route.startswith("onprem/")
    assert now.left() == b""
    later = [{"role": "user", "content": ASK}, {"role": "user", "content": "더 짧게"}]
    journey, _ = now.answer("", messages=later)
    assert journey.route.startswith("onprem/")
    assert now.left() == b""


def test_a_kind_that_no_rule_lists_keeps_all_of_it_home() -> None:
    now = scene()
    journey, _ = now.answer(f"{ASK} 계좌번호 110-123-456789")
    assert journey.route.startswith("onprem/")
    assert now.left() == b""


def test_a_cloud_that_fails_is_replaced_by_home_in_clear() -> None:
    now = scene(cloud="status:503")
    journey, answer = now.answer(ASK)
    assert journey.route.startswith("onprem/")
    assert ASK in answer
    assert orjson.loads(now.backends["home"].received[0])["messages"][0]["content"] == ASK


def test_a_stream_that_breaks_gives_out_what_was_held() -> None:
    """And then fails: half a token is not kept for ever."""
    now = scene(cloud="reset-mid")
    journey = now.judge(ASK, stream=True)
    heard: list[Chunk] = []

    async def collect() -> None:
        async for chunk in now.road.stream(journey):
            heard.append(chunk)  # noqa: PERF401  a broken stream leaves what came before

    with pytest.raises(BackendFault):
        asyncio.run(collect())
    assert said(heard)
    assert PHONE.encode() not in now.left()


def test_a_token_of_the_callers_own_comes_back_untouched() -> None:
    """Nobody reads a value by writing its token."""
    now = scene()
    _, answer = now.answer(f"PHONE_1 은 무엇인가? 내 번호는 {PHONE}")
    assert f"PHONE_1 은 무엇인가? 내 번호는 {PHONE}" in answer
    assert answer.count(PHONE) == 1


@given(st.sampled_from(["010-3847-2291", "010-5555-1234", "01099998888", "02-345-6789"]), st.booleans())
def test_the_cloud_cannot_tell_two_numbers_apart(number: str, streamed: bool) -> None:
    """Requests that differ in the value alone put the same bytes on the wire."""
    now = scene()
    text = f"연락처 {number} 확인 부탁"
    _ = now.stream(text) if streamed else now.answer(text)
    assert orjson.loads(now.left())["messages"][0]["content"] == "연락처 PHONE_1 확인 부탁"


def test_no_value_is_on_record() -> None:
    ledger = MemoryLedger()
    scene(ledger=ledger).answer(ASK)
    assert PHONE not in repr(ledger.rows)
    assert MAIL not in repr(ledger.rows)


def test_what_was_said_before_is_not_explained_by_another_value() -> None:
    """An answer that is known to be sensitive stays home although a new turn has a value of the same kind."""
    now = scene()
    known = "네, 이유 정말 멋진 사람이지요 축하합니다"
    now.labels.remember([known], Label(Level.CONFIDENTIAL, frozenset({"phone"})))
    later = [{"role": "assistant", "content": known}, {"role": "user", "content": f"{PHONE}도 적어줘"}]
    journey, _ = now.answer("", messages=later)
    assert journey.route.startswith("onprem/")
    assert now.left() == b""


@pytest.mark.parametrize(
    "parameters",
    [
        {"type": "object", "properties": {"to": {"type": ["string", "null"]}}},
        {"type": "object", "properties": {"role": {"type": "string"}, "type": {"enum": [1]}}},
        {"default": 1038472291},
        {"enum": ["+82 10 3847 2291"]},
    ],
)
def test_a_schema_neither_breaks_it_nor_keeps_the_value(parameters: dict[str, Any]) -> None:
    """Words of JSON Schema are no words of the form, and a number stays home in any spelling."""
    tool = {"type": "function", "function": {"name": "f", "parameters": parameters}}
    now = scene()
    now.answer(f"{PHONE}로 연락", tools=[tool])
    figures = "".join(filter(str.isdigit, now.left().decode()))
    assert "1038472291" not in figures


@pytest.mark.parametrize("ask", [f"비밀번호는 {PHONE} 입니다", f"계정: {MAIL}\nSigned: {PHONE} / {MAIL}"])
def test_a_token_beside_a_password_s_word_is_no_password(ask: str) -> None:
    """What stands for a value gives nothing away, whatever the words around it make of it."""
    journey, answer = scene().answer(ask)
    assert journey.route == "cloud/cloud/cloud-model"
    assert ask in answer


@pytest.mark.parametrize(
    ("ask", "goes"),
    [
        ("Email john.park77@corp.example, and say that park7 opens", True),
        (f"{PHONE}로, 뒷자리 2291 확인. 재고 2291개", True),
        (f"{PHONE}로 예약, 재고 {PHONE[4:8]}개", True),
        (f"PHONE_1 과 ⟦PHONE_2⟧ 이라는 글자와 {PHONE}", True),
    ],
)
def test_what_only_looks_like_the_rest_of_a_value_keeps_nothing_at_home(ask: str, goes: bool) -> None:
    journey, answer = scene().answer(ask)
    assert (journey.route == "cloud/cloud/cloud-model") is goes
    assert ask in answer
