"""Addresses in a text. One gate in linear time says whether anything like one occurs; ordinary text pays for it alone."""

from typing import Final

import re2

from haechi.domain.label import Level
from haechi.gateway.classify.addresses.english import english_spans
from haechi.gateway.classify.addresses.gazetteer import gazetteer
from haechi.gateway.classify.addresses.korean import Korean, postcodes
from haechi.gateway.classify.hit import Hit

_KOREAN: Final = (
    r"(?:[로길동리면]|[0-9]가)[ \t]{0,2}[,\n]?[ \t]{0,2}(?:지하 ?|산 ?)?[1-9]",
    r"[0-9A-Za-z가-하]동[ ,]{0,2}(?:제 ?)?(?:지하 ?|[Bb])?[0-9]{1,5} ?호",
    r"(?:아파트|빌딩|타워|오피스텔|빌라|맨션|상가|플라자|프라자|센터|회관)[ ,]{0,2}(?:제|지하|지상|B|b|[0-9A-Za-z가-하])",
)
_POSTCODE: Final = r"(?:우편 {0,2}번호|[zZ][iI][pP]|[pP][oO][sS][tT]|우[)\]]|[(\[]우).{0,12}[0-9]{3}"
_ENGLISH: Final = (
    r"[0-9][A-Za-z]?,? (?:[A-Z0-9][A-Za-z0-9'. -]{1,40}|[A-Z])(?:[,\n]|[a-z] [A-Z0-9])",
    r"-(?:ro|gil|daero|dong),? [0-9]",
    r"-(?:ro|gil|daero|dong|ri|ga)\b",
    r"Box [0-9]",
)
_CONFIDENCE: Final = {"road": 0.95, "lot": 0.95, "building": 0.85, "english": 0.9, "abroad": 0.9, "local": 0.7}


class Addresses:
    """The study of addresses: `scan` is pure, and safe in several threads."""

    def __init__(self) -> None:
        self._korean = Korean(gazetteer())
        self._gate = re2.Set.SearchSet()
        for pattern in ("|".join(_KOREAN), _POSTCODE, "|".join(_ENGLISH)):
            self._gate.Add(pattern)
        self._gate.Compile()

    def scan(self, text: str) -> list[Hit]:
        """Every address, from the postcode at its head to flat, floor or brackets; and postcodes called so."""
        present = self._gate.Match(text.encode(errors="surrogatepass"))
        if not present:
            return []
        found = self._korean.spans(text) if 0 in present else []
        if 2 in present:
            found += [span for span in english_spans(text) if _apart(span, found)]
        hits = [_hit(start, end, form, _CONFIDENCE[form]) for start, end, form in found]
        if 1 in present:
            codes = [(*span, "postcode") for span in postcodes(text)]
            hits += [_hit(*code, 0.9) for code in codes if _apart(code, found)]
        return sorted(hits, key=lambda hit: hit.start)


def _apart(span: tuple[int, int, str], others: list[tuple[int, int, str]]) -> bool:
    return all(span[1] <= start or span[0] >= end for start, end, _ in others)


def _hit(start: int, end: int, form: str, confidence: float) -> Hit:
    return Hit(start, end, "address", Level.CONFIDENTIAL, confidence, f"address.{form}")
