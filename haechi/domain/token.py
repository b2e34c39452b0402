"""What stands in a text for a value that was taken out, and how it is known again.

    PERSON_1      the first person of this request
    PERSON_1b     the same person, spelled in a second way
    ⟦PERSON_1⟧    the same value, where letters, figures or a bracket touch it, or where no particle is to be changed

On the way out tokens are written in these forms only. Models write them in others (`Person 1`, `PERSON\\_1`,
full-width, `사람_1`): those are *loose*. Where ASCII letters, figures or a low line touch a name it is no token, so
`MY_PERSON_1` and `PERSON_12` never read as PERSON_1.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

OPEN: Final = "⟦"
CLOSE: Final = "⟧"
OPEN_IN_JSON: Final = "\\u27e6"
CLOSE_IN_JSON: Final = "\\u27e7"

LONGEST_NAME: Final = 12
LONGEST: Final = 40
"""Characters of the longest token in its longest form, with room: what a stream may hold back."""

_UNSEEN: Final = "\u200b-\u200d\u2060\ufeff"
_DASHES: Final = r"\-‐‑‒–—−"
_SEPARATOR: Final = rf"[{_UNSEEN}]?(?:\\{{0,2}}[_＿] ?|[ \u00a0]#?|[#:{_DASHES}])[{_UNSEEN}]?"
_NUMBER: Final = "[0-9０-９]{1,6}[A-Za-zａ-ｚ]{0,2}"
_BEHIND: Final = (  # before the first character, the dot
    r"(?:(?<![A-Za-z0-9Ａ-Ｚａ-ｚ０-９].)|(?<=\\[nrtbf].)|(?<=\\u[0-9A-Fa-f]{4}.))"
)
_AHEAD: Final = "(?![A-Za-z0-9Ａ-Ｚａ-ｚ０-９])"
_WORDY: Final = re.compile("[A-Za-z0-9_Ａ-Ｚａ-ｚ０-９]")
_OURS: Final = re.compile(r"[A-Z]+_[0-9]{1,6}[a-z]{0,2}\Z")
_FRAMES: Final = frozenset("⟦⟧_6\\")
"""What stands beside a token that has a frame; 6 ends an opening bracket in JSON."""
_TOUCHING: Final = frozenset(
    chr(code) for code in (*range(0x80), *range(0xFF00, 0xFF60)) if _WORDY.match(chr(code))
) | {OPEN, CLOSE}
_LETTER: Final = re.compile("[A-Za-z0-9]")
_FIGURED: Final = re.compile("_[0-9]")
_PARTS: Final = re.compile(
    r"(?P<head>[^\W\d_]+)(?P<between>[^\w]*_?[^\w]*)0*(?P<tail>[0-9]+[a-z]{0,2})\Z", re.IGNORECASE
)
_ZEROS: Final = re.compile("_0+(?=[0-9])")
_ESCAPED: Final = re.compile(r"\\(?:[nrtbf]|u[0-9A-Fa-f]{4})\Z")
"""A sign of JSON, written out: a line break before a token is no letter that touches it."""
_STRICT: Final = re.compile("_[0-9]{1,6}[a-z]{0,2}(?![A-Za-z0-9_])")


def spelled(name: str, number: int, spelling: int = 0) -> str:
    """The token of the value with this number, in its first, second, … spelling.

    >>> spelled("PHONE", 1), spelled("PHONE", 1, 1), spelled("PHONE", 1, 26)
    ('PHONE_1', 'PHONE_1b', 'PHONE_1ba')
    """
    letters = ""
    while spelling:
        spelling, letter = divmod(spelling, 26)
        letters = chr(ord("a") + letter) + letters
    return f"{name}_{number}{letters}"


def is_token(text: str, names: Container[str]) -> bool:
    """Whether `text` is nothing but a token of one of `names`, as we write it.

    >>> is_token("⟦PHONE_2b⟧", {"PHONE"}), is_token("PHONE_2b 1", {"PHONE"}), is_token("SKU_2", {"PHONE"})
    (True, False, False)
    """
    bare = text.removeprefix(OPEN).removesuffix(CLOSE)
    return _OURS.match(bare) is not None and bare.partition("_")[0] in names


def touches(character: str) -> bool:
    """Whether a token beside `character` has to be bracketed to be known again."""
    return character in _TOUCHING


class Candidate(NamedTuple):
    """A place that reads as a token. `exact`: as we write it; `bracketed`: in our brackets, which stand in the span."""

    token: str
    start: int
    end: int
    exact: bool
    bracketed: bool


def _letter(letter: str) -> str:
    if not letter.isascii():
        return re.escape(letter)
    wide = chr(ord(letter) + 0xFEE0)
    return f"[{letter}{letter.lower()}{wide}{unicodedata.normalize('NFKC', wide).lower()}]"


class Grammar:
    """Knows tokens of some names in all their forms. `also`: what models write instead of a name, to the name."""

    def __init__(self, names: Iterable[str], also: Mapping[str, str]) -> None:
        spellings = {name: name for name in names}
        spellings |= {other: name for other, name in also.items() if name in spellings}
        self._names = spellings
        self._native = frozenset(spellings.values())
        self._find = re.compile(_pattern(spellings, f"{{rest}}(?:{_SEPARATOR})?{_NUMBER}{_AHEAD}"))
        self._begun = re.compile(_pattern(spellings, "{begun}", end=r"\Z"))
        firsts = "".join(sorted({each for name in spellings for each in _firsts(name)}))
        self.gate = re.compile(f"[{re.escape(firsts)}⟦\\\\]") if firsts else re.compile(r"(?!)")

    def candidates(self, text: str, start: int = 0) -> Iterator[Candidate]:
        """Every place from `start` on that reads as a token, in order, as far as it can be seen in `text`."""
        for match in self._find.finditer(text, start):
            if (found := self._candidate(text, match.start(), match.end())) is not None:
                yield found

    def begun(self, text: str, start: int) -> int:
        """Where a token may have begun that `text` ends before: its length where none has."""
        first = max(start, len(text) - LONGEST)
        match = self._begun.search(text, first)
        at = match.start() if match else len(text)
        for opening in (OPEN, OPEN_IN_JSON):
            if at - len(opening) >= start and text[at - len(opening) : at].lower() == opening:
                return at - len(opening)
        if at < len(text):
            return at
        if text.endswith(OPEN, start):
            return len(text) - 1
        for size in range(len(OPEN_IN_JSON), 0, -1):
            if len(text) - size >= start and text[len(text) - size :].lower() == OPEN_IN_JSON[:size]:
                return len(text) - size
        return len(text)

    def loose(self, text: str, tokens: Container[str]) -> Iterator[str]:
        """Which of `tokens` stand in `text` in any form but ours."""
        for match in self._find.finditer(text):
            start, end = match.span()
            if match.group() in tokens and _plain(text, start, end):
                continue
            found = self._candidate(text, start, end)
            if found is not None and not found.exact and found.token in tokens:
                yield found.token

    def _candidate(self, text: str, start: int, end: int) -> Candidate | None:
        written = text[start:end]
        if _OURS.match(written):
            token = _ZEROS.sub("_", written)
            return _framed(token, text, start, end, exact=token == written)
        parts = _PARTS.match(unicodedata.normalize("NFKC", written))
        name = self._names.get(parts["head"].upper()) if parts else None
        if parts is None or name is None:
            return None
        head, between = parts["head"], parts["between"]
        if head.isascii():
            if between in _SHOUTED and not head.isupper():
                return None
        elif "_" not in between or (start and "가" <= text[start - 1] <= "힣"):
            return None
        return _framed(f"{name}_{parts['tail'].lower()}", text, start, end, exact=False)


_SHOUTED: Final = frozenset({"", "#", ":"})
"""Between a name and its number these are a token's only where the name stands in capitals: `phone1` is a variable."""


