"""Text in, findings out.

Two steps. A gate, one RE2 automaton over all patterns and all context words, says in linear time which of them
occur at all; only rules that can still hold are then asked for their spans. Ordinary text pays for the gate
alone. RE2 cannot be made to backtrack, and a place that was refused is not read again, so no input is slow.

Boundaries are checked by hand on the neighbours of a match: `\\b` takes Hangul for a word character in some
engines and would hide a number directly before a particle. What stands beside a number of a strong shape may
be a letter (`RRN900101-1234568`), but not another digit, and the whole must not be a hexadecimal word (a UUID).

Hits may overlap: the label needs the highest level and every kind (see `without_repetitions`).
"""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Final

import re2

from haechi.catalogue.identifiers import Identifier, IdentifierRule, words_of_other_numbers
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.classify.checks.table import CHECKS
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict
from haechi.gateway.classify.hit import Hit

BEFORE: Final = 25
AFTER: Final = 12
BEHIND: Final = 3
"""A context word behind a number counts as so much farther away: in Korean a number follows its name."""

_DIGITS: Final = frozenset(b"0123456789")
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_HEX: Final = b"0123456789abcdefABCDEF-"
_LONGEST_HEX: Final = 128

# These look for one run of one class, or for a fixed width: nothing to backtrack over.
_DIGIT_RUN: Final = re.compile(rb"[0-9]*")
_WORD_RUN: Final = re.compile(rb"[0-9A-Za-z]*")
_AROUND: Final = 240
"""Bytes before and behind a match that a check may see."""
_NOTHING: Final = r"[^\x00-\x{10FFFF}]"
_NOT_FIRST_OF_CHARACTER: Final = bytes(range(0x80, 0xC0))
_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f]{24,}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

_REMNANT: Final = r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[abfnrtv0]"
_ESCAPE: Final = re.compile(_REMNANT.encode())
_OPENING: Final = {
    "digit": f"(?:^|[^0-9]|{_REMNANT})",
    "word": f"(?:^|[^0-9A-Za-z]|{_REMNANT})",
    "none": "",
}
"""What may stand before a match, for the gate: without it every digit of a number would begin all patterns anew,
and random digits would cost the automaton a new state each (5 ms/KB)."""


class _Page:
    """One text under examination. Matching is done on bytes; whatever is costly is worked out once, on demand."""

    _BLOCK: Final = 256

    def __init__(self, text: str) -> None:
        self.encoded = text.encode()
        self._ascii = len(self.encoded) == len(text)
        self._found: dict[int, tuple[list[int], ...]] = {}

    @cached_property
    def readings(self) -> tuple[bytes, ...]:
        """The text as written and, where it differs, with the remnants of escapes as spaces: in a log or in
        source code `\\n` and `%20` stand directly before a number. Both, for «10%010-1234-5678» is no escape."""
        if b"%" not in self.encoded and b"\\" not in self.encoded:
            return (self.encoded,)
        blank = _ESCAPE.sub(lambda escape: b" " * len(escape.group()), self.encoded)
        return (self.encoded,) if blank == self.encoded else (self.encoded, blank)

    def point(self, offset: int) -> int:
        """How many code points stand before the byte at `offset`."""
        if self._ascii:
            return offset
        block = offset // self._BLOCK
        rest = self.encoded[block * self._BLOCK : offset]
        return self._blocks[block] + len(rest.translate(None, _NOT_FIRST_OF_CHARACTER))

    @cached_property
    def _blocks(self) -> list[int]:
        points, blocks = 0, []
        for start in range(0, len(self.encoded) + 1, self._BLOCK):
            blocks.append(points)
            block = self.encoded[start : start + self._BLOCK]
            points += len(block.translate(None, _NOT_FIRST_OF_CHARACTER))
        return blocks

    def distance(self, words: "_Words", start: int, end: int) -> int | None:
        """How near the nearest of `words` stands to a number; `None`: not near enough to speak of it."""
        starts, ends = self._places(words)
        before = bisect(ends, start) - 1
        behind = bisect_left(starts, end)
        gaps = []
        if before >= 0 and start - ends[before] <= BEFORE:
            gaps.append(start - ends[before])
        if behind < len(starts) and ends[behind] - end <= AFTER:
            gaps.append(starts[behind] - end + BEHIND)
        return min(gaps, default=None)

    def _places(self, words: "_Words") -> tuple[list[int], ...]:
        """Where `words` stand, in code points; looked for once a page."""
        key = id(words)
        if key not in self._found:
            spans = [
                match.span(1 if match.start(1) >= 0 else 2) for match in words.pattern.finditer(self.encoded)
            ]
            self._found[key] = tuple([self.point(span[edge]) for span in spans] for edge in (0, 1))
        return self._found[key]


