"""One value in many spellings: what two writings have in common when they mean the same.

Joined is only what is certainly the same: a number with and without its signs, a telephone number with and without its
country, letters of another width or case. Everything else stays two values.
"""

import re
import unicodedata
from typing import Final

_NUMBERS: Final = frozenset(
    {"phone", "card", "bank_account", "kr.rrn", "kr.frn", "kr.brn", "kr.crn", "kr.health_insurance", "us.ssn"}
)
_LETTERS_TOO: Final = frozenset({"iban", "kr.passport", "kr.driver_license", "kr.customs", "kr.plate"})
_ANY_CASE: Final = frozenset({"email", "person"})
_NO_DIGIT: Final = re.compile(r"[^0-9+]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_SIGNS: Final = re.compile(r"[\W_]+")
_KOREA: Final = re.compile(r"\A(?:\+|00)?82(?=0?[1-9])0?")


def canonical(kind: str, value: str) -> str:
    """What every spelling of `value` has in common.

    >>> canonical("phone", "010-1234-5678") == canonical("phone", "+82 10 1234 5678") == canonical("phone", "1012345678")
    True
    """
    plain = value if value.isascii() else unicodedata.normalize("NFKC", value)
    if kind in _NUMBERS:
        digits = _NO_DIGIT.sub("", plain)
        if _LETTER.search(plain):  # a number in words, a name before it: nobody here reads that
            return plain
        return _telephone(digits) if kind == "phone" else digits.replace("+", "") or plain
    if kind in _LETTERS_TOO:
        return _SIGNS.sub("", plain).upper() or plain
    if kind in _ANY_CASE:
        return _SIGNS.sub("", plain).casefold() if kind == "person" else plain.casefold()
    return plain


def _telephone(digits: str) -> str:
    """A Korean number without country and leading zero; any other as it is."""
    national = _KOREA.sub("0", digits) if len(digits) >= 11 else digits
    if len(national) == 10 and national.startswith("10"):  # a table has lost the zero
        return f"0{national}"
    return national
