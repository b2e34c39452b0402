"""Second looks at numbers that a state gives: residents, passports, customs codes, plates."""

import re
from datetime import date
from typing import Final

from haechi.gateway.classify.checks.digits import (
    LETTERS,
    digits_of,
    is_barcode,
    is_corporation,
    is_type_of_company,
    weighed,
)
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict

CENTURY: Final = {"9": 1800, "0": 1800} | dict.fromkeys("1256", 1900) | dict.fromkeys("3478", 2000)
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_MINOR: Final = 14
_CENTENARIAN: Final = 100
_OLDEST: Final = 110
"""Nobody registered is older: what says so and has the shape and check digit of a company is one."""


def _birth(digits: str) -> date | None:
    try:
        return date(CENTURY[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def _passes_old_check(digits: str) -> bool:
    """The check digit of numbers issued before 2020-10-05; newer ones pass by chance."""
    old = weighed(digits, _WEIGHTS) % 11
    return (13 - old if digits[6] in "5678" else 11 - old) % 10 == int(digits[12])


def _may_be_a_company(digits: str) -> bool:
    """The registry of Seoul, 1101 and a type of company, reads as a day in November; so do others elsewhere."""
    return is_type_of_company(digits) and (digits.startswith("1101") or is_corporation(digits))


def rrn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A calendar date in the century that the seventh digit names: the only hard test there is.

    Lot and build numbers begin with the date of the last years: read as a person, that is a child (below 14, for
    whom a guardian signs, PIPA Art. 22-2) or, in the century before, somebody over a hundred. Such a number that
    fails the old check too is doubtful, as is one that may be a company's; that of anybody else is not, whatever
    stands near it.
    """
    digits = digits_of(matched)
    today = date.today()  # noqa: DTZ011  a birth date has no zone
    born = _birth(digits)
    if born is None or born > today:
        return NO
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if _passes_old_check(digits) and age < _CENTENARIAN:
        return PLAIN  # where both checks fit, it is a person's
    if _may_be_a_company(digits):
        return NO if age >= _OLDEST and is_corporation(digits) else DOUBTFUL
    if _passes_old_check(digits):
        return PLAIN
    return PLAIN if _MINOR <= age < _CENTENARIAN else DOUBTFUL


def rrn_dated(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A calendar date that has been, and nothing more: for what is called a resident number. What may be a company's
    must be called so at once."""
    digits = digits_of(matched)
    born = _birth(digits)
    if born is None or born > date.today():  # noqa: DTZ011
        return NO
    return DOUBTFUL if _may_be_a_company(digits) else PLAIN


def rrn_bare(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Thirteen digits without a hyphen: also a barcode, an epoch or an order number. Context decides."""
    digits = digits_of(matched)
    if rrn(digits, ()) is NO:
        return NO
    is_ware = digits.startswith("880") and is_barcode(digits)
    is_in_seoul = digits.startswith("1101") and _may_be_a_company(
        digits
    )  # where both checks fit it is a person's
    alone = _passes_old_check(digits) and not is_ware and not _is_epoch(digits) and not is_in_seoul
    return STRONG if alone else PLAIN


def _is_epoch(digits: str) -> bool:
    """Milliseconds since 1970, of the years 2017 to 2033."""
    return "1500000000000" <= digits < "2000000000000"


def passport_zone(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The check digits of number, birth and expiry in the second line of the machine-readable zone (ICAO 9303)."""
    fields = ((0, 9), (13, 19), (21, 27))
    passed = (_travel_check(matched[start:end]) == matched[end] for start, end in fields)
    return STRONG if all(passed) else NO


def _travel_check(field: str) -> str:
    values = (
        0 if sign == "<" else LETTERS.find(sign) + 10 if sign in LETTERS else int(sign) for sign in field
    )
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


_NAMES_A_THING: Final = re.compile(
    r"(?i)(?:모델|제품|부품|품번|시리얼|s/?n|설비|장비|좌석|예약 ?번호|승인 ?번호|송장|주문|접수|티켓|쿠폰|바우처"
    r"|ticket|order|model|serial|part|seat)"
    r"(?: ?(?:번호|명|no\.?|id))?[\s:=#(]{0,3}$"
)


def travel_document(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number that is not called a model or an order."""
    return NO if _NAMES_A_THING.search(groups[-2] or "") else PLAIN


_DATED: Final = re.compile(r"20\d\d(?:0[1-9]|1[0-2])")


def customs(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The year of issue, 2011 or later; a part number with a date looks the same, so any other name beats it."""
    digits = digits_of(matched)
    if not 11 <= int(digits[:2]) <= date.today().year % 100:  # noqa: DTZ011  a year
        return NO
    return DOUBTFUL


_COUNTED: Final = re.compile(r"[조도주부호](?= )")
"""Letters that count something where a space follows: 12조 5000억, 30부 1000장."""


def plate(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number of 12조 5000억 is an amount, which only a name beside it makes a plate."""
    return DOUBTFUL if _COUNTED.search(matched) else PLAIN


_MEASURE: Final = re.compile(
    r"\s?(?:[원명개건억만천장년월일회번위석점권배%㎞㎡]|여|대[ 를의가]|톤|kg|km|cm|mm|보다|에서|까지|이상|이하|및|[,.][0-9])"
)
_PARTICLE: Final = re.compile(r"[0-9][가나다라마바오](?= )")
_NAMES_A_SUM: Final = re.compile(r"[은는이가]\s*$")


def plate_apart(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A plate with a space in it: no amount follows, and the letter is no particle of a sum («값이 12가 3456»)."""
    before, behind = groups[-2] or "", groups[-1] or ""
    if (
        matched.endswith("000")
        or _MEASURE.match(behind)
        or (_PARTICLE.search(matched) and _NAMES_A_SUM.search(before))
    ):
        return NO
    return DOUBTFUL


def plate_far(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The same far from the name of a car."""
    return PLAIN if plate_apart(matched, groups) is DOUBTFUL else NO


_PLATE_LETTERS: Final = frozenset(
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호"
)


def plate_with_region(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The letter must be one that is given out; an old plate has one digit before it, a floor has `호`."""
    letter = next(sign for sign in matched.replace(" ", "")[3:] if not sign.isdecimal())
    if letter not in _PLATE_LETTERS or letter == "호":
        return NO
    is_amount = letter == "조" and matched[matched.index(letter) - 1] != " " and _COUNTED.search(matched)
    return NO if is_amount else PLAIN
