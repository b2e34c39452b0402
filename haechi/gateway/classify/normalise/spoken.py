"""Numbers and addresses said in words: digit by digit, and with their punctuation spoken.

    공일공 다시 일이삼사에 오육칠팔     nine zero zero one zero one dash one …     kim 골뱅이 naver 점 com

Digits alone are meant, no place values (십이만 삼천). Few words are ordinary language (일이, 사오, 이사), so a run has at
least six digits, and figures may stand in it.
"""

import itertools
import re
from typing import Final

from haechi.gateway.classify.normalise.reading import Reading

_NATIVE: Final = "하나|다섯|여섯|일곱|여덟|아홉|둘|셋|넷"
_SYLLABLES: Final = "영공일이삼사오육륙칠팔구"
_HAN: Final = "〇零一二三四五六七八九壹壱貳贰弐貮參参叁肆伍陸陆柒漆捌玖"
_ENGLISH: Final = "zero|oh|nil|one|two|three|four|five|six|seven|eight|nine"
_SPOKEN: Final = {
    "다시": "-", "대시": "-", "하이픈": "-", "에": "-", "의": "-", "dash": "-", "hyphen": "-", "minus": "-", "빼기": "-",
    "점": ".", "쩜": ".", "닷": ".", "dot": ".", "point": ".", "슬래시": "/", "slash": "/", "콜론": ":", "colon": ":",
    "골뱅이": "@", "앳": "@", "엣": "@", "at": "@", "바": "-", "period": ".", "언더바": "_", "언더스코어": "_", "밑줄": "_", "underscore": "_",
    "플러스": "+", "plus": "+",
}  # fmt: skip
"""How punctuation is said."""

_DIGIT: Final[dict[str, str]] = (
    {word: str(digit) for word, digit in zip(_SYLLABLES, (0, 0, 1, 2, 3, 4, 5, 6, 6, 7, 8, 9), strict=True)}
    | dict(zip(_NATIVE.split("|"), "156789234", strict=True))
    | dict(zip(_HAN, "0012345678911222233345667789", strict=True))
    | dict(zip(_ENGLISH.split("|"), "000123456789", strict=True))
    | {str(digit): str(digit) for digit in range(10)}
)

_ANY: Final = rf"{_NATIVE}|[{_SYLLABLES}{_HAN}0-9]"
_GAP: Final = r"[ \t\n,.·/_~()*\"'\-]{0,3}"
_BETWEEN: Final = "다시|대시|하이픈|에|의|바|빼기|점|쩜|닷|슬래시|dash|hyphen|minus"
_BETWEEN_ENGLISH: Final = "dash|hyphen|minus|dot|point|period|slash|다시|대시|하이픈"

SIGNS: Final = (
    rf"(?:{_NATIVE}|[{_SYLLABLES}])(?:{_GAP}(?:{_ANY})){{3}}",
    rf"[0-9](?:[-. ]?[0-9]){{2}}[{_SYLLABLES}][-. ]?[{_SYLLABLES}0-9]",
    rf"[0-9][{_SYLLABLES}]{{1,3}}[0-9]|[{_SYLLABLES}]{{3}}(?:{_GAP}(?:{_BETWEEN}){_GAP})(?:{_ANY}){{2}}",
    rf"(?:(?:[{_SYLLABLES}0-9] ?){{1,3}}[점쩜닷] ?){{2}}[{_SYLLABLES}0-9]",
    rf"[{_HAN}](?:{_GAP}[{_HAN}0-9]){{3}}",
    rf"(?i)(?:{_ENGLISH})(?:[\s,.\-_/~]{{0,3}}(?:{_ENGLISH}|{_BETWEEN_ENGLISH}|[0-9])){{3}}",
    r"(?i)[#*_|~\-](?:at|dot)[#*_|~\-]|\(a\)|@@| {1,2}@ {0,2}[0-9A-Za-z]|[0-9A-Za-z] ?@ {1,2}[0-9A-Za-z]|@[0-9A-Za-z\-]+ {1,2}\. ",
    rf"[{_SYLLABLES}]{{2,3}} ?[가-힣] ?[{_SYLLABLES}]{{4}}|[A-Z] ?(?:[{_SYLLABLES}{_HAN}] ?){{2}}[점쩜.] ?[{_SYLLABLES}{_HAN}]",
    rf"[A-Z] (?i:{_ENGLISH}) (?i:{_ENGLISH}) (?i:dot|point|period) (?i:{_ENGLISH})",
    r"골뱅이|[앳엣][ A-Za-z]|[\[({<] ?(?:at|AT|At|dot|DOT|Dot|점|@|앳) ?[\])}>]",
    r"(?i) at [0-9A-Za-z가-힣_\- ]{1,60} dot |(?i)[a-z0-9](?: dot | 점 |점)[a-z]",
)

