"""The way back from a reading: within the text, in order, and through any number of readings."""

import base64
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.normalise.characters import DIGIT_ZEROS, PLAIN, syllable
from haechi.gateway.classify.normalise.normalise import in_its_stead, readings
from haechi.gateway.classify.normalise.reading import MOST_EDITS, Reading, TooMuch
from haechi.gateway.classify.scanner import Scanner

SCAN = Scanner(identifiers()).scan
SUSPICIOUS = "9０１-\u200b%2D\\u0039&#;=+/AZaz일공한ㅎㅏ\u1112\u1161 \n\"',<b>*|()[]{}@.점㈜½①"
texts = st.one_of(
    st.text(alphabet=SUSPICIOUS, max_size=80),
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "주민번호 ",
                "900101",
                "-",
                "1234568",
                "MDEwLTEyMzQtNTY3OA==",
                "%39",
                "&#57;",
                "\n",
                "일이삼사오육",
            ]
        ),
        max_size=12,
    ).map("".join),
)


@given(texts)
def test_places_lead_back_in_order_and_into_the_text(text: str) -> None:
    for reading in readings(text.encode("utf-8", "replace").decode()).readings:
        spans = [reading.span(place, place + 1) for place in range(len(reading.text))]
        assert all(0 <= start <= end <= len(text) for start, end in spans)
        assert all(before[0] <= behind[0] and before[1] <= behind[1] for before, behind in pairwise(spans))


@given(texts)
def test_readings_differ_from_the_text_and_from_each_other(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    said = [text, *(reading.text for reading in readings(text).readings)]
    assert len(set(said)) == len(said)


@given(st.text(alphabet="가나다라마 bcdfg.,?!\n", max_size=200))
def test_plain_text_has_no_other_reading(text: str) -> None:
    assert readings(text).readings == ()


DRESSES: dict[str, Callable[[str], str]] = {
    "full width": lambda text: "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in text),
    "zero width": lambda text: "\u200b".join(text),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "escapes": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
}
VALUES = [
    "주민번호 900101-1234568",
    "여권번호 M123A4567",
    "전화 010-1234-5678",
    "카드 4111-1111-1111-1111, 비번: Xk29!mPq7z",
]


@pytest.mark.parametrize("dress", DRESSES, ids=str)
@given(
    st.lists(
        st.sampled_from([*VALUES, "오늘 회의", "hello there", "2024-01-02"]), min_size=1, max_size=4
    ).map(" / ".join)
)
def test_what_is_found_in_a_text_is_found_in_its_disguise(dress: str, text: str) -> None:
    disguised = DRESSES[dress](text)
    seen = {hit.kind for reading in readings(disguised).readings for hit in SCAN(reading.text)}
    assert seen >= {hit.kind for hit in SCAN(text)}


def test_a_long_text_is_read_only_around_what_changes() -> None:
    text = "보통 문장입니다. " * 400 + "주민번호 %39%30%30%31%30%31-1234568 " + "보통 문장입니다. " * 400
    reading = readings(text).readings[0]
    (hit,) = SCAN(reading.text)
    start, end = reading.span(hit.start, hit.end)
    assert len(reading.text) < 1500
    assert text[start:end] == "%39%30%30%31%30%31-1234568"


def test_what_is_read_in_a_texts_stead_is_whole() -> None:
    text = "보통 문장입니다. " * 400 + "주민번호 %39%30%30%31%30%31-1234568 " + "보통 문장입니다. " * 400
    plainest = in_its_stead(text, readings(text))
    assert plainest is not None
    assert plainest.text == text.replace("%39%30%30%31%30%31", "900101")


def test_deleted_signs_around_a_finding_belong_to_it() -> None:
    reading = Reading("가 <b>12</b>-<b>34</b> 나").replaced(re.compile("<.*?>"), lambda _: "")
    assert reading.text == "가 12-34 나"
    assert reading.span(2, 7) == (2, 21)


def test_more_edits_than_anybody_writes_are_refused() -> None:
    with pytest.raises(TooMuch):
        Reading("ab" * (MOST_EDITS + 1)).replaced(re.compile("a"), lambda _: "")


def test_every_digit_that_this_unicode_knows_stands_for_itself() -> None:
    for code in range(0x80, 0x110000):
        if unicodedata.category(chr(code)) == "Nd":
            assert PLAIN[code] == str(unicodedata.digit(chr(code)))
    assert len(set(DIGIT_ZEROS)) == len(DIGIT_ZEROS)


def test_syllables_are_what_unicode_says() -> None:
    assert [syllable("ㅎ", "ㅏ", "ㄴ"), syllable("ㄱ", "ㅡ", "ㄹ"), syllable("ㅆ", "ㅢ")] == [
        "한",
        "글",
        "씌",
    ]
