"""The check digits of the identifiers, computed here so that detectors cannot agree with themselves by accident."""

import string

_RESIDENT = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BUSINESS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_LETTERS = {letter: str(value) for value, letter in enumerate(string.ascii_uppercase, start=10)}


def resident(twelve: str) -> str:
    """The thirteenth digit of a resident registration number of the old kind."""
    return str((11 - _weighed(twelve, _RESIDENT) % 11) % 10)


def foreigner(twelve: str) -> str:
    """The thirteenth digit of an alien registration number of the old kind."""
    return str((13 - _weighed(twelve, _RESIDENT) % 11) % 10)


def business(nine: str) -> str:
    """The tenth digit of a business registration number."""
    total = _weighed(nine, _BUSINESS) + int(nine[8]) * 5 // 10
    return str((10 - total % 10) % 10)


def corporate(twelve: str) -> str:
    """The thirteenth digit of a corporate registration number."""
    return str((10 - _weighed(twelve, (1, 2) * 6) % 10) % 10)


def luhn(body: str) -> str:
    """The last digit of a payment card."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def barcode(twelve: str) -> str:
    """The thirteenth digit of an EAN-13 barcode, an ISBN or a KD drug code."""
    return str(-_weighed(twelve, (1, 3) * 6) % 10)


def iban(country: str, account: str) -> str:
    """The two check digits of an international bank account number."""
    return f"{98 - _as_number(account + country + '00') % 97:02d}"


def travel_document(field: str) -> str:
    """The check digit of one field in the machine-readable zone of a passport (ICAO 9303)."""
    values = (0 if sign == "<" else int(_LETTERS.get(sign, sign)) for sign in field)
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _as_number(text: str) -> int:
    return int("".join(_LETTERS.get(sign, sign) for sign in text))
