"""Headings that name a topic by themselves: `[직무발명 신고서]`, `Discharge summary` on a line of its own."""

import re
from typing import Final

_WORDS: Final = {
    "trade_secret": (
        r"영업 ?비밀 관리 ?대장",
        r"노하우 (?:문서|관리)",
        r"공정 조건표",
        r"배합표",
        r"(?:process )?recipe sheet",
        r"trade secret register",
    ),
    "unpublished_patent": (
        r"직무 ?발명 신고서",
        r"발명 (?:신고서|설명서)",
        r"(?:특허 )?명세서 초안",
        r"invention disclosure(?: form)?",
        r"draft (?:patent )?claims",
    ),
    "m_and_a": (
        r"인수 (?:검토|제안)(?: 보고서?)?",
        r"(?:법무 |재무 |세무 )?실사 (?:요약|보고서?|결과)",
        r"deal (?:status|timeline)",
        r"due diligence (?:report|findings)",
    ),
    "clinical_note": (
        r"(?:외래|입원|응급실|초진|재진|수술|마취|경과|간호|진료|협진) ?(?:경과 ?|초진 ?)?기록지?",
        r"퇴원 ?요약지?",
        r"progress notes?",
        r"discharge summary",
        r"nursing notes?",
        r"operative note",
        r"SOAP note",
    ),
    "internal_memo": (
        r"(?:임원|경영진|본부장|부서장) ?(?:회의|공유|한정|전용|보고)[^\n]{0,10}",
        r"내부 (?:검토용?|공유용?|메모)",
        r"사내 ?(?:메모|공지 초안)",
        r"internal memo",
        r"leadership (?:memo|team only)",
    ),
}
_HEADINGS: Final = tuple(
    (
        topic,
        re.compile(
            rf"\s{{0,3}}(?:[\[(<【■◆#*]{{1,3}} ?(?:{'|'.join(words)})[^\n\])>】]{{0,20}}[\])>】\n]|"
            rf"(?:{'|'.join(words)})\s?(?:[:：]\s|\n))",
            re.IGNORECASE,
        ),
    )
    for topic, words in _WORDS.items()
)
_ASKS: Final = re.compile(
    r"(?:알려|설명해|만들어|작성해|정리해|추천해|비교해|써|짜|잡아) ?(?:줘|주세요|줄래|주실)|"
    r"(?:무엇|뭐|어떻게|어떤|인가요|나요|까요)\??|\b(?:how|what|explain|write|describe|create|template|example)\b",
    re.IGNORECASE,
)
"""Who asks for a form, or about one, has not written it."""
_HEAD: Final = 200


def by_heading(text: str) -> str | None:
    """The topic that the first line names, where it is a heading and nobody asks for a form."""
    for topic, heading in _HEADINGS:
        if heading.match(text) and not _ASKS.search(text, 0, _HEAD):
            return topic
    return None
