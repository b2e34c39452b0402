"""The third corpus, written by hand, is what it says it is: kinds, counts, offsets and valid numbers."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.detection.letters import rules
from benchmarks.detection.letters.read import LETTERS, letter, read

CORPUS = read(LETTERS.read_text("utf-8"))
FOUND = [(each.id, *found) for each in CORPUS for found in each.values(each.findings)]
SEEMING = [(each.id, *seeming) for each in CORPUS for seeming in each.values(each.lookalikes)]

AT_LEAST = dict.fromkeys([*rules.RULES, "date_of_birth"], 12) | {
    "person": 300,
    "address": 60,
    "phone": 80,
    "email": 60,
    "secret": 60,
    "marking": 40,
}


def test_every_kind_stands_often_enough_and_none_is_unknown() -> None:
    """No kind is missing, none is misspelt."""
    counts = Counter(kind for _, kind, _ in FOUND)
    assert set(counts) == set(AT_LEAST)
    assert {kind: counts[kind] for kind, least in AT_LEAST.items() if counts[kind] < least} == {}


def test_size_and_variety() -> None:
    """Some 260 letters of 40 to 1500 characters, 45 of them with nothing to find but look-alikes."""
    assert len(CORPUS) >= 260
    assert len({each.domain for each in CORPUS}) >= 20
    assert all(40 <= len(each.text) <= 1500 for each in CORPUS)
    assert sum(not each.findings and bool(each.lookalikes) for each in CORPUS) >= 45
    assert sum(what == "prose_marking" for _, what, _ in SEEMING) >= 20


def test_no_letter_comes_twice() -> None:
    """Ids are unique, and so are the texts and their first words."""
    for part in (
        [each.id for each in CORPUS],
        [each.text for each in CORPUS],
        [each.text[:30] for each in CORPUS],
    ):
        assert [name for name, times in Counter(part).items() if times > 1] == []


def test_places_lie_apart_and_hold_whole_values() -> None:
    """No place overlaps another, is empty, or begins or ends in white space."""
    for each in CORPUS:
        end = 0
        for place in sorted(each.findings + each.lookalikes):
            value = each.text[place.start : place.end]
            assert place.start >= end, each.id
            assert value == value.strip(" \n\t") != "", (each.id, value)
            end = place.end


@pytest.mark.parametrize("kind", sorted(rules.RULES))
def test_values_keep_the_rule_of_their_kind(kind: str) -> None:
    """Check digits, dates, lengths and alphabets are right."""
    assert [(name, value) for name, at, value in FOUND if at == kind and not rules.RULES[kind](value)] == []


@pytest.mark.parametrize("what", sorted(rules.LOOKALIKE_RULES))
def test_lookalikes_keep_the_rule_of_what_they_are(what: str) -> None:
    """A barcode has its own check digit, and so on."""
    rule = rules.LOOKALIKE_RULES[what]
    assert [(name, value) for name, at, value in SEEMING if at == what and not rule(value)] == []


def test_resident_numbers_are_of_both_sorts() -> None:
    """Numbers with the old check digit, and numbers given out since it was dropped."""
    checked = Counter(rules.old_check(value) for _, kind, value in FOUND if kind in ("kr.rrn", "kr.frn"))
    assert min(checked[True], checked[False]) >= 8


def test_whatever_is_marked_once_is_marked_wherever_it_stands_in_its_letter() -> None:
    """A name of three syllables or a number does not stand a second time without its mark."""
    for each in CORPUS:
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


def test_the_command_writes_every_letter(tmp_path: Path) -> None:
    """The rows on disk are the letters, their offsets cut out the marked values."""
    out = tmp_path / "letters.jsonl"
    subprocess.run([sys.executable, "-m", "benchmarks.detection.letters.read", "--out", str(out)], check=True)
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [each.id for each in CORPUS]
    cut = [
        (row["id"], at["kind"], row["text"][at["start"] : at["end"]])
        for row in rows
        for at in row["findings"]
    ]
    assert cut == FOUND
