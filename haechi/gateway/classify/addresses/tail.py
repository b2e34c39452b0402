"""What stands behind a road or a lot: its number, then block, floor, room, building and brackets.

Every pattern is bounded and is asked at one place only, so the work for an address is constant.
"""

import re
from typing import Final

from haechi.gateway.classify.addresses.gazetteer import gazetteer

_PARTICLE: Final = (
    r"(?:에서|에게|에|으로|로|은|는|이[고며나다]|이에요|입니다|예요|인데|인가|인지|이|가|을|를|의|와|과|까지|부터|도|만|요|라고|"
    r"라는|및|임|앞|옆)"
)
_GAP: Final = r"[ \t,\n]{0,3}"

_NUMBER: Final = re.compile(r"[ \t]{0,2}[,\n]?[ \t]{0,2}(?:지하 ?)?[1-9][0-9]{0,4}(?:-[0-9]{1,4})?(?![0-9])")
_LOT: Final = re.compile(
    r"[ \t]{0,2}[,\n]?[ \t]{0,2}(?:산 ?)?[1-9][0-9]{0,4}(?:-[0-9]{1,4})?(?![0-9])(?: ?번지)?(?: 외 [0-9]{1,2}필지)?"
)
BRANCH: Final = re.compile(r" ?[0-9]{1,4}(?:번[가-하]?|[가-하])?안?길")
_NO_PLOT: Final = re.compile(
    r"[.:~-][0-9]|/[0-9]{1,2}(?![0-9-])|,[0-9]{3}(?![0-9-]|[호동층]| ?호)|[A-Za-z㎞㎡℃]|[%％](?!['\"])|가 ?산?[0-9]|"
    # Counted or measured, a space between or not; but 대림아파트, 명성빌딩 are names
    r" ?(?:개(?!나리|봉|화|포|신)|명(?!성|문|륜|동|품|가)|시간|분(?!당)|초(?!원)|개월|회(?!관)|번째|미터|킬로|피트|"
    r"인치|호선|차로|차선|층|년|번(?=[ 이을은에]|출구|버스|국도|선|\Z)|건(?!물|영|국)|(?:대|호|동|원|월|일)(?![가-힣]{2})|"
    r"km|m\b)|"
    # Counted, nothing between
    r"(?:배|점|주(?!공|세)|종|가지|[0-9]*가(?![가-힣 ]|\Z)|세(?!요)|살|인(?!데|가|지)|쪽|장|권|시(?!청|티)|도(?![ 가-힣]|\Z)|"
    r"단계|항|절|페이지|박|끼|곳|군데|칸|등급|등(?!\Z| )|만|천|억|조|위|학년|반|급|승|원|분|차(?!병)|대|건|개|명|회|초|월|일|"
    r"층|호|동)(?!동|물)"
)
"""What makes the number one of things, hours, prices or dates instead of a plot."""
_LIST_ITEM: Final = re.compile(r"[ \t]*\n[ \t]*[0-9]{1,2}[.)](?:\s|\Z)")

_QUARTER: Final = re.compile(r" ?[1-8]가(?! ?[0-9]|[ ,]?산)")
"""`종로 3가`, `안암동 5가`: a quarter."""