_NUMBER: Final = re.compile(
    rf"""(?x)
    (?:{_ANY}) (?:{_GAP}(?:(?:{_BETWEEN}){_GAP})?(?:{_ANY})){{5,40}}+
    | (?i:(?<![A-Za-z])(?:{_ENGLISH})
        (?:[\s,.\-_/~]{{0,3}}(?:(?:{_BETWEEN_ENGLISH})[\s,.\-_/~]{{1,3}})?(?:{_ENGLISH}|[0-9]{{1,4}})){{5,40}}+(?![A-Za-z]))
    """
)
_TOKEN: Final = re.compile(rf"(?i:{_BETWEEN}|{_BETWEEN_ENGLISH}|{_ENGLISH})|{_ANY}|[.\-/]")
_FEWEST: Final = 6
_ORDINARY_WORDS: Final = frozenset("일이")
"""Behind a figure they mean a day and «this»: 3일, 2이."""


def spell(reading: Reading) -> Reading:
    """The text with what is said in words written in figures and signs."""
    spelled = reading.replaced(_PLATE, _shown).replaced(_LETTERED, _shown)
    return spelled.replaced(_NUMBER, _figures).replaced(_MAIL, _mail)


_PLATE: Final = re.compile(
    rf"(?<![가-힣])[{_SYLLABLES}]{{2,3}}[ ]?(?![{_SYLLABLES}])[가-힣][ ]?[{_SYLLABLES}]{{4}}(?![{_SYLLABLES}])"
)
"""삼삼마 삼삼구구"""
_LETTERED: Final = re.compile(
    rf"(?<![0-9A-Za-z])[A-Z][ ]?(?:[{_SYLLABLES}{_HAN}][ ]?){{2}}[점쩜.][ ]?[{_SYLLABLES}{_HAN}]{{1,2}}"
    rf"|(?<![0-9A-Za-z])[A-Z](?:[ ](?i:{_ENGLISH})){{2}}[ ](?i:dot|point|period)(?:[ ](?i:{_ENGLISH})){{1,2}}(?![a-z])"
)
"""E일일점구, E one one dot nine"""


def _shown(match: re.Match[str]) -> str:
    """Figures for their words, the letters as they are; in a plate the syllable in the middle is none."""
    found = match[0]
    if match.re is _PLATE:
        return "".join(_DIGIT.get(sign, sign) for sign in found if sign != " ")
    words = re.findall(rf"(?i:{_ENGLISH}|dot|point|period)|.", found)
    return "".join(
        _DIGIT.get(word.lower()) or _SPOKEN.get(word.lower(), word) for word in words if word != " "
    )


def _figures(match: re.Match[str]) -> str | None:
    numbered, run, behind = _HEAD.match(match[0]) or _ends_a_word(match), match[0], ""
    head = numbered[0] if numbered else ""
    if tail := _TAIL.search(run) if _continues(match) else _APART.search(run):
        run, behind = run[: tail.start()], tail[0]
    said = _TOKEN.findall(run[len(head) :].lower())
    words = [word for word in said if (word in _DIGIT and not word.isascii()) or word in _ENGLISH_WORDS]
    digits = sum(word in _DIGIT for word in said)
    if digits < _FEWEST or not set(words) - _ORDINARY_WORDS or len(set(words)) < 2:
        return None
    signs = [_DIGIT.get(word) or _SPOKEN.get(word, word) for word in said]
    written = sum(word in {"-", ".", "/"} for word in said)
    if written > digits // 2:  # «nine-zero-zero-one»: a hyphen between any two says nothing
        signs = [sign for word, sign in zip(said, signs, strict=True) if word not in {"-", ".", "/"}]
    figures = "".join(signs)
    if (
        _OCTETS[0] <= digits <= _OCTETS[1]
        and figures.isdigit()
        and _MACHINE.search(match.string, max(0, match.start() - 32), match.start())
    ):
        figures = _pointed(figures)
    return head + figures + behind


_MACHINE: Final = re.compile(r"(?i)(?<![a-z])ips?(?![a-z])[^\n]{0,24}\Z|아이 ?피[^\n]{0,24}\Z")
_OCTETS: Final = (8, 12)
"""Figures of an address whose points were not said."""


