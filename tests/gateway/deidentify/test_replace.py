"""What is taken out where, in which order, and what cannot be."""

import json
import time
from datetime import date

import pytest

from haechi.catalogue.identifiers import identifiers
from haechi.catalogue.studied import studied
from haechi.catalogue.tokens import OWN, about_the_text, token_name, token_names
from haechi.domain.label import Finding, Level
from haechi.domain.mapping import Mapping
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.deidentify.replace import Plan, deidentify
from haechi.gateway.reidentify.stream import ARGUMENTS
from tests.gateway.kit_deidentify import Values, content, home, out, said

VALUES: Values = {
    "김민수": "person", "김민수진": "person", "민수": "person", "이영희": "person", "010-1234-5678": "phone",
    "01012345678": "phone", "02-123-4567": "phone", "hong@naver.com": "email",
    "sk-live-9f8e7d6c5b": "secret", "1990-01-15": "date_of_birth",
}  # fmt: skip


def test_every_kind_of_the_catalogue_has_a_name() -> None:
    kinds = {each.kind for each in identifiers()} | {each.kind for each in studied()} - {"person"}
    assert {kind for kind in kinds if token_name(kind) == OWN and not about_the_text(kind)} <= {"unreadable"}
    assert len({each.name for each in token_names()}) == len(token_names())


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("김민수는 이영희와 010-1234-5678", "PERSON_1은 PERSON_2와 PHONE_1"),
        ("이영희는 김민수와", "PERSON_1은 PERSON_2와"),
        ("010-1234-5678 01012345678 02-123-4567", "PHONE_1 PHONE_1b PHONE_2"),
        ("김민수, 민수야", "PERSON_1, PERSON_1b야"),
        ("김민수진과 김민수", "PERSON_1과 PERSON_2"),
        ("김민수김민수", "PERSON_1⟦PERSON_1⟧"),
        ("a김민수", "a⟦PERSON_1⟧"),
        ("김민수2", "⟦PERSON_1⟧2"),
        ("김민수은 김민수는", "PERSON_1은 ⟦PERSON_1⟧는"),
        ("PERSON_1 김민수", "TEXT_1 PERSON_1"),
        ("Person 1 김민수", "Person 1 PERSON_1"),
        ("'김민수'를", "'PERSON_1'을"),
        ("DELETE FROM p WHERE n='김민수';", "DELETE FROM p WHERE n='PERSON_1';"),
        ("print(f\"{'김민수'}\")", "print(f\"{'PERSON_1'}\")"),
        ("\u202e김민수\u202c\u0301", "\u202ePERSON_1\u202c\u0301"),
    ],
)
def test_what_is_sent(text: str, sent: str) -> None:
    found = out(said(text), VALUES)
    assert content(found.body) == sent
    assert home(sent, found.mapping) == text


def test_the_person_of_a_given_name_has_to_be_sure() -> None:
    values: Values = {"김민수": "person", "이민수": "person", "민수": "person"}
    assert (
        content(out(said("김민수 민수 이민수 민수"), values).body) == "PERSON_1 PERSON_1b PERSON_2 PERSON_1b"
    )
    assert content(out(said("김민수 이민수 민수"), values).body) == "PERSON_1 PERSON_2 PERSON_3"
    assert content(out(said("민수 김민수"), values).body) == "PERSON_1 PERSON_2"


CALLED: Values = {
    "John Smith": "person", "Will Park": "person", "Robert De Niro": "person", "sales@corp.example": "email",
    "kim.minjun85@corp.example": "email", "no-reply@corp.example": "email",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            "John Smith wrote; John's idea, and SMITH agrees",
            "PERSON_1 wrote; PERSON_1b's idea, and PERSON_1c agrees",
        ),
        ("John Smith, JOHN SMITH, john smith", "PERSON_1, PERSON_1b, PERSON_1c"),
        ("John Smith 님, John씨는 Johnson 이 아니다", "PERSON_1 님, PERSON_1b씨는 Johnson 이 아니다"),
        ("John Smith and Johnny, Smiths, Smith_2, xSmith", "PERSON_1 and Johnny, Smiths, Smith_2, xSmith"),
        ("Will Park: will you park? Will Mr Park?", "PERSON_1: will you park? Will Mr Park?"),
        ("Robert De Niro, De, Niro", "PERSON_1, De, PERSON_1b"),
        ("kim.minjun85@corp.example 의 id kim_minjun85", "EMAIL_1 의 id EMAIL_2"),
        ("no-reply@corp.example: no-reply", "EMAIL_1: no-reply"),
        ("sales@corp.example for sales", "EMAIL_1 for sales"),
    ],
)
def test_what_somebody_is_also_called(text: str, sent: str) -> None:
    values = {value: kind for value, kind in CALLED.items() if value in text}
    found = out(said(text), values)
    assert content(found.body) == sent
    assert home(sent, found.mapping) == text