def _plain(text: str, start: int, end: int) -> bool:
    """Whether nothing stands beside a token that could be its frame."""
    return text[start - 1 : start] not in _FRAMES and text[end : end + 1] not in _FRAMES


def _framed(token: str, text: str, start: int, end: int, *, exact: bool) -> Candidate | None:
    """The candidate with what stands around it: our brackets, or low lines in pairs (`_PERSON_1_`)."""
    if _plain(text, start, end):
        return Candidate(token, start, end, exact, False)
    if text.endswith(OPEN, 0, start) and text.startswith(CLOSE, end):
        return Candidate(token, start - 1, end + 1, exact, True)
    opened = _escape_before(text, start)
    if not opened and start and _LETTER.match(text[start - 1]) and not _after_escape(text, start):
        return None
    if opened and text[end : end + 6].lower() == CLOSE_IN_JSON:
        return Candidate(token, start - 6, end + 6, exact, True)
    near = text[max(0, start - 8) : start]
    before, after = len(near) - len(near.rstrip("_")), 0
    while text.startswith("_", end + after):
        after += 1
    if before or after:
        outer = text[start - before - 1 : start - before] if start > before else ""
        if before != after or before > 3 or touches(outer) or touches(text[end + after : end + after + 1]):
            return None
        exact = False
    if opened:  # a bracket that the model has not closed
        return Candidate(token, start - 6, end, False, True)
    if text.endswith(OPEN, 0, start):
        return Candidate(token, start - 1, end, False, True)
    if text.startswith(CLOSE, end):
        return Candidate(token, start, end + 1, False, True)
    return Candidate(token, start, end, exact, False)