_BUILDINGS: Final = (
    "아파트|APT|apt|빌딩|타워|오피스텔|빌라|빌리지|맨션|맨숀|하이츠|캐슬|프라자|플라자|센터|센타|주택|연립|하우스|팰리스|타운|"
    "스퀘어|파크|자이|래미안|힐스테이트|푸르지오|더샵|아이파크|이편한세상|e편한세상|상가|회관|병원|의원|학교|은행|시장|"
    "연구소|공장|지식산업센터|테크노밸리|밸리|몰|원룸|고시원|기숙사|마을|단지|건물|청사|사옥"
)
_KNOWN_ENDS: Final = (
    "아파트|APT|apt|빌딩|타워|오피스텔|빌라|맨션|맨숀|하이츠|캐슬|프라자|플라자|연립주택|연립|팰리스|지식산업센터|자이|래미안|"
    "힐스테이트|푸르지오|아이파크|이편한세상|e편한세상|센트럴파크|스퀘어|주공|기숙사|다세대주택|사옥"
)
_ROOM: Final = (
    r"(?:제 ?)?(?:[A-Za-z]-?|비|지하 ?)?[0-9]{1,5}(?:[-~][0-9]{1,4})? ?호(?:실)?(?!선|차|기|봉|수|점|관|텔)"
)
_BLOCK: Final = r"(?:제 ?)?(?:[0-9]{1,4}(?:-[0-9]{1,2})?|[A-Za-z])동(?![가-힣]{2}구)"
_LETTER_BLOCK: Final = (
    r"(?:[가나다라마바사아자차카타파하]동|[본별신구동서남북]관|[A-Za-z]동)"
    r"(?=[ ,]{0,2}(?:제 ?|지하 ?|B)?[0-9]|[.,)]|\s{0,2}(?:\Z|[^가-힣\s]))"
)
_FLOOR: Final = (
    r"(?:지하 ?|지상 ?|[Bb])?[0-9]{1,3}(?: ?[~∼,-] ?[0-9]{1,3})? ?(?:층(?!수|짜리|간|높이|고)|F(?![A-Za-z0-9]))|"
    r"[Bb][1-9](?![0-9A-Za-z])|(?:지하층|지층|반지하|옥탑방?)(?![가-힣])"
)
_PAIR: Final = r"[1-9][0-9]{2,3}-(?:[1-9][01][0-9]|[1-6][0-9][01][0-9])(?![-0-9])"
_BARE_ROOM: Final = r"[0-9]{3,4}동 ?[1-9][0-9]{2,3}(?![-0-9가-힣.:,/])"
_PARISH: Final = r"[0-9]{1,3}통 ?[0-9]{1,3}반"
_PHASE: Final = r"[0-9]{1,2} ?(?:단지|차(?![가-힣])|블록|블럭)"
UNIT: Final = re.compile(f"(?:{_BARE_ROOM}|{_ROOM}|{_BLOCK}|{_LETTER_BLOCK}|{_FLOOR}|{_PARISH})")
_AFTER: Final = (
    re.compile(f"{_GAP}(?:{_BARE_ROOM}|{_ROOM}|{_BLOCK}|{_LETTER_BLOCK}|{_FLOOR}|{_PARISH}|{_PHASE})"),
    re.compile(f"[ ,]{{1,2}}{_PAIR}"),
)
_WORD: Final = r"[가-힣A-Za-z0-9&·'.-]"
_NAMED: Final = re.compile(
    rf"[ ,]{{0,2}}(?:[가-힣A-Za-z0-9]{{1,10}} )?{_WORD}{{0,14}}?(?:{_KNOWN_ENDS})"
    r"(?:아파트| ?[0-9]{1,2} ?(?:단지|차)|[0-9](?![0-9]))?"
    rf"(?={_PARTICLE}?(?:[^가-힣A-Za-z]|\Z))"
)
_NAMED_WITH_UNIT: Final = re.compile(
    rf"[ ,]{{1,2}}(?:{_WORD}{{1,14}} ){{0,2}}{_WORD}{{2,15}}[ ,]{{0,2}}(?={UNIT.pattern})"
)
_GLUED_WITH_UNIT: Final = re.compile(rf"[가-힣A-Za-z]{{1,12}}(?:{_BUILDINGS})[ ,]{{0,2}}(?={UNIT.pattern})")
_NOT_A_BUILDING: Final = re.compile(
    rf"[ ,]{{0,3}}(?:{_PARTICLE}(?![가-힣])|[0-9-]{{1,20}}(?![가-힣A-Za-z])|"
    r"[가-힣]{1,20}(?:시|군|구|도|대로|번길|에서|까지|부터|으로|하고|그리고)(?=[ ,]))"
)
_BRACKETS: Final = re.compile(
    r"[ ,]{0,2}\((?:지번:? ?)?(?:"
    r"(?P<town>[가-힣0-9·]{1,9}(?:[동리읍면]|[0-9]가))|"
    r"[가-힣0-9· ]{1,14}(?:[동리읍면]|[0-9]가)(?: ?산?[0-9]{1,4}(?:-[0-9]{1,4})?(?:번지)?)?(?:, ?[^()\n]{1,30})?|"
    rf"[^()\n]{{0,20}}(?:{_BUILDINGS})(?: ?[0-9]{{1,4}}(?:동|호|층|단지|차))?(?: ?[0-9]{{1,4}}호)?|"
    r"[가-힣0-9 ]{1,20}(?:로|길) ?[0-9]{1,4}(?:-[0-9]{1,4})?|"
    r"(?:우 ?)?[0-6][0-9]{4}|"
    rf"{UNIT.pattern})\)"
)
_WORD_BEFORE_BRACKETS: Final = re.compile(rf"[ ,]{{1,2}}{_WORD}{{2,15}}(?= ?\()")
_MOST_PARTS: Final = 7


def plot_end(text: str, at: int, *, lot: bool) -> int | None:
    """Where the number of a house or a lot ends that stands at `at`."""
    number = (_LOT if lot else _NUMBER).match(text, at)
    if number is None or _LIST_ITEM.match(text, at) or _QUARTER.match(text, at):
        return None
    return None if _NO_PLOT.match(text, number.end()) else number.end()


def parts_end(text: str, at: int) -> int:
    """Where flat, floor, building and brackets end that follow a number at `at`; `at` where there are none."""
    for _ in range(_MOST_PARTS):
        found = _part_end(text, at)
        if found is None:
            return at
        at = found
    return at


def _part_end(text: str, at: int) -> int | None:
    if (bracket := _bracket_end(text, at)) is not None:
        return bracket
    for pattern in _AFTER:
        if part := pattern.match(text, at):
            return part.end()
    if _NOT_A_BUILDING.match(text, at):
        return None
    for pattern in (_NAMED, _NAMED_WITH_UNIT, _GLUED_WITH_UNIT):
        if part := pattern.match(text, at):
            return part.start() + len(part[0].rstrip(" ,"))
    if word := _WORD_BEFORE_BRACKETS.match(text, at):
        return _bracket_end(text, word.end())
    return None


def _bracket_end(text: str, at: int) -> int | None:
    """Where brackets end that say the quarter or the building; a person's name may end in 동 as well."""
    found = _BRACKETS.match(text, at)
    if found is None or (found["town"] and found["town"] not in gazetteer().towns):
        return None
    return found.end()
