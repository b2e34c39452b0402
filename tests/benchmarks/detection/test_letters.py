"""The third corpus, written by hand, is what it says it is: kinds, counts, offsets and valid numbers."""

import json
import subprocess
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.detection.letters import rules
from benchmarks.detection.letters.read import BOOKS, letter, read

SHELF = {name: read(path.read_text("utf-8")) for name, path in BOOKS.items()}
FOUND = {
    name: [(at.id, *one) for at in book for one in at.values(at.findings)] for name, book in SHELF.items()
}
SEEMING = [(at.id, *one) for book in SHELF.values() for at in book for one in at.values(at.lookalikes)]

AT_LEAST = {
    "first": dict.fromkeys([*rules.RULES, "date_of_birth"], 12)
    | {"person": 300, "address": 60, "phone": 80, "email": 60, "secret": 60, "marking": 40},
    "second": dict.fromkeys(rules.RULES, 10)
    | {"person": 250, "address": 60, "phone": 70, "email": 50, "secret": 60, "marking": 40}
    | {"bank_account": 30, "date_of_birth": 30, "diagnosis_code": 25, "ip": 25}
    | {"patient_id": 15, "employee_id": 15, "procedure_code": 15},
    "third": dict.fromkeys(rules.RULES, 12)
    | {"person": 350, "address": 60, "phone": 80, "email": 60, "secret": 60, "marking": 40}
    | {"bank_account": 30, "date_of_birth": 35, "diagnosis_code": 25, "ip": 25}
    | {"patient_id": 15, "employee_id": 18, "procedure_code": 15},
}
each_book = pytest.mark.parametrize("book", AT_LEAST)


@each_book
def test_every_kind_stands_often_enough_and_none_is_unknown(book: str) -> None:
    """No kind is missing, none is misspelt."""
    counts = Counter(kind for _, kind, _ in FOUND[book])
    assert set(counts) == set(AT_LEAST[book])
    assert {kind: counts[kind] for kind, least in AT_LEAST[book].items() if counts[kind] < least} == {}


@pytest.mark.parametrize(
    ("book", "letters", "harmless"), [("first", 260, 45), ("second", 200, 40), ("third", 210, 45)]
)
def test_size_and_variety(book: str, letters: int, harmless: int) -> None:
    """Hundreds of letters of 40 to 1500 characters, some with nothing to find but look-alikes."""
    corpus = SHELF[book]
    assert len(corpus) >= letters
    assert len({each.domain for each in corpus}) >= 20
    assert all(40 <= len(each.text) <= 1500 for each in corpus)
    assert sum(not each.findings and bool(each.lookalikes) for each in corpus) >= harmless
    assert sum(place.name == "prose_marking" for each in corpus for place in each.lookalikes) >= 20


def test_everyday_requests_are_short_and_hold_nothing_to_find() -> None:
    """Hundreds of requests of 30 to 400 characters of many sorts, and not one finding."""
    requests = SHELF["everyday"]
    assert len(requests) >= 250
    assert len({each.domain for each in requests}) >= 20
    assert all(30 <= len(each.text) <= 400 for each in requests)
    assert FOUND["everyday"] == []


def test_the_fourth_book_is_of_the_same_kinds_and_has_room_for_what_is_ordinary() -> None:
    """It is written where detectors are developed: short pieces, a third of them with nothing to find."""
    book = SHELF["fourth"]
    assert len(book) >= 400
    assert {kind for _, kind, _ in FOUND["fourth"]} <= set(AT_LEAST["first"])
    assert sum(not each.findings for each in book) >= 100


def test_no_letter_comes_twice() -> None:
    """Ids are unique over all books, and so are the texts and their first words."""
    letters = [each for book in SHELF.values() for each in book]
    for part in (
        [each.id for each in letters],
        [each.text for each in letters],
        [each.text[:30] for each in letters],
    ):
        assert [name for name, times in Counter(part).items() if times > 1] == []


@pytest.mark.parametrize(("one", "other"), [*combinations(AT_LEAST, 2)])
def test_no_book_borrows_from_another(one: str, other: str) -> None:
    """No full name, number, address or secret stands in two books; codes of a public list and markings may."""
    public = ("diagnosis_code", "procedure_code", "marking")
    these, those = (
        {value for _, kind, value in FOUND[name] if kind not in public and len(value) >= 3}
        for name in (one, other)
    )
    assert these & those == set()


@each_book
def test_places_lie_apart_and_hold_whole_values(book: str) -> None:
    """No place overlaps another, is empty, or begins or ends in white space."""
    for each in SHELF[book]:
        end = 0
        for place in sorted(each.findings + each.lookalikes):
            value = each.text[place.start : place.end]
            assert place.start >= end, each.id
            assert value == value.strip(" \n\t") != "", (each.id, value)
            end = place.end


