"""A text cut into units, and what the word lists know of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.gateway.classify.names import units as room
from haechi.gateway.classify.names.lexicon import BITS, LENGTHS, WORD_BITS, Lexicon
from haechi.gateway.classify.names.units import COLUMNS, KNOWN, ROWS, SENSES, Units

LEXICON = Lexicon(
    {"given": ["민수", "가온누리"], "title": ["과장"], "noun": ["고민"], "both": ["고민"]},
    {"surname": ["kim"]},
    [["부산", "고민"], ["달리"]],
)


def cut(text: str) -> list[str]:
    units = Units(text, LEXICON)
    return [text[start:end] for start, end in zip(units.starts, units.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("김민수님", ["김", "민", "수", "님"]),
        ("홍  길 동", ["홍", "길", "동"]),
        ("Kim Min-su와", ["Kim", "Min", "-", "su", "와"]),
        ("010-1234", ["010", "-", "1234"]),
        ("가\r\n\n나", ["가", "\r\n\n", "나"]),
        ("ㅋㅋㅋ!!", ["ㅋㅋㅋ", "!", "!"]),
        ("洪吉童", ["洪", "吉", "童"]),
        ("Đặng Văn", ["Đặng", "Văn"]),
        ("\ud800김", ["\ud800", "김"]),
        ("😀😀", ["😀", "😀"]),
        ("", []),
        ("   ", []),
    ],
)
def test_cuts(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@given(st.text())
def test_units_stand_in_order_and_leave_out_white_space_alone(text: str) -> None:
    units = Units(text, LEXICON)
    place = 0
    for start, end in zip(units.starts, units.ends, strict=True):
        assert place <= start < end
        assert all(room._CLASSES[min(ord(letter), 0xFFFF)] == 3 for letter in text[place:start])
        place = end
    assert units.rows.shape == (len(units), COLUMNS)
    assert ((units.rows >= 0) & (units.rows < ROWS)).all()


def test_white_space_is_known_by_what_follows_it() -> None:
    gaps = Units("홍길 동  이\n박", LEXICON).rows[:, 1] - room.GAPS
    assert gaps.tolist() == [3, 0, 1, 2, 0, 3]


@pytest.mark.parametrize(
    ("text", "length", "bits"),
    [
        ("민수", 2, BITS["given"]),
        ("고민", 2, BITS["noun"] | BITS["both"]),
        ("과장", 2, BITS["title"]),
        ("가온누리", 4, BITS["given"]),
        ("민 수", 2, 0),
        ("민-수", 2, 0),
        ("수민", 2, 0),
    ],
)
def test_lists_are_asked_for_words_without_spaces(text: str, length: int, bits: int) -> None:
    rows = Units(f"x {text} x", LEXICON).rows
    assert rows[1, 4 + length - 2] - KNOWN - 256 * (length - 2) == bits


@pytest.mark.parametrize(
    ("word", "bits"), [("Kim", WORD_BITS["surname"]), ("KIM", WORD_BITS["surname"]), ("Kit", 0)]
)
def test_latin_words_are_asked_in_small_letters(word: str, bits: int) -> None:
    assert Units(word, LEXICON).rows[0, 3] - KNOWN - 256 * 4 == bits


def test_case_is_told_apart() -> None:
    shapes = [int(Units(word, LEXICON).rows[0, 2]) for word in ("kim", "K", "KIM", "Kim", "kIm")]
    assert len(set(shapes)) == 5


@pytest.mark.parametrize(
    ("text", "sense"), [("부산", 1), ("고민", 1), ("달리", 2), ("부 산", 0), ("과장", 0), ("부", 0)]
)
def test_the_sort_of_a_word_is_the_line_it_stands_on(text: str, sense: int) -> None:
    rows = Units(text, LEXICON).rows
    assert rows[0, 4 + len(LENGTHS)] - SENSES == sense


def test_the_sort_of_a_word_leaves_alone_what_else_is_known_of_it() -> None:
    assert Units("고민", LEXICON).rows[0, 4] - KNOWN == BITS["noun"] | BITS["both"]
