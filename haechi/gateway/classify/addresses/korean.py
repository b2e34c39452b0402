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
from haechi.gateway.classify.addresses.tail import BRANCH, UNIT, parts_end, plot_end

Span = tuple[int, int, str]
"""Start, end and the form of an address."""

_NUMBERED: Final = re.compile(
    r"(?:(?<=[가-힣0-9·.])[로길]|(?<=[가-힣0-9])[동리가면])(?=[ \t]{0,2}[,\n]?[ \t]{0,2}(?:지하 ?|산 ?)?[1-9])"
)
_FLAT: Final = re.compile(
    r"(?<![0-9A-Za-z가-힣])(?:[0-9]{1,4}|[A-Za-z가-하])동[ ,]{0,2}(?:제 ?)?(?:지하 ?|[Bb])?[0-9]{1,5} ?호"
    r"|(?:아파트|빌딩|타워|오피스텔|빌라|맨션|상가|플라자|프라자|센터|회관)(?=[ ,]{0,2}" + UNIT.pattern + ")"
)
_BUILDING_WORD: Final = re.compile(r"[가-힣A-Za-z0-9&·-]{2,16}\Z")
_LABEL: Final = re.compile(
    r"(?:주소|소재지|거주지|체류지|배송지|수령지|발송지|납품처|사업장|자택|본점|도로명|지번|address|addr|ADDRESS|Address)"
    r"(?:는|은|가|이|를|을)?[\"' ]{0,3}[:=,\t|(]?[\"' ]{0,3}\Z"
)
_POSTCODE_BEFORE: Final = re.compile(
    r"(?<![0-9A-Za-z.-])(?:"
    r"[(\[](?:우 ?\)? ?)?(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3})[)\]]|"
    r"(?:[0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3}))[ ,]{0,2}\n?\Z"
)
_NAMED_POSTCODE: Final = re.compile(
    r"(?:우편 {0,2}번호|(?i:zip ?code|post ?code|postal ?code|zip)|[(\[]우[)\]]?|\b우\))[\"'은는이가 \t:=|(\[,\n]{0,6}"
    r"([0-6][0-9]{4}|[1-7][0-9]{2}-[0-9]{3})(?![0-9-]|[.,][0-9])"
)
_MARKED: Final = re.compile(r"[(\[]우 ?[)\]]? ?\Z")
_NO_ROADS: Final = frozenset(
    "앞으로 그대로 제대로 절대로 마음대로 스스로 함부로 골목길 갈림길 출근길 퇴근길 산책길 지름길 등굣길 고속도로 활주로 "
    "철도로 회로 경로 통로 도로 진로 항로 선로 미로 기로 위로 가로 세로 이로 서로 새로 바로 따로 별로 주로 때로 홀로 대로 "
    "실제로 차례로 순서로 종류로 번호로 주소로 최고로 최대로 최소로 별도로 추가로 무료로 유료로 차로 용도로 정도로 속도로 "
    "온도로 단위로 위주로 결과로 기준대로 예정대로 계획대로".split()
)
_LONG_ENOUGH: Final = 4
"""Syllables of a listed road that is believed without a district: shorter ones are too often words."""


