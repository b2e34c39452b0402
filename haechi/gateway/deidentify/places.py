"""Which characters of a text go, each once: of findings at one place the longest speaks, of equals the stricter.

Findings that cross become one place, so that no character which was found stays. In JSON a place is moved to whole
escapes, and a number goes with all its digits, so that the JSON stays one.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec

from haechi.domain.json_text import is_json as is_json  # whoever places asks it, too
from haechi.domain.label import Level


class Place(NamedTuple):
    """Characters that go. In JSON: what they mean (`value`), how they are spelled where that is not as we would, and
    whether they are a number without quotes."""

    start: int
    end: int
    kind: str
    level: Level
    value: str
    escaped: str = ""
    bare: bool = False


class Span(NamedTuple):
    """Characters that were found."""

    start: int
    end: int
    kind: str
    level: Level


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans of one text, in order, without those that others speak for. n log n."""
    made: list[Span] = []
    longest = 0
    for span in sorted(spans, key=lambda each: (each.start, -each.end, -each.level)):
        if not made or span.start >= made[-1].end:
            made.append(span)
            longest = span.end - span.start
            continue
        last = made[-1]
        size = span.end - span.start
        speaks = size > longest or (size == longest and span.level > last.level)
        longest = max(longest, size)
        kind = span.kind if speaks else last.kind
        made[-1] = Span(last.start, max(last.end, span.end), kind, max(last.level, span.level))
    return made


def plain_places(text: str, spans: Iterable[Span]) -> list[Place]:
    """Places of a text that is only that."""
    return [Place(*span, text[span.start : span.end]) for span in joined(spans)]


_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}(?:\\u[dD][c-fC-F][0-9A-Fa-f]{2})?|.)", re.DOTALL)
_NUMBER: Final = re.compile(r"-?[0-9][0-9.eE+\-]*")


def json_places(text: str, spans: Iterable[Span]) -> list[Place]:
    """Places of a text that is JSON."""
    wanted = joined(spans)
    if not wanted:
        return []
    strings = [(match.start() + 1, match.end() - 1) for match in _STRING.finditer(text)]
    moved: list[tuple[Span, bool]] = []
    number = 0
    for span in wanted:
        while number < len(strings) and strings[number][1] < span.start:
            number += 1
        inside = number < len(strings) and strings[number][0] <= span.start and span.end <= strings[number][1]
        moved.append(
            (_whole_escapes(text, span, strings[number][0]), False) if inside else _whole_number(text, span)
        )
    bare = {span.start for span, is_bare in moved if is_bare}
    return [_json_place(text, span, span.start in bare) for span in joined(span for span, _ in moved)]


def _whole_escapes(text: str, span: Span, first: int) -> Span:
    """The span, moved outwards where it would cut an escape."""
    start, end = span.start, span.end
    if "\\" not in text[max(first, start - 11) : end]:
        return span
    for match in _ESCAPE.finditer(text, first, end + 12):
        if match.start() < start < match.end():
            start = match.start()
        if match.start() < end < match.end():
            end = match.end()
        if match.start() >= end:
            break
    return span._replace(start=start, end=end)


def _whole_number(text: str, span: Span) -> tuple[Span, bool]:
    """The number that the span lies in, if it lies in one."""
    first = span.start
    while first and text[first - 1] in "0123456789.eE+-":
        first -= 1
    match = _NUMBER.match(text, first)
    if match is None or match.end() < span.end:
        return span, False
    return span._replace(start=first, end=match.end()), True


def _json_place(text: str, span: Span, bare: bool) -> Place:
    raw = text[span.start : span.end]
    if bare:
        return Place(*span, raw, bare=True)
    value = _meant(raw)
    return Place(*span, value, "" if written(value) == raw else raw)


def _meant(raw: str) -> str:
    if "\\" not in raw:
        return raw
    try:
        meant: Any = msgspec.json.decode(f'"{raw}"')
    except (msgspec.MsgspecError, ValueError):
        return raw
    return str(meant)


def written(value: str) -> str:
    """How we would write `value` inside a JSON string."""
    return msgspec.json.encode(value).decode()[1:-1]
