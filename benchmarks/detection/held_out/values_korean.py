"""Numbers the Korean state, insurers, hospitals and employers give out."""

import base64
from datetime import date, timedelta
from random import Random

from benchmarks.detection.held_out import checks
from benchmarks.detection.held_out.shape import Value, digits, grouped, letters, rows, weighted

_RANDOM_SINCE = date(2020, 10, 5)
_TODAY = date(2026, 11, 1)
_JOINTS = ((62, "-"), (14, ""), (6, " "), (6, " - "), (5, "–"), (4, "."), (3, "－"))
"""How people join two groups of a number; the last is the full-width hyphen of Korean keyboards."""

_CAPITALS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PRIVATE = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
_REGIONS = (
    "서울",
    "부산",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
    "경기",
    "강원",
    "충북",
    "전남",
    "경남",
    "제주",
)
_REGISTRIES = ("1101", "1101", "1341", "1801", "1201", "1601", "2001", "1311", "1701", "2101")
_DIPLOMATIC = ("외교", "영사", "준외", "준영", "협정")


def _day(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days))


def _thirteen(chance: Random, born: date, sign: str, *, checked: bool, foreign: bool) -> str:
    first = f"{born:%y%m%d}{sign}" + digits(chance, 5)
    if checked:
        return first + (checks.foreigner(first) if foreign else checks.resident(first))
    return first + digits(chance, 1)


def _joined(chance: Random, number: str) -> str:
    return number[:6] + weighted(chance, _JOINTS) + number[6:]


def rrn(chance: Random) -> Value:
    """A resident number of any age."""
    return rrn_old(chance) if chance.random() < 0.6 else rrn_new(chance)


def rrn_old(chance: Random) -> Value:
    """A resident number with the old check digit."""
    if chance.random() < 0.01:
        born, sign = _day(chance, date(1890, 1, 1), date(1899, 12, 31)), chance.choice("90")
    else:
        born = _day(chance, date(1931, 1, 1), _RANDOM_SINCE)
        sign = chance.choice("12" if born.year < 2000 else "34")
    return Value(_joined(chance, _thirteen(chance, born, sign, checked=True, foreign=False)), "kr.rrn")


def rrn_new(chance: Random) -> Value:
    """A resident number issued or changed since October 2020: six random digits, any birth year."""
    since = _RANDOM_SINCE if chance.random() < 0.5 else date(1940, 1, 1)
    born = _day(chance, since, _TODAY)
    sign = chance.choice("12" if born.year < 2000 else "34")
    return Value(_joined(chance, _thirteen(chance, born, sign, checked=False, foreign=False)), "kr.rrn")


def frn(chance: Random) -> Value:
    """A foreigner's registration number, old or new."""
    born = _day(chance, date(1950, 1, 1), date(2012, 1, 1))
    sign = chance.choice("56" if born.year < 2000 else "78")
    number = _thirteen(chance, born, sign, checked=chance.random() < 0.5, foreign=True)
    return Value(_joined(chance, number), "kr.frn")


def passport(chance: Random) -> Value:
    """A passport number of the old or the new series."""
    series = chance.choice("MMMMMSSRGDO")
    if chance.random() < 0.55:
        return Value(
            f"{series}{digits(chance, 3)}{chance.choice(_CAPITALS)}{digits(chance, 4)}", "kr.passport"
        )
    return Value(series + digits(chance, 8), "kr.passport")


def passport_zone(chance: Random) -> Value:
    """The second line of a passport's machine-readable zone; all of it is the finding."""
    number = passport(chance).text
    born = f"{_day(chance, date(1955, 1, 1), date(2015, 1, 1)):%y%m%d}"
    ends = f"{_day(chance, date(2027, 1, 1), date(2035, 1, 1)):%y%m%d}"
    check = checks.travel_document
    personal = digits(chance, 7) + "<" * 7
    fields = (
        f"{number}{check(number)}",
        f"{born}{check(born)}",
        f"{ends}{check(ends)}",
        f"{personal}{check(personal)}",
    )
    whole = fields[0] + fields[1] + fields[2] + fields[3]
    line = f"{fields[0]}KOR{fields[1]}{chance.choice('MF')}{fields[2]}{fields[3]}{check(whole)}"
    return Value(line, "kr.passport")


def driver_license(chance: Random) -> Value:
    """A driver's licence number, joined by hyphens or spaces, or with the region in Hangul."""
    region = chance.choice([*(str(number) for number in range(11, 27)), "28"])
    if chance.random() < 0.12:
        region = chance.choice(_REGIONS)
    joint = weighted(chance, ((80, "-"), (10, " "), (6, "–"), (4, " - ")))
    parts = (region, f"{chance.randrange(100):02d}", digits(chance, 6), digits(chance, 2))
    return Value(joint.join(parts), "kr.driver_license")


def driver_license_bare(chance: Random) -> Value:
    """The same without separators; only for texts that say what it is."""
    return Value(str(chance.randrange(11, 27)) + digits(chance, 10), "kr.driver_license")


