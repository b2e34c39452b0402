import json

from msgspec import structs

from haechi.domain.record import Record
from haechi.gateway.record.explain import explain, tell
from tests.adapters.stores.rows import attempt, intent, settlement

RECORD = Record(intent("r-000001"), (attempt("r-000001"),), settlement("r-000001"))


def test_the_fixed_form() -> None:
    told = explain(RECORD)
    assert list(told) == ["record", "label", "findings", "decision", "attempts", "cost"]
    assert told["label"] == {"level": "confidential", "kinds": ["person", "phone"]}
    assert told["findings"] == [{"kind": "person", "count": 2}, {"kind": "phone", "count": 1}]
    assert list(told["decision"]) == ["route", "rule", "because", "missing_fact"]
    assert told["decision"]["route"] == "cloud/claude/opus"
    assert told["decision"]["because"][0]["ko"] == "요청의 등급은 기밀입니다. 발견된 항목: 이름, 전화번호."
    assert told["decision"]["missing_fact"]["path"] == "destinations.claude.contract.dpa_id"
    assert told["cost"] == {"nano_usd": 8_000_000, "usd": 0.008}
    assert json.loads(json.dumps(told)) == told


def test_what_is_under_way_has_no_route_and_no_cost_yet() -> None:
    told = explain(Record(RECORD.intent, (), None))
    assert told["decision"]["route"] is None
    assert told["cost"] == {"nano_usd": None, "usd": None}
    assert "결과: 진행 중" in tell(Record(RECORD.intent, (), None), "ko")


def test_told_in_both_languages() -> None:
    korean, english = tell(RECORD, "ko"), tell(RECORD, "en")
    assert "발견: 이름 × 2, 전화번호 × 1" in korean
    assert "이 사실이 있었다면 달라졌습니다: 위탁 계약 번호 (destinations.claude.contract.dpa_id)" in korean
    assert "1. cloud/claude/opus: 응답함, 1.50 s, 토큰 1000 → 200" in korean
    assert "Cost: $0.008000" in english
    assert len(korean.splitlines()) == len(english.splitlines())


def test_an_auditor_reads_when_by_whom_and_under_which_policy() -> None:
    english = tell(RECORD, "en").splitlines()
    assert f"Policy version: {RECORD.intent.policy}" in english
    assert f"Key: {RECORD.intent.key}" in english
    assert any(line.startswith("Time: 20") and line.endswith("+00:00") for line in english)


def test_a_name_that_was_not_kept_is_not_told_as_the_one_asked_for() -> None:
    plain = structs.replace(RECORD.intent, kinds=(), findings={})
    assert f"Asked for: {plain.model}" in tell(Record(plain, (), None), "en")
    assert "Asked for: not kept, because something was found" in tell(RECORD, "en")


def test_what_was_found_and_cannot_be_counted_is_named() -> None:
    unread = structs.replace(RECORD.intent, kinds=("unreadable",), findings={})
    assert "발견: 읽을 수 없는 부분" in tell(Record(unread, (), None), "ko").splitlines()