NUMBERED = {"010-1234-5678": "phone", "4242-4242-4242-9876": "card", "1588-9876": "phone"}


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("010-1234-5678, 뒷자리 5678", "PHONE_1, 뒷자리 PHONE_1b"),
        ("4242-4242-4242-9876 의 끝 4자리는 9876입니다", "CARD_1 의 끝 4자리는 CARD_1b입니다"),
        ("4242-4242-4242-9876 (card ending in 9876)", "CARD_1 (card ending in CARD_1b)"),
        ("4242-4242-4242-9876, ****-****-****-9876", "CARD_1, ****-****-****-CARD_1b"),
        ("010-1234-5678, 2024년 5678건, 단가 5678", "PHONE_1, 2024년 5678건, 단가 5678"),
        ("1588-9876, 뒷자리 9876", "PHONE_1, 뒷자리 9876"),
    ],
)
def test_the_last_figures_of_a_number_where_the_words_say_so(text: str, sent: str) -> None:
    found = out(said(text), {value: kind for value, kind in NUMBERED.items() if value in text})
    assert content(found.body) == sent
    assert home(sent, found.mapping) == text


def test_instructions_then_tools_then_the_conversation() -> None:
    body = {
        "messages": [
            {"role": "system", "content": "김민수"},
            {
                "role": "user",
                "content": [{"type": "text", "text": "이영희"}, {"type": "text", "text": "김민수"}],
                "name": "민수",
            },
        ],
        "tools": [
            {
                "type": "function",
                "function": {"name": "f", "description": "hong@naver.com", "parameters": {"이영희": 1}},
            }
        ],
        "user": "010-1234-5678",
    }
    found = out(body, VALUES)
    assert [each.token for each in found.mapping.taken] == [
        "PERSON_1",
        "EMAIL_1",
        "PERSON_2",
        "PHONE_1",
        "PERSON_1b",
    ]
    sent = json.dumps(found.body, ensure_ascii=False)
    assert not any(value in sent for value in VALUES)
    assert list(found.body["tools"][0]["function"]["parameters"]) == ["PERSON_2"]
    assert found.counts == {"person": 5, "email": 1, "phone": 1}


@pytest.mark.parametrize("talk", ["messages", "input", "contents"])
def test_the_order_of_keys_changes_no_number(talk: str) -> None:
    parts = {talk: [{"role": "user", "content": "김민수"}], "instructions": "이영희", "user": "010-1234-5678"}
    one, two = out(dict(parts), VALUES), out(dict(reversed(parts.items())), VALUES)
    assert one.mapping == two.mapping
    assert one.mapping.taken[0].value == "이영희"


def test_a_value_found_once_goes_everywhere() -> None:
    finding = Finding("phone", "/messages/0/content", 0, 13, Level.CONFIDENTIAL, 0.9, "phone.mobile")
    body = {
        "messages": [
            {"role": "user", "content": "010-1234-5678"},
            {"role": "tool", "content": "x010-1234-5678y"},
        ]
    }
    assert deidentify(body, [finding]).body["messages"][1]["content"] == "x⟦PHONE_1⟧y"


def test_a_short_name_goes_where_a_word_is() -> None:
    finding = Finding("person", "/messages/0/content", 0, 2, Level.CONFIDENTIAL, 0.9, "person.model")
    body = {
        "messages": [
            {"role": "user", "content": "이유 님"},
            {"role": "user", "content": "이유는 이유식을 먹는 이유"},
        ]
    }
    assert deidentify(body, [finding]).body["messages"][1]["content"] == "PERSON_1은 이유식을 먹는 PERSON_1"


def test_pieces_of_a_split_value_are_values() -> None:
    pieces = [
        Finding("phone", "/messages/0/content", 0, 9, Level.CONFIDENTIAL, 0.9, "phone.mobile"),
        Finding("phone", "/messages/1/content", 0, 4, Level.CONFIDENTIAL, 0.9, "phone.mobile"),
    ]
    body = {
        "messages": [{"role": "user", "content": "010-1234-"}, {"role": "user", "content": "5678 입니다"}]
    }
    found = deidentify(body, pieces)
    assert [each["content"] for each in found.body["messages"]] == ["PHONE_1", "PHONE_2 입니다"]


def test_findings_that_cross_are_one_place_and_the_longest_names_it() -> None:
    spans = [("phone", 0, 5), ("bank_account", 3, 12), ("kr.brn", 3, 12)]
    found = [
        Finding(kind, "/messages/0/content", start, end, Level.CONFIDENTIAL, 0.9, kind)
        for kind, start, end in spans
    ]
    assert content(deidentify(said("010-12-34567 끝"), found).body) == "ACCOUNT_1 끝"
    stricter = Finding("card", "/messages/0/content", 3, 12, Level.RESTRICTED, 0.9, "card")
    assert content(deidentify(said("010-12-34567 끝"), [*found, stricter]).body) == "CARD_1 끝"


