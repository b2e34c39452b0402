"""Sums over digits that several families of numbers share."""

from collections.abc import Sequence
from typing import Final

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def digits_of(matched: str) -> str:
    """The digits of a match, its separators left out."""
    return "".join(filter(str.isdecimal, matched))


def weighed(digits: str, weights: Sequence[int]) -> int:
    """The sum of the digits, each times its weight."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def is_barcode(digits: str) -> bool:
    """Whether the last of thirteen digits is the check digit of EAN-13."""
    return (10 - weighed(digits[:12], (1, 3) * 6) % 10) % 10 == int(digits[12])


def is_business(digits: str) -> bool:
    """Whether the last of ten digits is the check digit of the National Tax Service."""
    total = weighed(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9])


_COMPANIES: Final = frozenset(["11", "12", "13", "14", "15", "21", "22", "31", "32", "33", "51", "71"])


def is_type_of_company(digits: str) -> bool:
    """Whether the fifth and sixth of thirteen digits say a sort of company, as the registries of courts number them."""
    return digits[4:6] in _COMPANIES


def is_corporation(digits: str) -> bool:
    """Whether the last of thirteen digits is the check digit of the registry of companies."""
    return (10 - weighed(digits[:12], (1, 2) * 6) % 10) % 10 == int(digits[12])
