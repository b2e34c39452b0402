"""Second looks at the numbers of companies and of people inside one."""

import re
from typing import Final

from haechi.catalogue.ordinary_words import ordinary_words
from haechi.gateway.classify.checks.digits import (
    digits_of,
    is_barcode,
    is_business,
    is_corporation,
    is_type_of_company,
)
from haechi.gateway.classify.checks.national import rrn
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict


def brn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A middle that is in use; the check digit of the National Tax Service makes a name unnecessary."""
    digits = digits_of(matched)
    if digits[:3] == "000" or digits[3:5] == "00":
        return NO
    return STRONG if is_business(digits) else PLAIN


def brn_bare(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Ten digits without hyphens are also an order or an account: they need a name, and with a wrong check digit
    one that stands close."""
    verdict = brn(matched, groups)
    return PLAIN if verdict is STRONG else DOUBTFUL if verdict is PLAIN else NO


def brn_sole_trader(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A middle of 01-79 or 90-99 belongs to a person in business, so the number is personal data."""
    middle = int(groups[1] or 0)
    if not (1 <= middle <= 79 or middle >= 90):
        return NO
    return brn(matched, groups) if "-" in matched else brn_bare(matched, groups)


def crn(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Thirteen digits that are called a company's. The check digit may be gone since 2025: it only raises."""
    digits = digits_of(matched)
    if is_corporation(digits):
        return STRONG
    return NO if digits.startswith("880") and is_barcode(digits) else PLAIN


def crn_registered(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number that can be no resident's, with the type and check digit of a company: what it is called is not asked,
    but the name of another number wins."""
    digits = digits_of(matched)
    is_one = is_type_of_company(digits) and is_corporation(digits) and rrn(matched, ()) is NO
    return DOUBTFUL if is_one else NO


def crn_of_a_firm(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number beside the name of a firm, of a type of company, that is no plausible resident's."""
    digits = digits_of(matched)
    return PLAIN if is_type_of_company(digits) and rrn(matched, ()) is not PLAIN else NO


_DATE: Final = re.compile(r"(?:19|20)\d\d-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\d|3[01]))?")


_NO_EMPLOYEE: Final = re.compile(r"\d{6}-\d{7}|\d{11,}")
_FIGURES: Final = 3
_SIGNS: Final = 4
_LONGEST: Final = 15


def employee(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """Whatever is called one, has three figures or more and is no resident number. A date must be called so at once."""
    called = groups[0] if groups and groups[0] else matched
    figures = sum(map(str.isdecimal, called))
    if figures < _FIGURES or not _SIGNS <= len(called) <= _LONGEST or _NO_EMPLOYEE.fullmatch(called):
        return NO
    return DOUBTFUL if _DATE.fullmatch(called) else PLAIN


_CUSTOMER: Final = re.compile(r"(?:고객|회원|환자|학생|주문|수험|손님|구매|구독|당첨)[^\n]{0,12}$")
_DEVICE: Final = re.compile(
    r"(?:설비|장비|오류|에러|알람|실|동|층|호|품|부품|서|표|판|도면|번호|기|계|밸브|라인|모델|코드)\s?[(\[/ ]?\s?$"
)
_FAMILY: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설"
    "마길연위표명기반라왕금옥육인맹제모탁국은편용"
)
_ENDS_A_NOUN: Final = frozenset(
    "실명호동층기품비안번표서도계반판물모형식용체대력량률성법선관망점액음문제항목장"
)


def employee_beside(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number behind somebody who works: not the one of a customer, a device or a room."""
    value = groups[0] or ""
    return NO if _of_something_else(matched, value, groups[-2] or "") else employee(value, ())


def employee_of_name(matched: str, groups: tuple[str | None, ...]) -> Verdict:
    """A number behind three syllables that may be a name and are no word."""
    name = (groups[0] or "")[:3]
    may_be = name[0] in _FAMILY and name[2] not in _ENDS_A_NOUN and name not in ordinary_words()
    return employee(groups[1] or "", ()) if may_be and not _CUSTOMER.search(groups[-2] or "") else NO


def _of_something_else(matched: str, value: str, before: str) -> bool:
    ahead = matched[: matched.rindex(value)]
    return _DEVICE.search(ahead) is not None or _CUSTOMER.search(before) is not None
