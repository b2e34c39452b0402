"""A value becomes coarser and does not come back: a band of ages for a birth date, a district for an address."""

import re
from datetime import date
from typing import Final

from haechi.gateway.deidentify.districts import district

_DAY: Final = re.compile(
    r"(?P<month>(?P<year>(?:1[89]|20)\d\d)(?P<sign>\s?[-./년]\s?)(?P<number>0?[1-9]|1[0-2])(?:월)?)"
    r"(?:\s?[-./]?\s?)(?:0?[1-9]|[12]\d|3[01])(?:일|\.)?\Z"
)
_BAND: Final = 10
COARSER: Final = frozenset({"date_of_birth", "address"})
"""Kinds whose values have a coarser one."""


def generalised(kind: str, value: str, today: date | None) -> str:
    """A coarser `value`; empty where we know none: what stands for it then is up to whoever asked. With `today` a birth date
    is told as an age.

    >>> generalised("date_of_birth", "1990-01-15", None), generalised("date_of_birth", "1990년 1월 15일", date(2026, 12, 1))
    ('1990-01', '30대')
    """
    if kind == "address":
        return district(value)
    found = _DAY.match(value.strip()) if kind == "date_of_birth" else None
    if found is None:
        return ""
    if today is None:
        return found["month"]
    age = today.year - int(found["year"]) - (today.month < int(found["number"]))
    band = age // _BAND * _BAND
    return f"{band}대" if re.search("[가-힣]", value) else f"{band}s"
