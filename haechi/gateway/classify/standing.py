"""Whether a value of a list really stands where its letters were found.

`홍길동은` and `홍 길 동` are the name; `김구` in `김구이`, `이 유리` in «이 유리는 깨졌다», a number inside a longer one, and an
amount are not. A value that is an ordinary word, or too short to say anything alone, needs a title behind it or the name
of a field before it.
"""

import re
from enum import IntFlag
from typing import Final

from haechi.catalogue.ordinary_words import beside

_WORDS: Final = beside()
_TAIL_LOOK: Final = 14
_LOOK_BACK: Final = 20
_LONGEST_EDGE: Final = 4
_LONG_TERM: Final = 4
"""Syllables from which on a project's name is known inside a longer word, too."""


def _one_of(*words: str) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_PARTICLE: Final = _one_of(*_WORDS.particles)
_HANGUL: Final = re.compile("[가-힣]*")
_AFTER: Final = re.compile(f"(?:{_one_of(*_WORDS.titles, *_WORDS.weak_titles)})?님?(?:{_PARTICLE}){{0,3}}")
_TITLED: Final = re.compile(f" ?(?:{_one_of(*_WORDS.titles)})님?(?:{_PARTICLE}){{0,2}}(?![가-힣])")

_OPENING: Final = r"[\s\"'“‘(\[]{0,3}\Z"
_NAMED: Final = re.compile(
    rf"(?<![가-힣a-z])(?:(?:{_one_of(*_WORDS.fields, *_WORDS.sure_fields)})[\"'”’]?\s?[:：=|,\t>]"
    rf"|(?:{_one_of(*_WORDS.sure_fields)})\s){_OPENING}",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    rf"(?:{_one_of(*_WORDS.numbered)}|(?<![a-z])(?:{_one_of(*_WORDS.numbered_latin)}))"
    rf"[\"'”’]?\s?(?:[:：=#|,\t-]|은|는|가|이)?{_OPENING}",
    re.IGNORECASE,
)

_EDGE_BEFORE: Final = re.compile(r"(?:\A|[\n\t,;|│/\"'“‘(\[{<>=:：]|  )[ ]*\Z")
_EDGE_AFTER: Final = re.compile(r"[ ]*(?:\Z|[\n\t,;:|│/\"'”’)\]}<>]|(?<=  ))")
_BROKEN: Final = re.compile(r"[^\w \u00a0\-./·'’&()+#@]|[^\w]{4}")
_BROKEN_TURNED: Final = re.compile(r"[^\w \u00a0\-.'’,]|[^\w]{3}|,\S")
"""A name in Latin letters may have its family name first and a comma behind it."""

_BROKEN_PLACE: Final = re.compile(r"[^\w \u00a0\-.,/()\[\]·]|[^\w]{4}")
_BROKEN_NAME: Final = re.compile(r"[^\w \u00a0\-·()]|[^\w]{4}")
_SPELLED: Final = re.compile("(?:[가-힣] ){2,}[가-힣]")
_FIGURES_BEFORE: Final = re.compile(r"(?:[0-9][.\-/]?|[₩$€¥])\Z")
_FIGURES_AFTER: Final = re.compile(rf"[.\-/]?[0-9]| ?(?:{_one_of(*_WORDS.units)})(?![a-z])", re.IGNORECASE)


class Doubt(IntFlag):
    """What makes a value doubtful where it stands alone."""

    NOTHING = 0
    WORD = 1
    """It is an ordinary word or a common number: title or field name are needed."""
    SHORT = 2
    """Two syllables: title, field name or a cell of its own are needed."""
    SPACED = 4
    """With a space behind its first syllable it is two ordinary words."""


def stands(text: str, first: int, last: int, kind: str, doubt: Doubt) -> bool:
    """Whether the value of `kind` found at `text[first:last]` is meant there."""
    found = text[first:last]
    if not found.isalnum() and _signs_that_part(kind, found).search(found):
        return False
    if _is_hangul(found[-1]) and not _ends_well(text, first, last, kind):
        return False
    if _part_of_a_number(text, first, last) or (kind == "email") != ("@" in found):
        return False
    if doubt is Doubt.NOTHING:
        return True
    if found[1:2].isalnum():
        doubt &= ~Doubt.SPACED
    elif _SPELLED.fullmatch(found):
        doubt = Doubt.NOTHING
    if not doubt:
        return True
    if _TITLED.match(text, last, last + _TAIL_LOOK) or _has_field(text, first, found):
        return True
    return not doubt & Doubt.WORD and _alone(text, first, last)


def _signs_that_part(kind: str, found: str) -> re.Pattern[str]:
    """What must not stand between the letters of a value."""
    if kind == "address":
        return _BROKEN_PLACE
    if _is_hangul(found[-1]):
        return _BROKEN_NAME
    return _BROKEN_TURNED if kind == "person" else _BROKEN


def _is_hangul(sign: str) -> bool:
    return "가" <= sign <= "힣"


def _ends_well(text: str, first: int, last: int, kind: str) -> bool:
    """Whether nothing but titles and particles is joined to a word in Hangul; a project's name of four syllables may be
    part of a longer word."""
    rest = _HANGUL.match(text, last, last + _TAIL_LOOK)
    tail = rest.group() if rest else ""
    return _AFTER.fullmatch(tail) is not None or (kind == "term" and last - first >= _LONG_TERM)


def _part_of_a_number(text: str, first: int, last: int) -> bool:
    """Whether figures stand in a longer number, an amount or a date."""
    if not text[last - 1].isdigit():
        return False
    if _FIGURES_AFTER.match(text, last, last + 6):
        return True
    return text[first].isdigit() and _FIGURES_BEFORE.search(text, max(0, first - 2), first) is not None


def _has_field(text: str, first: int, found: str) -> bool:
    before = text[max(0, first - _LOOK_BACK) : first]
    return (_NUMBERED if found[-1].isdigit() else _NAMED).search(before) is not None


def _alone(text: str, first: int, last: int) -> bool:
    """Whether the value is all that a cell, a line or a string holds."""
    before, after = text[max(0, first - _LONGEST_EDGE) : first], text[last : last + _LONGEST_EDGE]
    if first > _LONGEST_EDGE:
        before = "x" + before
    if last + _LONGEST_EDGE < len(text):
        after += "x"
    return _EDGE_BEFORE.search(before) is not None and _EDGE_AFTER.match(after) is not None
