"""What of a company's list may be looked for: each value in the forms in which people write it.

A list of a million rows holds «이유», «없음» and `00000`, too. What would be found on every page is left out and said
so; what is an ordinary word, or so short or so dense that chance hits it, is kept with a doubt (`standing.py`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, Literal

from msgspec import Struct

from haechi.catalogue.ordinary_words import beside
from haechi.domain.korean import ending
from haechi.domain.label import Level
from haechi.gateway.classify.exact import LONGEST
from haechi.gateway.classify.folded import plain
from haechi.gateway.classify.standing import Doubt

LEVELS: Final = {
    "person": Level.CONFIDENTIAL,
    "patient_id": Level.RESTRICTED,
    "employee_id": Level.CONFIDENTIAL,
    "phone": Level.CONFIDENTIAL,
    "email": Level.CONFIDENTIAL,
    "address": Level.CONFIDENTIAL,
    "bank_account": Level.CONFIDENTIAL,
    "card": Level.RESTRICTED,
    "kr.brn": Level.CONFIDENTIAL,
    "kr.plate": Level.CONFIDENTIAL,
    "kr.customs": Level.CONFIDENTIAL,
    "kr.health_insurance": Level.RESTRICTED,
    "term": Level.CONFIDENTIAL,
}
"""Kinds that a list may be of, and how sensitive each is where nobody says more."""

ALIASES: Final = {"account": "bank_account", "name": "person", "plate": "kr.plate"}

Skipped = Literal["empty", "short", "long", "placeholder", "title", "not an e-mail"]
Form = tuple[str, Doubt]

_WORDS: Final = beside()
_PLACEHOLDERS: Final = frozenset(_WORDS.placeholders)
_TITLES: Final = frozenset(_WORDS.titles + _WORDS.weak_titles)
_NAMES: Final = frozenset({"person", "term"})
_FEWEST_FIGURES: Final = 5
_SURE_FIGURES: Final = 7
_FEWEST_LATIN: Final = 3
_SHORT_LATIN: Final = 3
_DENSE: Final = 0.001
"""Share of all numbers of a length from which on any number hits the list by chance."""

_DATE: Final = re.compile(r"(?:(?:19|20)?[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_BRACKETED: Final = re.compile(r"[(\[（]([^)\]）]*)[)\]）]")
_COMPANY: Final = re.compile(
    r"^(?:주식회사|유한회사|재단법인|사단법인|\(주\)|㈜|\(유\)|\(재\)|\(사\))\s*|"
    r"\s*(?:주식회사|유한회사|\(주\)|㈜|\(유\)|,?\s(?:inc|corp|ltd|llc|gmbh)\.?|,?\sco\.,?\s?ltd\.?)$",
    re.IGNORECASE,
)


class Enrolled(Struct, frozen=True):
    """What becomes of a list: the forms that are looked for, how many values they come from, and which rows were left
    out for what reason."""

    forms: list[Form]
    values: int
    skipped: dict[Skipped, list[int]]
    doubtful: int


def enrol(values: Iterable[str], kind: str, words: Collection[str]) -> Enrolled:
    """Take in `values` of `kind`; `words` are the ordinary ones of the language."""
    forms: list[Form] = []
    skipped: dict[Skipped, list[int]] = {}
    taken = 0
    for row, value in enumerate(values, start=1):
        written = _forms(unicodedata.normalize("NFC", value.strip()), kind)
        letters = [letters for each in written if (letters := plain(each))]
        reason = _refusal(letters[0] if letters else "", value, kind)
        if reason is not None:
            skipped.setdefault(reason, []).append(row)
            continue
        taken += 1
        forms += [(each, _doubt(each, kind, words)) for each in dict.fromkeys(letters) if len(each) > 1]
    forms = _with_density(forms)
    return Enrolled(forms, taken, skipped, sum(bool(doubt & Doubt.WORD) for _, doubt in forms))


def _forms(value: str, kind: str) -> list[str]:
    if kind == "phone":
        return _numbers(value)
    if kind not in _NAMES:
        return [value]
    if kind == "term":
        bare = _COMPANY.sub("", value)
        return [value, bare] if bare != value and not plain(bare).isascii() else [value]
    outside = _BRACKETED.sub(" ", value).strip()
    inside = [each for each in _BRACKETED.findall(value) if _foreign(each)]
    turned = [
        " ".join((*words[1:], words[0])) for each in (outside, *inside) if len(words := _latin(each)) > 1
    ]
    return [outside or value, *inside, *turned]


def _numbers(value: str) -> list[str]:
    """A telephone number with its zero and, from abroad, with 82 in its place; a spreadsheet may have lost the zero."""
    figures = "".join(filter(str.isdigit, unicodedata.normalize("NFKC", value)))
    figures = figures.removeprefix("00") if figures.startswith("0082") else figures
    if figures.startswith("82") and len(figures) >= _ABROAD:
        figures = "0" + figures[2:].removeprefix("0")
    elif figures[:1] == "1" and len(figures) in {9, 10} and figures[1:2] in {"0", "1", "6", "7", "8", "9"}:
        figures = "0" + figures
    return [figures, "82" + figures[1:], "0082" + figures[1:]] if figures.startswith("0") else [figures]


_ABROAD: Final = 10


def _latin(value: str) -> list[str]:
    words = value.replace(",", " ").split()
    return words if all(plain(word).isascii() for word in words) else []


def _foreign(value: str) -> bool:
    """Whether a remark in brackets is the name in other letters: Hanja or Latin."""
    letters = plain(value)
    return len(letters) > 1 and letters.isalpha() and not any("가" <= sign <= "힣" for sign in letters)


def _refusal(letters: str, value: str, kind: str) -> Skipped | None:
    if not letters:
        return "empty"
    if kind == "email" and "@" not in value:
        return "not an e-mail"
    repeated = len(letters) > 1 and len(set(letters)) == 1
    if letters in _PLACEHOLDERS or repeated or (letters.isdigit() and letters in _COUNTING):
        return "placeholder"
    if letters in _TITLES:
        return "title"
    figures, latin = letters.isdigit(), letters.isascii()
    if len(letters) < (_FEWEST_FIGURES if figures else _FEWEST_LATIN if latin else 2):
        return "short"
    return "long" if len(letters) > LONGEST else None


_COUNTING: Final = "01234567890123456789 98765432109876543210"


def _doubt(letters: str, kind: str, words: Collection[str]) -> Doubt:
    if letters.isdigit():
        if _DATE.fullmatch(letters):
            return Doubt.WORD
        return Doubt.SHORT if len(letters) < _SURE_FIGURES else Doubt.NOTHING
    if kind not in _NAMES:
        return Doubt.NOTHING
    if letters.isascii():
        return Doubt.WORD if letters in words or len(letters) <= _SHORT_LATIN else Doubt.NOTHING
    doubt = Doubt.WORD if letters in words or _inflected(letters, words) else Doubt.NOTHING
    if len(letters) == 2:
        doubt |= Doubt.SHORT
    if letters[0] in _WORDS.determiners and letters[1:] in words:
        doubt |= Doubt.SPACED
    return doubt


def _inflected(letters: str, words: Collection[str]) -> bool:
    """Whether it may be an ordinary word with a particle or an ending that fits it: 이상은, 고정한."""
    stem, last = letters[:-1], letters[-1]
    if stem not in words or len(stem) < 2:
        return False
    vowel = ending(stem) == "vowel"
    return last in _WORDS.endings or last in (
        _WORDS.endings_after_vowel if vowel else _WORDS.endings_after_consonant
    )


def _with_density(forms: list[Form]) -> list[Form]:
    """Numbers of a length of which the list holds too many are doubtful, each of them."""
    lengths = Counter(len(letters) for letters, _ in forms if letters.isdigit())
    dense = {length for length, count in lengths.items() if count > _DENSE * 10**length}
    if not dense:
        return forms
    return [
        (letters, doubt | Doubt.WORD if letters.isdigit() and len(letters) in dense else doubt)
        for letters, doubt in forms
    ]
