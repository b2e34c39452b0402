"""Values of the held-out corpus keep the rules of their kinds."""

import base64
import re
import tomllib
from collections.abc import Callable
from datetime import date
from random import Random

import pytest

from benchmarks.detection.held_out import checks, names
from benchmarks.detection.held_out.lookalikes import LOOKALIKES
from benchmarks.detection.held_out.shape import HERE
from benchmarks.detection.held_out.values import KINDS, RECIPES


def made(recipe: str, count: int = 300) -> list[str]:
    """So many values of a recipe."""
    chance = Random(recipe)
    return [RECIPES[recipe](chance).text for _ in range(count)]


def bare(text: str) -> str:
    """The digits and letters of a value."""
    return re.sub(r"[^0-9A-Za-z]", "", text)


@pytest.mark.parametrize(
    ("check", "first", "expected"),
    [
        (checks.resident, "900101123456", "8"),
        (checks.business, "124810099", "8"),
        (checks.corporation, "130111000624", "6"),
        (checks.barcode, "978020137962", "4"),
        (checks.luhn, "411111111111111", "1"),
        (checks.luhn, "37828224631000", "5"),
        (checks.travel_document, "L898902C3", "6"),
    ],
)
def test_check_digits_agree_with_published_examples(
    check: Callable[[str], str], first: str, expected: str
) -> None:
    assert check(first) == expected


def test_an_iban_agrees_with_its_published_example() -> None:
    assert checks.iban("DE", "370400440532013000") == "89"
    assert checks.iban_holds("DE89370400440532013000")
    assert not checks.iban_holds("DE88370400440532013000")


@pytest.mark.parametrize("recipe", ["rrn", "rrn.old", "rrn.new", "frn"])
def test_resident_and_foreigner_numbers_hold_a_past_day(recipe: str) -> None:
    for text in made(recipe):
        born = checks.birth(bare(text))
        assert born is not None
        assert born <= date(2026, 11, 22)
        assert bare(text)[6] in ("5678" if recipe == "frn" else "123490")


def test_only_old_resident_numbers_carry_a_check_digit() -> None:
    def share(recipe: str) -> float:
        held = [checks.resident(bare(text)[:12]) == bare(text)[12] for text in made(recipe)]
        return sum(held) / len(held)

    assert share("rrn.old") == 1
    assert share("rrn.new") < 0.25


def test_nobody_of_the_old_numbers_was_born_after_check_digits_ended() -> None:
    born = [checks.birth(bare(text)) for text in made("rrn.old")]
    assert max(day for day in born if day) < date(2020, 10, 5)


@pytest.mark.parametrize(
    ("recipe", "holds"),
    [
        ("brn", lambda number: checks.business(number[:9]) == number[9] and len(number) == 10),
        ("crn", lambda number: checks.corporation(number[:12]) == number[12] and len(number) == 13),
        ("card", lambda number: checks.luhn(number[:-1]) == number[-1] and 13 <= len(number) <= 19),
        ("iban", checks.iban_holds),
        ("ssn", lambda number: number[:3] not in ("000", "666") and number[0] != "9" and number[3:5] != "00"),
        ("passport", lambda number: re.fullmatch("[MSRGDO]([0-9]{8}|[0-9]{3}[A-Z][0-9]{4})", number)),
        ("passport.zone", lambda number: re.search("KOR", number)),
        ("license.bare", lambda number: 11 <= int(number[:2]) <= 28 and len(number) == 12),
        ("health", lambda number: len(number) == 11),
        ("customs", lambda number: re.fullmatch("P[0-9]{12}", number)),
    ],
)
def test_values_keep_their_rule(recipe: str, holds: Callable[[str], object]) -> None:
    assert all(holds(bare(text)) for text in made(recipe))


def test_no_company_number_could_be_a_resident_number_with_its_check_digit() -> None:
    for number in map(bare, made("crn", 1000)):
        assert checks.birth(number) is None or checks.resident(number[:12]) != number[12]


def test_a_machine_readable_zone_has_forty_four_signs_and_its_check_digits() -> None:
    for line in made("passport.zone"):
        assert len(line) == 44
        assert checks.travel_document(line[:9]) == line[9]
        assert checks.travel_document(line[:10] + line[13:20] + line[21:43]) == line[43]


def test_connecting_information_is_sixty_four_bytes() -> None:
    assert all(len(text) == 88 and len(base64.b64decode(text)) == 64 for text in made("ci"))


@pytest.mark.parametrize(
    ("lookalike", "wrong"),
    [
        ("not_card", lambda number: checks.luhn(number[:-1]) != number[-1]),
        ("not_iban", lambda number: not checks.iban_holds(number)),
        ("not_resident", lambda number: checks.birth(number) is None),
        ("not_ssn", lambda number: number[:3] in ("000", "666") or number[0] == "9"),
        ("imei", lambda number: checks.luhn(number[:-1]) == number[-1]),
        ("workplace", lambda number: checks.business(number[:9]) == number[9] and len(number) == 11),
    ],
)
def test_lookalikes_are_what_they_pretend_not_to_be(lookalike: str, wrong: Callable[[str], object]) -> None:
    chance = Random(lookalike)
    assert all(wrong(bare(LOOKALIKES[lookalike](chance))) for _ in range(300))


def test_every_kind_has_a_recipe_and_no_recipe_has_another() -> None:
    chance = Random(1)
    assert {recipe(chance).kind for recipe in RECIPES.values()} == set(KINDS)


@pytest.mark.parametrize("recipe", ["email", "email.idn"])
def test_mail_goes_to_reserved_domains_only(recipe: str) -> None:
    reserved = ("example", "test", "테스트", "example.com", "example.org", "example.net")
    for text in made(recipe):
        domain = text.split("@")[1]
        assert domain.rsplit(".", 1)[-1] in reserved or ".".join(domain.split(".")[-2:]) in reserved


def test_names_come_in_every_length_and_are_no_words() -> None:
    chance = Random(7)
    people = [names.korean(chance) for _ in range(5000)]
    assert {len(name) for name in people} >= {2, 3, 4}
    words = tomllib.loads((HERE / "lists" / "names.toml").read_text(encoding="utf-8"))["words"]
    assert not set(words) & set(people)
    assert len(set(people)) > 4000
