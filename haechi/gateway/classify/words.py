"""Context words, compiled: what a number is called.

White space inside Korean words is tolerated («주민 등록 번호»). Latin words are found in prose and in the names of
fields (`account no`, `account_no`, `accountNo`, `ACCOUNT_NO`), never inside another word. Either may be followed by
a word for «number», which then belongs to it.
"""

import re
from collections.abc import Iterable
from typing import Final

import re2

from haechi.gateway.classify.search import search_for

_NOTHING: Final = r"[^\x00-\x{10FFFF}]"
_NUMBER: Final = r"(?:\s?(?:번호|코드))?"
_LATIN_NUMBER: Final = (
    r"(?:[ _.-]{0,2}(?:[Nn]umber|NUMBER|[Nn][Oo]|[Nn]um|NUM|[Ii][Dd]|[Cc]ode|CODE|[Cc][Dd])\.?)?"
)
_GAP: Final = "[ _.'’-]{0,2}"
_END: Final = r"(?:\b|[0-9_]|[A-Z])"
_SHORT: Final = 3
"""Shorter words stand alone or between `_`: `CI` occurs in every other base64."""


class Words:
    """Names of numbers. A `tail` names any number where another word stands directly before it: `검체번호`,
    `batch_no`. It is the shortest name there is, so every other that ends at the same place is preferred.

    The pattern has no groups: RE2 then finds a span without its slow engines. A match may hold the sign that bounds
    the word (`_`, a digit), which is near enough."""

    __slots__ = ("expression", "pattern", "search")

    def __init__(self, words: Iterable[str], tails: Iterable[str] = ()) -> None:
        ordered = sorted(words, key=lambda word: (-len(word), word))
        long = [word for word in ordered if word.isascii() and len(word) >= _SHORT]
        short = [word for word in ordered if word.isascii() and len(word) < _SHORT]
        hangul = [word for word in ordered if not word.isascii()]
        found = [
            f"(?:{_any(map(_korean, hangul))}){_NUMBER}",
            rf"(?:\b|_|[0-9])(?:{_any(map(_plain, long))}){_LATIN_NUMBER}{_END}",
            rf"[a-z0-9](?:{_any(map(_camel, long))}){_LATIN_NUMBER}{_END}",
            rf"(?:\b|_)(?:{_any(map(_plain, short))}){_LATIN_NUMBER}(?:\b|_)",
        ]
        if tails:
            hangul = [re2.escape(tail) for tail in tails if not tail.isascii()]
            latin = [tail for tail in tails if tail.isascii()]
            found += [
                rf"[가-힣]\s?(?:{_any(hangul)})",
                rf"[A-Za-z][ _.-](?:{_any(map(_plain, latin))}){_END}",
                rf"[a-z](?:{_any(map(_camel, latin))}){_END}",
            ]
        self.expression = "|".join(found)
        self.pattern = re2.compile(self.expression)
        self.search = search_for(self.pattern)

    def last_in(self, label: str) -> tuple[int, int] | None:
        """The nearest of these words to the end of a label: how far from it, and minus its length."""
        spans = [match.span() for match in self.pattern.finditer(label)]
        return min(((len(label) - end, start - end) for start, end in spans), default=None)


def _any(expressions: Iterable[str]) -> str:
    return "|".join(expressions) or _NOTHING


def _korean(word: str) -> str:
    return r"\s?".join(map(re2.escape, word.replace(" ", "")))


def _parts(word: str) -> list[str]:
    return re.findall("[a-z0-9/']+", word.lower())


def _plain(word: str) -> str:
    """A word as it begins one: `Account no`, `account_no`, `ACCOUNT NO`, `AccountNO`."""
    return _GAP.join(
        f"(?:[{part[0]}{part[0].upper()}]{re2.escape(part[1:])}|{re2.escape(part.upper())})"
        for part in _parts(word)
    )


def _camel(word: str) -> str:
    """A word as it goes on in camel case: the end of `bankAccountNo`."""
    return "".join(re2.escape(part.capitalize()) for part in _parts(word))