class Korean:
    """Finds Korean addresses in a text that holds an anchor."""

    def __init__(self, lists: Gazetteer) -> None:
        self._lists = lists
        self._districts = Districts(lists)

    def spans(self, text: str) -> list[Span]:
        """Every address, none twice."""
        found: list[Span] = []
        behind = 0
        for anchor in _NUMBERED.finditer(text):
            if anchor.start() >= behind and (span := self._at(text, anchor.start(), anchor.end(), behind)):
                found.append(span)
                behind = span[1]
        taken = list(found)
        for start, end, form in self._buildings(text):
            if all(end <= other[0] or start >= other[1] for other in taken):
                found.append((start, end, form))
        return found

    def _at(self, text: str, suffix: int, end: int, floor: int) -> Span | None:
        by_road = text[suffix] in "로길"
        span = self._road(text, end) if by_road else self._lot(text, end)
        if span is None:
            return None
        start, behind, form = span
        return (max(floor, _with_postcode(text, start)), behind, form)

    def _road(self, text: str, end: int) -> Span | None:
        branch = BRANCH.match(text, end)
        plot = plot_end(text, branch.end() if branch else end, lot=False)
        if plot is None:
            return None
        start = self._road_start(text, end)
        name = text[start:end]
        if len(name) < 2 or name in _NO_ROADS or name.endswith("으로"):
            return None
        chain = self._districts.before(text, start)
        behind = parts_end(text, plot)
        known = self._lists.knows_road(name)
        if chain.levels & (WARD | CITY):
            believed = known or len(name) > 2
        elif chain.levels:
            believed = known
        else:
            believed = _labelled(text, start) and (known or len(name) > 2)
            believed = believed or (known and self._stands_alone(text, name, plot, behind, branch is not None))
        return (chain.start if chain.levels else start, behind, "road") if believed else None

    @staticmethod
    def _stands_alone(text: str, name: str, plot: int, behind: int, branched: bool) -> bool:
        """Whether a listed road and a number are an address with nothing before them."""
        if len(name) < 3:
            return False
        return len(name) >= _LONG_ENOUGH or branched or behind > plot

    def _road_start(self, text: str, end: int) -> int:
        """Where the name of the road begins; districts may be written together with it."""
        start = run_start(text, end)
        if end - start <= 3 or self._lists.knows_road(text[start:end]):
            return start
        last = start
        for begin in range(start + 2, end - 1):
            if text[begin - 1] in "시군구도읍면동리울산천주종원" and self._districts.before(text, begin).levels:
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
        elif chain.levels & (WARD | CITY) or chain.levels & VILLAGE:
            believed = True
        elif chain.levels & PROVINCE:
            believed = text[run_start(text, end) : end] in self._lists.towns
        else:
            proven = "-" in number or "번지" in number or behind > plot
            believed = proven and end - chain.start > 2 or _labelled(text, chain.start)
        return (chain.start, behind, "lot") if believed else None

    def _buildings(self, text: str) -> Iterator[Span]:
        """Flats and floors of a building after its district, without road or number."""
        behind = 0
        for anchor in _FLAT.finditer(text):
            if anchor.start() < behind:
                continue
            flat = text[anchor.end() - 1] == "호"
            chain = self._before_building(text, anchor.start() if flat else anchor.end())
            if chain is None or not _is_district(chain, flat):
                continue
            behind = parts_end(text, anchor.start() if flat else anchor.end())
            yield _with_postcode(text, chain.start), behind, "building"

    def _before_building(self, text: str, end: int) -> Chain | None:
        """The districts before one or two words that name a building."""
        at = end
        for _ in range(2):
            while at and text[at - 1] in " ,":
                at -= 1
            word = _BUILDING_WORD.search(text, max(0, at - 17), at)
            if word is None:
                return None
            at = word.start()
            chain = self._districts.before(text, at)
            if chain.levels & TOWN and (at == end or not is_hangul(text[at - 1])):
                return chain
        return None


def _is_district(chain: Chain, flat: bool) -> bool:
    return bool(chain.levels & (WARD | CITY)) or (flat and chain.levels & TOWN != 0)


def _labelled(text: str, start: int) -> bool:
    """Whether a word like 주소 stands directly before."""
    return _LABEL.search(text, max(0, start - 16), start) is not None


def _with_postcode(text: str, start: int) -> int:
    """`start`, or that of the postcode before it."""
    if found := _POSTCODE_BEFORE.search(text, max(0, start - 14), start):
        return found.start()
    return start


def postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Postcodes that are called so: the digits alone."""
    for match in _NAMED_POSTCODE.finditer(text):
        yield match.span(1)
