"""Korean addresses by road, by lot and by building: an anchor, what stands before it, what stands behind it.

An anchor is `로`, `길`, `동`, `리` before a number, or a flat (`101동 1203호`). Districts before it make it an
address; alone, only a listed road of some length with more evidence is one.
"""

import re
from collections.abc import Iterator
from typing import Final

from haechi.gateway.classify.addresses.districts import (
    ABOVE_TOWN,
    CITY,
    PROVINCE,
    TOWN,
    VILLAGE,
    WARD,
    Chain,
    Districts,
    is_hangul,
    run_start,
)
from haechi.gateway.classify.addresses.gazetteer import Gazetteer
from haechi.gateway.classify.addresses.span import Places, Span
from haechi.gateway.classify.addresses.tail import BRANCH, UNIT, parts_end, plot_end

NUMBERED: Final = r"(?:[로길동리면]|[0-9]가)[ \t]{0,2}[,\n]?[ \t]{0,2}(?:지하 ?|산 ?)?[1-9]"
FLAT: Final = (
    r"(?:[0-9]{1,4}|[A-Za-z가-하])동[ ,]{0,2}(?:제 ?)?(?:지하 ?|[Bb])?[0-9]{1,5} ?호|"
    r"(?:아파트|빌딩|타워|오피스텔|빌라|맨션|상가|플라자|프라자|센터|회관)[ ,]{0,2}(?:제|지하|지상|[0-9A-Za-z가-하])"
)
"""Anchors, for RE2."""

BOX: Final = r"사서함 ?(?:제 ?)?[1-9][0-9]{0,4}(?:-[0-9]{1,4})?(?: ?호)?"
"""An anchor, for RE2: a box of the post office, where letters to barracks and prisons go."""

_BUILDING_END: Final = re.compile("(?:아파트|빌딩|타워|오피스텔|빌라|맨션|상가|플라자|프라자|센터|회관)")
_FLAT_NEXT: Final = re.compile(
    r"[ ,]{0,2}(?:[0-9]{1,4}|[A-Za-z가-하])동[ ,]{0,2}(?:제 ?)?(?:지하 ?|[Bb])?[0-9]{1,5} ?호"
)
_UNIT_NEXT: Final = re.compile(r"[ ,]{0,2}" + UNIT.pattern)
_QUARTER: Final = re.compile(r"[0-9]가(?=[ \t]{0,2}[,\n]?[ \t]{0,2}(?:산 ?)?[1-9])")
"""`종로1가 24`: the number belongs to the name."""
_BUILDING_WORD: Final = re.compile(r"[가-힣A-Za-z0-9&·-]{2,16}\Z")
_LABEL: Final = re.compile(
    r"(?:주소|소재지|거주지|체류지|배송지|수령지|발송지|납품처|사업장|자택|본점|도로명|지번|address|addr|ADDRESS|Address)"
    r"(?:는|은|가|이|를|을)?[\"' ]{0,3}[:=,\t|(]?[\"' ]{0,3}\Z"
)
_POSTCODE_BEFORE: Final = re.compile(
    r"(?<![0-9A-Za-z.-])(?:"
    r"[(\[]우 ?[)\]] ?(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3})|[(\[](?:우 ?)?(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3})[)\]]|"
    r"(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3}))[ ,]{0,2}\n?\Z"
)
POSTCODE: Final = (
    r"(?:우편 {0,2}번호|(?i:zip ?code|post ?code|postal ?code|zip)|[(\[]우[)\]]?|우\))[\"'은는이가 \t:=|(\[,\n]{0,6}"
    r"(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3})"
)
"""An anchor, for RE2."""
_POSTCODE_END: Final = re.compile(r"(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3})\Z")
_DIGITS_GO_ON: Final = re.compile(r"[0-9-]|[.,][0-9]")
_NO_ROADS: Final = frozenset(
    re.findall(
        r"\S+",
        """앞으로 그대로 제대로 절대로 마음대로 스스로 함부로 골목길 갈림길 출근길 퇴근길 산책길 지름길 등굣길 고속도로 활주로
        철도로 회로 경로 통로 도로 진로 항로 선로 미로 기로 위로 가로 세로 이로 서로 새로 바로 따로 별로 주로 때로 홀로 대로
        실제로 차례로 순서로 종류로 번호로 주소로 최고로 최대로 최소로 별도로 추가로 무료로 유료로 차로 용도로 정도로 속도로
        온도로 단위로 위주로 결과로 기준대로 예정대로 계획대로""",
    )
)
_YEAR: Final = re.compile(r"\s*(?:19|20)[0-9]{2}\Z")
_LONG_ENOUGH: Final = 4
"""Syllables of a listed road that is believed without a district: shorter ones are too often words."""


