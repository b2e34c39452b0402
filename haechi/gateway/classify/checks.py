"""Second looks at a match: dates, check digits, placeholders.

A check digit raises confidence and never decides alone: numbers issued since October 2020 carry none, and
one random number in ten passes any of these. Each check returns `NO` (not this kind), `PLAIN` (may be: let
the rule's context decide) or `STRONG` (no context needed).
"""

import math
from collections import Counter
from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Final


class Verdict(Enum):
    NO = 0
    PLAIN = 1
    STRONG = 2


NO, PLAIN, STRONG = Verdict.NO, Verdict.PLAIN, Verdict.STRONG
Check = Callable[[str, tuple[str | None, ...]], Verdict]

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


def rrn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A calendar date in the century that the seventh digit names: the only hard test there is."""
    born = _birth("".join(filter(str.isdigit, matched)))
    return NO if born is None or born > date.today() else PLAIN  # noqa: DTZ011  a birth date has no zone


def rrn_bare(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Thirteen digits without a hyphen: also a barcode, an epoch or an order number. Context decides."""
    digits = "".join(filter(str.isdigit, matched))
    if rrn(digits, ()) is NO:
        return NO
    old = _weighted(digits, _RRN_WEIGHTS) % 11
    expected = (13 - old if digits[6] in "5678" else 11 - old) % 10
    return STRONG if expected == int(digits[12]) and not _is_barcode(digits) else PLAIN


def _is_barcode(digits: str) -> bool:
    """EAN-13 of the Korean prefix 880, which often reads as a birth date."""
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[:12]))
    return digits.startswith("880") and (10 - total % 10) % 10 == int(digits[12])


def brn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The check digit of the National Tax Service, and a middle that is in use."""
    digits = "".join(filter(str.isdigit, matched))
    if digits[:3] == "000" or digits[3:5] == "00":
        return NO
    total = _weighted(digits, _BRN_WEIGHTS) + int(digits[8]) * 5 // 10
    return STRONG if (10 - total % 10) % 10 == int(digits[9]) else NO


def brn_sole_trader(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A middle of 01-79 or 90-99 belongs to a person in business, so the number is personal data."""
    middle = int(groups[1] or 0)
    return brn(matched, groups) if 1 <= middle <= 79 or middle >= 90 else NO


_ISSUERS: Final = ("4", "51", "52", "53", "54", "55", "34", "37", "36", "38", "62", "9")


def card(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Luhn (ISO/IEC 7812-1) and a known issuer range; Korean domestic cards begin with 9."""
    digits = "".join(filter(str.isdigit, matched))
    known = digits.startswith(_ISSUERS) or "2221" <= digits[:4] <= "2720" or "3528" <= digits[:4] <= "3589"
    if not known or not 13 <= len(digits) <= 19:
        return NO
    doubled = (int(d) * 2 if index % 2 else int(d) for index, d in enumerate(reversed(digits)))
    return STRONG if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 else NO


_ROLES: Final = frozenset(
    ["info", "help", "support", "noreply", "no-reply", "admin", "contact", "sales", "webmaster", "postmaster"]
)


def personal_mailbox(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A role mailbox is nobody's address."""
    return NO if matched.split("@")[0].lower() in _ROLES else STRONG


def account(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Ten to fourteen digits that are neither a date nor a mobile number."""
    digits = "".join(filter(str.isdigit, matched))
    if not 10 <= len(digits) <= 14 or matched.startswith(("010-", "+")):
        return NO
    return PLAIN


_PLACEHOLDER: Final = (
    "example",
    "changeme",
    "your",
    "xxxx",
    "****",
    "${",
    "{{",
    "<",
    "placeholder",
    "dummy",
    "test",
)
_ORDINARY: Final = frozenset(
    ["password", "passwd", "secret", "pass", "token", "apikey", "none", "null", "true", "false"]
)


def no_placeholder(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Documentation samples and variables are not secrets."""
    value = (next((group for group in groups if group), None) or matched).lower()
    if value in _ORDINARY or any(word in value for word in _PLACEHOLDER) or value.startswith(("$", "%")):
        return NO
    return STRONG


def high_entropy(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A password looks like one: mixed classes of ASCII characters, or many different ones (Shannon)."""
    value = groups[0] or ""
    if no_placeholder(value, (value,)) is NO or "(" in value or not value.isascii():
        return NO
    classes = sum(
        any(test(character) for character in value)
        for test in (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    )
    counts = Counter(value).values()
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts)
    return STRONG if classes >= 3 or (classes >= 2 and entropy >= 3.0) or entropy >= 3.5 else NO


CHECKS: Final[dict[str, Check]] = {
    check.__name__: check
    for check in (
        rrn,
        rrn_bare,
        brn,
        brn_sole_trader,
        card,
        personal_mailbox,
        account,
        no_placeholder,
        high_entropy,
    )
}
