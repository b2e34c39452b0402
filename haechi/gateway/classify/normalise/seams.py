"""Values split over strings: content parts, messages, fields of one object.

    {"first": "900101-1", "second": "234568"}      user: «… 900101-12»   user: «34568 입니다»

Two strings may be joined where both a value could go on: a figure, a letter, a sign on either side, and no blank
or full stop. What stands between them, a key, a role, the answer in between, is left out of the reading and is no
piece of the finding.
"""

import itertools
import re
from collections.abc import Sequence
from typing import Any, Final

from haechi.gateway.classify.normalise.reading import Reading

_TAIL: Final = re.compile(r"[0-9A-Za-z가-힣@._+/=\-]+\Z")
_HEAD: Final = re.compile(r"[0-9A-Za-z가-힣@._+/=\-]+")
_LONGEST: Final = 80
_MARKED: Final = re.compile("[0-9@]")
_SPOKEN: Final = re.compile("[영공일이삼사오육륙칠팔구]{2}(?=\\Z|[영공일이삼사오육륙칠팔구])")
_HANGUL: Final = re.compile("[가-힣]")


def joined(texts: Sequence[str], contents: Sequence[int], names: bool) -> list[Reading]:
    """The running text of `texts` with those of `contents` put together that may belong together; none where none
    may. `names`: also where only Hangul meets, which numbers need not. What stands before a piece by chance (`thanks`,
    `page 3`) meets it too, so there are other ways to read: no letter meets a figure, every piece meets one other."""
    pairs = [
        (left, right)
        for left, right in itertools.pairwise(contents)
        if _meets(texts[left], texts[right], names)
    ]
    alike = [pair for pair in pairs if not _changes(texts[pair[0]], texts[pair[1]])]
    ways: list[list[tuple[int, int]]] = []
    for way in (pairs, alike, pairs[::2], pairs[1::2]):
        if way and way not in ways:
            ways.append(way)
    return [_put_together(texts, way) for way in ways]


def _changes(left: str, right: str) -> bool:
    """Whether a letter meets a figure."""
    tail, head = left.rstrip()[-1:], right.lstrip()[:1]
    return (tail.isalpha() and head.isdigit()) or (tail.isdigit() and head.isalpha())


def _put_together(texts: Sequence[str], pairs: Sequence[tuple[int, int]]) -> Reading:
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    edits = [
        (
            starts[left] + len(texts[left].rstrip()),
            starts[right] + len(texts[right]) - len(texts[right].lstrip()),
            "",
        )
        for left, right in pairs
    ]
    return Reading("\n".join(texts)).edited(edits, loose=True)


def _meets(left: str, right: str, names: bool) -> bool:
    tail, head = _TAIL.search(left[-_LONGEST:].rstrip()), _HEAD.match(right[:_LONGEST].lstrip())
    if tail is None or head is None:
        return False
    if _MARKED.search(tail[0]) or _MARKED.search(head[0]):
        return not (_HANGUL.match(tail[0][-1]) and _HANGUL.match(head[0]))
    if _SPOKEN.search(tail[0]) and _SPOKEN.match(head[0]):
        return True
    return names and _HANGUL.match(tail[0][-1]) is not None and _HANGUL.match(head[0]) is not None


def of_one_speaker(body: Any, contents: Sequence[int], texts: Sequence[str]) -> list[int]:
    """The contents that the user said, where somebody answered in between; none where nobody did.

    Strings of messages stand in their order, so the answers are found by walking along."""
    messages = body.get("messages") if type(body) is dict else None
    if type(messages) is not list or len(messages) < 3:
        return []
    said, place = [], 0
    for message in messages:
        if type(message) is not dict or type(content := message.get("content")) is not str:
            return []
        while place < len(contents) and texts[contents[place]] != content:
            place += 1
        if place == len(contents):
            return []
        if message.get("role") == "user":
            said.append(contents[place])
        place += 1
    return said
