"""What stands before a road or a lot: village, town, ward, city, province, read from right to left.

Spaces may be missing or doubled, commas, bars and line breaks may stand between. A name of one level is taken only
before one of a lower level, so that a list of places is not read as one.
"""

import re
from typing import Final, NamedTuple

from haechi.gateway.classify.addresses.gazetteer import COUNTRIES, PROVINCES, Gazetteer

VILLAGE, TOWN, WARD, CITY, PROVINCE, COUNTRY = (1 << level for level in range(6))
ABOVE_TOWN: Final = WARD | CITY | PROVINCE

_SEPARATORS: Final = frozenset(" \t\n,|/>·\u00a0")
_LONGEST_RUN: Final = 24
_RUN_BACKWARDS: Final = re.compile("[가-힣0-9·.]*")
_PLOT_INSIDE: Final = re.compile("[로길동리][0-9]+(?!가|[0-9]|번?길)")
_LABEL_END: Final = re.compile(
    r"(?:주소|소재지|거주지|체류지|배송지|수령지|자택|본점|본사|는|은|을|를|이|가)\Z"
)
_TOWN: Final = re.compile(r"[가-힣·]{1,6}[0-9]{0,2}(?:[읍면동]|[0-9]가)\Z")
_VILLAGE: Final = re.compile(r"[가-힣]{1,4}[0-9]{0,2}리\Z")
_UNLISTED: Final = re.compile(r"[가-힣]{2,4}[시군구]\Z")
_PROVINCE_ENDS: Final = frozenset(name[-1] for name in PROVINCES)
_HEADS: Final = "시군구도울산천주종기원북남"


class Chain(NamedTuple):
    """Where the names begin, and which levels are among them (0: none)."""

    start: int
    levels: int


def is_hangul(character: str) -> bool:
    """Whether this is a Hangul syllable."""
    return "가" <= character <= "힣"


def run_start(text: str, end: int) -> int:
    """Where the run of Hangul, digits and points begins that ends at `end`; another number of a plot ends it."""
    window = text[max(0, end - _LONGEST_RUN) : end]
    length = _RUN_BACKWARDS.match(window[::-1]).end()  # type: ignore[union-attr]  # it matches the empty string
    start = end - length
    if plots := list(_PLOT_INSIDE.finditer(text, start, end)):
        start = plots[-1].end()
    while start < end and text[start] in ".·":
        start += 1
    return start


class Districts:
    """Reads districts backwards."""

    def __init__(self, lists: Gazetteer) -> None:
        self._lists = lists

    def before(self, text: str, end: int, above: int = 0) -> Chain:
        """The districts that end at `end`, all of a level higher than `above`."""
        at = end
        while at and end - at < 3 and text[at - 1] in _SEPARATORS:
            at -= 1
        if at < 2 or not is_hangul(text[at - 1]):
            return Chain(end, 0)
        last = text[at - 1]
        if last in "읍면동리가" and above < TOWN and (town := self._town(text, at, above)):
            return town
        if last in "시군구" and above < CITY and (city := self._city(text, at, above)):
            return city
        if above < PROVINCE and last in _PROVINCE_ENDS and (province := self._province(text, at)):
            return province
        if above < CITY and (spoken := self._spoken(text, at, above)):
            return spoken
        if above < COUNTRY and last == "국":
            for name in COUNTRIES:
                if text.endswith(name, 0, at) and self._is_edge(text, at - len(name)):
                    return Chain(at - len(name), COUNTRY)
        return Chain(end, 0)

    def _town(self, text: str, end: int, above: int) -> Chain | None:
        """A town or a village; what no list knows needs something above it."""
        start = run_start(text, end)
        village = text[end - 1] == "리"
        level, shape, heads = (VILLAGE, _VILLAGE, "읍면동") if village else (TOWN, _TOWN, _HEADS)
        if level <= above:
            return None
        for begin in (start, *range(end - 2, max(start + 1, end - 8), -1)):
            if begin > start and text[begin - 1] not in heads:
                continue
            if shape.match(text, begin, end):
                parent = self.before(text, begin, level)
                if parent.levels & (ABOVE_TOWN | TOWN):
                    return Chain(parent.start, parent.levels | level)
        return Chain(start, TOWN) if not village and text[start:end] in self._lists.towns else None

    def _city(self, text: str, end: int, above: int) -> Chain | None:
        for length in (5, 4, 3, 2):
            start = end - length
            if start < 0 or text[start:end] not in self._lists.cities:
                continue
            level = CITY if text[end - 1] == "시" else WARD
            if level <= above:
                return None
            parent = self.before(text, start, level)
            if parent.levels:
                return Chain(parent.start, parent.levels | level)
            if length > 2 or self._is_edge(text, start):
                return Chain(start, level)
        start = run_start(text, end)
        if _UNLISTED.match(text, start, end) and text[start:end] not in PROVINCES and above < WARD:
            parent = self.before(text, start, WARD)
            if parent.levels & (CITY | PROVINCE):
                return Chain(parent.start, parent.levels | WARD)
        return None

    def _province(self, text: str, end: int) -> Chain | None:
        for length in (9, 8, 7, 6, 5, 4, 3, 2):
            start = end - length
            if start < 0 or text[start:end] not in PROVINCES:
                continue
            if length < 3 and not self._is_edge(text, start):
                return None
            parent = self.before(text, start, PROVINCE)
            return Chain(parent.start if parent.levels else start, parent.levels | PROVINCE)
        return None

    def _spoken(self, text: str, end: int, above: int) -> Chain | None:
        """`수원` for 수원시; `분당` for 분당구 after its city only."""
        for length in (3, 2):
            start = end - length
            if start < 0 or not self._is_edge(text, start):
                continue
            name = text[start:end]
            if name in self._lists.spoken_cities:
                parent = self.before(text, start, CITY)
                return Chain(parent.start if parent.levels else start, parent.levels | CITY)
            if name in self._lists.spoken_wards and above < WARD:
                parent = self.before(text, start, WARD)
                if parent.levels & (CITY | PROVINCE):
                    return Chain(parent.start, parent.levels | WARD)
        return None

    @staticmethod
    def _is_edge(text: str, start: int) -> bool:
        """Whether a short name may begin here: not in the middle of another word."""
        if start == 0 or not (is_hangul(text[start - 1]) or text[start - 1].isalnum()):
            return True
        return _LABEL_END.search(text, max(0, start - 4), start) is not None
