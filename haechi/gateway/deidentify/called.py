"""What somebody is also called where nothing told a detector so: `Smith` beside John Smith, `kim.minjun` beside a mailbox,
the last four figures of a card.

Only what certainly says who is meant. Four figures mean a number where the words before them say so (`끝자리 4242`).
A word of a name that is a word of its own (`Will`, `Grace`) and the mailbox of an office (`customer.service`) say
nothing; a given name in Hangul (하나, 이슬) is left to the detector of names.
"""

import re
from collections.abc import Iterator
from typing import Final

from haechi.catalogue.tokens import offices, ordinary_words

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’\-]*[A-Za-z]")
_FIGURES: Final = re.compile("[0-9]")
_SAYS_LAST: Final = re.compile(
    r"(?:(?:끝|뒷?|뒤의|마지막|말미)[ ]?(?:네|4)?[ ]?(?:자리|번호|숫자)(?:[ ]?(?:는|가|인|이|은))?[ :]{0,2}"
    r"|(?i:ending[ ](?:in|with)|ends[ ](?:in|with)|last[ ](?:four|4)(?:[ ]digits)?(?:[ ](?:are|is|of))?)[ :]{1,2}"
    r"|(?:[*xX•●][*xX•●\- ]{1,18}))[\"'“‘(]?\Z"
)
NUMBERED: Final = frozenset({"phone", "card", "bank_account"})
"""Kinds whose numbers people name by their end."""
LAST: Final = 4
LEAST_FIGURES: Final = 9
_SIGNS: Final = re.compile(r"[._\-]")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
SHORTEST: Final = 3
"""Letters of a word of a name."""
SHORTEST_LOCAL: Final = 6
"""Characters of a mailbox's local part that says whose it is."""


def also_called(kind: str, value: str) -> Iterator[str]:
    """Other writings that mean `value`; none for most.

    >>> sorted(also_called("person", "John Smith"))
    ['JOHN', 'JOHN SMITH', 'John', 'SMITH', 'Smith', 'john smith']
    >>> list(also_called("email", "kim.minjun@corp.example"))
    ['kim.minjun', 'kim_minjun', 'kim-minjun']
    """
    if kind == "person" and value.isascii():
        return _names(value)
    if kind == "email":
        return _local_parts(value.partition("@")[0])
    return iter((end,) if (end := last_figures(kind, value)) else ())


def last_figures(kind: str, value: str) -> str:
    """The figures by which people name a long number; empty where they do not.

    >>> last_figures("card", "4242-4242-4242-9876"), last_figures("phone", "1588-1234"), last_figures("person", "김민수")
    ('9876', '', '')
    """
    figures = _FIGURES.findall(value) if kind in NUMBERED else []
    return "".join(figures[-LAST:]) if len(figures) >= LEAST_FIGURES else ""


def says_last(before: str) -> bool:
    """Whether the words at the end of `before` say that the last figures of a number follow.

    >>> says_last("카드 끝 4자리는 "), says_last("card ending in "), says_last("****-****-****-"), says_last("버전 ")
    (True, True, True, False)
    """
    return _SAYS_LAST.search(before) is not None


def _names(value: str) -> Iterator[str]:
    words = _WORD.findall(value)
    if len(words) < 2:
        return
    yield from {value.upper(), value.lower()} - {value}
    for word in words:
        if len(word) >= SHORTEST and word.title() not in ordinary_words():
            yield from (
                {word.title(), word.upper()} if word.isupper() or word.islower() else {word, word.upper()}
            )


def _local_parts(local: str) -> Iterator[str]:
    """The local part, also with other signs between its words. Letters alone may be any word."""
    if len(local) < SHORTEST_LOCAL or local.isalpha() or not local.isascii():
        return
    words = _LETTERS.findall(local)
    if not words or not offices().isdisjoint(word.lower() for word in words):
        return
    yield from dict.fromkeys([local, *(_SIGNS.sub(sign, local) for sign in "._-")])
