"""The tokens of one request, ready to be found in its answer: made once, for all channels of the answer."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from haechi.catalogue.tokens import translations
from haechi.domain.mapping import Mapping, Taken
from haechi.domain.token import LONGEST, Candidate, grammar

_EXACT: Final = re.compile(r"(?:⟦|\\u27e6)?([A-Z]{4,12}_)0*([0-9]{0,6}[a-z]{0,2})\Z")


class Live:
    """Finds the tokens of `mapping`, and where one may have begun."""

    __slots__ = ("_beginnings", "_fixed", "_grammar", "_longest", "bare", "gate", "mapping", "taken")

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.taken: dict[str, Taken] = {each.token: each for each in mapping.taken}
        self.bare = any(each.bare for each in mapping.taken)
        """Whether a token may have quotes that its value has not."""
        names = frozenset(each.token.partition("_")[0] for each in mapping.taken if not each.fixed)
        fixed = [each.token for each in mapping.taken if each.fixed]
        self._grammar = grammar(names, tuple(translations().items()))
        self._fixed = re.compile(_tree(fixed)) if fixed else None
        self._longest = max((len(token) for token in self.taken), default=0)
        self._beginnings = frozenset(
            token[:size] for token in self.taken for size in range(1, len(token) + 1)
        )
        firsts = "".join(sorted({re.escape(token[0]) for token in fixed} | ({'"'} if self.bare else set())))
        gates = ([self._grammar.gate.pattern] if names else []) + ([f"[{firsts}]"] if firsts else [])
        self.gate = re.compile("|".join(gates) or "(?!)")
        """Without one of these signs no token begins."""

    def candidates(self, text: str, at: int) -> Iterator[Candidate]:
        """Every place from `at` on that reads as a token, in order."""
        if self._fixed is None:
            return self._grammar.candidates(text, at)
        found = [
            Candidate(match.group(), match.start(), match.end(), exact=True, bracketed=True)
            for match in self._fixed.finditer(text, at)
        ]
        return iter(sorted([*found, *self._grammar.candidates(text, at)], key=lambda each: each.start))

    def begun(self, text: str, at: int) -> int:
        """Where a token may have begun that `text` ends before: its length where none has."""
        start = self._grammar.begun(text, at)
        exact = _EXACT.match(text, start, len(text)) if len(text) - start <= LONGEST else None
        if exact and exact[1] + exact[2] not in self._beginnings:
            start = len(text)
        if self._fixed is not None:
            for size in range(min(self._longest, len(text) - at), len(text) - start, -1):
                if text[-size:] in self._beginnings:
                    start = len(text) - size
                    break
        if self.bare and start > at and text[start - 1] == '"':
            start -= 1
        return start


def _tree(words: Iterable[str]) -> str:
    """A pattern for many words that looks at each character once; of words that begin alike the longest is found."""
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    ways = [re.escape(letter) + _branch(below) for letter, below in node.items() if letter]
    if not ways:
        return ""
    pattern = ways[0] if len(ways) == 1 and "" not in node else f"(?:{'|'.join(ways)})"
    return f"{pattern}?" if "" in node else pattern
