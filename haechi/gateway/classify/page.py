"""One text under examination: its bytes, its code points, and the names that stand near a number.

A name stands in front of its number, on the line above, or behind it in a phrase of its own («01012345678 (휴대폰)»);
the heading of the column goes before all of them. Whatever is costly is worked out once, on demand.
"""

import re
from bisect import bisect, bisect_left
from functools import cached_property
from typing import Final

from haechi.gateway.classify.columns import Columns
from haechi.gateway.classify.search import places_of
from haechi.gateway.classify.words import Words

AFTER: Final = 12
BEHIND: Final = 3
"""A context word behind a number counts as so much farther away: in Korean a number follows its name."""
ABOVE: Final = 8
"""A context word on another line counts as so much farther away."""

REQUEST: Final = 6
"""A number that stands directly behind the request that named it counts as so far away: «사번 확인 부탁드립니다. 20230012»."""

ASKED: Final = 70
ANSWER: Final = 24
"""Characters between a name in a question and the number in the answer, and between the answer's line and it."""

_NOT_FIRST_OF_CHARACTER: Final = bytes(range(0x80, 0xC0))
_ESCAPE: Final = re.compile(rb"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[abfnrtv0]")
_OTHER_NUMBER: Final = re.compile(r"[0-9](?:[0-9]|[-. ](?=[0-9])){7,}")
_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}[-.][0-9]{1,2}[-.][0-9]{1,2}")
_LIST: Final = re.compile(r"(?:[\s,/·;&+|'\"]|및|와|과|or|and){1,8}")
_BOUNDS: Final = frozenset(b"0123456789_")
"""What a match of a word may end with that is no part of it (see `Words`)."""
_LIST_END: Final = re.compile(_LIST.pattern + r"\Z")
_ASKS: Final = re.compile(
    r"(?:[?？]|…|\.\.)\s*$|주세요|주십시오|주시|부탁|말씀|어떻게|please|could you|may I"
)
_REQUEST: Final = re.compile(
    r"(?:을|를|도|만)? ?(?:한 번 |좀 |다시 )?(?:확인|조회|검색|등록|수정|변경|처리|입력|삭제)(?: 좀)? ?"
    r"(?:부탁드립니다|부탁드려요|부탁합니다|바랍니다|해 ?주세요|해 ?주십시오)[.:!]? ?[\"'(\[]?"
)
_FIGURE: Final = re.compile("[0-9]")
_NOT_BEHIND: Final = re.compile(r"[\n;|\"'{}\[\]=<>:]|, ?\S")
_NAMES_WHAT_FOLLOWS: Final = re.compile(
    r"[\s:=\"'(]{1,4}[^\s\w]{0,2}[0-9]|[은는]\s|[:=]| [가-힣A-Za-z]{1,8} (?:[0-9]+-|[0-9]{4})"
)

Near = tuple[int, int]
"""How far a word stands from a number, and minus its length: the smaller, the better it names it."""


class Page:
    """One text under examination."""

    _BLOCK: Final = 256

    def __init__(self, text: str, encoded: bytes) -> None:
        self.text = text
        self.encoded = encoded
        self._ascii = len(self.encoded) == len(text)
        self._ends: dict[str, set[int]] = {}
        self._found: dict[int, tuple[list[int], list[int]]] = {}
        self._headings: dict[int, str | None] = {}
        self._in_headings: dict[tuple[int, str], Near | None] = {}

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

    @cached_property
    def columns(self) -> Columns:
        """The tables of this text."""
        return Columns(self.text)

    def heading(self, start: int) -> str | None:
        """The heading of the column of a number; every rule that knows its shape asks for it."""
        if start not in self._headings:
            self._headings[start] = self.columns.heading(start)
        return self._headings[start]

    def named_in(self, words: Words, heading: str) -> Near | None:
        """The nearest of `words` to the end of a heading."""
        key = (id(words), heading)
        if key not in self._in_headings:
            self._in_headings[key] = words.last_in(heading)
        return self._in_headings[key]

    def nearest(self, words: Words, start: int, end: int, reach: int) -> Near | None:
        """How near the nearest of `words` stands to a number; `None`: not near enough to speak of it."""
        starts, ends = self._places(words)
        near: list[Near] = []
        before = bisect(ends, start) - 1
        if before >= 0 and start - ends[before] <= max(reach, ASKED):
            far = self._before(ends[before], start)
            if far <= reach or (far <= ASKED and self._answers(ends[before], start)):
                near.append((far, starts[before] - ends[before]))
        behind = bisect_left(starts, end)
        if (
            behind < len(starts)
            and starts[behind] - end <= AFTER
            and self._is_behind(starts[behind], ends[behind], end)
        ):
            near.append((starts[behind] - end + BEHIND, starts[behind] - ends[behind]))
        return min(near, default=None)

    def _before(self, word: int, start: int) -> int:
        """How far before a number a word stands. One that has named another number since names no third, unless
        the numbers are a list."""
        between = self.text[word:start]
        if _REQUEST.fullmatch(between):
            return REQUEST
        far = len(between) + (ABOVE if "\n" in between else 0)
        others: list[str] = _OTHER_NUMBER.findall(between)
        named_another = bool(others) and not (
            all(map(_DATE.fullmatch, others)) or _LIST.fullmatch(between.rpartition(others[-1])[2])
        )
        return far + 100 if named_another else far

    def _answers(self, word: int, start: int) -> bool:
        """Whether the line of a number answers the line in which the word stands: «계좌번호 불러 주세요.» One line may
        stand between, «네, 잠시만요.»"""
        question, *others = self.text[word:start].split("\n")
        between = [line for line in others[:-1] if line.strip()]
        return (
            bool(others)
            and len(others[-1]) <= ANSWER
            and len(between) <= 1
            and not any(_FIGURE.search(line) for line in between)
            and _ASKS.search(question) is not None
        )

    def _is_behind(self, start: int, end: int, number: int) -> bool:
        """Whether a word behind a number speaks of it, and not of what follows the word."""
        between = self.text[number:start]
        if _NOT_BEHIND.search(between):
            return False
        return _NAMES_WHAT_FOLLOWS.match(self.text, end) is None

    def _places(self, words: Words) -> tuple[list[int], list[int]]:
        """Where `words` stand, in code points; looked for once a page."""
        key = id(words)
        if key not in self._found:
            spans = places_of(words.search, self.encoded)
            starts = [self.point(start) for start, _ in spans]
            ends = [self.point(end - (self.encoded[end - 1] in _BOUNDS)) for _, end in spans]
            self._found[key] = (starts, ends)
        return self._found[key]

    def found(self, kind: str, end: int) -> None:
        """Remember where a number of this kind ended."""
        self._ends.setdefault(kind, set()).add(end)

    def continues(self, kind: str, start: int) -> bool:
        """Whether a number at `start` goes on with a list of this kind."""
        if kind not in self._ends:
            return False
        between = _LIST_END.search(self.text, max(0, start - 8), start)
        return between is not None and between.start() in self._ends[kind]
