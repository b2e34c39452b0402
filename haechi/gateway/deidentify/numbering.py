"""Values become tokens: numbered by first appearance, so that a number says nothing about its value.

    010-1234-5678  PHONE_1      01012345678  PHONE_1b     010-9999-0000  PHONE_2
    김민수         PERSON_1     민수         PERSON_1b    이영희         PERSON_2

Every writing has a token of its own, or the way home would not be exact; writings of one value share its number. A short
name, or the last figures of a number, joins a full one only if, where it first appears, it is short for exactly one that
stands before it. What
comes later changes nothing, so tokens of a growing conversation stay.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from haechi.catalogue.tokens import token_name
from haechi.domain.mapping import Taken
from haechi.domain.particles import NOTHING_HEARD, Heard, Pair, fitting, hearing
from haechi.domain.token import spelled
from haechi.gateway.deidentify.called import last_figures
from haechi.gateway.deidentify.canonical import canonical


class Writing(NamedTuple):
    """A value as it is written somewhere: the value, how JSON spells it there if not as we would, whether it is a bare
    number, and what stands for it where that is no token."""

    name: str
    value: str
    escaped: str = ""
    bare: bool = False
    fixed: str = ""


class Token(Struct):
    """A token that was given, and what was heard after it."""

    token: str
    kind: str
    writing: Writing
    heard: Heard = NOTHING_HEARD

    def hears(self, pair: Pair, form: int) -> bool:
        """Whether a particle is the one that will fit on the way home. The first of its way decides."""
        self.heard = hearing(self.heard, pair, form)
        return self.heard[pair.way] == form

    def says(self, pair: Pair) -> str:
        """The form of a particle that fits the token as read."""
        return pair.forms[fitting(self.token, pair)]


class Numbering:
    """The tokens of one request."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, str, str, bool, str], Token] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._last: defaultdict[str, int] = defaultdict(int)
        self._spellings: defaultdict[tuple[str, int], int] = defaultdict(int)
        self._short: defaultdict[tuple[str, str], set[int]] = defaultdict(set)

    def token(
        self, kind: str, value: str, escaped: str = "", *, bare: bool = False, fixed: str = ""
    ) -> Token:
        """The token for this writing of a value."""
        name = token_name(kind)
        writing = (name, value, escaped, bare, fixed)
        known = self._tokens.get(writing)
        if known is None:
            text = fixed or self._next(name, kind, value)
            known = self._tokens[writing] = Token(text, kind, Writing._make(writing))
        return known

    def _next(self, name: str, kind: str, value: str) -> str:
        number = self._number(name, kind, value)
        spelling = self._spellings[name, number]
        self._spellings[name, number] = spelling + 1
        return spelled(name, number, spelling)

    def _number(self, name: str, kind: str, value: str) -> int:
        same = canonical(kind, value)
        number = self._numbers.get((name, same)) or self._whose(name, same)
        if not number:
            number = self._last[name] = self._last[name] + 1
            for short in _shorter(same, value) if kind == "person" else (last_figures(kind, value),):
                self._short[name, short].add(number)
        self._numbers[name, same] = number
        return number

    def _whose(self, name: str, short: str) -> int:
        """The one value before it that this is short for; 0 where there is none or more than one."""
        whose = self._short.get((name, short), ())
        return next(iter(whose)) if len(whose) == 1 else 0

    def taken(self) -> Iterator[Taken]:
        """Everything that was numbered."""
        for token in self._tokens.values():
            writing = token.writing
            yield Taken(
                token.token,
                writing.value,
                token.kind,
                writing.escaped,
                writing.bare,
                token.heard,
                bool(writing.fixed),
            )


def _shorter(same: str, value: str) -> Iterator[str]:
    """What a full name is shortened to: a Korean one of three syllables to its last two, a Latin one to any of its words."""
    if len(same) == 3 and all("가" <= letter <= "힣" for letter in same):
        yield same[1:]
    elif value.isascii() and len(words := value.split()) > 1:
        yield from (canonical("person", word) for word in words)
