"""Korean identifiers, valid by the rules of their kinds, in the spellings people use."""

import base64
import random
from collections.abc import Callable

from benchmarks.detection.development import checks
from benchmarks.detection.development.draw import UPPER, day, digits, grouped, letters, number, rows, words

Draw = Callable[[random.Random], str]

_PRIVATE = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주"
_COMMERCIAL, _DELIVERY, _RENTAL = "아바사자", "배", "하허호"
_PASSPORT_LETTERS = "MSRGDO"
_LICENCE_REGIONS = [
    "서울",
    "부산",
    "경기",
    "강원",
    "충북",
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
    "대구",
    "인천",
    "광주",
    "대전",
    "울산",
]
_PLATE_REGIONS = [
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
    "충남",
    "전북",
    "전남",
    "경북",
    "경남",
    "제주",
]
RANDOM_SINCE = (2020, 10, 5)
"""From this day on the last six digits of a resident number are random: no check digit."""


def resident_digits(chance: random.Random) -> str:
    """Thirteen digits of a Korean resident, old numbers with their check digit, new and changed ones without."""
    born = day(chance, 1885, 1899) if chance.random() < 0.004 else day(chance, 1928, 2026)
    female = chance.random() < 0.5
    century = {18: "90", 19: "12", 20: "34"}[born.year // 100][female]
    body = f"{born:%y%m%d}{century}"
    if (born.year, born.month, born.day) >= RANDOM_SINCE or chance.random() < 0.12:
        return body + digits(chance, 6)
    body += digits(chance, 5)
    return body + checks.resident(body)


def foreigner_digits(chance: random.Random) -> str:
    """Thirteen digits of a foreigner who registered before October 2020, or after."""
    born = day(chance, 1945, 2024)
    body = f"{born:%y%m%d}{('56' if born.year < 2000 else '78')[chance.random() < 0.5]}"
    if born.year > 2019 or chance.random() < 0.4:
        return body + digits(chance, 6)
    body += digits(chance, 5)
    return body + checks.foreigner(body)


def _six_seven(source: Draw, separator: str) -> Draw:
    return lambda chance: grouped(source(chance), (6, 7), separator)


def passport_old(chance: random.Random) -> str:
    """Letter and eight digits, issued until December 2021."""
    return chance.choice(_PASSPORT_LETTERS) + digits(chance, 8)


def passport_new(chance: random.Random) -> str:
    """Letter, three digits, letter, four digits."""
    return chance.choice(_PASSPORT_LETTERS) + digits(chance, 3) + chance.choice(UPPER) + digits(chance, 4)


def passport_zone(chance: random.Random) -> str:
    """The second line of the machine-readable zone, 44 characters with its check digits."""
    document, born = chance.choice((passport_old, passport_new))(chance), f"{day(chance, 1940, 2015):%y%m%d}"
    expires, personal = f"{chance.randint(27, 36)}{day(chance, 2001, 2001):%m%d}", "<" * 14
    parts = [field + checks.travel_document(field) for field in (document, born, expires, personal)]
    last = checks.travel_document("".join(parts))
    return f"{parts[0]}KOR{parts[1]}{chance.choice('MF')}{parts[2]}{parts[3]}{last}"


def licence(chance: random.Random) -> str:
    """Twelve digits: region, year, serial, check."""
    region = chance.choice([*range(11, 27), 28])
    year = chance.choice([*range(75, 100), *range(27)])
    return f"{region}{year:02d}{digits(chance, 8)}"


def _licence_with_region(chance: random.Random) -> str:
    rest = licence(chance)[2:]
    return f"{chance.choice(_LICENCE_REGIONS)}{chance.choice('- ')}{grouped(rest, (2, 6, 2))}"


def business_digits(chance: random.Random) -> str:
    """Ten digits of a business, sole traders and companies."""
    middle = chance.choice((chance.randint(1, 79), chance.randint(90, 99), 81, 86, 87, 88))
    body = f"{chance.randint(101, 899)}{middle:02d}{digits(chance, 4)}"
    return body + checks.business(body)


def corporate_digits(chance: random.Random) -> str:
    """Thirteen digits of a company: registry, type, serial, check."""
    registry = chance.choice(("1101", "1101", "1311", "1344", "1801", "2001", "1201", "1601", "1501", "2849"))
    body = f"{registry}{chance.choice(('11', '11', '14', '21', '71'))}{digits(chance, 6)}"
    return body + checks.corporate(body)


def plate(chance: random.Random) -> str:
    """A number plate by its class, sometimes with the space that the plate itself shows."""
    kind = chance.choices((_PRIVATE, _COMMERCIAL, _DELIVERY, _RENTAL), (80, 8, 4, 8))[0]
    letter = chance.choice(kind)
    lead = (
        str(chance.randint(100, 997))
        if kind is _PRIVATE and chance.random() < 0.6
        else f"{chance.randint(1, 99):02d}"
    )
    gap, tail = chance.choice(("", "", " ")), f"{chance.randint(100, 9999):04d}"
    return f"{lead}{letter}{gap}{tail}"


def _plate_with_region(chance: random.Random) -> str:
    letter = chance.choice(_PRIVATE + _COMMERCIAL)
    gap = chance.choice((" ", ""))
    lead, tail = f"{chance.randint(1, 99):02d}", f"{chance.randint(100, 9999):04d}"
    return f"{chance.choice(_PLATE_REGIONS)}{gap}{lead}{gap}{letter}{gap}{tail}"


def linking_information(chance: random.Random) -> str:
    """CI: 64 bytes in base64."""
    return base64.b64encode(chance.randbytes(64)).decode()


def _customs(chance: random.Random) -> str:
    return f"P{chance.randint(11, 26)}{digits(chance, 10)}"


def _customs_gapped(chance: random.Random) -> str:
    return grouped(_customs(chance), (1, 4, 4, 4), " ")


def _employee(chance: random.Random) -> str:
    return chance.choice(
        (
            f"{chance.randint(1998, 2026)}{digits(chance, 4)}",
            f"{chance.randint(0, 26):02d}{digits(chance, 5)}",
            f"{chance.choice('ABEHKMST')}{digits(chance, 6)}",
            f"{letters(chance, 2, UPPER)}{digits(chance, 5)}",
            digits(chance, 6),
        )
    )


def diagnosis_dotted(chance: random.Random) -> str:
    """A listed code with its allowed fourth character after a point, sometimes with a fifth."""
    code, fourth, _ = chance.choice([row for row in rows("kcd.tsv") if row[1]])
    fifth = chance.choice("0123456789") if chance.random() < 0.1 else ""
    return f"{code}.{chance.choice(fourth)}{fifth}"


def _diagnosis_joined(chance: random.Random) -> str:
    return diagnosis_dotted(chance).replace(".", "")


def _diagnosis_short(chance: random.Random) -> str:
    return chance.choice(words("kcd.tsv"))


def _procedure(chance: random.Random) -> str:
    return chance.choice((letters(chance, 1, "BCDEFHLMNPQRSU") + digits(chance, 4), "AA" + number(chance, 3)))


def _drug_barcode(chance: random.Random) -> str:
    body = "880" + digits(chance, 9)
    return body + checks.barcode(body)


ACCOUNT_SHAPES = {
    "KB국민은행": ((6, 2, 6), (3, 2, 4, 3)),
    "신한은행": ((3, 3, 6),),
    "우리은행": ((4, 3, 6),),
    "하나은행": ((3, 6, 5),),
    "NH농협은행": ((3, 4, 4, 2), (3, 2, 6)),
    "IBK기업은행": ((3, 6, 2, 3),),
    "카카오뱅크": ((4, 2, 7),),
    "토스뱅크": ((4, 4, 4),),
    "새마을금고": ((4, 2, 6, 1),),
}
"""Groupings seen on statements, by bank; none is published as a rule."""


def _account(chance: random.Random) -> str:
    sizes = chance.choice([shape for shapes in ACCOUNT_SHAPES.values() for shape in shapes])
    text = "3333" + digits(chance, 9) if sizes == (4, 2, 7) else number(chance, sum(sizes))
    return grouped(text, sizes, chance.choices(("-", " "), (9, 1))[0])


def _account_bare(chance: random.Random) -> str:
    return number(chance, chance.choice((11, 12, 13, 14)))


def _of(source: Draw, sizes: tuple[int, ...], separator: str) -> Draw:
    return lambda chance: grouped(source(chance), sizes, separator)


NATIONAL: dict[str, tuple[tuple[str, Draw, int], ...]] = {
    "kr.rrn": (
        ("hyphen", _six_seven(resident_digits, "-"), 7),
        ("bare", resident_digits, 2),
        ("space", _six_seven(resident_digits, " "), 1),
        ("wide", _six_seven(resident_digits, " - "), 1),
    ),
    "kr.frn": (
        ("hyphen", _six_seven(foreigner_digits, "-"), 7),
        ("bare", foreigner_digits, 2),
        ("space", _six_seven(foreigner_digits, " "), 1),
    ),
    "kr.passport": (("old", passport_old, 5), ("new", passport_new, 5), ("zone", passport_zone, 0)),
    "kr.driver_license": (
        ("hyphen", _of(licence, (2, 2, 6, 2), "-"), 6),
        ("space", _of(licence, (2, 2, 6, 2), " "), 1),
        ("bare", licence, 2),
        ("region", _licence_with_region, 2),
    ),
    "kr.brn": (
        ("hyphen", _of(business_digits, (3, 2, 5), "-"), 7),
        ("bare", business_digits, 2),
        ("space", _of(business_digits, (3, 2, 5), " "), 1),
    ),
    "kr.crn": (("hyphen", _six_seven(corporate_digits, "-"), 7), ("bare", corporate_digits, 2)),
    "kr.health_insurance": (("bare", lambda chance: number(chance, 11), 1),),
    "kr.plate": (("now", plate, 8), ("region", _plate_with_region, 2)),
    "kr.ci": (("ci", linking_information, 1),),
    "kr.customs": (("joined", _customs, 8), ("gapped", _customs_gapped, 1)),
    "patient_id": (
        ("digits", lambda chance: number(chance, chance.randint(6, 10)), 5),
        ("zeros", lambda chance: "00" + number(chance, 6), 3),
    ),
    "employee_id": (("any", _employee, 1),),
    "diagnosis_code": (
        ("dotted", diagnosis_dotted, 6),
        ("joined", _diagnosis_joined, 2),
        ("short", _diagnosis_short, 2),
    ),
    "procedure_code": (
        ("act", _procedure, 4),
        ("drug", lambda chance: "6" + digits(chance, 8), 3),
        ("barcode", _drug_barcode, 2),
    ),
    "bank_account": (("grouped", _account, 8), ("bare", _account_bare, 2)),
}
"""Kind → (spelling, how it is drawn, how often): weight 0 is drawn only where a template asks for it."""
