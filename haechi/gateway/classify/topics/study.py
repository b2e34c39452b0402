"""The study of topics: headings first, then a linear model over runs of characters.

It is asked only where a word of one of the topics occurs. What it says may raise a level, never lower one, and never
beyond confidential; it is no reason to release anything. `training/topics` makes the weights.
"""

from importlib.resources import files
from typing import Final

import numpy as np
import re2

from haechi.domain.label import Level
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.topics.code import prose_of
from haechi.gateway.classify.topics.features import Array, places
from haechi.gateway.classify.topics.headings import by_heading

TOPICS: Final = ("trade_secret", "unpublished_patent", "m_and_a", "clinical_note", "internal_memo")
SHORTEST: Final = 50
"""Characters below which a text says too little about itself."""
BLOCK: Final = 200
"""Characters that are added up at once."""
STRETCH: Final = 3
"""Blocks that are judged together: a long text is as sensitive as its most sensitive stretch."""
LONGEST: Final = 1000
"""Characters up to which a text is judged as a whole."""

_LANE: Final = 21
_MASK: Final = (1 << _LANE) - 1
_SHIFTS: Final = np.array((0, _LANE, 2 * _LANE))
_OFFSET: Final = 128

_WORDS: Final = (
    "노하우|비밀|배합|조건|레시피|공정|경쟁|유출|반출|조성|도면|비결|비율|원가|단가|수율|열람|제조|온도|금고|"
    "출원|발명|청구|명세서|선행 ?기술|신규성|변리사|실시예|특허|상기|"
    "인수|합병|실사|매각|매도|지분|입찰|대주주|기업 ?가치|매매|티저|협상|딜|거래|공시|"
    "환자|환아|산모|호소|병력|통증|투여|처방|진단|수술|활력징후|혈압|체온|소견|퇴원|외래|경과|드레싱|간호|검사|병동|재활|증상|복용|"
    "내원|흉통|산소|치료|약물|시술|절제|조직|"
    "내부|사내|임원|대외|외부|발표|비공개|공유|방침|인사위|구조조정|희망퇴직|함구|전달|노조|감사|경영|이사회|본부장|부서장|알리지|말하지|지침|"
    "(?i:know-how|secret|recipe|undisclosed|publish|competitor|supplier|withheld|inside|process|"
    "inventi|inventor|patent|claim|filing|filed|prior art|embodiment|disclos|"
    "acqui|merger|diligence|bidder|target|signing|seller|buyer|valuation|exclusivity|stake|insider|earn-out|deal|"
    "patient|pain|wound|biops|discharge|presents with|denies|mg|ecg|exam|fever|afebrile|tender|continue|\\b(?:pt|hx|bp|iv|ct)\\b|"
    "internal|forward|managers|announce|leadership|confidential|layoff|reorgani|restructur|the board|memo|staff|distribution)"
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
        """At most one finding. It is about the whole text; it stands at the last line with a word of a topic, so that it
        covers no more than it must."""
        if len(text) < SHORTEST or not self._gate.search(text.encode(errors="surrogatepass")):
            return []
        prose = prose_of(text)
        if len(prose) < SHORTEST:
            return []
        if topic := by_heading(prose):
            return [self._hit(text, topic, 0.9, "heading")]
        topic, sure = self._model.judge(prose)
        return [self._hit(text, topic, round(sure, 3), "model")] if sure >= self._threshold else []

    def _hit(self, text: str, topic: str, confidence: float, how: str) -> Hit:
        encoded = text.encode(errors="surrogatepass")
        last = max(match.start() for match in self._gate.finditer(encoded))
        place = len(encoded[:last].decode(errors="surrogatepass"))
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        return Hit(
            start,
            len(text) if end < 0 else end,
            f"topic.{topic}",
            Level.CONFIDENTIAL,
            confidence,
            f"topic.{how}",
        )


class Model:
    """Weights of every place for each topic and, last, for none of them; bytes with one scale a column.

    Three columns lie side by side in one word of 64 bits, 21 bits for each, so that adding words adds columns: a stretch
    has not so many places that a sum would reach its neighbour.
    """

    def __init__(self, weights: Array, scale: Array, bias: Array) -> None:
        positive = weights.astype(np.int64) + _OFFSET
        self._words = [
            positive[:, first] | positive[:, first + 1] << _LANE | positive[:, first + 2] << 2 * _LANE
            for first in (0, 3)
        ]
        self._scale, self._bias = scale, bias

    def judge(self, text: str) -> tuple[str, float]:
        """The likeliest topic of any stretch, and how likely it is against the others and against none."""
        found = places(text)
        if not found.size:
            return TOPICS[0], 0.0
        sums, sizes = self._sums(found)
        scores = sums * self._scale / np.sqrt(sizes)[:, None] + self._bias
        likely = np.exp(scores - scores.max(axis=1)[:, None])
        likely /= likely.sum(axis=1)[:, None]
        stretch, topic = divmod(int(likely[:, :-1].argmax()), len(TOPICS))
        return TOPICS[topic], float(likely[stretch, topic])

    def _sums(self, found: Array) -> tuple[Array, Array]:
        """For every stretch the sums of its columns, and how many places it has."""
        totals = [words.take(found) for words in self._words]
        if found.size <= 3 * LONGEST:
            packed = np.array([[total.sum()] for total in totals])
            sizes = np.array([found.size])
        else:
            length = found.size // 3  # runs of two, three, four: rows may be a character or two apart
            starts = np.arange(0, length, BLOCK)
            blocks = [
                np.add.reduceat(total[: 3 * length].reshape(3, -1).sum(axis=0), starts) for total in totals
            ]
            counts = 3 * np.diff(starts, append=length)
            packed = np.array([_neighbours(block) for block in blocks])
            sizes = _neighbours(counts)
        lanes = (packed[:, :, None] >> _SHIFTS) & _MASK
        return np.concatenate((lanes[0], lanes[1]), axis=1) - _OFFSET * sizes[:, None], sizes


def _neighbours(blocks: Array) -> Array:
    """Sums of as many neighbouring blocks as make a stretch."""
    return np.convolve(blocks, np.ones(STRETCH, blocks.dtype), "valid")
