"""The rules that the values of the letters keep, written from the published definitions and used by nothing else."""

import base64
import binascii
import datetime as dt
import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

Rule = Callable[[str], bool]

PLATE_LETTERS = frozenset(
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호국합육해공"
)
IBAN_LENGTHS = {
    "BE": 16,
    "CH": 21,
    "DE": 22,
    "ES": 24,
    "FR": 27,
    "GB": 22,
    "IT": 27,
    "NL": 18,
    "PL": 28,
    "SE": 24,
}
ISSUERS = re.compile(r"4|5[1-5]|2[2-7]|3[4678]|35|62|9")


def digits(value: str) -> str:
    """The decimal digits of a value, whatever their width."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", value) if sign in "0123456789")


def weighted(number: str, weights: Sequence[int]) -> int:
    """The sum of the digits, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def dated(value: str) -> bool:
    """A resident or foreigner number begins with a day of the century that its seventh digit names."""
    number = digits(value)
    century = {"1": 19, "2": 19, "5": 19, "6": 19, "3": 20, "4": 20, "7": 20, "8": 20, "9": 18, "0": 18}[
        number[6]
    ]
    try:
        born = dt.date(century * 100 + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        return False
    return len(number) == 13 and born <= dt.date(2026, 11, 1)


def old_check(value: str) -> bool:
    """The thirteenth digit as it was computed until October 2020; a foreigner's is two higher."""
    number = digits(value)
    base = 13 if number[6] in "5678" else 11
    return (base - weighted(number, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == int(number[12])


def resident(value: str) -> bool:
    """A resident number: a real date and a citizen's seventh digit; since 2020 the check digit is gone."""
    return dated(value) and digits(value)[6] in "12340"


def foreigner(value: str) -> bool:
    """A foreigner's number: a real date and a foreigner's seventh digit."""
    return dated(value) and digits(value)[6] in "5678"


def business(value: str) -> bool:
    """A business number: ten digits, the last a check digit."""
    number = digits(value)
    total = weighted(number[:9], (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(number[8]) * 5 // 10
    return len(number) == 10 and (10 - total % 10) % 10 == int(number[9])


def workplace(value: str) -> bool:
    """A workplace's insurance number: a business number and one digit."""
    return len(digits(value)) == 11 and business(digits(value)[:10])


def corporate(value: str) -> bool:
    """A corporate registration number: thirteen digits, the last a check digit."""
    number = digits(value)
    return len(number) == 13 and (10 - weighted(number[:12], (1, 2) * 6) % 10) % 10 == int(number[12])


def luhn(number: str) -> bool:
    """Luhn's sum of all the digits ends in nought."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def card(value: str) -> bool:
    """A card number of an issuer's range, whatever follows it: expiry or CVC."""
    number = digits(value)
    length = {"34": 15, "37": 15, "36": 14, "38": 14}.get(number[:2], 16)
    return luhn(number[:length]) and bool(ISSUERS.match(number))


def iban(value: str) -> bool:
    """An IBAN is as long as its country has it and leaves 1 when divided by 97, its head moved to its end."""
    plain = re.sub(r"[\s-]", "", value)
    return (
        len(plain) == IBAN_LENGTHS[plain[:2]]
        and int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
    )


def social_security(value: str) -> bool:
    """A number of the American social security: no check digit, but parts that are never given out."""
    number = digits(value)
    area, group, serial = number[:3], number[3:5], number[5:]
    return (
        len(number) == 9
        and area not in ("000", "666")
        and area < "900"
        and group != "00"
        and serial != "0000"
    )


def zone_check(field: str) -> str:
    """The check digit of a field of a machine-readable zone."""
    signs = (0 if sign == "<" else int(sign, 36) for sign in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(signs)) % 10)


def passport(value: str) -> bool:
    """A Korean passport number, or the second line of the zone with every check digit right."""
    if len(value) != 44:
        return bool(re.fullmatch(r"[MSRGDO]([0-9]{8}|[0-9]{3}[A-Z][0-9]{4})", value.replace(" ", "")))
    fields = (value[:9], value[13:19], value[21:27], value[:10] + value[13:20] + value[21:43])
    return [zone_check(field) for field in fields] == [value[9], value[19], value[27], value[43]]


def linked(value: str) -> bool:
    """CI is 64 bytes in base64, DI 64 signs."""
    try:
        return len(value) == 64 or len(base64.b64decode(value, validate=True)) == 64
    except binascii.Error:
        return False


def plate(value: str) -> bool:
    """A number plate: class, a letter that is given out, and four digits; or a diplomat's."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", value))
    parts = re.search(r"([0-9]{1,3})([가-힣])([0-9]{4})$", plain)
    diplomat = re.fullmatch(r"(외교|영사|준외|준영|국기|협정|대표)[0-9]{6}", plain)
    return bool(diplomat) or bool(parts and parts[2] in PLATE_LETTERS)


def address_of_machine(value: str) -> bool:
    """An IP address of either version, with or without prefix and zone."""
    try:
        ipaddress.ip_interface(re.sub(r"%[a-z0-9]+", "", value.strip("[]")))
    except ValueError:
        return False
    return True


def barcode(value: str) -> bool:
    """EAN-13, ISBN-13 and the KD code of a drug: weights 1 and 3."""
    number = digits(value)
    return len(number) == 13 and weighted(number, (1, 3) * 6 + (1,)) % 10 == 0


def shaped(pattern: str) -> Rule:
    """A rule that knows no more than a shape, seen without spaces and in plain width."""
    form = re.compile(pattern)
    return lambda value: bool(form.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", value))))


def procedure(value: str) -> bool:
    """A procedure's five signs (in Korean medicine five digits), a drug's nine digits, or its barcode."""
    return bool(re.fullmatch(r"[A-Z]{1,2}[0-9]{3,4}[A-Z0-9]?|[0-9]{5}|[0-9]{9}", value)) or barcode(value)


RULES: Mapping[str, Rule] = {
    "kr.rrn": resident,
    "kr.frn": foreigner,
    "kr.passport": passport,
    "kr.driver_license": shaped(r"(1[1-9]|2[0-68]|[가-힣]{2})[-.]?[0-9]{2}[-.]?[0-9]{6}[-.]?[0-9]{2}"),
    "kr.brn": business,
    "kr.crn": corporate,
    "kr.health_insurance": shaped(r"(?:[0-9]-?){10}[0-9]"),
    "kr.plate": plate,
    "kr.ci": linked,
    "kr.customs": shaped(r"P[0-9]{12}"),
    "patient_id": shaped(r"[A-Z]{0,3}-?[0-9-]{5,11}"),
    "employee_id": shaped(r"[A-Za-z0-9-]{4,12}"),
    "diagnosis_code": shaped(r"[A-Z][0-9]{2}\.?[0-9]{0,3}"),
    "procedure_code": procedure,
    "bank_account": shaped(r"[0-9][0-9.\-–]{8,18}[0-9]"),
    "phone": shaped(r"[+(]?[0-9][0-9().\-–·/\u1173]{7,20}[0-9]"),
    "email": shaped(r"[^@]+@[^@]+\.[^@.]{2,}"),
    "ip": address_of_machine,
    "card": card,
    "iban": iban,
    "us.ssn": social_security,
}
"""By kind, what a value must be. Names, addresses, dates, secrets and markings have no rule but the reader's eye."""

LOOKALIKE_RULES: Mapping[str, Rule] = {"ean": barcode, "isbn": barcode, "workplace": workplace}
