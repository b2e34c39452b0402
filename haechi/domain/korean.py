"""Korean particles that fit the word before them.

A particle has two shapes, chosen by whether the word ends in a consonant *as it is spoken*: 서버는, 모델은;
`gpt-4`(사)는, `gpt-3`(삼)은. After ㄹ `으로` becomes `로`. Digits are read one by one, Latin words roughly as
Koreans say them, and a token without vowels letter by letter. A guess that is wrong sounds odd, nothing more.
"""

import re
from typing import Final, Literal

Ending = Literal["vowel", "consonant", "rieul"]

PARTICLES: Final = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
    "이라/라": ("이라", "라"),
}
"""Pairs as they are written in templates: after a consonant, after a vowel."""

_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3
_FINALS: Final = 28
_RIEUL: Final = 8
_DIGITS: Final[dict[str, Ending]] = {
    "0": "consonant",
    "1": "rieul",
    "2": "vowel",
    "3": "consonant",
    "4": "vowel",
    "5": "vowel",
    "6": "consonant",
    "7": "rieul",
    "8": "rieul",
    "9": "vowel",
}
_LETTERS: Final[dict[str, Ending]] = {"l": "rieul", "m": "consonant", "n": "consonant", "r": "rieul"}
_SPOKEN: Final = re.compile(r"[가-힣]|[0-9]|[A-Za-z]+(?=[^A-Za-z가-힣0-9]*$)")
_RIEUL_WORD: Final = re.compile(r"(l|[^aeiouy]le|[aiou]le)$")
_NASAL_WORD: Final = re.compile(r"(m|n|ng|[aeiouy][mn]e)$")
_STOPPED_WORD: Final = re.compile(r"(^|[^aeiouy]|i(?=[eo]))([aeiou]|oo)(ck|tt|pp|bb|[ckptb])$")


def particle(word: object, pair: str) -> str:
    """The particle of `pair` ("은/는") that follows `word`, a name, a number or a path."""
    after_consonant, after_vowel = PARTICLES[pair]
    heard = ending(str(word))
    if heard == "vowel" or (heard == "rieul" and pair == "으로/로"):
        return after_vowel
    return after_consonant


def with_particle(word: object, pair: str) -> str:
    """`word` and its particle."""
    return f"{word}{particle(word, pair)}"


def ending(word: str) -> Ending:
    """How `word` ends when spoken; signs behind it are not."""
    heard = _SPOKEN.findall(word)
    if not heard:
        return "vowel"
    last = heard[-1]
    if last in _DIGITS:
        return _DIGITS[last]
    if len(last) == 1 and _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        final = (ord(last) - _FIRST_SYLLABLE) % _FINALS
        return "vowel" if final == 0 else "rieul" if final == _RIEUL else "consonant"
    return _latin(last)


def _latin(word: str) -> Ending:
    lower = word.lower()
    if len(word) == 1 or word.isupper() or not re.search("[aeiouy]", lower):
        return _LETTERS.get(lower[-1], "vowel")
    if _RIEUL_WORD.search(lower):
        return "rieul"
    if _NASAL_WORD.search(lower) or _STOPPED_WORD.search(lower):
        return "consonant"
    return "vowel"
