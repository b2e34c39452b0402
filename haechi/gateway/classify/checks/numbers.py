"""Check digits, calendar dates, ranges: second looks at numbers."""

import re
from datetime import date
from typing import Final

from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict

_CENTURY: Final = {"9": 1800, "0": 1800} | dict.fromkeys("1256", 1900) | dict.fromkeys("3478", 2000)
_RRN_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BRN_WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _birth(digits: str) -> date | None:
    try:
        return date(_CENTURY[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


_MINOR: Final = 14
_CENTENARIAN: Final = 100


def _digits(matched: str) -> str:
    return "".join(filter(str.isdecimal, matched))


def _passes_old_check(digits: str) -> bool:
    """The check digit of numbers issued before 2020-10-05; newer ones pass by chance."""
    old = _weighted(digits, _RRN_WEIGHTS) % 11
    return (13 - old if digits[6] in "5678" else 11 - old) % 10 == int(digits[12])


def rrn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A calendar date in the century that the seventh digit names: the only hard test there is.

    Lot and build numbers begin with the date of the last years: read as a person, that is a child (below 14, for
    whom a guardian signs, PIPA Art. 22-2) or, in the century before, somebody over a hundred. Such a number that
    fails the old check too is doubtful; that of anybody else is not, whatever stands near it.
    """
    digits = _digits(matched)
    today = date.today()  # noqa: DTZ011  a birth date has no zone
    born = _birth(digits)
    if born is None or born > today:
        return NO
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return PLAIN if _MINOR <= age < _CENTENARIAN or _passes_old_check(digits) else DOUBTFUL


def rrn_bare(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Thirteen digits without a hyphen: also a barcode, an epoch or an order number. Context decides."""
    digits = _digits(matched)
    if rrn(digits, ()) is NO:
        return NO
    return STRONG if _passes_old_check(digits) and not _is_barcode(digits) else PLAIN


def _is_barcode(digits: str) -> bool:
    """EAN-13 of the Korean prefix 880, which often reads as a birth date."""
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[:12]))
    return digits.startswith("880") and (10 - total % 10) % 10 == int(digits[12])


def brn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The check digit of the National Tax Service, and a middle that is in use."""
    digits = _digits(matched)
    if digits[:3] == "000" or digits[3:5] == "00":
        return NO
    total = _weighted(digits, _BRN_WEIGHTS) + int(digits[8]) * 5 // 10
    return STRONG if (10 - total % 10) % 10 == int(digits[9]) else NO


def brn_sole_trader(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A middle of 01-79 or 90-99 belongs to a person in business, so the number is personal data."""
    middle = int(groups[1] or 0)
    return brn(matched, groups) if 1 <= middle <= 79 or middle >= 90 else NO


_LUHN: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""A doubled digit, its digits added."""


def card(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Luhn (ISO/IEC 7812-1); the ranges of issuers stand in the pattern."""
    digits = _digits(groups[0] if groups and groups[0] else matched)
    if not 13 <= len(digits) <= 19:
        return NO
    single = sum(map(int, digits[-1::-2]))
    doubled = sum(_LUHN[int(digit)] for digit in digits[-2::-2])
    return STRONG if (single + doubled) % 10 == 0 else NO


_ROLES: Final = frozenset(
    [
        "info",
        "help",
        "support",
        "noreply",
        "no-reply",
        "admin",
        "contact",
        "sales",
        "webmaster",
        "postmaster",
        "git",
    ]
)
_RESERVED: Final = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid|localhost)$")
"""Domains that belong to nobody: RFC 2606, RFC 6761."""


def personal_mailbox(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A role mailbox is nobody's address, nor is one in a reserved domain; `scheme://user:…@` is no mailbox."""
    if "://" in matched:
        return NO
    mailbox, _, domain = matched.lower().rpartition("@")
    return NO if mailbox in _ROLES or _RESERVED.search(domain) else STRONG


_TIMESTAMP: Final = re.compile(
    r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
)


def account(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Ten to fourteen digits that are no time, no mobile number and no business number."""
    digits = _digits(matched)
    if not 10 <= len(digits) <= 14 or matched.startswith("010-") or _TIMESTAMP.fullmatch(matched):
        return NO
    return NO if matched[3:7:3] == "--" and len(digits) == 10 and brn(digits, ()) is STRONG else PLAIN