class _Words:
    """Context words, compiled. White space inside Korean words is tolerated («주민 등록 번호»); Latin words may
    not stand inside another word, but digits and `_` may touch them («RRN900101», «card_no»)."""

    __slots__ = ("expression", "number", "pattern")

    def __init__(self, words: Iterable[str]) -> None:
        latin = "|".join(re2.escape(word) for word in words if word.isascii()) or _NOTHING
        other = (
            "|".join(r"\s?".join(map(re2.escape, word)) for word in words if not word.isascii()) or _NOTHING
        )
        self.expression = rf"(?i)({other})|(?:\b|_)({latin})(?:\b|[0-9_])"
        self.pattern = re2.compile(self.expression)
        self.number = -1  # in the gate


class _Rule:
    """A catalogue rule, compiled."""

    __slots__ = (
        "around",
        "check",
        "confidence",
        "edge",
        "has_groups",
        "id",
        "kind",
        "level",
        "may_be_strong",
        "needs_context",
        "pattern",
        "rivals",
        "value",
        "words",
    )

    def __init__(self, identifier: Identifier, rule: IdentifierRule, words: _Words, rivals: _Words) -> None:
        self.id = rule.id
        self.kind = identifier.kind
        self.level = identifier.level_of(rule)
        self.confidence = rule.confidence
        self.pattern = re2.compile(rule.pattern)
        self.has_groups = self.pattern.groups > 0
        self.value = self.pattern.groupindex.get("value", 0)
        self.around = rule.around
        self.check = CHECKS[rule.check] if rule.check else None
        self.needs_context = rule.context == "required"
        self.may_be_strong = rule.strong and self.check is not None
        self.edge = rule.edge
        self.words = words
        self.rivals = rivals

    def may_hold(self, present: frozenset[int]) -> bool:
        """Whether this rule can hold in a text in which these members of the gate occur."""
        return not self.needs_context or self.may_be_strong or self.words.number in present

    def hits(self, page: _Page) -> Iterator[Hit]:
        """Every place where this rule holds, left to right in each reading."""
        edged = self.edge != "none"
        for encoded in page.readings if edged else (page.encoded,):
            matches = self.pattern.finditer(encoded)
            while match := next(matches, None):
                first, last = match.span()
                if not edged or self._stands_alone(encoded, first, last):
                    start, end = map(page.point, match.span(self.value))
                    if self._holds(page, match, encoded, start, end):
                        yield Hit(start, end, self.kind, self.level, self.confidence, self.id)
                        continue
                if edged:
                    matches = self.pattern.finditer(encoded, self._next_start(encoded, first))

    def _stands_alone(self, encoded: bytes, first: int, last: int) -> bool:
        """Whether the neighbours are no part of the match."""
        before = encoded[first - 1] if first else 0
        behind = encoded[last] if last < len(encoded) else 0
        if before in _DIGITS or behind in _DIGITS:
            return False
        if before not in _LETTERS and behind not in _LETTERS:
            return True
        return self.edge == "digit" and not _in_hexadecimal(encoded, first, last)

    def _next_start(self, encoded: bytes, first: int) -> int:
        """Where a match may begin after the one at `first` was refused: behind this run, for none begins in it.
        Always farther on, so that every byte is passed once."""
        run = _DIGIT_RUN if self.edge == "digit" else _WORD_RUN
        behind = run.match(encoded, first).end()  # type: ignore[union-attr]  # both match the empty string
        return behind if behind > first else first + 1

    def _holds(self, page: _Page, match: Any, encoded: bytes, start: int, end: int) -> bool:
        verdict = self._verdict(match, encoded)
        if verdict is NO:
            return False
        if verdict is DOUBTFUL:
            named = page.distance(self.words, start, end) is not None
            return named or page.distance(self.rivals, start, end) is None
        if not self.needs_context or (verdict is STRONG and self.may_be_strong):
            return True
        return self._is_named(page, start, end)

    def _verdict(self, match: Any, encoded: bytes) -> Verdict:
        if self.check is None:
            return PLAIN
        groups = tuple(group and group.decode() for group in match.groups()) if self.has_groups else ()
        if self.around:
            groups += _surroundings(encoded, *match.span())
        return self.check(match.group().decode(), groups)

    def _is_named(self, page: _Page, start: int, end: int) -> bool:
        """Whether a context word of this kind is near, and no name of another number is nearer. What stays home
        by law or contract is not argued away by another name."""
        own = page.distance(self.words, start, end)
        if own is None or self.level is Level.RESTRICTED:
            return own is not None
        rival = page.distance(self.rivals, start, end)
        return rival is None or own <= rival


