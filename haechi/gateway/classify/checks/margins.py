"""Marks that are called by where they stand in a document: header, footer, stamp, watermark; and at the end of its title.

하단: Ⅱ급 비밀        footer says INTERNAL USE ONLY        품질 이상 통보서  사내한⏎발행 …
"""

import re
from typing import Final

_MARGIN: Final = re.compile(
    r"""(?ix) (?: (?:왼쪽|오른쪽|우측|좌측|맨)\ ?(?:위|아래) | 상단 | 하단 | 머리말 | 머리글 | 꼬리말 | 바닥글 | 표지 | 스탬프
      | 도장 | 직인 | 고무인 | 워터마크 | \b(?:header|footer|watermark|stamp(?:ed)?|banner|cover(?:\ page)?) )
      (?:\ ?(?:표시|문구|표기|낙인|text|says|reads|:\ ?says))? [\])"'”]{0,2} [ \t]?
      (?P<asks>[:：=|>–-]?) [ \t]? ["'“\[(<【「]{0,2} $
    """
)
_STAMP: Final = re.compile(r"(?:도장|스탬프|직인|고무인|(?:위|아래)(?: 빨간)?(?: 도장)?) $")
_ENDS: Final = re.compile(r"""["'”\])>】」]{0,2}(?:[ \t]*(?:$|[,，;(·|/]|[0-9])|[ \t]{2}|[ \t]?[\])】」>])""")
_CLOSED: Final = re.compile(r"[\])>】」]")

_OF_A_TITLE: Final = re.compile(
    r"대 ?외 ?비|사내한|사외비|부외비|극 ?비|.*급 ?비밀|CONFIDENTIAL|STRICTLY CONFIDENTIAL|INTERNAL USE ONLY|TLP:.*"
)
_NO_TITLE: Final = re.compile(
    r"""(?x) [?？!,] | (?:[을를은는]|에서|에게|으로|이란|라는|까지|부터|하는|되는|대한|관한|또는|및|등|vs|or|and|the|is|as)\s*$
      | (?:기준|규정|차이|구분|분류|지정|뜻|의미|정의|표시|문구|종류|등급|단계|해제|요건|침해|예시|절차|방법)\s*$
      | 다\. | 요\. | 니다 | [:：]\s*$
    """
)
_ASKS_FOR: Final = re.compile(
    r"(?:알려|정리해|설명해|요약해|번역해|써|작성해|만들어|고쳐)\s?(?:줘|주세요|주라|라)|[?？]\s*$"
)
_WIDEST_TITLE: Final = 50


def in_margin(head: str, tail: str) -> bool:
    """Whether the words before a mark name a margin of the document, and nothing of a sentence follows."""
    margin = _MARGIN.search(head[-48:])
    if margin is None or not _ENDS.match(tail):
        return False
    opened = head.rstrip()[-1:] in ("[", "(", "<", "【", "「")
    return bool(margin["asks"]) or opened == bool(_CLOSED.match(tail)) or _STAMP.search(head) is not None


def ends_title(mark: str, head: str, above: str, below: str) -> bool:
    """Whether a mark is the last word of the first line of a document, and that line a title and no question."""
    title = head.strip()
    if (
        above.strip()
        or not below.strip()
        or not title
        or len(title) > _WIDEST_TITLE
        or head[-1:] not in " \t"
    ):
        return False
    asked = _ASKS_FOR.search(below.lstrip("\n").partition("\n")[0])
    return _OF_A_TITLE.fullmatch(mark) is not None and not _NO_TITLE.search(title) and asked is None


def asks_about(below: str) -> bool:
    """Whether all that stands below a lonely word is one short request: «기밀⏎뜻을 알려줘»."""
    line = below.strip()
    return "\n" not in line and len(line) <= _WIDEST_TITLE and _ASKS_FOR.search(line) is not None
