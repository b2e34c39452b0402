"""Text in, findings out.

Two steps. A gate, one RE2 automaton over all patterns, says in linear time which rules hit at all; only those
are then asked for their spans. Ordinary text pays for the gate alone. RE2 cannot be made to backtrack, so no
input is slow.

Boundaries are checked by hand on the neighbours of a match: `\\b` takes Hangul for a word character in some
engines and would hide a number directly before a particle.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Final

import re2
from msgspec import Struct

from haechi.catalogue.identifiers import Identifier, IdentifierRule
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.classify.checks import CHECKS, NO, STRONG

BEFORE: Final = 25
AFTER: Final = 12
_ASCII_WORD: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_BORDER: Final = re2.compile("[^0-9A-Za-z]")


class Hit(Struct, frozen=True):
    """A finding in one running text; `start` and `end` count code points."""

    start: int
    end: int
    kind: str
    level: Level
    confidence: float
    rule: str


class _Rule:
    """A catalogue rule, compiled."""

    __slots__ = (
        "check",
        "confidence",
        "edge",
        "id",
        "kind",
        "level",
        "needs_context",
        "pattern",
        "strong",
        "words",
    )

    def __init__(self, identifier: Identifier, rule: IdentifierRule) -> None:
        self.id = rule.id
        self.kind = identifier.kind
        self.level = identifier.level_of(rule)
        self.confidence = rule.confidence
        self.pattern = re2.compile(rule.pattern)
        self.check = CHECKS[rule.check] if rule.check else None
        self.needs_context = rule.context == "required"
        self.strong = rule.strong
        self.edge = rule.edge
        self.words = (
            re2.compile("(?i)" + "|".join(map(_tolerant, identifier.words))) if identifier.words else None
        )

    def hits(self, text: str, encoded: bytes) -> Iterator[Hit]:
        """Every place where this rule holds, left to right. Linear: a refused start is not tried again, and
        code points are counted once on the way."""
        at = 0
        counted = points = 0
        while match := self.pattern.search(encoded, at):
            first, last = match.span()
            points += len(encoded[counted:first].decode())
            counted = first
            matched = match.group().decode()
            start, end = points, points + len(matched)
            groups = tuple(group.decode() if group is not None else None for group in match.groups())
            if self._holds(text, start, end, matched, groups):
                yield Hit(start, end, self.kind, self.level, self.confidence, self.id)
                at = last
            else:
                at = self._next_start(encoded, first, last)

    def _next_start(self, encoded: bytes, first: int, last: int) -> int:
        """The next place where a match may begin, after the one at `first` was refused."""
        if not self.edge:
            return last
        border = _BORDER.search(encoded, first)
        return len(encoded) if border is None else border.end()

    def _holds(self, text: str, start: int, end: int, matched: str, groups: tuple[str | None, ...]) -> bool:
        if self.edge and (
            (start and text[start - 1] in _ASCII_WORD) or (end < len(text) and text[end] in _ASCII_WORD)
        ):
            return False
        verdict = self.check(matched, groups) if self.check else None
        if verdict is NO:
            return False
        if not self.needs_context or (verdict is STRONG and self.strong):
            return True
        return self._context_near(text, start, end)

    def _context_near(self, text: str, start: int, end: int) -> bool:
        near = text[max(0, start - BEFORE) : start] + "\n" + text[end : end + AFTER]
        return self.words is not None and self.words.search(near) is not None


def _tolerant(word: str) -> str:
    """A context word whose Korean syllables may stand apart («주민 등록 번호»), and whose Latin ones may not
    stand inside another word."""
    if word.isascii():
        return rf"\b{re2.escape(word)}\b"
    return r"\s?".join(re2.escape(character) for character in word)


class Scanner:
    """The detectors, compiled once. Without a single rule it refuses to exist: no detector, no start."""

    def __init__(self, catalogue: Sequence[Identifier]) -> None:
        self._rules = [_Rule(identifier, rule) for identifier in catalogue for rule in identifier.rule]
        if not self._rules:
            raise ConfigurationError(
                Text(
                    ko="탐지 규칙이 하나도 없어 시작하지 않습니다. 식별자 카탈로그를 되돌려 놓으세요.",
                    en="There is no detector, so haechi does not start. Restore the catalogue of identifiers.",
                )
            )
        self._gate = re2.Set.SearchSet()
        for identifier in catalogue:
            for rule in identifier.rule:
                self._gate.Add(rule.pattern)
        self._gate.Compile()

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`, in order. Where two overlap, the longer one stays, then the stricter one."""
        numbers = self._gate.Match(text)
        if not numbers:
            return []
        encoded = text.encode()
        hits = [hit for number in numbers for hit in self._rules[number].hits(text, encoded)]
        return _without_overlaps(hits) if len(hits) > 1 else hits


def _without_overlaps(hits: list[Hit]) -> list[Hit]:
    """Longest first, then strictest; what touches an already kept hit is left out. n log n."""
    starts: list[int] = []
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, -hit.level, hit.start)):
        place = bisect(starts, hit.start)
        free_left = place == 0 or kept[place - 1].end <= hit.start
        free_right = place == len(kept) or hit.end <= kept[place].start
        if free_left and free_right:
            starts.insert(place, hit.start)
            kept.insert(place, hit)
    return kept
