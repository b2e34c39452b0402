"""Whether a finding in a loose reading is to be believed.

Put enough ordinary numbers together and one of them passes any check. So beside its shape a finding there needs its
name near it, or must be something that no chance makes: an address, a key, a number in the very grouping of its
kind with enough different figures in it.
"""

import re
from functools import cache
from typing import Any, Final

import re2

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.normalise.reading import Reading

BEFORE: Final = 48
AFTER: Final = 24
_NUMBER: Final = re.compile(r"[0-9][0-9 .\-]*")
_LETTER: Final = re.compile("[A-Za-z]")
_DIFFERENT: Final = 4


_UNWRITTEN: Final = {
    "person": "성명 이름 성함 담당 고객 환자 예금주 수취인 수령인 수신인 받는분 받는사람 보내는사람 보호자 "
    "대표자 신청인 신청자 계약자 피보험자 가입자 소유자 명의자 주문자 근로자 작성자 사용자명 "
    "name attn customer patient payee holder recipient employee contact owner",
    "address": "주소 거주지 배송지 소재지 사는곳 자택 본적 등록기준지 근무지 납품처 보낼곳 수령지 우편 "
    "address residence shipto deliverto location",
    "secret": "비밀번호 비번 암호 패스워드 시크릿 토큰 키 key token secret password passwd pwd",
}
"""What names the kinds that are no numbers, and so have no words in the catalogue."""
_TOPIC: Final = "topic."
_WEIGHED: Final = "person."
"""Rules of the names model: a name on a company's list is no chance."""


@cache
def _names(kind: str) -> Any:
    """What the number is called, white space taken out; `None` for kinds that need no name."""
    words = {
        re.sub(r"\s", "", word).casefold()
        for identifier in identifiers()
        if identifier.kind == kind
        for word in (*identifier.words, *(word for rule in identifier.rule for word in rule.words))
    } | set(_UNWRITTEN.get(kind, "").split())
    return re2.compile("|".join(map(re2.escape, sorted(words)))) if words else None


def believed(hit: Hit, text: str) -> bool:
    """Whether `hit` in a loose reading `text` is more than chance."""
    if hit.kind.startswith(_TOPIC):
        return False  # what is about a whole text is no value that somebody took apart
    if hit.rule.startswith(_WEIGHED):
        return is_named(hit, text)
    value = text[hit.start : hit.end]
    if _NUMBER.fullmatch(value) is None:
        return True  # letters beside figures, a key, an address: its own rule was strict enough
    if _LETTER.match(text[hit.start - 1 : hit.start]) or _LETTER.match(text[hit.end : hit.end + 1]):
        return False  # ORD-250313-54984
    grouped = "-" in value and len(set(value) - set(" .-")) >= _DIFFERENT
    return grouped or is_named(hit, text)


def is_named(hit: Hit, text: str) -> bool:
    """Whether a word that names this kind stands near."""
    near = text[max(0, hit.start - BEFORE) : hit.start] + " " + text[hit.end : hit.end + AFTER]
    return _is_near(hit.kind, near)


def _is_near(kind: str, near: str) -> bool:
    names = _names(kind)
    said = "".join(near.split()).casefold().encode(errors="replace")
    return names is None or names.search(said) is not None


def joins_a_name(reading: Reading) -> bool:
    """Whether letters were put together behind a word that names a person: else no name was taken apart here."""
    text = reading.text
    return any(
        _is_near("person", text[max(0, place - BEFORE) : place])
        for place, between in reading.joints()
        if text[place - 1 : place].isalpha()
        and text[place : place + 1].isalpha()
        and not _CELL.search(between)
    )


_CELL: Final = re.compile(r"</?(?:td|th|tr|li|p|div|br|dt|dd|h[1-6])\b")
"""What keeps two things apart that are no pieces of one."""
