"""Numbers pulled apart: up to three arbitrary signs between digits or between groups.

    9 0 0 1 0 1 - 1 2 3 4 5 6 8    900101 / 1234568    010...1234...5678    | 4111 | 1111 | 1111 | 1111 |

Tables, dates and prices are numbers beside each other too. So nothing is put together over more than a run of one
sort of separator, and every such reading is loose: a finding in it is believed only beside its name or in the
grouping of its kind.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from haechi.gateway.classify.normalise.reading import Edit, Reading, Spot

_OTHER: Final = "[^0-9A-Za-z가-힣]"
SIGNS: Final = (
    rf"(?:[0-9]{_OTHER}{{1,3}}){{5}}[0-9]",
    rf"[0-9]{{2,}}(?:{_OTHER}{{2,3}}|[^0-9A-Za-z가-힣,.:%\n/ ~\-])[0-9]{{3,}}",
    r"[0-9]{3,}[/ ~.][0-9]{5,}|[0-9]{5,}[/ ~.][0-9]{2,}|[0-9]{3,}[/ ~.][0-9]{2,}[/ ~.][0-9]{4,}",
    r"[0-9]{3,}\s?[.,:\n]\s?[0-9]{4,}|[0-9]{5}-[0-9]{5}|[0-9]\r?\n[0-9]{2}|[0-9]{2}\r?\n[0-9]",
    r"[0-9]-[0-9]*\r?\n[0-9]|[0-9]\r?\n[0-9]*-[0-9]",
    rf"(?:^|[^0-9A-Za-z])[A-Za-z]{_OTHER}{{1,3}}(?:[0-9]{{3,8}}{_OTHER}{{0,3}}|(?:[0-9]{_OTHER}{{1,3}}){{2}})[0-9A-Z]",
    rf"[0-9]{_OTHER}{{1,3}}[가-힣]{_OTHER}{{1,3}}[0-9]",
    r"(?:[0-9],\r?\n[ \t]*){5}[0-9]",
    r"(?:[0-9]{2,4} ){3}[0-9]{1,4}|(?:[0-9]{2}\.){3}[0-9]|(?:[0-9]{2}/){3}[0-9]|(?:[0-9]{2}-){3}[0-9]{2}|(?:[0-9]{3}[ .]){2}[0-9]{3}[ .][0-9]",
    r"[0-9]{2,4} [0-9]{2,4}-[0-9]{2,4} [0-9]|[0-9]{2,6}-[0-9]+ [0-9]+[ -][0-9]+|[0-9]{6,} [0-9]+-[0-9]|[0-9]+-[0-9]+ [0-9]{5}",
    r"(?:19|20)[0-9]{2}[^0-9A-Za-z가-힣,.:%\n/ ~\-][0-9]{1,2}[^0-9A-Za-z가-힣,.:%\n/ ~\-][0-9]{1,2}",
    r"(?:19|20)[0-9]{2}[,:~][0-9]{2}[,:~][0-9]{2}|[0-9]{3}[,:][0-9]{2}[,:][0-9]{4}",
    rf"(?:19|20)[0-9]{{2}}{_OTHER}{{2,3}}[0-9]{{1,2}}{_OTHER}{{2,3}}[0-9]{{1,2}}",
)
"""One blank, point or hyphen between groups is how numbers are written: the rules read that themselves."""
APART: Final = (
    r"(?:^|[^0-9A-Za-z가-힣])[0-9A-Za-z가-힣](?:[^0-9A-Za-z가-힣]{1,5}[0-9A-Za-z가-힣]){3}(?:[^0-9A-Za-z가-힣]|$)",
)
"""Every character by itself: «k i m @ n a v e r . c o m», «E-1-1-.-9»."""
_APART: Final = re.compile(
    r"(?<![0-9A-Za-z가-힣])[0-9A-Za-z가-힣]([^0-9A-Za-z가-힣]{1,3}?)(?:[^\s]\1){2,120}+[^\s](?![0-9A-Za-z가-힣])"
)


def spell(reading: Reading) -> Reading:
    """The text with words whole again whose characters stand apart, all by the same separator."""
    return reading.edited(_apart(reading.text), loose=True)


def _apart(text: str) -> Iterator[Edit]:
    for match in _APART.finditer(text):
        gap = len(match[1])
        if len(match[0]) - gap * ((len(match[0]) - 1) // (gap + 1)) < _SHORTEST_WORD:
            continue
        for place in range(match.start() + 1, match.end(), gap + 1):
            yield place, place + gap, ""


_SHORTEST_WORD: Final = 5


_GROUP: Final = (
    r"(?:[A-Z]{0,2}[0-9]{1,14}(?:[A-Z][0-9]{0,4})?|[A-Z]{1,4}(?![A-Za-z])|[a-z](?![A-Za-z])"
    r"|(?<![가-힣])[가-힣](?![가-힣]))"
)
_OPENING: Final = (
    r"(?:[A-Z]{0,2}[0-9]{1,14}(?:[A-Z][0-9]{0,4})?|[A-Za-z](?![A-Za-z]|[\"']?\s?[:=\n])"
    r"|(?<![가-힣])[가-힣](?![가-힣]))"
)
"""A word in capitals before a number is its name (ARC, RRN) and no piece of it; a letter before a colon or on a line of
its own is a key."""

_RUN: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?<![A-Za-z][-_]){_OPENING}(?:(?:,\r?\n[ \t]{{1,8}}|{_OTHER}{{1,3}}){_GROUP}){{1,200}}+(?![0-9A-Za-z])"
)
_PART: Final = re.compile(r"[0-9A-Za-z]+|[가-힣]")
_SHORTEST: Final = 6
_LONGEST: Final = 34

_SHAPES: Final = frozenset(
    {
        (6, 7),
        (3, 4, 4), (3, 3, 4), (2, 4, 4), (2, 3, 4), (4, 3, 4), (4, 4, 4), (2, 2, 4, 4), (2, 2, 3, 4), (2, 1, 4, 4), (2, 1, 3, 4),
        (3, 2, 5), (2, 2, 6, 2), (4, 4, 4, 4), (4, 6, 5), (3, 2, 4),
        (6, 2, 6), (3, 2, 6), (3, 3, 6), (4, 3, 6), (3, 6, 5), (3, 4, 4, 2), (3, 6, 2, 3), (4, 2, 7), (4, 2, 6, 1), (3, 2, 4, 3),
        (4, 2, 2), (4, 1, 2), (4, 2, 1), (4, 1, 1), (2, 6, 2),
    }
)  # fmt: skip
"""Lengths of the groups in which identifiers are written: facts about their formats, not about any kind."""
_MOST_GROUPS: Final = 4
_REGION: Final = re.compile(r"[가-힣][.·/_|~]")
"""Before the groups of a driver licence: 서울.12.345678.90."""


def readings(reading: Reading) -> Iterator[Reading]:
    """The readings in which numbers are put together; none where nothing stands apart."""
    loose = reading.loose
    close = reading.edited(
        _close(reading.text, _runs(reading.text, reading.spots() if loose else None)), loose=True
    )
    if close is not reading:
        yield close
    runs = list(_runs(close.text, close.spots() if loose else None))
    hyphened = close.edited(_hyphened(close.text, runs), loose=True)
    if hyphened is not close:
        yield hyphened
    bare = close.edited(_bare(close.text, runs), loose=True)
    if bare is not close:
        yield bare


def is_joined(reading: Reading) -> bool:
    """Whether figures were put together in `reading` that a hyphen may still part: <b>120</b>-<b>703</b>."""
    text = reading.text
    return len(text) <= _SHORT and any(_JOINED.match(text, max(0, at - 1)) for at, _ in reading.joints())


_SHORT: Final = 4096
"""Code points up to which it is asked: the readings of a long text are many already."""
_JOINED: Final = re.compile("[0-9][-./]?[0-9]|[-./][0-9]")


Token = tuple[int, int]


def _runs(text: str, spots: Sequence[Spot] | None) -> Iterator[list[Token]]:
    """The tokens of each run that is long enough to be an identifier, and touches one of the `spots` if there are any:
    in what was put together already, the other runs stand as they stood."""
    for run in _RUN.finditer(text):
        if spots is not None and not _is_near(spots, *run.span()):
            continue
        tokens: list[Token] = []
        before = run.start()
        for part in _PART.finditer(text, *run.span()):
            if part.end() - part.start() == 3 and text[before : part.start()] == ",":
                tokens = tokens[:-1]  # thousands of an amount
                if _signs(tokens) >= _SHORTEST:
                    yield tokens
                tokens = []
            else:
                tokens.append(part.span())
            before = part.end()
        if _signs(tokens) >= _SHORTEST or (
            len(tokens) >= _SHORTEST_CODE and all(map(_single, tokens)) and text[tokens[0][0]].isalpha()
        ):
            yield tokens


_SHORTEST_CODE: Final = 4
"""E 1 1 . 9"""


def _is_near(spots: Sequence[Spot], start: int, end: int) -> bool:
    """Whether one of the `spots` touches the piece between `start` and `end`, or nearly so."""
    behind = bisect_left(spots, (start - _BESIDE,))
    if behind and spots[behind - 1][1] >= start - _BESIDE:
        return True
    return behind < len(spots) and spots[behind][0] <= end + _BESIDE


_BESIDE: Final = 3
"""Signs between a joint and a run that may yet belong to it."""


def _close(text: str, runs: Iterable[list[Token]]) -> Iterator[Edit]:
    """Single signs of one separator put together, from the fourth on."""
    for tokens in runs:
        first = 0
        while first < len(tokens):
            last = first
            while last + 1 < len(tokens) and _single(tokens[last]) and _single(tokens[last + 1]):
                last += 1
            if last - first >= 3:
                yield from _without_minor_gaps(text, tokens[first : last + 1])
            first = last + 1


_FEW_SORTS: Final = 3


def _single(token: Token) -> bool:
    return token[1] - token[0] == 1


def _without_minor_gaps(text: str, tokens: list[Token]) -> Iterator[Edit]:
    """The most frequent separator taken out; another one, where groups end, stays. Where it is this one here and that one
    there, all go."""
    gaps = [text[left[1] : right[0]] for left, right in itertools.pairwise(tokens)]
    common = max(set(gaps), key=lambda gap: (gaps.count(gap), gap))
    mixed = 2 * gaps.count(common) < len(gaps) or len(set(gaps)) > _FEW_SORTS
    for gap, left, right in zip(gaps, tokens, tokens[1:], strict=False):
        if gap == common or mixed:
            yield left[1], right[0], ""


def _hyphened(text: str, runs: Iterable[list[Token]]) -> Iterator[Edit]:
    """Groups of a known shape joined by hyphens, the longest shape first."""
    for tokens in runs:
        first = 0
        while first < len(tokens):
            count = next(
                (n for n in range(_MOST_GROUPS, 1, -1) if _is_shape(text, tokens[first : first + n], n)), 1
            )
            group = tokens[first : first + count]
            if count > 1:
                before, behind = _frame(text, group)
                if before < group[0][0]:
                    yield before, group[0][0], ""
                elif _REGION.match(text, before - 2, before):
                    yield before - 1, before, "-"
                for left, right in itertools.pairwise(group):
                    if text[left[1] : right[0]] != "-":
                        yield left[1], right[0], "-"
                if behind > group[-1][1]:
                    yield group[-1][1], behind, ""
            first += count


def _is_shape(text: str, tokens: list[Token], count: int) -> bool:
    lengths = tuple(end - start for start, end in tokens)
    return (
        len(tokens) == count
        and lengths in _SHAPES
        and all(text[start:end].isdigit() for start, end in tokens)
    )


def _bare(text: str, runs: Iterable[list[Token]]) -> Iterator[Edit]:
    """Groups of one separator put together; a short run as a whole."""
    for tokens in runs:
        for group in _groups(text, tokens):
            if len(group) > 1 and not _is_quantity(text, group) and not _is_written(text, group):
                before, behind = _frame(text, group)
                if before < group[0][0]:
                    yield before, group[0][0], ""
                for left, right in itertools.pairwise(group):
                    yield left[1], right[0], ""
                if behind > group[-1][1]:
                    yield group[-1][1], behind, ""


def _groups(text: str, tokens: list[Token]) -> Iterator[list[Token]]:
    sorts = len({text[a[1] : b[0]] for a, b in itertools.pairwise(tokens)})
    if (
        len(tokens) > 1
        and _signs(tokens) <= _LONGEST
        and (sorts <= _FEW_SORTS - (len(tokens) > _MOST_GROUPS) or all(map(_single, tokens)))
    ):
        yield tokens
        return
    group = tokens[:1]
    for left, right in itertools.pairwise(tokens):
        gap = text[left[1] : right[0]]
        if len(group) == 1 or gap == text[group[-2][1] : group[-1][0]]:
            group.append(right)
        else:
            if _SHORTEST <= _signs(group) <= _LONGEST:
                yield group
            group = [right]
    if _SHORTEST <= _signs(group) <= _LONGEST:
        yield group


def _is_quantity(text: str, tokens: list[Token]) -> bool:
    """Whether a run reads as an amount (1,234,567), coordinates (37.5, 126.9) or an address with points."""
    gaps = {text[left[1] : right[0]].strip() for left, right in itertools.pairwise(tokens)}
    return gaps == {".", ","} or (gaps == {"."} and len(tokens) == 4 and max(e - s for s, e in tokens) <= 3)


def _is_written(text: str, tokens: list[Token]) -> bool:
    """Whether the groups stand with hyphens in a shape of one kind alone: its rules read that themselves."""
    if tuple(end - start for start, end in tokens) not in _WRITTEN:
        return False
    return {text[left[1] : right[0]] for left, right in itertools.pairwise(tokens)} == {"-"}


_WRITTEN: Final = frozenset(
    {(6, 7), (3, 4, 4), (3, 3, 4), (2, 4, 4), (2, 3, 4), (4, 4, 4, 4), (3, 2, 5), (4, 2, 2)}
)
"""Resident numbers, telephones, cards, business numbers, dates."""


def _signs(tokens: list[Token]) -> int:
    return sum(end - start for start, end in tokens)


def _frame(text: str, tokens: list[Token]) -> tuple[int, int]:
    """Where the separator that stands between the groups stands around them too: the bars and quotes of a row."""
    start, end = tokens[0][0], tokens[-1][1]
    gap = text[tokens[0][1] : tokens[1][0]]
    mark = gap.strip()[:1]
    if mark not in {"|", '"', "'", "*", "(", ")", "`"}:
        return start, end
    left, right = text[max(0, start - 2) : start], text[end : end + 2]
    head, tail = left.rfind(mark), right.find(mark)
    before = (
        start - len(left) + head
        if head >= 0 and left[head + 1 :].isspace() | (head + 1 == len(left))
        else start
    )
    behind = end + tail + 1 if tail >= 0 and not right[:tail].strip() else end
    if before and text[before - 1].isalnum():
        before = start
    if text[behind : behind + 1].isalnum():
        behind = end
    return before, behind
