"""A number as a spreadsheet shows it: dates from days since 1900, digits filled into a pattern.

Only what turns a number into something else to the eye is followed: dates, times, leading noughts and signs between
digits. Thousands, decimals and colours leave a number what it is, and it is told as it is stored.
"""

import re
from datetime import datetime, timedelta
from typing import Final

BUILT_IN: Final = {
    **{str(number): "yyyy-mm-dd" for number in (14, 15, 16, 17, *range(27, 32), 36, *range(50, 59))},
    **{str(number): "hh:mm:ss" for number in (18, 19, 20, 21, *range(32, 36), *range(45, 48))},
    "22": "yyyy-mm-dd hh:mm",
}
"""Formats that have a number and no pattern; those of East Asian editions are dates, too."""

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001  a cell has no time zone
_ASIDE: Final = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
"""Quoted words, escaped signs, blanks as wide as a sign, colours and conditions."""

_CONDITION: Final = re.compile(r"\[<=(\d+)\]")
_LAST_DAY: Final = 2_958_466.0
"""Days to the end of the year 9999."""


def shown(written: str, code: str) -> str:
    """What a cell shows for the number `written` under the format `code`.

    >>> shown("32874", "yyyy-mm-dd"), shown("9001011234568", "000000-0000000"), shown("1012345678", "000-0000-0000")
    ('1990-01-01', '900101-1234568', '010-1234-5678')
    >>> shown("1012345678", "[<=9999999]###-####;(0##) ####-####"), shown("12.5", "0.0"), shown("3", "")
    ('(010) 1234-5678', '12.5', '3')
    """
    try:
        number = float(written)
    except ValueError:
        return written
    whole = f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else written
    pattern = _section(code, number)
    bare = _ASIDE.sub("", pattern).lower()
    if any(sign in bare for sign in "ydhs") or ("m" in bare and "0" not in bare):
        return _moment(number, bare) or whole
    if whole.isdecimal() and re.search(r"[0#][^0#.,]+[0#]|^[^#.,]*0{2,}[^.,]*$", _plain(pattern)):
        return _filled(whole, _plain(pattern))
    return whole


def _section(code: str, number: float) -> str:
    """The part of a format that holds for `number`."""
    sections = code[:255].split(";")
    condition = _CONDITION.search(sections[0])
    if condition is not None:
        holds = number <= int(condition[1])
        return sections[0] if holds or len(sections) < 2 else sections[1]
    return sections[0]


def _plain(pattern: str) -> str:
    """The pattern with its words and escaped signs as they show."""
    return _ASIDE.sub(lambda found: found[1] or found[2] or "", pattern)


def _moment(number: float, bare: str) -> str:
    if not 0 <= number < _LAST_DAY:
        return ""
    moment = _EPOCH + timedelta(days=number)
    date = f"{moment:%Y-%m-%d}" if "y" in bare or "d" in bare else ""
    time = f"{moment:%H:%M:%S}" if "h" in bare or "s" in bare else ""
    return f"{date} {time}".strip() or f"{moment:%Y-%m}"


def _filled(digits: str, pattern: str) -> str:
    """`digits` in the places of `pattern`, from the right; a `0` without a digit is a nought."""
    told: list[str] = []
    left = digits
    for sign in reversed(pattern):
        if sign not in "0#":
            told.append(sign)
        elif left:
            told.append(left[-1])
            left = left[:-1]
        elif sign == "0":
            told.append("0")
    first = next((place for place, sign in enumerate(pattern) if sign in "0#"), 0)
    line = "".join(reversed(told))
    return f"{line[:first]}{left}{line[first:]}"
