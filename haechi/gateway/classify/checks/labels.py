"""Marks that stand as a label although words stand on their line too.

    비고: 대외비        태그: #전략 #대외비        대외비 전략기획실 작성        CONFIDENTIAL Project Juniper

A label is no part of a sentence: nothing is said of it, it is one item of a list of words, or it stands before or
behind a title. What speaks about secrecy has a particle, a verb or a noun of its trade beside the mark.
"""

import re
from typing import Final

from haechi.gateway.classify.checks.margins import asks_about

_STRONG: Final = re.compile(
    r"""(?x) 대 ?외 ?비.* | 사 ?내 ?한정? | 사 ?외 ?비 | 부 ?외 ?비 | 극 ?비 | .*급[ ]?비밀 | 대외[ ]?주의 | 내부[ ]?용
      | 내부[ ]?한정 | 내부[ ]?전용 | .*[ ]?기밀 | 사내[ ]?전용 | .*(?:금지|금함|불가|엄금) | 내부[ ]?[가-힣]{2}[ ]?용
      | TLP.* | (?:TOP|[A-Z&]+\ )*(?:CONFIDENTIAL|INTERNAL\ USE\ ONLY)(?:\ [A-Z&\ ]+)? | TOP\ SECRET
      | (?i:(?:for[ ])?internal[ ]use[ ]only|strictly[ ]confidential)
    """
)
"""Marks that are hardly ever said otherwise; «기밀 유지», «영업비밀 침해», «취급주의» are."""

_NAMED: Final = re.compile(
    r"""(?ix) (?:^|[\n|/>,;{\[(]|\s{2}|-\s) \s* ["'<]? (?P<name> [가-힣A-Za-z_][가-힣A-Za-z0-9_.:\-> ]{0,22}?)
      ["'>)\]*]{0,3} [ \t]{0,4} [:：=>] [ \t]{0,4} ["'(\[*]{0,3} $"""
)
_NO_NAME: Final = re.compile(
    r"""(?ix) ^(?:q|a|예|예시|보기|질문|답|답변|뜻|의미|용어|단어|표현|번역|문구|제시어|옵션|선택지?|기본값
      |value|default|enum|const|type|kind|case|return|role|word|term|text|label_text|key|name|print
      |참고|주의|설명|.*정답|.*모드|제목|영화.*|추천.*) $"""
)
_LATIN_NAMES: Final = re.compile(
    r"(?i)categor(?:y|ies)|label|rights|comments?|status|keywords?|tags?|stamp|watermark|_name|subject|description|remarks?"
    r"|notice|banner|security|class"
)
_CODE: Final = re.compile(
    r"(?:===?|!=|=>|\bcase\b|\bif\b|\breturn\b|\bconst\b|\benum\b|\blet\b|\bvar\b|\bdef\b|\w\()"
)
_ENDS: Final = re.compile(r"[\"'*)\]]{0,3}\s*(?:$|[|,;}<\n/(]|[-–—][ ]|\s{2}|(?:배포본|문서|자료|본)\s*$)")

_LIST: Final = re.compile(
    r"(?i)^\W{0,4}(?:keywords?|tags?|키워드|태그|해시 ?태그|#\S+)[\"']?\s*[:=(\[#,>]|^\s*#\S"
)
_BEFORE_ITEM: Final = re.compile(r"(?:[,;#\[(]|content=\")\s*[\"']?$")
_BEHIND_ITEM: Final = re.compile(r"[\"']?\s*(?:$|[,;#\])]|\n)")

