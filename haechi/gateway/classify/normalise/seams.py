"""Values split over strings: content parts, messages, fields of one object.

    {"first": "900101-1", "second": "234568"}      user: «… 900101-12»   user: «34568 입니다»

Two strings may be joined where both a value could go on: a figure, a letter, a sign on either side, and no blank
or full stop. What stands between them, a key, a role, the answer in between, is left out of the reading and is no
piece of the finding.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from haechi.gateway.classify.normalise.reading import Reading

_TAIL: Final = re.compile(r"[0-9A-Za-z가-힣@._+/=\-]+\Z")
_HEAD: Final = re.compile(r"[0-9A-Za-z가-힣@._+/=\-]+")
_VISIBLE: Final = re.compile(r"[^\W\u115f\u1160\u3164\uffa0]|[@.+/=\-]")
"""A part of blanks, of invisible signs (Hangul fillers count as letters) or of a mere comma says nothing between two others."""
_LONGEST: Final = 80
_MARKED: Final = re.compile("[0-9@]")
_SPOKEN: Final = re.compile("[영공일이삼사오육륙칠팔구]{2}(?=\\Z|[영공일이삼사오육륙칠팔구])")
_HANGUL: Final = re.compile("[가-힣]")


def joined(texts: Sequence[str], contents: Sequence[int], names: bool) -> Iterator[Reading]:
    """The running text of `texts` with those of `contents` put together that may belong together; nothing where none
    may. `names`: also where only Hangul meets, which numbers need not.

    Also without the seams at which a letter meets a figure; and where more than two meet in a row, without every other
    seam and without those between a word and a number: in `ok`, `900101-12`, `34568` the word is no part of the value."""
    visible = [number for number in contents if _VISIBLE.search(texts[number])]
    pairs = [
        (left, right)
        for left, right in itertools.pairwise(visible)
        if _meets(texts[left], texts[right], names)
    ]
    ways = [pairs] if pairs else []
    steady = [(left, right) for left, right in pairs if not _changes(texts[left], texts[right])]
    others = [steady]
    if any(first[1] == second[0] for first, second in itertools.pairwise(pairs)):
        alike = [(left, right) for left, right in pairs if _alike(texts[left], texts[right])]
        others += [pairs[::2], pairs[1::2], alike]
    for way in others:
        if way and way not in ways:
            ways.append(way)
    if ways:
        running = Reading("\n".join(texts))
        starts = list(itertools.accumulate((len(text) + 1 for text in texts), initial=0))
    for way in ways:
        edits = [
            (
                starts[left] + len(texts[left].rstrip()),
                starts[right] + len(texts[right]) - len(texts[right].lstrip()),
                "",
            )
            for left, right in way
        ]
        yield running.edited(edits, loose=True)


def _changes(left: str, right: str) -> bool:
    """Whether a letter meets a figure."""
    tail, head = left.rstrip()[-1:], right.lstrip()[:1]
    return (tail.isalpha() and head.isdigit()) or (tail.isdigit() and head.isalpha())


def _alike(left: str, right: str) -> bool:
    """Whether two words that meet both hold figures, or both hold none."""
    tail, head = left[-_LONGEST:].split()[-1:], right[:_LONGEST].split()[:1]
    marked = [_MARKED.search(word) is not None for word in (*tail, *head)]
    return len(set(marked)) == 1


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
        if type(message) is not dict:
            return []
        for text in _texts(message.get("content")):
            while place < len(contents) and texts[contents[place]] != text:
                place += 1
            if place == len(contents):
                return []
            if message.get("role") == "user":
                said.append(contents[place])
            place += 1
    return said


def _texts(content: Any) -> Iterator[str]:
    """What a message says, in one string or in parts."""
    if type(content) is str:
        yield content
    for part in content if type(content) is list else ():
        if type(part) is dict and type(text := part.get("text")) is str:
            yield text