def _surroundings(encoded: bytes, first: int, last: int) -> tuple[str, str]:
    """What stands before and behind a match; half characters at the edges are left out."""
    before, behind = encoded[max(0, first - _AROUND) : first], encoded[last : last + _AROUND]
    return before.decode(errors="ignore"), behind.decode(errors="ignore")


def _in_hexadecimal(encoded: bytes, first: int, last: int) -> bool:
    """Whether a match is a piece of a digest or of a UUID."""
    left = encoded[max(0, first - _LONGEST_HEX) : first]
    right = encoded[last : last + _LONGEST_HEX]
    head, tail = left.rstrip(_HEX), right.lstrip(_HEX)
    if head[-1:].isalnum() or tail[:1].isalnum():
        return False
    word = left[len(head) :] + encoded[first:last] + right[: len(right) - len(tail)]
    return _HEXADECIMAL.fullmatch(word.strip(b"-")) is not None


class Scanner:
    """The detectors, compiled once. Without a single rule it refuses to exist: no detector, no start."""

    def __init__(self, catalogue: Sequence[Identifier]) -> None:
        rules = [(identifier, rule) for identifier in catalogue for rule in identifier.rule]
        if not rules:
            raise ConfigurationError(
                Text(
                    ko="탐지 규칙이 하나도 없어 시작하지 않습니다. 식별자 카탈로그를 되돌려 놓으세요.",
                    en="There is no detector, so haechi does not start. Restore the catalogue of identifiers.",
                )
            )
        self._gate = re2.Set.SearchSet()
        for _, rule in rules:
            self._gate.Add(f"{_OPENING[rule.edge]}(?:{rule.pattern})")
        rivals = _Words(words_of_other_numbers())
        named: dict[tuple[str, ...], _Words] = {}
        self._rules: list[_Rule] = []
        for identifier, rule in rules:
            key = identifier.words + rule.words
            if key not in named:
                named[key] = _Words(key)
                named[key].number = self._gate.Add(named[key].expression)
            self._rules.append(_Rule(identifier, rule, named[key], rivals))
        self._gate.Compile()

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`, in order. They may overlap, never two of one kind on the same level."""
        present = self._gate.Match(text)
        if not present or min(present) >= len(self._rules):
            return []
        page = _Page(text)
        named = frozenset(present)
        hits = [
            hit
            for number in sorted(present)
            if number < len(self._rules) and self._rules[number].may_hold(named)
            for hit in self._rules[number].hits(page)
        ]
        return without_repetitions(hits) if len(hits) > 1 else hits


def without_repetitions(hits: list[Hit]) -> list[Hit]:
    """A hit is left out only where another of the same kind, at least as strict, overlaps it; so the label of
    what stays, the highest level and all kinds, is that of all hits. Strictest first, then longest. n log n.

    Which of two kinds is to be replaced where they overlap is not the label's question, and not asked here.
    """
    kept: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.level, hit.start - hit.end, hit.start)):
        same = kept.setdefault(hit.kind, [])
        place = bisect(same, hit.start, key=_start)
        free_left = place == 0 or same[place - 1].end <= hit.start
        free_right = place == len(same) or hit.end <= same[place].start
        if free_left and free_right:
            same.insert(place, hit)
    return sorted((hit for same in kept.values() for hit in same), key=_start)


_start = attrgetter("start")
