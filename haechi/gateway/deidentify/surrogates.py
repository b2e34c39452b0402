"""Values that look like the ones they stand for and belong to nobody.

Opt-in: a provider can link them, since the same value gives the same surrogate. A number keeps its form and fails its
check, a mobile number lies where none is given out, a Korean name keeps its length and final consonant, an address its
district. None stands in the request already, and none begins with another, so the way home is sure.
"""

import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Final

from haechi.gateway.deidentify.canonical import canonical
from haechi.gateway.deidentify.districts import district

MOST_TRIES: Final = 200
_SURNAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
_MIDDLES: Final = "민서지수현예도하준은재유시승채태동영미경"
_LASTS: Final = "아서우연준민진현영수호빈은희찬솔율결린담섭석혁욱익국록각탁덕"
_ROADS: Final = ("가온로", "나래길", "다솜로", "라온길", "마루로", "바다길", "사랑로", "아람길")
_DIGIT: Final = re.compile("[0-9]")
_MOBILE: Final = re.compile(r"01[016-9]\d{7,8}\Z")

Draw = Callable[[int], int]
"""A number below the one given, the next of a series."""


class Surrogates:
    """Draws surrogates for one request. `texts` are its own; `seed` is secret and the same in every turn; without one
    there are none."""

    def __init__(self, seed: bytes, texts: Iterable[str]) -> None:
        self._seed = seed
        self._texts = "\n".join(texts)
        self._given: dict[str, str] = {}
        self._prefixes: set[str] = set()

    def of(self, kind: str, value: str) -> str:
        """The surrogate for `value`; empty where we know none, or find none that is free."""
        make = _MAKERS.get(kind)
        if make is None or not self._seed:
            return ""
        same = canonical(kind, value)
        for attempt in range(MOST_TRIES):
            drawn = make(value, same, _series(self._seed, f"{kind}\0{same}\0{attempt}"))
            if not drawn:
                return ""
            if self._given.get(drawn) == value:
                return drawn
            if self._free(drawn):
                self._given[drawn] = value
                self._prefixes.update(drawn[:size] for size in range(1, len(drawn) + 1))
                return drawn
        return ""

    def _free(self, drawn: str) -> bool:
        begins = any(drawn[:size] in self._given for size in range(1, len(drawn) + 1))
        return drawn not in self._texts and drawn not in self._prefixes and not begins


def _series(seed: bytes, name: str) -> Draw:
    def numbers() -> Iterator[int]:
        block = b""
        while True:
            block = hmac.digest(seed, block + name.encode("utf-8", "surrogatepass"), sha256)
            for at in range(0, len(block), 4):
                yield int.from_bytes(block[at : at + 4])

    drawn = numbers()
    return lambda below: next(drawn) % below


def _person(value: str, same: str, draw: Draw) -> str:
    if not all("가" <= letter <= "힣" for letter in value) or not 2 <= len(value) <= 4:
        return ""
    final = (ord(value[-1]) - ord("가")) % 28
    lasts = [chr(code) for code in range(ord("가") + final, ord("힣") + 1, 28)]
    likely = [letter for letter in _LASTS if (ord(letter) - ord("가")) % 28 == final] or lasts
    surname = _SURNAMES[draw(len(_SURNAMES))]
    middle = "".join(_MIDDLES[draw(len(_MIDDLES))] for _ in range(len(value) - 2))
    return surname + middle + likely[draw(len(likely))]


def _phone(value: str, same: str, draw: Draw) -> str:
    if not _MOBILE.match(same):
        return ""
    tail = "0" + "".join(str(draw(10)) for _ in range(len(same) - 4))
    return _in_the_form_of(value, same[:3] + tail)


def _number(value: str, same: str, draw: Draw) -> str:
    digits = _DIGIT.findall(value)
    if not 8 <= len(digits) <= 30 or any(letter.isalpha() for letter in value):
        return ""
    drawn = [draw(10) for _ in digits]
    if _checks_out(drawn):
        drawn[-1] = (drawn[-1] + 1) % 10
    return _in_the_form_of(value, "".join(map(str, drawn)))


def _email(value: str, same: str, draw: Draw) -> str:
    return f"user{draw(9000) + 1000}@example.com"


def _address(value: str, same: str, draw: Draw) -> str:
    shared = district(value)
    if not shared:
        return ""
    return f"{shared} {_ROADS[draw(len(_ROADS))]} {draw(200) + 900}"


def _in_the_form_of(value: str, digits: str) -> str:
    """`digits` with the signs of `value`, from the right."""
    left = list(digits)
    made = [(left.pop() if left else "0") if _DIGIT.match(sign) else sign for sign in reversed(value)]
    return "".join(reversed(made))


def _checks_out(digits: list[int]) -> bool:
    """Whether digits pass a check by which some number of their length is known: cards, companies, residents."""
    doubled = [
        digit if at % 2 == 0 else sum(divmod(2 * digit, 10)) for at, digit in enumerate(reversed(digits))
    ]
    company = [1, 3, 7, 1, 3, 7, 1, 3, 5]
    resident = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
    checks = [sum(doubled) % 10 == 0]
    if len(digits) == 10:
        total = sum(a * b for a, b in zip(digits, company, strict=False)) + digits[8] * 5 // 10
        checks.append((10 - total % 10) % 10 == digits[9])
    if len(digits) == 13:
        total = sum(a * b for a, b in zip(digits, resident, strict=False))
        checks.append((11 - total % 11) % 10 == digits[12])
    return any(checks)


_MAKERS: Final[dict[str, Callable[[str, str, Draw], str]]] = {
    "person": _person,
    "phone": _phone,
    "email": _email,
    "address": _address,
    "card": _number,
    "bank_account": _number,
    "kr.brn": _number,
    "kr.crn": _number,
    "kr.health_insurance": _number,
    "patient_id": _number,
    "employee_id": _number,
}
IMITATED: Final = frozenset(_MAKERS)
"""Kinds for whose values another one can be made up."""