def _pointed(figures: str) -> str:
    """The address of a machine whose points were not said; as it is where no points make one."""
    for lengths in itertools.product((3, 2, 1), repeat=3):
        ends = [0, *itertools.accumulate(lengths), len(figures)]
        octets = [figures[start:end] for start, end in itertools.pairwise(ends)]
        if all(0 < len(octet) <= 3 and int(octet) < 256 and str(int(octet)) == octet for octet in octets):
            return ".".join(octets)
    return figures


def _ends_a_word(match: re.Match[str]) -> re.Match[str] | None:
    """The last syllable of a word before the number: «생년월일 一九五九…»."""
    before = match.string[match.start() - 1 : match.start()] if match.start() else ""
    return _LAST_SYLLABLE.match(match[0]) if "가" <= before <= "힣" else None


_LAST_SYLLABLE: Final = re.compile(rf"[{_SYLLABLES}][ \t:=]{{1,3}}(?=[{_HAN}0-9])")
_HEAD: Final = re.compile(rf"[0-9]{{1,2}}[.,]?[ \t]+(?=(?:{_NATIVE}|[{_SYLLABLES}{_HAN}]){{2}})")
"""The number of a line in a list."""
_TAIL: Final = re.compile("[이일]$")
_APART: Final = re.compile(rf"(?<=[{_SYLLABLES}]{{3}})[ \t]+[일이오사구]$")
"""A syllable that stands by itself behind groups of them: «이 번호로»."""
_COPULA: Final = frozenset("에다고야며라니었죠지래거긴나면자어예요세신십까때")


def _continues(match: re.Match[str]) -> bool:
    """Whether the last syllable is no digit but the copula: «팔이에요», «팔일까»."""
    return match.string[match.end() : match.end() + 1] in _COPULA


_ENGLISH_WORDS: Final = frozenset(_ENGLISH.split("|"))

_DOT: Final = (
    r"(?:\s{0,2}\.\s{0,2}|[#*_|~\-]{1,2}(?i:dot)[#*_|~\-]{1,2}|\s{0,2}[\[({<]\s?(?:(?i:dot)|점|\.)\s?[\])}>]\s{0,2}|\s{0,2}(?:점|쩜|닷)\s{0,2}"
    r"|\s{1,2}(?i:dot|period|point)\s{1,2})"
)
_AT: Final = (
    r"(?:\s{0,2}[\[({<]\s?(?:(?i:at)|골뱅이|앳|@)\s?[\])}>]\s{0,2}|\s{0,2}(?:골뱅이(?: 표시)?|앳|엣|에트)\s{0,2}|\s{0,2}@{1,2}\s{0,2}"
    r"|[#*_|~\-]{1,2}(?i:at)[#*_|~\-]{1,2}|\(a\))"
)
_JOINED: Final = (
    r"(?:\s{0,2}(?:언더바|언더스코어|밑줄|하이픈|대시)\s{0,2}|\s{1,2}(?i:underscore|dash|hyphen)\s{1,2})"
)
_NAME: Final = r"[0-9A-Za-z_+%\-]{1,64}"
_MAIL: Final = re.compile(
    rf"""(?x)
    (?<![0-9A-Za-z_+%\-.]) {_NAME}(?:(?:{_DOT}|{_JOINED}){_NAME}){{0,4}}
    (?: {_AT} (?:[0-9A-Za-z\-]{{1,40}}|[가-힣]{{1,10}}?) (?:(?:{_DOT}|{_JOINED})(?:[0-9A-Za-z\-]{{1,40}}|한국)){{1,4}}
      | \s{{1,2}}(?i:at(?:[ ]sign)?)\s{{1,2}} (?:[0-9A-Za-z\-]{{1,40}}|[가-힣]{{1,10}})
        (?:\s{{0,2}}(?:(?i:dot|period|point)|점)\s{{0,2}}[0-9A-Za-z\-]{{1,40}}){{1,4}} )
    """
)
_SIGN: Final = re.compile(
    rf"(?P<at>{_AT}|\s{{1,2}}(?i:at(?:[ ]sign)?)\s{{1,2}})|(?P<dot>{_DOT}|\s{{0,2}}점\s{{0,2}})|(?P<joined>{_JOINED})"
)


def _mail(match: re.Match[str]) -> str | None:
    """An address with its signs written; `None` where it is written so already."""

    def sign(found: re.Match[str]) -> str:
        if found["joined"]:
            return _SPOKEN.get(found[0].strip().lower(), "-")
        return "@" if found["at"] else "."

    said = _SIGN.sub(sign, match[0])
    return said if said != match[0] else None
