"""Which stages a text asks for, at the cost of one pass of an RE2 automaton, two where long words stand.

Automata of words and of numbers must not be one: together they have a state for every mixture of both, and would
build states instead of reading (2 ms/KB instead of 4 µs).
"""

from collections.abc import Sequence
from typing import Final

import re2

from haechi.gateway.classify.normalise import blocks, escapes, fold, literals, markup, spoken, squeeze

MEMORY: Final = 24 << 20
"""Bytes for the states of an automaton: with 8 MiB it forgets them while it reads chance (1 ms/KB)."""

_WORDS: Final = "words"
"""A word that may be an encoding: letters and figures mixed, long in capitals or figures."""

_FIRST: Final = (
    ("fold", fold.SIGNS),
    ("escapes", escapes.SIGNS),
    ("markup", markup.SIGNS),
    ("cells", markup.CELLS),
    ("lines", markup.LINES),
    ("literals", literals.SIGNS),
    ("spoken", spoken.SIGNS),
    ("squeeze", squeeze.SIGNS),
    (
        _WORDS,
        (
            r"[0-9][A-Za-z]|[a-z][A-Z]",
            r"[A-Z]{7}|[0-9]{9}|[A-Za-z0-9]=",
            r"[ :,\-][0-9A-Fa-f]{2}[ :,\-][0-9A-Fa-f]{2}[ :,\-]",
        ),
    ),
)
_SECOND: Final = (("blocks", blocks.SIGNS),)


class _Automaton:
    def __init__(self, stages: Sequence[tuple[str, Sequence[str]]]) -> None:
        options = re2.Options()
        options.max_mem = MEMORY
        self._set = re2.Set.SearchSet(options)
        self._stage: list[str] = []
        for stage, signs in stages:
            for sign in signs:
                self._set.Add(sign)
                self._stage.append(stage)
        self._set.Compile()

    def asks(self, text: str) -> frozenset[str]:
        found = self._set.Match(text)
        return frozenset(self._stage[number] for number in found) if found else _NONE


_NONE: Final[frozenset[str]] = frozenset()
_FIRST_PASS: Final = _Automaton(_FIRST)
_SECOND_PASS: Final = _Automaton(_SECOND)


def stages(text: str) -> frozenset[str]:
    """The stages that could bring something to light in `text`; none where it is ordinary."""
    asked = _FIRST_PASS.asks(text)
    if _WORDS in asked:
        return (asked | _SECOND_PASS.asks(text)) - {_WORDS}
    return asked
