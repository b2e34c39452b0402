"""What of a list is looked for: every value in its forms, the doubtful ones with a doubt, the useless ones not."""

import pytest

from haechi.catalogue.ordinary_words import ordinary_words
from haechi.gateway.classify.listing import ALIASES, LEVELS, enrol
from haechi.gateway.classify.standing import Doubt


@pytest.mark.parametrize(
    ("kind", "value", "forms"),
    [
        ("person", " 홍길동 ", {"홍길동"}),
        ("person", "홍 길동", {"홍길동"}),
        ("person", "홍길동(洪吉童)", {"홍길동", "洪吉童"}),
        ("person", "홍길동 (개명 전 홍판서)", {"홍길동"}),
        ("person", "Kim, Min-su", {"kimminsu", "minsukim"}),
        ("person", "홍길동", {"홍길동"}),
        ("phone", "010-1234-9876", {"01012349876", "821012349876", "00821012349876"}),
        ("phone", "+82 10 1234 9876", {"01012349876", "821012349876", "00821012349876"}),
        ("phone", "0082-10-1234-9876", {"01012349876", "821012349876", "00821012349876"}),
        ("phone", "1012349876", {"01012349876", "821012349876", "00821012349876"}),
        ("phone", "1588-1234", {"15881234"}),
        ("term", "주식회사 다올정밀", {"주식회사다올정밀", "다올정밀"}),
        ("term", "Orion Systems Inc.", {"orionsystemsinc"}),
        ("patient_id", "10-482936", {"10482936"}),
        ("email", "a.b@corp.example", {"abcorpexample"}),
    ],
)
def test_forms(kind: str, value: str, forms: set[str]) -> None:
    assert {letters for letters, _ in enrol([value], kind, ordinary_words()).forms} == forms


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("person", "", "empty"),
        ("person", " - ", "empty"),
        ("person", "홍", "short"),
        ("person", "Al", "short"),
        ("person", "없음", "placeholder"),
        ("person", "N/A", "placeholder"),
        ("person", "과장", "title"),
        ("person", "ㅇㅇㅇ", "placeholder"),
        ("patient_id", "1234", "placeholder"),
        ("patient_id", "4821", "short"),
        ("patient_id", "000000", "placeholder"),
        ("employee_id", "012345", "placeholder"),
        ("email", "hanbit.co.kr", "not an e-mail"),
        ("term", "가" * 65 + "나", "long"),
    ],
)
def test_what_would_be_found_everywhere_is_left_out_and_said(kind: str, value: str, reason: str) -> None:
    enrolled = enrol(["남궁민수" if kind in {"person", "term"} else "a@b.example 77312", value], kind, ())
    assert enrolled.skipped == {reason: [2]}
    assert enrolled.values == 1


@pytest.mark.parametrize(
    ("kind", "value", "doubt"),
    [
        ("person", "홍길동", Doubt.NOTHING),
        ("person", "이하은", Doubt.NOTHING),
        ("person", "이수진", Doubt.NOTHING),
        ("person", "김민지", Doubt.NOTHING),
        ("person", "박서준", Doubt.NOTHING),
        ("person", "최지우", Doubt.NOTHING),
        ("person", "이유", Doubt.WORD | Doubt.SHORT),
        ("person", "김솔", Doubt.SHORT),
        ("person", "정해진", Doubt.WORD),
        ("person", "고정한", Doubt.WORD),
        ("person", "이상은", Doubt.WORD),
        ("person", "이용하", Doubt.WORD),
        ("person", "이유리", Doubt.SPACED),
        ("person", "Grace", Doubt.WORD),
        ("person", "Amy", Doubt.WORD),
        ("person", "Jennifer", Doubt.NOTHING),
        ("term", "다올", Doubt.SHORT),
        ("patient_id", "48213", Doubt.SHORT),
        ("patient_id", "240315", Doubt.WORD),
        ("patient_id", "20240315", Doubt.WORD),
        ("patient_id", "20241315", Doubt.NOTHING),
        ("employee_id", "A4821", Doubt.NOTHING),
    ],
)
def test_doubts(kind: str, value: str, doubt: Doubt) -> None:
    [(_, said)] = enrol([value], kind, ordinary_words()).forms
    assert said == doubt


def test_every_alias_leads_to_a_kind() -> None:
    assert set(ALIASES.values()) <= set(LEVELS)
    assert not set(ALIASES) & set(LEVELS)
