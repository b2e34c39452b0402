"""Values written as code: concatenation, formats, lists of characters, character codes, fields of one object.

    "9001" + "01-1234568"     "{}-{}".format("900101", "1234568")     String.fromCharCode(57, 48, …)

Code is not run. Expressions whose parts are all literals are put together by their shape, in the manner of the
common languages; what stands between two literals is taken out. Such readings are loose.
"""

import re
from functools import cache
from typing import Final

from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.normalise.reading import Reading

_QUOTE: Final = "[\"'`]"
_PIECE: Final = r"(?:[fFrRbBuU@$]{0,2}(?:\"[^\"\n]{0,80}\"|'[^'\n]{0,80}'|`[^`\n]{0,80}`))"
_HOLE: Final = r"(?:\{[0-9]{0,2}\}|%[sdcv]|\$\{[0-9]\})"
_CODE: Final = r"(?:0[xX][0-9A-Fa-f]{2,5}|[0-9]{2,6})"
_TO_CHARACTER: Final = r"(?i:chr|char|unichr|chrw|nchr|rune|(?:String\.)?from(?:Char|Code)(?:Code|Point))"

_TO_FIELD: Final = rf"{_QUOTE}[^\"'\n]*{_QUOTE}\s*(?::|=>)\s*"

SIGNS: Final = (
    rf"{_QUOTE}\s*(?:\+|\|\||<<|\.\.|<>|&)\s*[fFrRbBuU@$]?{_QUOTE}",
    r"[\"'][ \t]+\\?\n?[ \t]*[\"'][0-9A-Za-z가-힣@._\-]",
    rf"[0-9@.\-]{_QUOTE}\s*,\s*{_QUOTE}[-.@ /]?[0-9A-Za-z가-힣]|[0-9A-Za-z]{_QUOTE}\s*,\s*{_QUOTE}[0-9@.\-]",
    rf"[A-Z0-9]{{4}}{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[A-Z0-9]{{4}}",
    rf"@[0-9A-Za-z.\-]*{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[A-Za-z]",
    rf"[A-Za-z]{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[0-9A-Za-z._\-]*@",
    rf"(?:{_QUOTE}[0-9A-Za-z가-힣@.\-]{_QUOTE}\s*,\s*){{3}}",
    rf"[가-힣]{_QUOTE}\s*,\s*(?:{_TO_FIELD})?{_QUOTE}[가-힣]",
    rf"[0-9A-Za-z가-힣@.\-]{_QUOTE}\s*,\s*{_TO_FIELD}{_QUOTE}[-.@0-9]",
    rf"[0-9@.\-]{_QUOTE}?\s*,\s*{_TO_FIELD}{_QUOTE}?[-.@0-9A-Za-z]",
    rf"{_QUOTE}\s*\.\s*join\(\s*(?:[\[(]\s*{_QUOTE}|map|chr)|\.concat\(|{_QUOTE}\s*\]\s*\.\s*join\(",
    rf"{_HOLE}[^\"'\n]{{0,3}}{_HOLE}[^\"'\n]*{_QUOTE}\s*(?:\.\s*format\(|%|,)\s*\(?{_QUOTE}",
    r"\}[-.@ /]?\{['\"]",
    rf"{_TO_CHARACTER}\s*\(\s*\[?{_CODE}",
    rf"chr\s*,\s*[\[(]\s*{_CODE}",
    rf"{_CODE}(?:\s*,\s*{_CODE}){{5}}",
)

_LISTED: Final = re.compile(
    rf"""(?x)
    (?:{_QUOTE}{{2}}\s?\.\s?join\([^\[\n(]{{0,40}}\(?)? (?:[A-Za-z_.]{{3,30}}\(\s{{0,4}})? (?:chr\s?,\s?)?
    (?:\[|\(|\{{)?\s{{0,8}}
    ({_CODE}(?:\s{{0,4}},\s{{0,8}}{_CODE}){{5,}}+)
    \s{{0,8}}[\])}}]{{0,4}}
    """
)
_NAMED_LIST: Final = re.compile(
    rf"""(?x)
    (?:{_QUOTE}{{2}}\s?\.\s?join\()? (?:(?:list|tuple)\()?
    (?:map\(\s?(?:chr|unichr)\s?,\s?|{_TO_CHARACTER}\()\s?(?:\.{{3}})?[\[(]?
    \s{{0,8}}({_CODE}(?:\s{{0,4}},\s{{0,8}}{_CODE})+)\s{{0,8}}[\])]{{0,4}}
    """
)
"""What is called so needs no more than two codes to be letters."""
_CALLS: Final = re.compile(
    rf"(?:{_TO_CHARACTER}\(\s?{_CODE}\s?\)\s{{0,4}}(?:[+.&|,]{{1,2}}\s{{0,8}})?){{2,}}+"
)
_NUMBER: Final = re.compile(_CODE)

