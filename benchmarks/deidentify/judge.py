"""What an answer should have been, and what became of it. Particles have rules of their own here, apart from the product."""

import re
from typing import Final, Literal

Outcome = Literal["exact", "readable", "lost", "wrong value", "particle", "other"]

PAIRS: Final = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
    "이라/라": ("이라", "라"),
    "이며/며": ("이며", "며"),
}
_FIGURES: Final = {
    "0": "영",
    "1": "일",
    "2": "이",
    "3": "삼",
    "4": "사",
    "5": "오",
    "6": "육",
    "7": "칠",
    "8": "팔",
    "9": "구",
}
_CLOSED: Final = re.compile(r"(?:m|n|ng|l|le|[aeiou](?:ck|[kptb]|tt|pp)|[mn]e)$")
_TOKEN: Final = re.compile(
    r"(?i)\b(PERSON|PHONE|EMAIL|ADDRESS|ACCOUNT)[\\]?[_ \-#:]{0,2}0?([0-9])[a-z]?|(사람|전화|이메일|주소|계좌)[_ ]([0-9])"
)
_ENGLISH: Final = {"사람": "PERSON", "전화": "PHONE", "이메일": "EMAIL", "주소": "ADDRESS", "계좌": "ACCOUNT"}


def particle(word: str, pair: str) -> str:
    """The form of `pair` that follows `word`: by its last syllable, figure or Latin word as Koreans read it."""
    closed, open_ = PAIRS[pair]
    last = word.rstrip("*_`~\"'”’)]}>」⟧\\ ")[-1:]
    if last in _FIGURES:
        last = _FIGURES[last]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        if final == 8 and pair == "으로/로":
            return open_
        return closed if final else open_
    latin = re.search(r"[A-Za-z]+(?=[^A-Za-z]*$)", word)
    ends = latin.group().lower() if latin else ""
    if ends and not re.search("[aeiouy]", ends):  # read letter by letter: `kr` is 케이알
        rieul = ends[-1] in "lr"
        return open_ if pair == "으로/로" and rieul else closed if ends[-1] in "lmnr" else open_
    found = _CLOSED.search(ends)
    if found is None:
        return open_
    return open_ if pair == "으로/로" and ends.endswith(("l", "le")) else closed


def outcome(read: str, expected: str, roles: dict[str, str], values: dict[str, str]) -> Outcome:
    """What became of an answer that reads `read` where `expected` was due. `roles`: tokens to values; `values`: all others."""
    if read == expected:
        return "exact"
    healed = _TOKEN.sub(lambda found: roles.get(_name(found), found.group()), read)
    if _loosely(healed) == _loosely(expected):
        return "lost" if healed != read else "particle"
    for value in values.values():
        if read.count(value) > expected.count(value):
            return "wrong value"
    return "lost" if healed != read else "other"


def _name(found: re.Match[str]) -> str:
    head, number = (found[1].upper(), found[2]) if found[1] else (_ENGLISH[found[3]], found[4])
    return f"{head}_{number}"


def _loosely(text: str) -> str:
    """A text without what surrounds a value: particles, brackets, escapes."""
    return re.sub(
        r"(?:은\(는\)|\(으\)로|은/는|으로/로|으로|은|는|이|가|을|를|과|와|로|라|[\[\]⟦⟧\\_ ])", "", text
    )
