"""Which stages a text asks for, at the cost of one pass of an RE2 automaton, two where long words stand.

Automata of words and of numbers must not be one: together they have a state for every mixture of both, and would
build states instead of reading (2 ms/KB instead of 4 µs).
"""

from collections.abc import Sequence
from typing import Any, Final

import re2

from haechi.gateway.classify.normalise import blocks, escapes, fold, literals, markup, spoken, squeeze

MEMORY: Final = 24 << 20
"""Bytes for the states of an automaton: with 8 MiB it forgets them while it reads chance (1 ms/KB)."""

_TOGETHER: Final = 18
"""Signs of an automaton: a fifth of the price of all in one on new texts, and 3 µs/KB more on what is known."""

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
    ("apart", squeeze.APART),
    (
        _WORDS,
        (
            r"[0-9][A-Za-z]|[a-z][A-Z]",
            r"[A-Z]{7}|[0-9]{9}|[A-Za-z0-9]=",
            r"[0-9A-Fa-f]{4} [0-9A-Fa-f]{4} [0-9A-Fa-f]{4}|[0-9A-Fa-f]{8} [0-9A-Fa-f]{8}|[0-9A-F]{2}h ",
            r"[ :,\-][0-9A-Fa-f]{2}[ :,\-][0-9A-Fa-f]{2}[ :,\-]",
            r"[g][aeimquy4][yz2-7][dt][acegikmoqsuwy246][lmnop][bjrz]",
        ),
    ),
)
_SECOND: Final = (("blocks", blocks.SIGNS),)


class _Automata:
    """Signs, a few to an automaton: every mixture that a text holds is a state of its own, built when it is first met."""

    def __init__(self, stages: Sequence[tuple[str, Sequence[str]]]) -> None:
        signs = [(stage, sign) for stage, signs in stages for sign in signs]
        self._sets: list[tuple[Any, list[str]]] = []
        for first in range(0, len(signs), _TOGETHER):
            options = re2.Options()
            options.max_mem = MEMORY
            together = re2.Set.SearchSet(options)
            for _, sign in signs[first : first + _TOGETHER]:
                together.Add(sign)
            together.Compile()
            self._sets.append((together, [stage for stage, _ in signs[first : first + _TOGETHER]]))

    def asks(self, encoded: bytes) -> frozenset[str]:
        found = [stage[number] for each, stage in self._sets for number in each.Match(encoded) or ()]
        return frozenset(found) if found else _NONE


_NONE: Final[frozenset[str]] = frozenset()
_FIRST_PASS: Final = _Automata(_FIRST)
_SECOND_PASS: Final = _Automata(_SECOND)


def stages(text: str) -> frozenset[str]:
    """The stages that could bring something to light in `text`; none where it is ordinary."""
    encoded = text.encode()  # half a surrogate pair raises: nobody can read it
    asked = _FIRST_PASS.asks(encoded)
    if _WORDS in asked:
        return (asked | _SECOND_PASS.asks(encoded)) - {_WORDS}
    return asked
