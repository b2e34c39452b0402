"""The study of topics: headings first, then a linear model over runs of characters.

It is asked only where a word of one of the topics occurs. What it says may raise a level, never lower one, and never
beyond confidential; it is no reason to release anything. `training/topics` makes the weights.
"""

import re
from importlib.resources import files
from typing import Final

import numpy as np
import re2

from haechi.domain.label import Level
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.topics.code import prose_of
from haechi.gateway.classify.topics.features import Array, places

TOPICS: Final = ("trade_secret", "unpublished_patent", "m_and_a", "clinical_note", "internal_memo")
SHORTEST: Final = 50
"""Characters below which a text says too little about itself."""
WINDOW: Final = 1000
"""Characters that are judged at once: a long text is as sensitive as its most sensitive stretch."""

_WORDS: Final = (
    "노하우|영업 ?비밀|배합|조건표|레시피|공정|경쟁사|유출|반출|조성|도면|비결|균주|원가|단가|수율|열람|"
    "출원|발명|청구항|명세서|선행 ?기술|신규성|변리사|실시예|"
    "인수|합병|실사|매각|지분|매수|거래 ?종결|기업 ?가치|주식매매|티저|독점 ?협상|딜|"
    "환자|환아|산모|주호소|현병력|통증|호소|투여|처방|진단|수술|활력징후|혈압|체온|소견|퇴원|외래|경과|드레싱|간호|검사|병동|재활|증상|복용|"
    "내부|사내|임원|대외|외부|발표 ?전|비공개|공유|방침|인사위|구조조정|희망퇴직|함구|전달|노조|감사|경영진|이사회|"
    "(?i:know-how|trade secret|recipe|undisclosed|never been published|competitor|supplier|withheld|inside|"
    "inventi|inventor|patent|claim|filing|filed|prior art|embodiment|"
    "acqui|merger|diligence|bidder|target|signing|seller|buyer|valuation|exclusivity|stake|insider|earn-out|"
    "patient|\\bpt\\b|\\bhx\\b|\\bbp\\b|\\bcc:|pain|wound|biops|discharge|presents with|denies|mg\\b|ecg|fever|tender|\\biv\\b|"
    "internal|forward|managers only|announce|leadership|confidential|disclose|layoff|reorgani|restructur|the board|memo)"
)
_HEADINGS: Final = (
    ("trade_secret", r"영업 ?비밀 관리 ?대장|노하우 (?:문서|관리)|공정 조건표|배합표|(?:process )?recipe sheet|trade secret register"),
    (
        "unpublished_patent",
        r"직무 ?발명 신고서|발명 (?:신고서|설명서)|(?:특허 )?명세서 초안|invention disclosure(?: form)?|draft (?:patent )?claims",
    ),
    ("m_and_a", r"인수 (?:검토|제안)(?: 보고서?)?|(?:법무|재무|세무)? ?실사 (?:요약|보고서?|결과)|deal (?:status|timeline)|due diligence (?:report|findings)"),
    (
        "clinical_note",
        r"(?:외래|입원|응급실|초진|재진|수술|마취|경과|간호|진료|협진) ?(?:경과 ?)?기록지?|퇴원 ?요약지?|"
        r"progress notes?|discharge summary|nursing notes?|operative note|SOAP note",
    ),
    (
        "internal_memo",
        r"(?:임원|경영진|본부장|부서장) ?(?:회의|공유|한정|전용|보고)[^\n]{0,10}|내부 (?:검토용?|공유용?|메모)|사내 ?(?:한정|메모|공지 초안)|"
        r"internal (?:memo|only|use only)|managers only|leadership (?:memo|team only)",
    ),
)
_HEADING: Final = tuple(
    (topic, re.compile(rf"\s{{0,3}}(?:[\[(<【■◆#*]{{1,3}} ?(?:{words})[^\n\])>】]{{0,20}}[\])>】\n]|(?:{words})\s*(?:[:：]\s|\n))", re.I))
    for topic, words in _HEADINGS
)
_ASKS: Final = re.compile(
    r"(?:알려|설명해|만들어|작성해|정리해|추천해|비교해|써|짜|잡아) ?(?:줘|주세요|줄래|주실)|(?:무엇|뭐|어떻게|어떤|인가요|나요|까요)\??|"
    r"\b(?:how|what|explain|write|describe|create|template|example)\b",
    re.I,
)


class Topics:
    """`scan` is pure, and safe in several threads."""

    def __init__(self) -> None:
        with (files("haechi.gateway.classify") / "topics" / "weights.npz").open("rb") as packed:
            stored = np.load(packed, allow_pickle=False)
            self._model = Model(stored["weights"], stored["scale"], stored["bias"])
            self._threshold = float(stored["threshold"])
        self._gate = re2.compile(_WORDS)

    def scan(self, text: str) -> list[Hit]:
        """At most one finding, over the whole text."""
        if len(text) < SHORTEST or not self._gate.search(text.encode(errors="surrogatepass")):
            return []
        prose = prose_of(text)
        if len(prose) < SHORTEST:
            return []
        if topic := _by_heading(prose):
            return [_hit(text, topic, 0.9, "heading")]
        topic, sure = max(map(self._model.judge, _windows(prose)), key=lambda judged: judged[1])
        return [_hit(text, topic, round(sure, 3), "model")] if sure >= self._threshold else []


class Model:
    """Weights of every place for each topic and, last, for none of them; bytes with one scale a column."""

    def __init__(self, weights: Array, scale: Array, bias: Array) -> None:
        self._weights, self._scale, self._bias = weights, scale, bias

    def judge(self, text: str) -> tuple[str, float]:
        """The likeliest topic, and how likely it is against the others and against none."""
        found = places(text)
        if not found.size:
            return TOPICS[0], 0.0
        sums = self._weights[found].sum(axis=0, dtype=np.int32)
        scores = sums * self._scale / np.sqrt(found.size) + self._bias
        likely = np.exp(scores - scores.max())
        best = int(likely[:-1].argmax())
        return TOPICS[best], float(likely[best] / likely.sum())


def _by_heading(text: str) -> str | None:
    """The topic that the first line names, where it is a heading and nobody asks for a form."""
    for topic, heading in _HEADING:
        if heading.match(text) and not _ASKS.search(text, 0, 200):
            return topic
    return None


def _windows(text: str) -> list[str]:
    """Stretches of a long text; the last one is a full one."""
    if len(text) <= WINDOW * 3 // 2:
        return [text]
    return [text[start : start + WINDOW] for start in (*range(0, len(text) - WINDOW, WINDOW), len(text) - WINDOW)]


def _hit(text: str, topic: str, confidence: float, how: str) -> Hit:
    return Hit(0, len(text), f"topic.{topic}", Level.CONFIDENTIAL, confidence, f"topic.{how}")
