"""The scanner: spans in code points, boundaries, overlaps, linear time in spirit (no input is re-read)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.identifiers import identifiers
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.gateway.classify.scanner import Scanner

SCANNER = Scanner(identifiers())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("고객 홍길동 900101-1234568 의 대출", "900101-1234568"),
        ("😀 이모지 뒤 900101-1234568입니다", "900101-1234568"),
        ("한글한글 010-1234-5678로", "010-1234-5678"),
        ("메일은 minsu@corp.example입니다", "minsu@corp.example"),
        ("𝐀𝐁 900101-1234568", "900101-1234568"),
    ],
)
def test_spans_count_code_points(text: str, value: str) -> None:
    (hit,) = SCANNER.scan(text)
    assert text[hit.start : hit.end] == value


@pytest.mark.parametrize("left", ["", "가", " ", "(", "번호:", "\n", "_", "-"])
@pytest.mark.parametrize("right", ["", "입니다", " ", ")", ".", "\n", "님", "_"])
def test_a_number_is_seen_between_any_neighbours_that_are_not_part_of_it(left: str, right: str) -> None:
    assert [hit.kind for hit in SCANNER.scan(f"{left}900101-1234568{right}")] == ["kr.rrn"]


@pytest.mark.parametrize("text", ["x900101-1234568", "900101-1234568x", "1900101-1234568", "900101-12345681"])
def test_a_longer_word_is_not_the_number(text: str) -> None:
    assert SCANNER.scan(text) == []


def test_the_longer_finding_wins_where_two_overlap() -> None:
    hits = SCANNER.scan("계좌 900101-1234568")
    assert [hit.kind for hit in hits] == ["kr.rrn"]


def test_every_occurrence_is_found() -> None:
    text = " ".join(f"9001{day:02d}-1234567" for day in range(1, 29))
    assert len(SCANNER.scan(text)) == 28


def test_a_sole_trader_is_a_person_and_a_company_is_not() -> None:
    assert [hit.level for hit in SCANNER.scan("사업자 124-81-00998")] == [Level.INTERNAL]
    assert [hit.level for hit in SCANNER.scan("사업자등록번호 123-45-67891")] == [Level.CONFIDENTIAL]


@pytest.mark.parametrize(
    "word", ["주민등록번호", "주민 등록 번호", "주민번호", "RRN", "resident registration"]
)
def test_context_is_understood_in_both_languages_and_with_spaces(word: str) -> None:
    assert [hit.kind for hit in SCANNER.scan(f"{word}: 9001011234567")] == ["kr.rrn"]


def test_a_bare_number_with_a_good_old_check_digit_needs_no_context() -> None:
    assert [hit.kind for hit in SCANNER.scan("9001011234568")] == ["kr.rrn"]


@given(st.text())
def test_any_text_is_survived_and_spans_lie_inside(text: str) -> None:
    encodable = text.encode("utf-8", "ignore").decode()
    for hit in SCANNER.scan(encodable):
        assert 0 <= hit.start < hit.end <= len(encodable)


@given(st.text(alphabet="0123456789-. ()+가나x@", max_size=200))
def test_findings_never_overlap(text: str) -> None:
    hits = SCANNER.scan(text)
    assert all(left.end <= right.start for left, right in pairwise(hits))


def test_without_a_rule_there_is_no_scanner() -> None:
    with pytest.raises(ConfigurationError):
        Scanner(())