_FORMAT: Final = re.compile(
    rf"""(?x)
    [fFrRbBuU]?(["'`]) ((?:[^"'`\n{{%$]{{0,20}}{_HOLE}){{1,24}}[^"'`\n{{%$]{{0,20}}) \1 \s{{0,4}}
    (?:\.\s?format\s?\(|%\s?\(?|,)\s{{0,8}}
    ((?:{_PIECE}\s{{0,4}},?\s{{0,8}}){{1,24}}) \)?
    """
)
_JOIN: Final = re.compile(
    rf"""(?x)
    (["'`])([^"'`\n]{{0,4}})\1 \s?\.\s?join\(\s{{0,4}}[\[(]\s{{0,8}} ((?:{_PIECE}\s{{0,4}},?\s{{0,8}}){{1,200}}) [\])]\s{{0,8}}\)?
    """
)
_JOINED_BEHIND: Final = re.compile(
    rf"""(?x) \[\s{{0,8}}((?:{_PIECE}\s{{0,4}},?\s{{0,8}}){{2,200}})\]\s?\.\s?join\(\s?(["'`])([^"'`\n]{{0,4}})\2\s?\)"""
)
_ONE_PIECE: Final = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`\n]*)`")
_ONE_HOLE: Final = re.compile(_HOLE)

_GLUE: Final = re.compile(
    rf"""(?x)
    {_QUOTE}?\s{{0,8}},\s{{0,20}}{_QUOTE}[^"'\n]{{1,40}}{_QUOTE}\s{{0,4}}(?::|=>)\s{{0,4}}{_QUOTE}?
    | {_QUOTE}{{1,3}}\)?\s{{0,8}}(?:\+|&|\|\||,|<<|\.\.|<>|\.|~|\\)?\s{{0,20}}\(?[fFrRbBuU@$]?{_QUOTE}{{1,3}}
    | \.concat\({_QUOTE} | {_QUOTE}\}}[ ]?\{{{_QUOTE} | {_QUOTE}\}} | [fF$]{_QUOTE}\{{{_QUOTE} | \{{{_QUOTE}
    | {_QUOTE}\)? | {_QUOTE}
    """
)


def evaluate(reading: Reading) -> Reading:
    """Formats, joins and character codes, each replaced by what it makes."""
    for pattern, say in (
        (_JOIN, _joined),
        (_JOINED_BEHIND, _joined_behind),
        (_FORMAT, _formatted),
        (_CALLS, _spelled),
        (_NAMED_LIST, _spelled_list),
        (_LISTED, _spelled_list),
    ):
        reading = reading.replaced(pattern, say)
    return reading


def glue(reading: Reading) -> Reading:
    """Literals and fields that stand side by side, put together."""
    return reading.replaced(_GLUE, _glued, loose=True)


def _glued(match: re.Match[str]) -> str:
    """Nothing, but a blank between a field that only names the next and what it names."""
    if ":" not in match[0] and "=>" not in match[0]:
        return ""
    if match.string[match.end() : match.end() + 1].isdigit() and _WORD_END.search(
        match.string, max(0, match.start() - 8), match.start()
    ):
        return " "
    left = _LAST_PIECE.search(match.string, max(0, match.start() - 40), match.start())
    named = left is None or _PROSE.search(left[0]) or re.sub(r"\s", "", left[0]).casefold() in _names()
    return " " if named else ""


_WORD_END: Final = re.compile(r"[a-z가-힣]\Z|[A-Z]{5}\Z")
"""A word, and no letter that begins a number."""
_PROSE: Final = re.compile(r"^[^0-9@]* [^0-9@]*$")
_LAST_PIECE: Final = re.compile(r"[^\"'`:,{}]{1,40}\Z")


@cache
def _names() -> frozenset[str]:
    """Every word that names an identifier."""
    words = (
        word
        for each in identifiers()
        for word in (*each.words, *(w for rule in each.rule for w in rule.words))
    )
    return frozenset(re.sub(r"\s", "", word).casefold() for word in words)


def _pieces(listed: str) -> list[str]:
    return ["".join(part or "" for part in found.groups()) for found in _ONE_PIECE.finditer(listed)]


def _joined(match: re.Match[str]) -> str:
    return match[2].join(_pieces(match[3]))


def _joined_behind(match: re.Match[str]) -> str:
    return match[3].join(_pieces(match[1]))


def _formatted(match: re.Match[str]) -> str | None:
    """The pieces in their holes, in order or by number; `None` where there are too few."""
    pieces, said = _pieces(match[3]), iter(_pieces(match[3]))
    if len(_ONE_HOLE.findall(match[2])) > len(pieces):
        return None

    def filled(hole: re.Match[str]) -> str:
        number = hole[0].strip("{}$%")
        return pieces[int(number)] if number.isdecimal() and int(number) < len(pieces) else next(said, "")

    return _ONE_HOLE.sub(filled, match[2])


def _spelled(match: re.Match[str]) -> str | None:
    codes = [int(code, 0 if code[:2] in {"0x", "0X"} else 10) for code in _NUMBER.findall(match[0])]
    if not all(32 <= code < 127 or 0xAC00 <= code < 0xD7A4 or 0x4E00 <= code < 0xA000 for code in codes):
        return None
    return "".join(map(chr, codes))


def _spelled_list(match: re.Match[str]) -> str | None:
    """Characters of a list of codes; a list of numbers of ordinary size says nothing that anybody looks for."""
    return _spelled(match) if "," in match[1] else None