@each_book
@pytest.mark.parametrize("kind", sorted(rules.RULES))
def test_values_keep_the_rule_of_their_kind(kind: str, book: str) -> None:
    """Check digits, dates, lengths and alphabets are right."""
    right = rules.RULES[kind]
    assert [(name, value) for name, at, value in FOUND[book] if at == kind and not right(value)] == []


@pytest.mark.parametrize("what", sorted(rules.LOOKALIKE_RULES))
def test_lookalikes_keep_the_rule_of_what_they_are(what: str) -> None:
    """A barcode has its own check digit, and so on."""
    rule = rules.LOOKALIKE_RULES[what]
    assert [(name, value) for name, at, value in SEEMING if at == what and not rule(value)] == []


@each_book
def test_resident_numbers_are_of_both_sorts(book: str) -> None:
    """Numbers with the old check digit, and numbers given out since it was dropped."""
    checked = Counter(
        rules.old_check(value) for _, kind, value in FOUND[book] if kind in ("kr.rrn", "kr.frn")
    )
    assert min(checked[True], checked[False]) >= 8


@each_book
def test_whatever_is_marked_once_is_marked_wherever_it_stands_in_its_letter(book: str) -> None:
    """A name of three syllables or a number does not stand a second time without its mark."""
    for each in SHELF[book]:
        places = each.findings + each.lookalikes
        for kind, value in each.values(each.findings):
            if kind == "marking" or len(value) < 3:
                continue
            start = each.text.find(value)
            while start >= 0:
                assert any(at.start <= start < at.end for at in places), (each.id, kind, value)
                start = each.text.find(value, start + 1)


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        (rules.resident, "900101-1234568", "900230-1234568"),
        (rules.old_check, "900101-1234568", "900101-1234567"),
        (rules.business, "124-81-00998", "124-81-00997"),
        (rules.corporate, "130111-0006246", "130111-0006245"),
        (rules.card, "4111 1111 1111 1111 12/29", "4111 1111 1111 1112 12/29"),
        (rules.iban, "DE89 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00"),
        (rules.barcode, "978-89-94492-03-2", "978-89-94492-03-3"),
        (rules.social_security, "512-48-9037", "666-48-9037"),
        (rules.address_of_machine, "[fd00:8::20]", "10.20.3.256"),
        (rules.plate, "서울 12가 3456", "서울 12각 3456"),
        (rules.procedure, "40011", "4001"),
        (
            rules.passport,
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<11",
        ),
    ],
)
def test_rules_know_right_from_wrong(rule: rules.Rule, right: str, wrong: str) -> None:
    """Each rule accepts a published example and refuses it with one sign changed."""
    assert rule(right)
    assert not rule(wrong)


def test_marks_become_places() -> None:
    """Code points are counted without the marks, over lines too."""
    read_back = letter("# L1 mail\n가⟦person|홍 길\n동⟧님 ⟦~amount|3원⟧😀⟦phone|112-3⟧")
    assert read_back.text == "가홍 길\n동님 3원😀112-3"
    assert list(read_back.values(read_back.findings)) == [("person", "홍 길\n동"), ("phone", "112-3")]
    assert list(read_back.values(read_back.lookalikes)) == [("amount", "3원")]


@pytest.mark.parametrize(
    "broken", ["mail L1 x\n글", "# L1 mail\n⟦person 홍길동⟧", "# L1 mail\n⟦person|홍⟦phone|1⟧⟧"]
)
def test_a_broken_letter_is_refused(broken: str) -> None:
    """A head or a mark of another form does not pass silently."""
    with pytest.raises(ValueError, match=r"form|begins"):
        letter(broken)


@pytest.mark.parametrize(
    ("named", "book"),
    [
        ((), "first"),
        (("--book", "second"), "second"),
        (("--book", "third"), "third"),
        (("--book", "everyday"), "everyday"),
    ],
)
def test_the_command_writes_every_letter_of_a_book(tmp_path: Path, named: tuple[str, ...], book: str) -> None:
    """The rows on disk are the letters, their offsets cut out the marked values."""
    out = tmp_path / "letters.jsonl"
    command = [sys.executable, "-m", "benchmarks.detection.letters.read", *named, "--out", str(out)]
    subprocess.run(command, check=True)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [each.id for each in SHELF[book]]
    cut = [
        (row["id"], at["kind"], row["text"][at["start"] : at["end"]])
        for row in rows
        for at in row["findings"]
    ]
    assert cut == FOUND[book]