def brn(chance: Random) -> Value:
    """A business registration number with its check digit."""
    middle = chance.choice([*range(1, 80), *range(90, 100), 81, 81, 81, 86, 86, 87, 87, 88])
    first = f"{chance.randrange(101, 900)}{middle:02d}{digits(chance, 4)}"
    joint = weighted(chance, ((76, "-"), (12, ""), (6, " "), (3, "–"), (3, ".")))
    return Value(grouped(first + checks.business(first), (3, 2, 5), joint), "kr.brn")


def crn(chance: Random) -> Value:
    """A corporate registration number with its check digit; none that could be a resident number as well."""
    while True:
        registry = chance.choice(_REGISTRIES)
        first = registry + chance.choice(("11", "21", "14", "22")) + digits(chance, 6)
        number = first + checks.corporation(first)
        if checks.birth(number) is None or checks.resident(first) != number[12]:
            joint = weighted(chance, ((80, "-"), (14, ""), (3, " "), (3, "–")))
            return Value(grouped(number, (6, 7), joint), "kr.crn")


def health_insurance(chance: Random) -> Value:
    """A health insurance card number: eleven digits, which must not be a phone or business number."""
    while True:
        number = chance.choice("123456789") + digits(chance, 10)
        if checks.business(number[:9]) != number[9]:
            joint = weighted(chance, ((70, ""), (20, "-"), (10, " ")))
            return Value(grouped(number, (1, 10), joint) if joint else number, "kr.health_insurance")


def plate(chance: Random) -> Value:
    """A licence plate of a private, commercial or hired car, old ones with their region."""
    letter = weighted(
        chance,
        (
            (70, chance.choice(_PRIVATE)),
            (12, chance.choice("아바사자")),
            (5, "배"),
            (13, chance.choice("하허호")),
        ),
    )
    serial = f"{chance.randrange(100, 10000):04d}"
    gap = weighted(chance, ((60, " "), (38, ""), (2, "  ")))
    if letter in "아바사자배" or chance.random() < 0.12:
        inner = chance.choice(("", " "))
        return Value(
            f"{chance.choice(_REGIONS)}{inner}{chance.randrange(1, 100):02d}{letter}{gap}{serial}", "kr.plate"
        )
    front = chance.randrange(100, 700) if chance.random() < 0.6 else chance.randrange(1, 100)
    return Value(f"{front:02d}{letter}{gap}{serial}", "kr.plate")


def plate_diplomatic(chance: Random) -> Value:
    """A diplomat's plate."""
    return Value(f"{chance.choice(_DIPLOMATIC)} {digits(chance, 3)}-{digits(chance, 3)}", "kr.plate")


def ci(chance: Random) -> Value:
    """Connecting information: 64 bytes in base64."""
    return Value(base64.b64encode(chance.randbytes(64)).decode(), "kr.ci")


def customs(chance: Random) -> Value:
    """A personal customs code."""
    return Value(f"P{chance.randrange(11, 27)}{digits(chance, 10)}", "kr.customs")


def patient_id(chance: Random) -> Value:
    """A hospital's own number."""
    number = digits(chance, chance.choice((5, 6, 7, 8, 8, 8, 9, 10)))
    return Value(number, "patient_id")


def employee_id(chance: Random) -> Value:
    """A company's own number for a person who works there."""
    year = chance.randrange(1998, 2027)
    shapes = (
        f"{year}{digits(chance, 3)}",
        f"{year}{digits(chance, 4)}",
        f"{letters(chance, 1, 'ABEHKNST')}{digits(chance, 5)}",
        f"{letters(chance, 2, 'ABEHKNST')}{digits(chance, 6)}",
        digits(chance, 6),
        digits(chance, 7),
        f"{letters(chance, 1, 'EGM')}{year % 100:02d}{digits(chance, 4)}",
    )
    return Value(chance.choice(shapes), "employee_id")


_DIAGNOSES = rows("diagnoses.tsv")


def diagnosis_code(chance: Random) -> Value:
    """A listed diagnosis code, with or without its point."""
    code, fourth, *_ = chance.choice(_DIAGNOSES)
    if fourth and chance.random() < 0.75:
        return Value(code + chance.choice((".", ".", ".", "")) + chance.choice(fourth), "diagnosis_code")
    return Value(code, "diagnosis_code")


def procedure_code(chance: Random) -> Value:
    """A code of a procedure as insurers pay for it; no list of them is to be had, the context tells."""
    if chance.random() < 0.5:
        return Value(letters(chance, 1, "ABCDEHJKLMNSU") + digits(chance, 4), "procedure_code")
    return Value(letters(chance, 2, "ABCDEHJKLMNSU") + digits(chance, 3), "procedure_code")


def drug_code(chance: Random) -> Value:
    """A drug's representative code of nine digits, or its barcode number beginning 880."""
    if chance.random() < 0.6:
        return Value("6" + digits(chance, 8), "procedure_code")
    first = "8806" + digits(chance, 8)
    return Value(first + checks.barcode(first), "procedure_code")
