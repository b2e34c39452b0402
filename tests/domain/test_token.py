"""Tokens in their own form and in those that models make of them."""

import pytest

from haechi.domain.token import LONGEST, Grammar, lookalikes, spelled

GRAMMAR = Grammar(["PERSON", "PHONE"], {"사람": "PERSON"})


@pytest.mark.parametrize(
    "written",
    [
        "Person 1", "person_1", "PERSON-1", "Person–1", "PERSON\\_1", "PERSON\\\\_1", "ＰＥＲＳＯＮ＿１", "사람_1", "_PERSON_1_",
        "__PERSON_1__", "⟦PERSON_1", "PERSON_1⟧", "pErSoN_1", "Person\u00a01",
    ],
)  # fmt: skip
def test_what_models_make_of_it(written: str) -> None:
    (found,) = GRAMMAR.candidates(f"그 {written}, ")
    assert (found.token, found.exact) == ("PERSON_1", False)


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "**{}**",
        "`{}`",
        "[{}]",
        "<{}>",
        "'{}'",
        '"{}"',
        "({})",
        "“{}”",
        "「{}」",
        "#{}",
        "{}은",
        "{}’s",
        "{},",
        "é{}é",
        "\u200f{}",
    ],
)
def test_what_stands_around_it_stays(around: str) -> None:
    text = around.format("PERSON_1")
    (found,) = GRAMMAR.candidates(text)
    assert (found.token, found.exact, text[found.start : found.end]) == ("PERSON_1", True, "PERSON_1")


@pytest.mark.parametrize(
    "text",
    [
        "MY_PERSON_1",
        "PERSON_1_A",
        "XPERSON_1",
        "PERSON_",
        "person1",
        "Person1",
        "PERSON_x",
        "_PERSON_1",
        "PERSON_1__",
        "우리사람_1",
        "사람 1",
        "PERSON_1234567",
        "PERSON_1abc",
    ],
)
def test_what_is_none(text: str) -> None:
    assert not list(GRAMMAR.candidates(text))


def test_our_brackets_belong_to_it_and_those_of_others_do_not() -> None:
    (found,) = GRAMMAR.candidates("a⟦⟦PERSON_1⟧⟧b")
    assert (found.start, found.end, found.bracketed) == (2, 12, True)
    (found,) = GRAMMAR.candidates("a\\u27e6PERSON_1\\u27E7b")
    assert (found.start, found.end, found.bracketed) == (1, 21, True)
    assert not list(GRAMMAR.candidates("a\\\\u27e6PERSON_1 b"))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("안녕 PER", "PER"), ("안녕 PERSON_1", "PERSON_1"), ("안녕 ⟦", "⟦"), ("⟦PHONE_1", "⟦PHONE_1"), ("Person ", "Person "),
        ("shopp", ""), ("PERSON_1 ", ""), ("김", ""), ("사", "사"), ("x\\u27", "\\u27"), ("PERSON_1\\u2", "PERSON_1\\u2"),
        ("_PERSON_1_", "PERSON_1_"), ("PERSONS", ""),
    ],
)  # fmt: skip
def test_what_may_become_one_is_held(text: str, held: str) -> None:
    assert text[GRAMMAR.begun(text, 0) :] == held


def test_little_is_held() -> None:
    assert all(
        len("P" * 99 + tail) - GRAMMAR.begun("P" * 99 + tail, 0) <= LONGEST
        for tail in ("", " PERSON_999999zz___")
    )


def test_spellings_are_counted_in_letters() -> None:
    assert [spelled("A", 1, at) for at in (0, 1, 25, 26, 27, 675)] == [
        "A_1",
        "A_1b",
        "A_1z",
        "A_1ba",
        "A_1bb",
        "A_1zz",
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("PERSON_1과 ⟦PHONE_2b⟧", ["PERSON_1", "⟦PHONE_2b⟧"]),
        ("MY_PERSON_1 PERSON_1_A PERSON_12345678 person_1", []),
        ("PHONE_1\\_PERSON_1", ["PHONE_1"]),
    ],
)
def test_lookalikes_are_what_we_would_write(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in lookalikes(text, frozenset({"PERSON", "PHONE"}))] == parts
