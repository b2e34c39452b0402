"""Second looks at days of birth: a day of the calendar on which somebody living may have been born."""

import re
from datetime import date
from typing import Final

from haechi.gateway.classify.checks.digits import digits_of
from haechi.gateway.classify.checks.national import CENTURY
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, Verdict

_PARTS: Final = re.compile("[0-9]+")
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_RECENT: Final = 2
"""Years: a younger date is more often that of a form, and must be called a birth at once."""


def _today() -> date:
    return date.today()  # noqa: DTZ011  a birth date has no zone


def _day(year: int, month: int, day: int) -> date | None:
    if year < 100:
        year += 2000 if year <= _today().year % 100 else 1900
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    return born if born <= _today() else None


def _judged(born: date | None) -> Verdict:
    if born is None:
        return NO
    return DOUBTFUL if _today().year - born.year < _RECENT else PLAIN


def _written(matched: str) -> date | None:
    """A day as it is written in Korea: year, month, day."""
    parts = _PARTS.findall(matched)
    if len(parts) == 1:
        parts = [matched[:-4], matched[-4:-2], matched[-2:]]
    return _day(*map(int, parts[:3])) if len(parts) == 3 else None


def birth(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A real day, not in the future."""
    return _judged(_written(groups[0] if groups and groups[0] else matched))


def birth_and_sex(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The same, and the seventh digit of a resident number behind it names the century of the day."""
    written = groups[0] if groups and groups[0] else matched
    front, _, sex = written.partition("-")
    if len(front) != 6 or len(sex) != 1:
        return birth(matched, groups)
    return _judged(_day(CENTURY[sex] + int(front[:2]), int(front[2:4]), int(front[4:6])))


_OTHER_DAY: Final = re.compile(
    r"(?:(?<![가-힣])[가-힣]{1,6}(?:일|일자|일시)|만기|마감|[A-Za-z]{2,12}_?(?:dt|date|ymd|day)|[a-z]{3,10}(?:Dt|Date|Ymd))"
    r"[\"']?[ \t]{0,3}[:=：]?[ \t]{0,3}[\"']?$"
)
_BIRTH_DAY: Final = re.compile(r"(?i)생|출|태어|birth|born|dob|brth|brdt|bth|b_?day")


def _called_otherwise(groups: tuple[str | None, ...]) -> bool:
    """Whether the word directly before the date names another day: «생일 2021.4.4 입소일 2024.3.4»."""
    before = groups[-2] or ""
    other = _OTHER_DAY.search(before[-24:])
    return other is not None and _BIRTH_DAY.search(other[0]) is None


def birth_called(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """As `birth`, where no other day is named directly before it."""
    return NO if _called_otherwise(groups) else birth(matched, groups[:-2])


def birth_and_sex_called(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """As `birth_and_sex`, where no other day is named directly before it."""
    return NO if _called_otherwise(groups) else birth_and_sex(matched, groups[:-2])


def adult_birth(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A date beside a person, of somebody who is no baby: other dates there are of last year or this one."""
    return _born_before(groups, 5)


def grown_birth(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A date beside a passport: it is given for ten years, so a day before that is none of its own."""
    return _born_before(groups, 11)


def _born_before(groups: tuple[str | None, ...], years: int) -> Verdict:
    born = _written(groups[0] or "")
    return PLAIN if born and _today().year - born.year >= years else NO


def western_birth(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A real day with the name of its month, or in the order of America or of Europe."""
    written = groups[0] if groups and groups[0] else matched
    numbers = [int(part) for part in _PARTS.findall(written)]
    month = next((number for name, number in _MONTHS.items() if name in written.lower()), None)
    if month is not None:
        return _judged(_day(numbers[1], month, numbers[0]))
    first, second, year = numbers
    return _judged(_day(year, first, second) or _day(year, second, first))


def masked_birth(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The head of a resident number whose tail is masked, in the century that the seventh digit names."""
    digits = digits_of(groups[0] or "")
    centuries = [CENTURY[digits[6]]] if len(digits) > 6 else [1900, 2000]
    days = (_day(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6])) for century in centuries)
    return PLAIN if any(days) else NO
