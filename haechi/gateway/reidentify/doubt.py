"""Whether what reads as a token, and is not written as we write it, may mean something else.

Models write `Person 1` for PERSON_1, and they write `Email 1:` above the first mail of a course they draft. What is not
sure stays as it is: a reader sees through a placeholder, and not through another person's name.
"""

import re
from typing import Final

from haechi.catalogue.tokens import LOOKALIKE, token_name
from haechi.domain.links import NotYet
from haechi.domain.token import Candidate

NEAR: Final = 24
"""Characters of what was written that are looked back at: for what touches a token, and for the beginning of a line."""

_LOOKALIKES: Final = token_name(LOOKALIKE)
_PERSON: Final = token_name("person")
_WORDS: Final = re.compile(r"([A-Za-z][A-Za-z]+)[ \u00a0]#?[0-9]")
_VARIABLE: Final = re.compile(r"[a-z]+_[0-9]+[a-z]{0,2}\Z")
_DECLARED: Final = re.compile(
    r"(?<![A-Za-z])(?:let|const|var|val|def|class|for|in|import|as|global|return)[ \t]+\Z"
)
_USED: Final = re.compile(r"\s{0,4}[-+*/]?=(?!=)|\.[A-Za-z_]|[(\[](?![가-힣])")
_SENTENCE_START: Final = re.compile(r"(?:\A|\n|[.!?]\s)(?P<marks>[\s#>*+\-_.)(0-9|]{0,20})\Z")
_ITEM: Final = re.compile(r"\s*(?:[-*+]|[0-9]{1,3}[.)])\s+[*_]{0,2}\Z")
_SIGNED: Final = re.compile(r",[ ]{0,2}\n{1,3}[*_]{0,2}\Z")
"""`Best regards,` and a name below it."""

_CLOSING: Final = re.compile(r"[*_`'\"’” ]{0,4}")
_CELL: Final = re.compile(r"[,;\t](?=\S)")
"""Behind the first cell of a line of CSV."""

_VERB: Final = re.compile(r" (?!of\b|in\b)[a-z]|['’]s ")
_COUNTED: Final = re.compile(
    r"[ \u00a0]?[명인개건대장번차회통층호곳종쪽년월일시분초위부](?:[은는이가을를의에로과와도만씩째당]|(?![가-힣]))"
)
"""What is counted, in Korean: `Card 2장` is no card of ours, `Person 1 부장` is a person of ours."""
_LOOK: Final = 6
"""Characters behind a token that decide."""


class Doubt:
    """What one answer has shown about how it counts. `words`: forms that the caller wrote himself."""

    __slots__ = ("_counted", "_words")

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._counted: set[str] = set()

    def counts_further(self, token: str) -> None:
        """The answer counts further than there are values: it counts something else."""
        self._counted.add(token.partition("_")[0])

    def about(self, found: Candidate, text: str, *, final: bool) -> bool:
        """Whether `found`, which is not written as we write it, may be none of ours. `final`: nothing comes behind `text`.
        Raises `NotYet`."""
        name = found.token.partition("_")[0]
        if name == _LOOKALIKES or found.token in self._words or name in self._counted:
            return True
        written = text[found.start : found.end]
        if _VARIABLE.match(written):
            near = text[max(0, found.start - NEAR) : found.start]
            return (
                _DECLARED.search(near) is not None
                or _USED.match(_behind(found, text, final=final)) is not None
            )
        words = _WORDS.match(written)
        if words is None:
            return False
        if words[1].islower() or _COUNTED.match(_behind(found, text, final=final)):
            return True
        return not words[1].isupper() and _heads(name, found, text, final=final)


def _behind(found: Candidate, text: str, *, final: bool) -> str:
    """What stands behind a token, as far as it decides. Raises `NotYet`."""
    if len(text) < found.end + _LOOK and not final:
        raise NotYet
    return text[found.end : found.end + _LOOK]


def _heads(name: str, found: Candidate, text: str, *, final: bool) -> bool:
    """Whether it may be a heading of the model's own: where a sentence begins and goes on without a particle, a title or a
    verb (`Email 1:`, `Phone 1 more customer`). A cell of a table or an item of a list that holds nothing else is a value.
    Raises `NotYet`."""
    near = text[max(0, found.start - NEAR) : found.start]
    start = _SENTENCE_START.search(near)
    if start is None:
        return False
    behind = _behind(found, text, final=final)
    closing = _CLOSING.match(behind)
    follows = behind[closing.end() :] if closing else behind
    if "가" <= follows[:1] <= "힣" or (name == _PERSON and _VERB.match(behind)):
        return False
    if _CELL.match(behind) and not start["marks"].strip():
        return False
    if follows[:1] == "|":
        return "|" not in start["marks"]
    if follows[:1] in ("", "\n"):
        return _ITEM.match(start["marks"]) is None and not (name == _PERSON and _SIGNED.search(near))
    return True
