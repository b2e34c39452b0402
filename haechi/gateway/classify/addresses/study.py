"""Addresses in a text. One gate in linear time says whether anything like one occurs; ordinary text pays for it alone."""

from typing import Any, Final

import re2

from haechi.domain.label import Level
from haechi.gateway.classify.addresses.english import ABROAD_ANCHOR, KOREAN_ANCHOR, english_spans
from haechi.gateway.classify.addresses.gazetteer import gazetteer
from haechi.gateway.classify.addresses.korean import (
    BOX,
    FLAT,
    NUMBERED,
    POSTCODE,
    Korean,
    postcodes,
)
from haechi.gateway.classify.addresses.span import Places, Span, Taken
from haechi.gateway.classify.hit import Hit

_ANCHORS: Final = (NUMBERED, FLAT, BOX, POSTCODE, KOREAN_ANCHOR, ABROAD_ANCHOR)
_CONFIDENCE: Final = {
    "road": 0.95,
    "lot": 0.95,
    "building": 0.85,
    "english": 0.9,
    "abroad": 0.9,
    "local": 0.7,
    "postcode": 0.9,
}


class Addresses:
    """The study of addresses: `scan` is pure, and safe in several threads."""

    def __init__(self) -> None:
        self._korean = Korean(gazetteer())
        self._gate = re2.Set.SearchSet()
        for pattern in _ANCHORS:
            self._gate.Add(pattern)
        self._gate.Compile()
        self._anchors = [re2.compile(pattern) for pattern in _ANCHORS]

    def scan(self, text: str) -> list[Hit]:
        """Every address, from the postcode at its head to flat, floor or brackets; and postcodes called so."""
        encoded = text.encode(errors="surrogatepass")
        present = self._gate.Match(encoded)
        if not present:
            return []
        numbered, flats, boxes, codes, romanised, abroad = (
            _places(anchor, encoded) if number in present else []
            for number, anchor in enumerate(self._anchors)
        )
        taken = Taken()
        taken.add(self._korean.numbered(text, numbered))
        taken.add(self._korean.buildings(text, flats))
        taken.add(self._korean.boxes(text, boxes))
        taken.add(english_spans(text, romanised, abroad))
        taken.add(postcodes(text, codes))
        return [_hit(span) for span in taken.spans]


def _places(anchor: Any, encoded: bytes) -> Places:
    """Where the anchor is found, in code points: what lies between two is decoded once."""
    places: Places = []
    at = point = 0
    for match in anchor.finditer(encoded):
        first, last = match.span()
        start = point + len(encoded[at:first].decode(errors="surrogatepass"))
        point = start + len(encoded[first:last].decode(errors="surrogatepass"))
        at = last
        places.append((start, point))
    return places


def _hit(span: Span) -> Hit:
    start, end, form = span
    return Hit(start, end, "address", Level.CONFIDENTIAL, _CONFIDENCE[form], f"address.{form}")
