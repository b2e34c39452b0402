"""A value becomes coarser and does not come back: a month for a day, a band of ages for a birth date."""

import re
from datetime import date
from typing import Final

_DAY: Final = re.compile(
    r"(?P<month>(?P<year>(?:1[89]|20)\d\d)(?P<sign>\s?[-./년]\s?)(?P<number>0?[1-9]|1[0-2])(?:월)?)"
    r"(?:\s?[-./]?\s?)(?:0?[1-9]|[12]\d|3[01])(?:일|\.)?\Z"
)
_BAND: Final = 10


def generalised(kind: str, value: str, today: date | None) -> str:
    """A coarser `value`; empty where we know none. With `today` a birth date is told as an age.

    >>> generalised("date_of_birth", "1990-01-15", None), generalised("date_of_birth", "1990년 1월 15일", date(2026, 12, 1))
    ('1990-01', '30대')
    """
    found = _DAY.match(value.strip()) if kind == "date_of_birth" else None
    if found is None:
        return ""
    if today is None:
        return found["month"]
    age = today.year - int(found["year"]) - (today.month < int(found["number"]))
    band = age // _BAND * _BAND
    return f"{band}대" if re.search("[가-힣]", value) else f"{band}s"
