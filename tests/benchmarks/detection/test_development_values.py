"""The values of the development corpus keep the rules of their kinds."""

import datetime as dt
import random

import pytest

from benchmarks.detection.development import checks
from benchmarks.detection.development.contacts import card_digits, iban, ssn_digits
from benchmarks.detection.development.draw import TODAY, words
from benchmarks.detection.development.lookalikes import LOOKALIKES
from benchmarks.detection.development.national import (
    business_digits,
    corporate_digits,
    foreigner_digits,
    passport_zone,
    resident_digits,
)
from benchmarks.detection.development.values import KINDS, SPELLINGS, VALUES, draw

MANY = 400


@pytest.mark.parametrize(
    ("right", "computed"),
    [
        ("900101-1234568", checks.resident("900101123456")),
        ("124-81-00998", checks.business("124810099")),
        ("130111-0006246", checks.corporate("130111000624")),
        ("4111111111111111", checks.luhn("411111111111111")),
        ("378282246310005", checks.luhn("37828224631000")),
        ("9780306406157", checks.barcode("978030640615")),
        ("L898902C36", checks.travel_document("L898902C3")),
    ],
)
def test_check_digits_agree_with_published_numbers(right: str, computed: str) -> None:
    assert right[-1] == computed


def test_bank_account_checks_agree_with_the_examples_of_the_standard() -> None:
    assert checks.iban("GB", "WEST12345698765432") == "82"
    assert checks.iban("DE", "370400440532013000") == "89"


def test_resident_numbers_hold_a_real_day_and_both_kinds_of_tail() -> None:
    chance = random.Random(1)
    numbers = [resident_digits(chance) for _ in range(MANY)]
    for number in numbers:
        century = {"9": 1800, "0": 1800, "1": 1900, "2": 1900, "3": 2000, "4": 2000}[number[6]]
        born = dt.date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
        assert born <= TODAY
    checked = [number[-1] == checks.resident(number[:12]) for number in numbers]
    assert 0.7 * MANY < sum(checked) < 0.95 * MANY, (
        "old numbers with check digit, new and changed ones without"
    )


def test_foreigners_numbers_hold_a_real_day_and_both_kinds_of_tail() -> None:
    chance = random.Random(2)
    numbers = [foreigner_digits(chance) for _ in range(MANY)]
    for number in numbers:
        dt.date((1900 if number[6] in "56" else 2000) + int(number[:2]), int(number[2:4]), int(number[4:6]))
    checked = sum(number[-1] == checks.foreigner(number[:12]) for number in numbers)
    assert 0.3 * MANY < checked < 0.8 * MANY


def test_numbers_of_firms_cards_and_accounts_pass_their_checks() -> None:
    chance = random.Random(3)
    for _ in range(MANY):
        business, corporate, card = business_digits(chance), corporate_digits(chance), card_digits(chance)
        assert checks.business(business[:-1]) == business[-1]
        assert checks.corporate(corporate[:-1]) == corporate[-1]
        assert checks.luhn(card[:-1]) == card[-1]
        account = iban(chance)
        assert checks.iban(account[:2], account[4:]) == account[2:4]
        ssn = ssn_digits(chance)
        assert ssn[:3] not in {"000", "666"}
        assert ssn[0] != "9"
        assert ssn[3:5] != "00"
        assert ssn[5:] != "0000"


def test_the_zone_of_a_passport_has_44_signs_and_its_checks() -> None:
    chance = random.Random(4)
    for _ in range(50):
        zone = passport_zone(chance)
        assert len(zone) == 44
        assert zone[9] == checks.travel_document(zone[:9])
        assert zone[19] == checks.travel_document(zone[13:19])
        assert zone[43] == checks.travel_document(zone[:10] + zone[13:20] + zone[21:43])


def test_diagnoses_are_on_the_list() -> None:
    chance, listed = random.Random(5), set(words("kcd.tsv"))
    assert all(draw("diagnosis_code", chance)[:3] in listed for _ in range(MANY))


@pytest.mark.parametrize(
    ("what", "passes"),
    [
        ("bad_card", lambda value: checks.luhn(value[:-1].replace("-", "").replace(" ", "")) == value[-1]),
        ("id16", lambda value: checks.luhn(value[:-1]) == value[-1]),
        ("bad_iban", lambda value: checks.iban(value[:2], value[4:]) == value[2:4]),
        ("bad_business", lambda value: checks.business(value[:-1].replace("-", "")) == value[-1]),
        ("bad_ip", lambda value: all(int(octet) < 256 for octet in value.split("."))),
    ],
)
def test_what_must_not_count_fails_its_rule(what: str, passes: object) -> None:
    chance = random.Random(6)
    assert callable(passes)
    assert not any(passes(LOOKALIKES[what](chance)) for _ in range(MANY))


def test_a_resident_number_that_must_not_count_has_no_such_day() -> None:
    chance = random.Random(7)
    for _ in range(MANY):
        value = LOOKALIKES["bad_resident"](chance)
        with pytest.raises(ValueError, match=r"day|month"):
            dt.date(1900 + int(value[:2]), int(value[2:4]), int(value[4:6]))


def test_every_slot_draws_something_without_blank_ends_and_the_same_for_the_same_seed() -> None:
    for slot in VALUES:
        first = [draw(slot, random.Random(seed)) for seed in range(20)]
        assert first == [draw(slot, random.Random(seed)) for seed in range(20)]
        assert all(value and value == value.strip() for value in first), slot


def test_every_kind_has_its_spellings() -> None:
    assert set(SPELLINGS) == set(KINDS)
    assert {"kr.rrn/bare", "kr.rrn/hyphen"} <= set(SPELLINGS["kr.rrn"])
    assert len(KINDS) == 27