def _after_escape(text: str, at: int) -> bool:
    """Whether the letters before `at` are a sign of JSON, and touch nothing."""
    found = _ESCAPED.search(text, max(0, at - len(OPEN_IN_JSON)), at)
    if found is None:
        return False
    return found.group().lower() != OPEN_IN_JSON or _escape_before(text, at)


def _escape_before(text: str, at: int) -> bool:
    """Whether our opening bracket stands before `at` as a JSON escape, its own backslash not being escaped."""
    first = at - len(OPEN_IN_JSON)
    if first < 0 or text[first:at].lower() != OPEN_IN_JSON:
        return False
    slashes = first - len(text[:first].rstrip("\\")) if first and text[first - 1] == "\\" else 0
    return slashes % 2 == 0


def lookalikes(text: str, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where `text` has what we would write ourselves: to be taken out like a value, so that it comes back as it was."""
    for match in _STRICT.finditer(text):
        start = match.start()
        first = max(0, start - LONGEST_NAME - 1)
        head = text[first:start]
        size = len(head) - len(head.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if head[len(head) - size :] not in names:
            continue
        start, end = start - size, match.end()
        if start and _WORDY.match(text[start - 1]) and not _after_escape(text, start):
            continue
        if text.endswith(OPEN, 0, start) and text.startswith(CLOSE, end):
            start, end = start - 1, end + 1
        yield start, end


def may_look_alike(text: str) -> bool:
    """Whether anything in `text` could look like a token."""
    return _FIGURED.search(text) is not None


def _firsts(name: str) -> str:
    return _letter(name[0]).strip("[]") if name[0].isascii() else name[0]


def _pattern(spellings: Iterable[str], rest: str, end: str = "") -> str:
    """Names by their first character, which stands first in the pattern, so that the search can leap to it."""
    groups: dict[str, list[str]] = {}
    for name in spellings:
        groups.setdefault(name[0], []).append(name)
    if not groups:
        return r"(?!)"
    firsts = "".join(_firsts(name) for name in groups)
    branches = []
    for first, names in groups.items():
        for name in sorted(names, key=len, reverse=True):
            tail = "".join(_letter(each) for each in name[1:])
            branches.append(
                f"(?<=[{_firsts(first)}])" + rest.replace("{rest}", tail).replace("{begun}", _begun(name[1:]))
            )
    return f"[{firsts}]{_BEHIND}(?:{'|'.join(branches)}){end}"


def _begun(name: str) -> str:
    """Any beginning of a name, a separator, a number and what may close it."""
    closing = r"(?:_{0,3}|\\(?:[uU](?:2(?:7[eE]?)?)?)?)"
    number = rf"(?:[0-9０-９]{{1,6}}[A-Za-zａ-ｚ]{{0,2}}{closing})?"
    inner = rf"(?:[{_UNSEEN}]?\\{{0,2}}(?:{_SEPARATOR})?{number})?"
    for letter in reversed(name):
        inner = f"(?:{_letter(letter)}{inner})?"
    return inner


@lru_cache(256)
def grammar(names: frozenset[str], also: tuple[tuple[str, str], ...]) -> Grammar:
    """The grammar of these names; made once."""
    return Grammar(sorted(names), dict(also))
