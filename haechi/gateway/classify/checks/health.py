"""Second looks at the numbers and codes of medicine."""

import re
from typing import Final

from haechi.catalogue.diagnosis_codes import diagnosis_codes
from haechi.gateway.classify.checks import digits
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, Verdict

_DATE: Final = re.compile(r"(?:19|20)?\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])")


def patient(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Whatever is called one. What is also a date must be called so at once, and beside a person it is a birth."""
    inside = groups[0] if groups else None
    if _DATE.fullmatch(inside or matched):
        return NO if inside else DOUBTFUL
    return PLAIN


_DATED: Final = re.compile(
    r"(?:20)?[12]\d[-.]?(?:0[1-9]|1[0-2])[-.]?(?:0[1-9]|[12]\d|3[01])[-. ]?\d{3,5}|20-?[12]\d(?:0[1-9]|1[0-2]).*"
)
_MOST_SEPARATORS: Final = 3


def insurance_card(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Eleven digits in up to four groups; an order that begins with its day has as many."""
    separators = sum(not sign.isdecimal() for sign in matched)
    if separators > _MOST_SEPARATORS or (separators and _DATED.fullmatch(matched)):
        return NO
    return DOUBTFUL if _DATED.fullmatch(matched) else PLAIN


def diagnosis(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A code of the list; without a point or a fourth character it must be called so at once."""
    if (groups[0] or "")[:3].upper() not in diagnosis_codes():
        return NO
    return DOUBTFUL if len(matched) == 3 else PLAIN


def drug(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Nine digits beside the name of a drug and its dose; goods have both too, so the name of another number wins."""
    return DOUBTFUL


def barcode(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The check digit of a barcode, which every KD code of a drug carries."""
    return PLAIN if digits.is_barcode(matched) else NO
