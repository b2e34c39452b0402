"""Which rules may hold in a text: the look that every text gets, and ordinary text nothing else.

RE2 automata over the context words and over the patterns of a shape of their own, and one coarse shape: nine digits with
little between them. Only where that occurs are the patterns of long numbers asked.
All of them a few to an automaton. One that holds many has a state for every mixture of them, builds it when it is first
met, and pays for each with the size of all: chance costs a fourth with six patterns of what it costs with eighteen, new
business text half; what is known costs 3 µs/KB an automaton.
A rule that cannot do without a name, and whose pattern says little, is asked wherever its names occur.
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

import re2

from haechi.gateway.classify.search import search_for
from haechi.gateway.classify.windows import Window
from haechi.gateway.classify.words import Words

_MEMORY: Final = 12 << 20
"""Bytes an automaton may use; it forgets its states and begins anew when they are full."""
_TOGETHER: Final = 6
_WORDS_TOGETHER: Final = 9
"""Patterns of an automaton, and names of kinds in one."""
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
    """The automata, built once."""

    def __init__(self, rules: Sequence[Gated], others: Sequence[str] = ()) -> None:
        self._rules = rules
        names = {id(rule.words): rule.words for rule in rules}
        self._words = {key: number for number, key in enumerate(names)}
        self._names = _Automata(
            [(self._words[key], words.expression) for key, words in names.items()], _WORDS_TOGETHER
        )
        own = [(number, _opened(rule)) for number, rule in enumerate(rules) if rule.shape == "own"]
        self._own = _Automata([*own, *enumerate(others, len(rules))], _TOGETHER)
        self._number = search_for(re2.compile(_LONG_NUMBER))
        self._long = _Automata(
            [
                (n, _opened(rule))
                for n, rule in enumerate(rules)
                if rule.shape == "number" and not rule.needs_name
            ],
            _TOGETHER,
        )
        self._named = [
            (number, self._words[id(rule.words)], rule.shape == "number")
            for number, rule in enumerate(rules)
            if rule.needs_name and rule.shape != "own"
        ]

    def candidates(self, encoded: bytes, windows: Sequence[Window] = ()) -> list[int]:
        """The rules that may hold in this text, or in its `windows`; behind them, by number, the other patterns that
        occur. Names are looked for in all of it. Raises `MemoryError` where nobody could look."""
        present = set(self._names.meanings(encoded))
        if windows:
            encoded = _APART.join(encoded[start:end] for start, end in windows)
        found = [number for number in self._own.meanings(encoded) if self._is_named(number, present)]
        long = self._number(encoded, 0, len(encoded)) is not None
        found += [
            number for number, words, is_long in self._named if words in present and (long or not is_long)
        ]
        return sorted(found + self._long.meanings(encoded) if long else found)

    def _is_named(self, number: int, present: set[int]) -> bool:
        """Whether a name of the rule is there, where it needs one."""
        if number >= len(self._rules):
            return True
        rule = self._rules[number]
        return not rule.needs_name or self._words[id(rule.words)] in present


def _opened(rule: Gated) -> str:
    return f"{_OPENING.get(rule.edge, '')}(?:{rule.expression})"


class _Automata:
    """Patterns, a few to an automaton, and what each of them means. A member that always matches tells a text without a
    finding from a failure."""

    def __init__(self, patterns: Sequence[tuple[int, str]], together: int) -> None:
        options = re2.Options()
        options.max_mem = _MEMORY
        self._sets: list[tuple[Any, list[int]]] = []
        for first in range(0, len(patterns), together):
            few = patterns[first : first + together]
            automaton = re2.Set.SearchSet(options)
            for expression in ("", *(expression for _, expression in few)):
                automaton.Add(expression)
            automaton.Compile()
            self._sets.append((automaton, [meaning for meaning, _ in few]))

    def meanings(self, encoded: bytes) -> list[int]:
        """What those patterns mean that occur."""
        found: list[int] = []
        for automaton, meaning in self._sets:
            members = automaton.Match(encoded)
            if not members or 0 not in members:
                raise MemoryError("the gate gave up: nobody has looked at this text")
            if len(members) > 1:
                found += [meaning[member - 1] for member in members if member]
        return found
