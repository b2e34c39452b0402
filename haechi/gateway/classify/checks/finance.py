"""Second looks at the numbers of money: cards, accounts, IBAN."""

import re
from typing import Final

from haechi.gateway.classify.checks.digits import (
    LETTERS,
    digits_of,
    is_business,
    is_corporation,
    is_type_of_company,
)
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict

_LENGTHS: Final = (
    {"34": [15], "37": [15], "36": [14], "38": [14], "35": [16]}
    | {first: [16] for first in ("51", "52", "53", "54", "55", "22", "23", "24", "25", "26", "27", "65")}
    | {f"9{second}": [16] for second in range(10)}
)
"""American Express, Diners, JCB, Mastercard, domestic cards by the first two digits; the device numbers of telephones
begin with 35 too."""
_OF_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[ -](?:[A-Z0-9]{4}[ -]){0,3}$")
_LUHN: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""A doubled digit, its digits added."""


def card(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Luhn (ISO/IEC 7812-1); the ranges of issuers stand in the pattern."""
    digits = digits_of(groups[0] if groups and groups[0] else matched)
    if len(digits) not in _LENGTHS.get(digits[:2], range(13, 20)):
        return NO
    single = sum(map(int, digits[-1::-2]))
    doubled = sum(_LUHN[int(digit)] for digit in digits[-2::-2])
    return STRONG if (single + doubled) % 10 == 0 else NO


def card_grouped(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The same in groups of four, which the middle of an IBAN has too."""
    return NO if _OF_IBAN.search(groups[-2] or "") else card(matched, groups)


_TIMESTAMP: Final = re.compile(
    r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
)
_EPOCH: Final = re.compile(r"1[5-9]\d{8}(?:\d{3})?")
_DATED: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_TELEPHONE: Final = re.compile(r"(?:01[016-9]|0\d{1,2}|050\d)\D?\d{3,4}\D?\d{4}")
_RESIDENT: Final = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\D?[0-9]\d{6}")
_YEAR: Final = re.compile(r"20[0-3]\d-")
_COMPANY: Final = re.compile(r"\d{6}\D\d{7}")
_ACCOUNT_OF_A_SERVICE: Final = re.compile(
    r"(?i)(?:^|[^a-z]|(?<!bank)(?<!bank.))account[ _-]?ids?[\s\"':=(]{0,4}$|\b(?:aws|arn|gcp|azure|iam)\b[^\n]{0,40}$"
)
_DATE: Final = re.compile(r"(?:19|20)\d\d\D(?:0?[1-9]|1[0-2])\D(?:0?[1-9]|[12]\d|3[01])(?:\D\d{1,3})?")


def account(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Ten to fourteen digits that are no time, no date, no telephone and no business number. What begins with a
    date or may count seconds must be called an account at once."""
    digits = digits_of(matched)
    separators = {sign for sign in matched if not sign.isdecimal()}
    if not 10 <= len(digits) <= 14 or len(separators) > 1:
        return NO
    if _TIMESTAMP.fullmatch(matched) or _TELEPHONE.fullmatch(matched) or _DATE.match(matched):
        return NO
    if len(digits) == 10 and len(matched) == 12 and matched[3] == matched[6] and is_business(digits):
        return NO
    return DOUBTFUL if _EPOCH.fullmatch(matched) or (not separators and _DATED.match(digits)) else PLAIN


def account_pair(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Two groups are an account only where nothing else is written so: no resident number, no date before."""
    digits = digits_of(matched)
    if not 10 <= len(digits) <= 14 or _RESIDENT.fullmatch(matched) or _DATED.match(matched):
        return NO
    return NO if _COMPANY.fullmatch(matched) and is_corporation(digits) else PLAIN


def account_bare(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Digits without separators; the id of an account in a cloud or with a service is no bank's."""
    if len(matched) == 13 and is_type_of_company(matched) and is_corporation(matched):
        return NO
    return NO if _ACCOUNT_OF_A_SERVICE.search(groups[0] or "") else account(matched, ())


def account_of_bank(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """An account directly behind the name of its bank."""
    return NO if _YEAR.match(groups[0] or "") else account(groups[0] or "", ())


_PAID: Final = re.compile(r"계좌|입금|송금|이체|예금주|쏘|보내|부쳐|부칠|넣어")
_ASKED_AT: Final = re.compile(r"(?:문의|연락|전화|상담|고객센터|콜센터)")


def account_like_telephone(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A telephone number directly behind a bank where something is to be paid: people may choose theirs as the account."""
    before, behind = (groups[-2] or "")[-60:], (groups[-1] or "")[:40]
    asked = _ASKED_AT.search(before) or _ASKED_AT.search(behind)
    return NO if asked or not _PAID.search(f"{before}\n{behind}") else PLAIN


def iban(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """The rotated number modulo 97 is 1 (ISO 13616)."""
    if "-" in matched and not matched.isupper():
        return NO  # the end of a UUID
    whole = "".join(filter(str.isalnum, matched)).upper()
    number = "".join(
        sign if sign.isdecimal() else str(LETTERS.index(sign) + 10) for sign in whole[4:] + whole[:4]
    )
    return STRONG if int(number) % 97 == 1 else NO
