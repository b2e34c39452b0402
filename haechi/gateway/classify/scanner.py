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
from bisect import bisect
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Final, Protocol

import re2

from haechi.catalogue.identifiers import Identifier, IdentifierRule, OtherNumbers, other_numbers
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.classify.checks.table import CHECKS
from haechi.gateway.classify.checks.verdict import DOUBTFUL, NO, PLAIN, STRONG, Verdict
from haechi.gateway.classify.gate import Gate
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.normalise.reading import Spot
from haechi.gateway.classify.page import Near, Page
from haechi.gateway.classify.search import Spans, search_for
from haechi.gateway.classify.windows import Windows, everywhere, windows_around
from haechi.gateway.classify.words import Words

CLOSE: Final = 8
"""So near a name must stand to a number that is doubtful where names are required."""

_DIGITS: Final = frozenset(b"0123456789")
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_JOINTS: Final = {"group": frozenset(b"-."), "dot": frozenset(b"."), "colon": frozenset(b":.")}
"""What joins a further group of digits to a match, by the edge of its rule."""
_JOINED: Final = {"group": _DIGITS, "dot": _DIGITS, "colon": _DIGITS | _LETTERS | frozenset(b":")}
_NOTHING: Final = frozenset(b"")
_BESIDE_LETTERS: Final = frozenset(["digit", "group"])
_HEX: Final = b"0123456789abcdefABCDEF-"
_LONGEST_HEX: Final = 128
# These look for one run of one class, or for a fixed width: nothing to backtrack over.
_DIGIT_RUN: Final = re.compile(rb"[0-9]*")
_WORD_RUN: Final = re.compile(rb"[0-9A-Za-z]*")
_AROUND: Final = 240
"""Bytes before and behind a match that a check may see."""
_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f]{24,}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class _Rule:
    """A catalogue rule, compiled."""

    __slots__ = (
        "around",
        "check",
        "confidence",
        "edge",
        "expression",
        "id",
        "is_floor",
        "kind",
        "level",
        "may_be_strong",
        "most",
        "needs_context",
        "needs_name",
        "pattern",
        "reach",
        "rivals",
        "row",
        "search",
        "shape",
        "value",
        "words",
    )

    def __init__(self, identifier: Identifier, rule: IdentifierRule, words: Words, rivals: Words) -> None:
        self.id = rule.id
        self.kind = identifier.kind
        self.level = identifier.level_of(rule)
        self.is_floor = identifier.floor
        self.confidence = rule.confidence
        self.expression = rule.pattern
        self.pattern = re2.compile(rule.pattern)
        self.search = search_for(self.pattern)
        self.value = self.pattern.groupindex.get("value", 0)
        self.around = rule.around
        self.check = CHECKS[rule.check] if rule.check else None
        self.needs_context = rule.context == "required"
        self.may_be_strong = rule.strong and self.check is not None
        self.needs_name = self.needs_context and not self.may_be_strong
        self.shape = rule.shape
        self.edge = rule.edge
        self.reach = rule.reach
        self.most = rule.most
        self.row = rule.row
        self.words = words
        self.rivals = rivals

    @property
    def _said(self) -> tuple[str, Level, float, str]:
        return self.kind, self.level, self.confidence, self.id

    def hits(self, page: Page, windows: Windows) -> Iterator[Hit]:
        """Every place where this rule holds, left to right in each reading: in the windows, where it touches a spot."""
        edged, judged = self.edge != "none", 0
        for encoded in page.readings if edged else (page.encoded,):
            for opening, closing in windows.pieces:
                at = opening
                while at <= closing and (spans := self.search(encoded, at, closing)):
                    first, last = spans[self.value]
                    if holds := windows.touch(first, last) and (
                        not edged or self._stands_alone(encoded, first, last)
                    ):
                        judged += 1
                        # A bound that is hit counts as found, and one is enough for the label.
                        holds = judged == self.most or self._is_one(page, encoded, spans)
                    if holds:
                        start, end = page.point(first), page.point(last)
                        page.found(self.kind, end)
                        yield Hit(start, end, *self._said)
                        if judged == self.most:
                            return
                    whole = spans[0]
                    at = self._next_start(encoded, whole[0]) if edged and not holds else whole[1]

    def _is_one(self, page: Page, encoded: bytes, spans: Spans) -> bool:
        """Whether a match is what this rule looks for, by its check and by what stands around it."""
        verdict = self._verdict(encoded, spans)
        return verdict is not NO and self._holds(page, encoded, spans, verdict)

    def _stands_alone(self, encoded: bytes, first: int, last: int) -> bool:
        """Whether the neighbours are no part of the match."""
        before = encoded[first - 1] if first else 0
        behind = encoded[last] if last < len(encoded) else 0
        if before in _DIGITS or behind in _DIGITS:
            return False
        joints = _JOINTS.get(self.edge, _NOTHING)
        if before in joints and first > 1 and encoded[first - 2] in _JOINED[self.edge]:
            return False
        if behind in joints and last + 1 < len(encoded) and encoded[last + 1] in _JOINED[self.edge]:
            return False
        if before not in _LETTERS and behind not in _LETTERS:
            return True
        if before in _LETTERS and encoded[first] in _LETTERS:
            return False
        return self.edge in _BESIDE_LETTERS and not _in_hexadecimal(encoded, first, last)

    def _next_start(self, encoded: bytes, first: int) -> int:
        """Where a match may begin after the one at `first` was refused: behind this run, for none begins in it.
        Always farther on, so that every byte is passed once."""
        run = _DIGIT_RUN if self.edge in _BESIDE_LETTERS else _WORD_RUN
        behind = run.match(encoded, first).end()  # type: ignore[union-attr]  # both match the empty string
        return behind if behind > first else first + 1

    def _holds(self, page: Page, encoded: bytes, spans: Spans, verdict: Verdict) -> bool:
        if not self.needs_context and verdict is not DOUBTFUL:
            return True
        first, last = spans[self.value]
        start, end = page.point(first), page.point(last)
        if self.needs_context:
            if verdict is STRONG and self.may_be_strong:
                bare = encoded[slice(*spans[0])].isdigit()
                return self.is_floor or not bare or not self._is_another(page, start, end)
            return self._is_named(page, start, end, verdict, page.continues(self.kind, start))
        return not self._is_another(page, start, end)

    def _verdict(self, encoded: bytes, spans: Spans) -> Verdict:
        if self.check is None:
            return PLAIN
        said, *groups = (encoded[first:last].decode() if first >= 0 else None for first, last in spans)
        if self.around:
            groups += _surroundings(encoded, *spans[0])
        return self.check(said or "", tuple(groups))

    def _names(self, page: Page, start: int, end: int, reach: int) -> tuple[Near | None, Near | None]:
        """The nearest name of this kind, and the nearest of another number. A heading that names either decides;
        where the rule looks at the whole row, one of any column; where it has no reach, nothing else does."""
        if self.row and (headings := page.columns.headings(start)):
            return page.named_in(self.words, headings), None
        heading = page.heading(start)
        if heading is not None:
            own, rival = page.named_in(self.words, heading), page.named_in(self.rivals, heading)
            if own or rival:
                return own, rival
        if reach == 0:
            return None, None
        own = page.nearest(self.words, start, end, reach)
        return own, page.nearest(self.rivals, start, end, reach)

    def _is_named(self, page: Page, start: int, end: int, verdict: Verdict, continues: bool) -> bool:
        """Whether a context word of this kind is near, and no name of another number is nearer; or whether the
        number goes on with a list of this kind. What stays home by law, or by contract and with a good check
        digit, is not argued away by another name."""
        own, rival = self._names(
            page, start, end, min(CLOSE, self.reach) if verdict is DOUBTFUL else self.reach
        )
        if own is None:
            return continues and rival is None
        if self.is_floor or (self.level is Level.RESTRICTED and verdict is STRONG):
            return True
        return rival is None or own <= rival

    def _is_another(self, page: Page, start: int, end: int) -> bool:
        """Whether the name of another number is near, and that of this kind is not, or farther."""
        own, rival = self._names(page, start, end, self.reach)
        return rival is not None and (own is None or (own > rival and not self.is_floor))


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


