"""The calls around a literal: `atob(…)`, `String.valueOf(new char[] {…})`, `["…", "…"].join('')`.

They belong to the value as its quotes do, so a finding covers them. What names a number is no call: `rrn("9001" + …)`.
"""

import re
from functools import cache
from typing import Final

from haechi.catalogue.identifiers import identifiers

_DEEPEST: Final = 4
_BRACKET: Final = re.compile(r"[(\[{]\s{0,6}\Z")
_CALLED: Final = re.compile(
    r"(?:(?<![0-9A-Za-z_.])[.=@]?[A-Za-z_\-][0-9A-Za-z_.:!&\-]{0,30}(?:\[\])?\s?|\[\][a-z0-9]{3,8}|\[[a-z]{3,8}\[\]\]"
    r"|\b(?:str|concat|concatenate 'string|string-append|list|map chr,|chr for c in|array)\s)\Z"
)
_NEW: Final = re.compile(r"(?<![0-9A-Za-z_])(?:new|-join|return|print|echo)\s\Z")
_ARGUMENT: Final = re.compile(
    r"(?<=[(\[{])(?:(?:[A-Za-z_.]{1,24}|\"[^\"\n]{0,4}\"|'[^'\n]{0,4}'|lambda a, b: a \+ b),\s{0,4}|(?:[A-Za-z_]{1,12}\([a-z]{1,2}\) for [a-z]{1,2} in )\s?){1,2}\Z"
    r"|(?<=\()(?:str|concat|concatenate 'string|string-append|list)\s\Z"
)
_COMPREHENSION: Final = re.compile(r"(?<=[(\[{])[A-Za-z_.]{1,16}\( ?[a-z]{1,2} ?\) for [a-z]{1,2} in ?\Z")
_STATEMENT: Final = re.compile(
    r"(?<![0-9A-Za-z_.])(?:print|echo|printf|STRING|X=|join '', map chr,|String\.concat \"\"|char [a-z]{1,4}\[\] =|\[NSString stringWithFormat:@?|-join|return)\s?\Z"
)
_ASSIGNED: Final = re.compile(
    r"(?<![0-9A-Za-z_.$])(?:(?:const|let|var|String|string|auto|my|local|set|export)\s)?"
    r"\$?(?:[A-Za-z]|s|str|tmp|val|x|part|p|parts|arr|buf|out)_?[0-9]{0,2}(?:\[[0-9]{0,2}\])?\s?[+.:]?=\s?\Z"
)
_CLOSING: Final = re.compile(
    r"""(?x) (?:,\s?(?:0|'\\0'))? (?:\s{0,2}(?:USING|DELIMITED\s BY|using)\s[A-Za-z0-9]{1,8}(?:\s INTO\s[A-Z0-9_\-]{1,12})?)?
    (?:[)\]}]{0,2},\s?(?:[A-Z][A-Za-z]{2,20}\.[A-Za-z0-9_]{2,16}|[\"'](?i:utf|ascii|latin|iso)[A-Za-z0-9\-]{0,8}[\"'])(?=\)))?
    (?:\s{0,4}[)\]}]){0,4} (?:\s?(?:\.|\|>|\||-join)\s?(?:[A-Za-z_%][0-9A-Za-z_.]{0,20}|''|\"\")
    (?:::<[A-Za-z]{1,8}>)?(?:\s?[({](?:\([^()\n]{0,8}\))?[^(){}\n]{0,24}(?:\([^()\n]{0,8}\))?[)}])?[)\]}]{0,3}){0,3};?"""
)


def opening(text: str, start: int) -> int:
    """Where the calls begin in whose brackets a literal stands that starts at `start`, with its own bracket or without."""
    place, inside = start, text[start : start + 1] in {"(", "[", "{"}
    for _ in range(_DEEPEST):
        if new := _NEW.search(text, max(0, place - 8), place):
            place = new.start()
        if not inside:
            before = _BRACKET.search(text, max(0, place - 8), place) or None
            if before is None:
                argument = _ARGUMENT.search(text, max(0, place - 48), place)
                if argument is None:
                    break
                place = argument.start()
                continue
            place = before.start()
        inside = False
        if comprehension := _COMPREHENSION.search(text, max(0, place - 48), place):
            place = comprehension.start()
            continue
        word = _CALLED.search(text, max(0, place - 33), place)
        if word is not None:
            if is_name(word[0]):
                break
            place = word.start()
            if new := _NEW.search(text, max(0, place - 8), place):
                place = new.start()
    if word := _STATEMENT.search(text, max(0, place - 24), place) or _ASSIGNED.search(
        text, max(0, place - 32), place
    ):
        place = word.start()
    return place if not text[place - 1 : place].isalnum() or place == 0 else start


def closing(text: str, end: int) -> int:
    """Where the calls end in whose brackets a literal stands that ends at `end`."""
    match = _CLOSING.match(text, end)
    return match.end() if match and not text[match.end() : match.end() + 1].isalnum() else end


_QUOTES: Final = frozenset("\"'`")


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """A disguised value with the quotes and the calls that undo the disguise, as in `unquote("%30%31…")`: quotes alone
    belong to what is around."""
    quote = text[start - 1 : start]
    if not quote or quote not in _QUOTES or text[end : end + 1] != quote:
        return start, end
    prefixed = start - 2 if text[start - 2 : start - 1] in {"b", "r", "u", "f"} else start - 1
    if prefixed < start - 1 and text[prefixed - 1 : prefixed].isalnum():
        prefixed = start - 1
    first, last = opening(text, prefixed), closing(text, end + 1)
    return (first, last) if first < start - 1 and last > end + 1 else (start, end)


def is_name(word: str) -> bool:
    """Whether a word of code names an identifier."""
    return re.sub(r"[\s.(=]", "", word).casefold() in names()


@cache
def names() -> frozenset[str]:
    """Every word that names an identifier."""
    words = (
        word
        for each in identifiers()
        for word in (*each.words, *(w for rule in each.rule for w in rule.words))
    )
    return frozenset(re.sub(r"\s", "", word).casefold() for word in words)
