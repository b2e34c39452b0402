"""Which rules may hold in a text: the look that every text gets, and ordinary text nothing else.

First one RE2 automaton over all context words and one coarse shape: nine digits with little between them. Only where
that occurs are the patterns of long numbers asked, a few to an automaton: together their groups of digits would
multiply, and random digits cost a new state each (12 ms/KB). Patterns of a shape of their own stand apart from the
words and in several automata for the same reason: all in one build states for every mixture (16 ms/KB of chance, 80 µs/KB
of business text instead of 20).
A rule that cannot do without a name, and whose pattern says little, is asked wherever its names occur.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

import re2

from haechi.gateway.classify.search import search_for
from haechi.gateway.classify.windows import Window
from haechi.gateway.classify.words import Words

_MEMORY: Final = 32 << 20
"""Bytes an automaton may use; it forgets its states and begins anew when they are full."""
_TOGETHER: Final = 5
_OWN_TOGETHER: Final = 18
"""Patterns of an automaton: of long numbers, and of shapes of their own."""
_LONG_NUMBER: Final = r"[0-9](?:[-‐‑‒–—−－﹣―~.·_/() \t\r\n]{0,5}[0-9]){8}"

_REMNANT: Final = r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[abfnrtv0]"
_NO_DIGIT: Final = f"(?:^|[^0-9]|{_REMNANT})"
_NO_WORD: Final = f"(?:^|[^0-9A-Za-z]|{_REMNANT})"
_OPENING: Final = {
    "digit": _NO_DIGIT,
    "group": _NO_DIGIT,
    "word": _NO_WORD,
    "dot": _NO_WORD,
    "colon": _NO_WORD,
}
"""What may stand before a match: without it every digit of a number would begin all patterns anew."""


_APART: Final = b"\n\n"


class Gated(Protocol):
    """What the gate asks of a rule."""

    @property
    def shape(self) -> str:
        """`own`, `number` or `any`, as in the catalogue."""

    @property
    def edge(self) -> str:
        """What may stand beside a match."""

    @property
    def expression(self) -> str:
        """Its pattern."""

    @property
    def needs_name(self) -> bool:
        """Whether it never holds without one of its words."""

    @property
    def words(self) -> Words:
        """Its names."""


class Gate:
    """The automata, built once. A member that always matches tells a text without a finding from a failure."""

    def __init__(self, rules: Sequence[Gated], others: Sequence[str] = ()) -> None:
        self._first = _Automaton()
        self._first.add(-1, "")
        self._number = search_for(re2.compile(_LONG_NUMBER))
        self._words: dict[int, int] = {}
        self._rules = rules
        self._long: list[_Automaton] = []
        self._own: list[_Automaton] = []
        for number, rule in enumerate(rules):
            if id(rule.words) not in self._words:
                self._words[id(rule.words)] = self._first.add(-3, rule.words.expression)
            if rule.shape == "own":
                _add(self._own, _OWN_TOGETHER, number, rule)
            elif rule.shape == "number" and not rule.needs_name:
                _add(self._long, _TOGETHER, number, rule)
        for number, expression in enumerate(others, len(rules)):
            self._first.add(number, expression)
        self._named = [
            (number, self._words[id(rule.words)], rule.shape == "number")
            for number, rule in enumerate(rules)
            if rule.needs_name and rule.shape != "own"
        ]
        for automaton in (self._first, *self._own, *self._long):
            automaton.compile()

    def candidates(self, encoded: bytes, windows: Sequence[Window] = ()) -> list[int]:
        """The rules that may hold in this text, or in its `windows`; behind them, by number, the other patterns that
        occur. Names are looked for in all of it."""
        present = self._first.members(encoded)
        if 0 not in present:
            raise MemoryError("the gate gave up: nobody has looked at this text")
        if windows:
            encoded = _APART.join(encoded[start:end] for start, end in windows)
        found = [number for automaton in self._own for number in automaton.meanings(encoded)]
        found = [number for number in found if self._is_named(number, present)]
        found += [number for member in present if (number := self._first.meaning[member]) >= 0]
        long = self._number(encoded, 0, len(encoded)) is not None
        found += [
            number for number, words, is_long in self._named if words in present and (long or not is_long)
        ]
        for automaton in self._long if long else ():
            found += automaton.meanings(encoded)
        return sorted(found)

    def _is_named(self, number: int, present: set[int]) -> bool:
        rule = self._rules[number]
        return not rule.needs_name or self._words[id(rule.words)] in present


def _add(automata: "list[_Automaton]", together: int, number: int, rule: Gated) -> None:
    if not automata or len(automata[-1]) > together:
        automata.append(_Automaton())
        automata[-1].add(-1, "")
    automata[-1].add(number, _opened(rule))


def _opened(rule: Gated) -> str:
    return f"{_OPENING.get(rule.edge, '')}(?:{rule.expression})"


class _Automaton:
    """A set of patterns, and what each of them means."""

    def __init__(self) -> None:
        options = re2.Options()
        options.max_mem = _MEMORY
        self._set: Any = re2.Set.SearchSet(options)
        self.meaning: list[int] = []

    def __len__(self) -> int:
        return len(self.meaning)

    def add(self, meaning: int, expression: str) -> int:
        self.meaning.append(meaning)
        number: int = self._set.Add(expression)
        return number

    def compile(self) -> None:
        self._set.Compile()

    def meanings(self, encoded: bytes) -> list[int]:
        """The rules whose patterns occur."""
        members = self.members(encoded)
        if 0 not in members:
            raise MemoryError("the gate gave up: nobody has looked at this text")
        return [number for member in members if (number := self.meaning[member]) >= 0]

    def members(self, encoded: bytes) -> set[int]:
        return set(self._set.Match(encoded) or ())
