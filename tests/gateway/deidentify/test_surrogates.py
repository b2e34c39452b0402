"""Surrogates look like what they stand for and belong to nobody."""

import pytest

from haechi.domain.korean import ending
from haechi.gateway.deidentify.replace import Plan
from haechi.gateway.deidentify.surrogates import Surrogates
from tests.gateway.kit_deidentify import Values, content, home, out, said

KINDS = ("person", "phone", "email", "card", "kr.brn", "address")
ALL = Plan(dict.fromkeys(KINDS, "surrogate"), b"a secret")
VALUES: Values = {
    "김민수": "person", "박서준": "person", "010-1234-5678": "phone", "01012345678": "phone", "4111-1111-1111-1111": "card",
    "220-81-62517": "kr.brn", "서울 중구 세종대로 110": "address", "hong@naver.com": "email", "Kim Min-su": "person",
}  # fmt: skip
TEXT = ", ".join(VALUES)


def test_the_way_home() -> None:
    sent = out(said(TEXT), VALUES, ALL)
    wire = content(sent.body)
    assert home(wire, sent.mapping) == TEXT
    assert {home(wire, sent.mapping, cuts=[cut]) for cut in range(len(wire))} == {TEXT}
    assert not any(value in wire for value in VALUES)


def test_they_keep_the_form() -> None:
    taken = {each.value: each.token for each in out(said(TEXT), VALUES, ALL).mapping.taken}
    assert taken["010-1234-5678"].replace("-", "") == taken["01012345678"]
    assert taken["010-1234-5678"].startswith("010-0")
    assert taken["서울 중구 세종대로 110"].startswith("서울 중구 ")
    assert taken["Kim Min-su"] == "PERSON_1"
    for name in ("김민수", "박서준"):
        assert (len(taken[name]), ending(taken[name])) == (3, ending(name))
        assert (ord(taken[name][-1]) - ord("가")) % 28 == (ord(name[-1]) - ord("가")) % 28


@pytest.mark.parametrize("number", range(50))
def test_numbers_fail_their_check(number: int) -> None:
    drawn = Surrogates(b"a", []).of("card", f"4111-1111-1111-{number:04d}")
    assert _luhn(drawn) != 0


def _luhn(value: str) -> int:
    digits = [int(each) for each in reversed(value) if each.isdigit()]
    return sum(digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(digits)) % 10


def test_none_stands_in_the_request_and_none_begins_with_another() -> None:
    first = Surrogates(b"a", []).of("person", "김민수")
    assert Surrogates(b"a", [f"그는 {first}"]).of("person", "김민수") != first
    many = Surrogates(b"a", [])
    drawn = [many.of("person", f"김{chr(0xAC00 + 28 * number)}수") for number in range(300)]
    given = [each for each in drawn if each]
    assert len(set(given)) == len(given) > 200
    assert not any(a != b and b.startswith(a) for a in given for b in given)


def test_the_same_next_turn_and_not_with_another_secret() -> None:
    again, other = out(said(TEXT), VALUES, ALL), out(said(TEXT), VALUES, Plan(ALL.strategies, b"another"))
    assert again == out(said(TEXT), VALUES, ALL)
    assert again.mapping.taken[0].token != other.mapping.taken[0].token
