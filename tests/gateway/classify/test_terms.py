"""A company's own words: exact, but for case, spacing and particles; never a piece of another word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.label import Level
from haechi.gateway.classify.terms import Term, Terms

NAMES = [
    "프로젝트 은하수",
    "해오름-7",
    "Project Bluefin",
    "온누리페이 2.0",
    "NX-Sapphire",
    "가온",
    "미리내",
    "src/pricing/",
]
TERMS = Terms(Term(name, Level.CONFIDENTIAL) for name in NAMES)


def found(text: str) -> list[str]:
    """The terms in `text`, as they stand there."""
    return [text[hit.start : hit.end] for hit in TERMS.scan(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("프로젝트 은하수의 일정", ["프로젝트 은하수"]),
        ("프로젝트은하수팀", ["프로젝트은하수"]),
        ("프로젝트\n은하수", ["프로젝트\n은하수"]),
        ("해오름 7은 해오름7과 같다", ["해오름 7", "해오름7"]),
        ("PROJECT  BLUEFIN입니다", ["PROJECT  BLUEFIN"]),
        ("프로젝트Project Bluefin", ["Project Bluefin"]),
        ("nx_sapphire-2", ["nx_sapphire"]),
        ("온누리페이2.0으로", ["온누리페이2.0"]),
        ("가온이 가온에서 (주)가온", ["가온", "가온", "가온"]),
        ("미리내캠페인", ["미리내"]),
        ("+++ b/src/pricing/model.py", ["src/pricing/"]),
        ("Project Bluefinch", []),
        ("MyProject Bluefin", []),
        ("온누리페이 2.01", []),
        ("나가온", []),
        ("가온누리", []),  # two syllables may be a piece of another word
        ("미리 내 주세요", []),  # the term has no space there
        ("은하수 프로젝트", []),
        ("", []),
    ],
)
def test_where_a_term_stands(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_of_two_terms_the_longer_one_is_found_and_the_stricter_level_holds() -> None:
    terms = Terms(
        [
            Term("은하수 계획", Level.INTERNAL),
            Term("은하수 계획 2호", Level.RESTRICTED),
            Term("은하수계획 2호", Level.INTERNAL),
            Term("은하수 계획 2호", Level.CONFIDENTIAL),
        ]
    )
    (hit,) = terms.scan("은하수 계획 2호")
    assert (hit.start, hit.end, hit.kind, hit.level) == (0, 9, "term", Level.RESTRICTED)


def test_without_terms_nothing_is_found() -> None:
    assert Terms([]).scan("프로젝트 은하수") == []


@given(
    st.text(alphabet="프로젝트은하수 -_\n가나bluefinPROJECTİß\ud800", max_size=40),
    st.sampled_from(NAMES),
    st.text(max_size=20),
)
def test_a_term_between_blanks_is_always_found(before: str, name: str, behind: str) -> None:
    hits = TERMS.scan(f"{before} | {name} | {behind}")
    start = len(before) + 3
    assert any(hit.start <= start and hit.end >= start + len(name.rstrip("-")) for hit in hits)


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    for hit in TERMS.scan(text):
        assert 0 <= hit.start < hit.end <= len(text)


def test_ten_thousand_terms_cost_a_text_little() -> None:
    """Work, not speed: ten thousand terms are compared with a text of 100 KB only where it may hold them."""
    many = [Term(f"프로젝트 {number:05d}호기", Level.CONFIDENTIAL) for number in range(10_000)]
    terms = Terms(many)
    few = Terms(many[:10])
    text = "오늘 회의에서는 다음 분기의 생산 계획과 설비 점검 일정을 논의했습니다. " * 1_000
    assert _seconds(terms, text) < 5 * _seconds(few, text) + 0.01
    assert len(terms.scan(f"{text} 프로젝트 04821호기")) == 1


def _seconds(terms: Terms, text: str) -> float:
    best = 9.0
    for _ in range(5):
        start = time.process_time()
        terms.scan(text)
        best = min(best, time.process_time() - start)
    return best
