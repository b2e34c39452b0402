"""What somebody is also called where nothing told a detector so: `Smith` beside John Smith, `kim.minjun` beside a mailbox.

Only what certainly says who is meant. A word of a name that is a word of its own (`Will`, `Grace`) and the mailbox of
an office (`customer.service`) say nothing; a given name in Hangul (하나, 이슬) is left to the detector of names.
"""

import re
from collections.abc import Iterator
from typing import Final

from haechi.catalogue.tokens import offices, ordinary_words

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’\-]*[A-Za-z]")
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
    return iter(())


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
