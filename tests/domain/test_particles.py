"""Particles: which are found, which fit, and that both ways are functions."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.particles import (
    NOTHING_HEARD,
    PAIRS,
    Pair,
    fitting,
    hearing,
    may_become_particle,
    particle_at,
)

# Name, then whether it ends in a vowel, ㄹ or another consonant, as a Korean reads it. Written down by hand.
READ = {
    "김민수": "v", "이영희": "v", "박서준": "c", "최한결": "l", "정솔": "l", "강민혁": "c", "한지": "v", "오찬": "c",
    "남궁민": "c", "제갈량": "c", "황보석": "c", "선우재덕": "c", "김별": "l", "이슬": "l", "유나": "v", "백현": "c",
    "서울특별시 중구 세종대로 110": "c", "부산 해운대구 우동 1": "l", "대전 서구 둔산로 2": "v", "경기도 성남시 분당구": "v",
    "010-1234-5678": "l", "010-1234-5670": "c", "010-1234-5671": "l", "010-1234-5672": "v", "010-1234-5673": "c",
    "010-1234-5674": "v", "010-1234-5675": "v", "010-1234-5676": "c", "010-1234-5677": "l", "010-1234-5679": "v",
    "hong@naver.com": "c", "kim@corp.co.kr": "l", "Kim": "c", "Alice": "v", "Tom": "c", "Jane": "c", "Bell": "l",
    "PERSON_1": "l", "PERSON_2": "v", "PERSON_3": "c", "PERSON_10": "c", "PHONE_1b": "v",
}  # fmt: skip


def expected(word: str, pair_number: int) -> str:
    pair, read = PAIRS[pair_number], READ[word]
    if read == "c":
        return pair.forms[0]
    return pair.forms[1] if read == "v" or pair.way == 1 else pair.forms[0]


def test_at_least_ninety_nine_of_a_hundred_fit() -> None:
    cases = list(itertools.product(READ, range(len(PAIRS))))
    right = sum(PAIRS[at].forms[fitting(word, PAIRS[at])] == expected(word, at) for word, at in cases)
    assert len(cases) >= 1_000
    assert right / len(cases) >= 0.99, [
        c for c in cases if PAIRS[c[1]].forms[fitting(c[0], PAIRS[c[1]])] != expected(*c)
    ]


def test_no_form_belongs_to_two_pairs() -> None:
    forms = [form for pair in PAIRS for form in pair.forms]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("behind", "form"),
    [
        ("은 어제", "은"),
        ("는", "는"),
        ("이", "이"),
        ("이사", None),
        ("가게", None),
        ("이가", None),
        ("으로부터,", "으로부터"),
        ("로서의 ", "로서의"),
        ("**은 ", "은"),
        ("`가 ", "가"),
        ("’를.", "를"),
        ("」과\n", "과"),
        ("*****은 ", None),
        ("은(는) ", "은(는)"),
        ("을/를 ", "을/를"),
        ("(으)로 ", "(으)로"),
        ("이a", None),
        ("이_", None),
        ("이⟦", None),
        (" 은 ", None),
        ("님은 ", None),
    ],
)
def test_a_particle_is_one_only_where_the_word_ends(behind: str, form: str | None) -> None:
    found = particle_at(behind, 0)
    assert (behind[found.start : found.end] if found else None) == form


@given(st.sampled_from(sorted(READ)), st.sampled_from(sorted(READ)), st.sampled_from(PAIRS))
def test_the_way_home_gives_the_form_that_went_out(value: str, token: str, pair: Pair) -> None:
    for form in (0, 1):
        heard = hearing(NOTHING_HEARD, pair, form)
        sent = pair.forms[fitting(token, pair)]
        again = particle_at(sent, 0)
        assert again is not None
        assert fitting(value, again.pair, heard) == form


@given(st.text(alphabet="은는이가을를으로와과*`()/ a부터서", max_size=12))
def test_what_can_become_a_particle_is_held_and_nothing_else(text: str) -> None:
    if may_become_particle(text, 0):
        return
    for more in ("", " ", "은", "가 ", "a", "(는)"):
        before, after = particle_at(text, 0), particle_at(text + more, 0)
        assert before == after or more == ""


def test_holding_ends() -> None:
    assert not any(may_become_particle("*" * 30 + "은" * 30, at) for at in range(20))
