"""Sentences that a document says of itself («본 문서는 대외비입니다»), and grades that are one letter or one number."""

import re
from typing import Final

from haechi.gateway.classify.checks.verdict import NO, PLAIN, STRONG, Verdict

Groups = tuple[str | None, ...]

_JOINED: Final = re.compile(r"[가-힣A-Za-z0-9_]")
_MORE_GRADES: Final = re.compile(r"[A-Za-z0-9가-힣.]|\s*[,/·|]\s*[CSO]\b")


def grade(matched: str, groups: Groups) -> Verdict:
    """A single letter as the value of a field that asks for the grade of N2SF."""
    _, before, behind = (group or "" for group in groups)
    return NO if _JOINED.match(before[-1:]) or _MORE_GRADES.match(behind) else STRONG


_DECLARED: Final = re.compile(
    r"""(?x) (?:[ \t]?(?:문서|자료|정보))? (?: 입니다|이며|이므로|이니|임(?![가-힣])|이다
      | 으?로(?:서)?[ \t]?(?:분류|지정|관리|취급|보호|외부|무단) | 에[ \t]해당(?:합|하며|함|하므)
      | [을를이가][ \t]포함 | [ \t]*[.)\n] | $ )
    """
)
_DENIED: Final = re.compile(r"않|아니|아닌|없|여부|까\?|나요|인가|[?]")


def stated(matched: str, groups: Groups) -> Verdict:
    """`본 문서는 대외비입니다`: said of the document itself, neither denied nor asked."""
    _, _, behind = (group or "" for group in groups)
    sentence = re.split(r"[.\n]", behind, maxsplit=1)[0][:40]
    return STRONG if _DECLARED.match(behind) and not _DENIED.search(sentence) else NO


_GOES_NOWHERE: Final = re.compile(r"(?i)\s*(?:[.,;)\n]|$|(?:and|information|material|to|property|code)\b)")


def stated_en(matched: str, groups: Groups) -> Verdict:
    """`This document is strictly confidential`: said of the document itself, and not denied."""
    _, _, behind = (group or "" for group in groups)
    if re.search(r"(?i)\b(?:not|no|never|about|may|if|guide|whether|for|on|to|how)\b", matched):
        return NO
    return STRONG if _GOES_NOWHERE.match(behind) else NO


_ASKED_OR_TOLD: Final = re.compile(r"[?？]|나요|까요|인지|경우|라는|이란|하는|문구|표시|해도 되|아닙|아니")


def forbidden(matched: str, groups: Groups) -> Verdict:
    """`본 자료는 … 외부 유출을 금합니다`: what a document says of itself; not asked, not a rule about documents."""
    _, _, behind = (group or "" for group in groups)
    rest = re.split(r"[.\n]", behind, maxsplit=1)[0][:30]
    return NO if _ASKED_OR_TOLD.search(matched) or _ASKED_OR_TOLD.search(rest) else STRONG


_MORE_NUMBERS: Final = re.compile(
    r"[ \t]?(?:이상|이하|부터|까지|정도|만|[~∼,/·][ \t]?[1-3ⅠⅡⅢ]|[가-힣]|[?？])"
)


def numbered(matched: str, groups: Groups) -> Verdict:
    """`보안등급 : 2급`: the grade of this document, and not those from it upwards."""
    _, before, behind = (group or "" for group in groups)
    return NO if _JOINED.match(before[-1:]) or _MORE_NUMBERS.match(behind) else STRONG


_CELL_OPENS: Final = re.compile(r"[|,;\t│][ \t\"']*$")
_CELL_CLOSES: Final = re.compile(r"[ \t\"']*(?:[|,;\t│\n]|$)")


def cell(matched: str, groups: Groups) -> Verdict:
    """A mark that is the whole of a cell of a table."""
    before, behind = groups[-2] or "", groups[-1] or ""
    return PLAIN if _CELL_OPENS.search(before) and _CELL_CLOSES.match(behind) else NO