_TRADE: Final = re.compile(
    r"""(?ix) \s* (?: 관련 | 문의 | 질문 | 문서 | 자료 | 정보 | 표시 | 표기 | 등급 | 관리 | 규정 | 지정 | 분류
      | 취급 | 보호 | 유지 | 여부 | 도장
      | 스탬프 | 교육 | 제도 | 정책 | 절차 | 기준 | 해제 | 유출 | 누설 | 침해 | 소송 | 라벨 | 마크 | 스티커 | 문구 | 단계 | 급
      | 사항 | 계약 | 서약 | 협약 | 또는 | 및 | 혹은 | 이란 | 아님 | 아니 | 안내문 | 표지판 | 의무 | 코드
      | comput | client | inform
      | agree | treat | data | label | stamp | mark | means | vs\b | or\b | and\b | is\b | are\b | level
      | class | mode | document ) """
)
_BEFORE: Final = re.compile(
    "(?:기준|규정|차이|구분|분류|지정|뜻|의미|정의|표시|문구|종류|등급|단계|해제|요건|침해|예시|절차|방법|또는|및|와|과)\\s*$"
)
_SENTENCE: Final = re.compile(
    r"""(?ix) (?:다|요|죠|까|줘|라|자|함|됨|음|임|니|네|지)[.!?~ㅋㅎ]*\s*$ | [?？]
      | (?:습니다|세요|해줘|하는|되는|라는|에서|에게|으로|이란|대한|관한|위한|때문) | [가-힣](?:을|를|은|는)(?=\s)
      | \b(?:the|is|are|was|of|what|how|why|please|should|must|can|we|you|it|they|in|to|when|that)\b """
)
_SEPARATED: Final = re.compile(r"(?:[ \t]|[-_,/★☆※·|–—])[ \t]?[-\"'«<(\[]{0,2}$")
_CLOSED: Final = re.compile(r"[-\"'»>)\]★☆※!.]{0,3}\s*$")
_PAGE: Final = re.compile(
    r"(?i)[ \t.,:/·|(–-]{1,3}(?:p(?:age|\.)? ?\d|사본|원본|\d{1,2} ?부|\d{4}|[가-힣]{1,4}-?\d|회의 ?후|복사|재배포|열람)"
    r"[^\n]{0,24}$"
)
_WIDEST: Final = 60
_STAMPED: Final = re.compile(
    r"(?:상단|하단|표지|첫 ?장|겉장|앞면|뒷면|쪽|우측|좌측|구석)(?:에|에는)? [\"'“]?$"
)
_IS_STAMPED: Final = re.compile(
    r"[\"'”]?(?: ?도장| ?스탬프| ?표시)?(?:이)? ?(?:찍힘|찍혀 있음|있음|적힘|표시됨|기재됨)"
)


def stands_as_label(mark: str, head: str, tail: str, above: str, below: str) -> bool:
    """Whether a mark labels what it stands beside: as value of a field, as one of several keywords, before or behind a title."""
    return (
        _is_value(mark, head, tail)
        or _is_keyword(head, tail)
        or (_STAMPED.search(head) is not None and _IS_STAMPED.match(tail) is not None)
        or _beside_a_title(mark, head, tail, above, below)
    )


def _is_value(mark: str, head: str, tail: str) -> bool:
    named = _NAMED.search(head[-40:])
    if named is None or not _ENDS.match(tail) or _NO_NAME.match(named["name"].strip()) or _CODE.search(head):
        return False
    if mark.isascii():
        return _LATIN_NAMES.search(named["name"]) is not None and not mark.islower()
    return _STRONG.fullmatch(mark) is not None and not _SENTENCE.search(named["name"])


def _is_keyword(head: str, tail: str) -> bool:
    return (
        _LIST.search(head) is not None
        and _BEFORE_ITEM.search(head) is not None
        and _BEHIND_ITEM.match(tail) is not None
    )


def _beside_a_title(mark: str, head: str, tail: str, above: str, below: str) -> bool:
    opens = not above.strip() or above.endswith("\n") or not below.strip() or below.startswith("\n\n")
    if not above.strip() and asks_about(below):
        return False
    if not opens or not (above.strip() or below.strip()) or _STRONG.fullmatch(mark) is None:
        return False
    if (
        len(head) + len(tail) > _WIDEST
        or _SENTENCE.search(head)
        or _SENTENCE.search(tail)
        or _TRADE.match(tail)
    ):
        return False
    before, behind = head.strip(" \t#>*_-\"'«<([※★"), tail.strip(" \t*_-\"'»>)]※★!.")
    if not before:
        if mark.startswith("내부") or (mark.isascii() and tail.isupper()):
            return False
        return bool(behind) and (tail[:1] in " \t" or _PAGE.match(tail) is not None)
    return (
        not behind
        and before[-1] not in ":："
        and not _BEFORE.search(head)
        and _SEPARATED.search(head) is not None
        and _CLOSED.match(tail) is not None
    )