def _rivals(
    identifier: Identifier, rule: IdentifierRule, others: OtherNumbers
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that name another number, and the tails. What stays home by law yields to no mere tail."""
    against = identifier.against + rule.against
    if not identifier.others:
        return against, ()
    return others.words + against, () if identifier.floor else others.tails


class Called(Protocol):
    """A detector of its own that is called only where its `gate`, a pattern of RE2, occurs: ordinary text costs it nothing."""

    gate: str

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`."""


class Scanner:
    """The detectors, compiled once. Without a single rule it refuses to exist: no detector, no start."""

    def __init__(self, catalogue: Sequence[Identifier], called: Sequence[Called] = ()) -> None:
        rules = [(identifier, rule) for identifier in catalogue for rule in identifier.rule]
        if not rules:
            raise ConfigurationError(
                Text(
                    ko="탐지 규칙이 하나도 없어 시작하지 않습니다. 식별자 카탈로그를 되돌려 놓으세요.",
                    en="There is no detector, so haechi does not start. Restore the catalogue of identifiers.",
                )
            )
        others = other_numbers()
        named: dict[tuple[str, ...], Words] = {}
        rivals: dict[tuple[tuple[str, ...], tuple[str, ...]], Words] = {}
        self._rules: list[_Rule] = []
        for identifier, rule in rules:
            key = identifier.words + rule.words
            if key not in named:
                named[key] = Words(key)
            against = _rivals(identifier, rule, others)
            if against not in rivals:
                rivals[against] = Words(*against)
            self._rules.append(_Rule(identifier, rule, named[key], rivals[against]))
        self._called = tuple(called)
        self._gate = Gate(self._rules, [each.gate for each in called])

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`, in order. They may overlap, never two of one kind on the same level."""
        text, encoded = _encoded(text)
        candidates = self._gate.candidates(encoded)
        if not candidates:
            return []
        return self._found(candidates, Page(text, encoded), everywhere(encoded))

    def scan_near(self, text: str, spots: Sequence[Spot]) -> list[Hit]:
        """Findings that touch one of the `spots`, code points in order; others may be among them. What names a number
        is looked for in all of the text."""
        text, encoded = _encoded(text)
        windows = windows_around(text, spots)
        candidates = self._gate.candidates(encoded, windows.pieces)
        return self._found(candidates, Page(text, encoded), windows) if candidates else []

    def _found(self, candidates: Sequence[int], page: Page, windows: Windows) -> list[Hit]:
        rules, hits = len(self._rules), list[Hit]()
        for number in candidates:
            if number < rules:
                hits += self._rules[number].hits(page, windows)
            else:
                hits += self._called[number - rules].scan(page.text)
        return without_repetitions(hits) if len(hits) > 1 else hits


def _encoded(text: str) -> tuple[str, bytes]:
    """A text and its bytes; half of a surrogate pair becomes one other character, so that places stay."""
    try:
        return text, text.encode()
    except UnicodeEncodeError:
        encoded = text.encode(errors="replace")
        return encoded.decode(), encoded


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