class Korean:
    """Finds Korean addresses in a text that holds an anchor."""

    def __init__(self, lists: Gazetteer) -> None:
        self._lists = lists
        self._districts = Districts(lists)

    def numbered(self, text: str, places: Places) -> Iterator[Span]:
        """Every address around a road or a quarter with a number, left to right, none twice."""
        behind = 0
        for start, _ in places:
            end = start + 1 if text[start] in "로길동리면" else start + 2
            if quarter := _QUARTER.match(text, end):
                end = quarter.end()
            if start >= behind and (span := self._at(text, end, behind)):
                yield span
                behind = span[1]

    def _at(self, text: str, end: int, floor: int) -> Span | None:
        by_road = text[end - 1] in "로길"
        span = self._road(text, end) if by_road else self._lot(text, end)
        if span is None:
            return None
        start, behind, form = span
        return (max(floor, _with_postcode(text, start)), behind, form)

    def _road(self, text: str, end: int) -> Span | None:
        start = self._road_start(text, end)
        name = text[start:end]
        known = self._lists.knows_road(name)
        if len(name) < 3 and not known:
            return None
        branch = BRANCH.match(text, end)
        plot = plot_end(text, branch.end() if branch else end, lot=False)
        if plot is None or name in _NO_ROADS or (not known and name.endswith(("으로", "별로"))):
            return None
        chain = self._districts.before(text, start)
        behind = parts_end(text, plot)
        if chain.levels & (WARD | CITY) or (known and chain.levels):
            return chain.start, behind, "road"
        evidence = behind > plot or branch is not None
        believed = _labelled(text, start) or (
            known and _stands_alone(name, text[end:plot], evidence=evidence)
        )
        return (start, behind, "road") if believed else None

    def _road_start(self, text: str, end: int) -> int:
        """Where the name of the road begins; districts may be written together with it."""
        start = run_start(text, end)
        if end - start <= 3 or self._lists.knows_road(text[start:end]):
            return start
        last = start
        for begin in range(start + 2, end - 1):
            if (
                text[begin - 1] in "시군구도읍면동리울산천주종원"
                and self._districts.before(text, begin).levels
            ):
                if self._lists.knows_road(text[begin:end]):
                    return begin
                if end - begin > 2:
                    last = begin
        return last

    def _lot(self, text: str, end: int) -> Span | None:
        chain = self._districts.before(text, end)
        if not chain.levels & (TOWN | VILLAGE):
            return None
        plot = plot_end(text, end, lot=True)
        if plot is None:
            return None
        number = text[end:plot]
        behind = parts_end(text, plot)
        if text[end - 1] == "면":
            believed = chain.levels & ABOVE_TOWN and "번지" in number
        elif chain.levels & (WARD | CITY) or (chain.levels & VILLAGE and chain.levels & TOWN):
            believed = True
        elif chain.levels & PROVINCE:
            believed = not chain.levels & VILLAGE and text[run_start(text, end) : end] in self._lists.towns
        else:
            proven = "-" in number or "번지" in number or behind > plot
            believed = (proven and end - chain.start > 2) or _labelled(text, chain.start)
        return (chain.start, behind, "lot") if believed else None

    def buildings(self, text: str, places: Places) -> Iterator[Span]:
        """Flats and floors of a building after its district, without road or number."""
        behind = 0
        for start, _ in places:
            named = _BUILDING_END.match(text, start)
            end = named.end() if named else start
            alone = not named and start > 0 and text[start - 1].isalnum()
            if start < behind or alone or not _UNIT_NEXT.match(text, end):
                continue
            flat = _FLAT_NEXT.match(text, end) is not None
            chain = self._before_building(text, end, (TOWN | WARD | CITY) if flat else TOWN)
            if chain and (flat or chain.levels & (WARD | CITY)):
                behind = parts_end(text, end)
                yield _with_postcode(text, chain.start), behind, "building"

    def boxes(self, text: str, places: Places) -> Iterator[Span]:
        """Boxes of a post office after its district."""
        for start, end in places:
            chain = self._districts.before(text, start)
            if chain.levels & (TOWN | VILLAGE | WARD | CITY):
                yield _with_postcode(text, chain.start), end, "lot"

    def _before_building(self, text: str, end: int, levels: int) -> Chain | None:
        """The districts before up to three words that name a building."""
        at = end
        for _ in range(3):
            while at and text[at - 1] in " ,":
                at -= 1
            word = _BUILDING_WORD.search(text, max(0, at - 17), at)
            if word is None:
                return None
            at = word.start()
            chain = self._districts.before(text, at)
            if chain.levels & levels and not is_hangul(text[at - 1]):
                return chain
        return None


def _stands_alone(name: str, number: str, *, evidence: bool) -> bool:
    """Whether a listed road and a number are an address with nothing before them."""
    syllables = sum(map(is_hangul, name))
    if syllables < _LONG_ENOUGH:
        return evidence and syllables > 2
    return evidence or not _YEAR.match(number)


def _labelled(text: str, start: int) -> bool:
    """Whether a word like 주소 stands directly before."""
    return _LABEL.search(text, max(0, start - 16), start) is not None


def _with_postcode(text: str, start: int) -> int:
    """`start`, or that of the postcode before it."""
    if found := _POSTCODE_BEFORE.search(text, max(0, start - 14), start):
        return found.start()
    return start


def postcodes(text: str, named: Places) -> Iterator[Span]:
    """Postcodes that are called so: the digits alone."""
    for start, end in named:
        code = _POSTCODE_END.search(text, start, end)
        if code and not _DIGITS_GO_ON.match(text, end):
            yield code.start(), end, "postcode"