def test_a_number_in_json_keeps_its_quotes_off() -> None:
    body = {
        "metadata": {"phone": 1012345678},
        "messages": [{"role": "user", "content": '{"phone": 1012345678}'}],
    }
    found = out(body, {"1012345678": "phone"})
    assert found.body == {
        "metadata": {"phone": "PHONE_1"},
        "messages": [{"role": "user", "content": '{"phone": "PHONE_1"}'}],
    }
    assert home('{"a":"PHONE_1"}', found.mapping, ARGUMENTS) == '{"a":1012345678}'


def test_what_cannot_be_taken_out_is_left_to_whoever_asked() -> None:
    topic = Finding("topic.m_and_a", "/messages/0/content", 0, 3, Level.RESTRICTED, 0.9, "topic")
    model = Finding("person", "/model", 0, 4, Level.CONFIDENTIAL, 0.9, "person.model")
    number = Finding("kr.rrn", "/messages/0/content", 0, 3, Level.RESTRICTED, 0.9, "kr.rrn")
    nowhere = Finding("person", "/messages/7/content", 0, 4, Level.CONFIDENTIAL, 0.9, "person.model")
    for finding in (topic, model, number, nowhere):
        assert deidentify(said("김민수"), [finding]).left == (finding,)


def test_keys_that_would_meet_stay_home() -> None:
    plan = Plan({"person": "remove"})
    found = out({"metadata": {"김민수": 1, "이영희": 2}}, VALUES, plan)
    assert found.left
    assert not found.mapping


def test_a_finding_in_a_key_is_told_from_one_in_its_value() -> None:
    eyes = Eyes(Scanner(identifiers()).scan)
    body = {
        "metadata": {"010-1234-5678": "x 010-9876-5432"},
        "messages": [{"role": "user", "content": "문의"}],
    }
    found = deidentify(body, classify(body, eyes).findings)
    assert found.body["metadata"] == {"PHONE_1": "x PHONE_2"}
    assert not found.left


def test_secrets_may_be_removed_for_good() -> None:
    found = out(said("키 sk-live-9f8e7d6c5b 와 김민수"), VALUES, Plan({"secret": "remove"}))
    assert content(found.body) == "키 [SECRET] 와 PERSON_1"
    assert "sk-live" not in repr([each.value for each in found.mapping.taken])
    assert home(content(found.body), found.mapping) == "키 [SECRET] 와 김민수"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("서울특별시 강남구 테헤란로 152, 12층 1203호", "서울특별시 강남구"),
        ("경기도 성남시 분당구 판교역로 166", "경기도 성남시 분당구"),
        ("세종특별자치시 한누리대로 2130", "세종특별자치시"),
        ("테헤란로 152", "ADDRESS_1"),
    ],
)
def test_an_address_becomes_its_district(address: str, sent: str) -> None:
    found = out(said(f"주소 {address} 로"), {address: "address"}, Plan({"address": "generalise"}))
    assert content(found.body) == f"주소 {sent} 로"
    assert [(each.token, each.value) for each in found.replaced] == [(sent, address)]


@pytest.mark.parametrize(
    ("today", "sent"), [(None, "1990-01"), (date(2026, 12, 1), "30s"), (date(2019, 1, 1), "20s")]
)
def test_generalised(today: date | None, sent: str) -> None:
    found = out(said("생일 1990-01-15."), VALUES, Plan({"date_of_birth": "generalise"}, today=today))
    assert content(found.body) == f"생일 {sent}."


def test_a_mapping_travels_as_bytes_and_shows_nothing() -> None:
    mapping = out(said("김민수는 010-1234-5678, https://a.com"), VALUES).mapping
    assert Mapping.from_bytes(mapping.to_bytes()) == mapping
    assert "김민수" not in repr(mapping) + repr(mapping.taken)
    with pytest.raises(ValueError, match="mapping"):
        Mapping.from_bytes(b"\x93")


def test_the_same_request_gives_the_same_bytes_and_is_not_changed() -> None:
    body = said("김민수는 010-1234-5678")
    before = json.dumps(body)
    assert out(body, VALUES) == out(body, VALUES)
    assert json.dumps(body) == before


def test_ten_thousand_values_cost_ten_times_a_thousand() -> None:
    def seconds(many: int) -> float:
        lines = [
            f"{number}: 010-{number // 10_000:04d}-{number % 10_000:04d} 로 연락" for number in range(many)
        ]
        text = "\n".join(lines)
        places, at = [], 0
        for line in lines:
            start = at + line.index("010-")
            places.append(
                Finding("phone", "/messages/0/content", start, start + 13, Level.CONFIDENTIAL, 0.9, "phone")
            )
            at += len(line) + 1
        began = time.thread_time()
        found = deidentify(said(text), places)
        wire = content(found.body)
        assert home(wire, found.mapping, cuts=range(0, len(wire), 40)) == text
        assert home(wire, found.mapping) == text
        return time.thread_time() - began

    seconds(1_000)
    assert min(seconds(10_000), seconds(10_000)) < 25 * min(seconds(1_000), seconds(1_000))
