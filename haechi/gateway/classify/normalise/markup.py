"""Markup that stands between the parts of a value: tags, Markdown, LaTeX.

    <b>900101</b>-<b>1234568</b>    **900101**-**1234568**    \\textbf{900101}-\\textbf{1234568}

What only dresses a text is taken out. Whether two cells of a table belong together nobody can know, so that reading
is loose.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from haechi.gateway.classify.normalise.reading import Edit, Reading

_VALUE: Final = r"[0-9A-Za-z가-힣@._+\-]"
_TAG: Final = r"<[!/?]?[A-Za-z\-][^<>]{0,200}>"
_ANY_TAG: Final = r"<[!/?]?[A-Za-z\-][^<>]*>\s*"
_BRACKETED: Final = r"\[/?(?:b|i|u|s|color|size|font|code|url|quote|mark)(?:=[^\[\]\n]{0,40})?\]"
_COMMENT: Final = r"\{\#[^\#\n]{0,40}\#\}|/\*[^*\n]{0,40}\*/"
_NOTE: Final = r"\[\^[^\[\]\n]{1,16}\]"
_ATTRIBUTE: Final = (
    r"\\(?:hspace|vspace|hphantom|phantom|color|label|kern|index|fontsize)\*?\{[^{}\n]{0,20}\}"
)
_COLOURED: Final = r"\\(?:textcolor|colorbox|href)(?:\[[A-Za-z]{1,8}\])?\{[^{}\n]{0,80}\}\{"
_SPACE: Final = r"\\(?:(?:quad|qquad|null|newline|relax|allowbreak|linebreak|nobreak|thinspace|enspace|space)(?![A-Za-z])[ ]?|[-/,;:!][ ]?|\\[ ]?|[ ])"
_SWITCH: Final = r"\{\\(?:bfseries|itshape|bf|it|tt|em|sf|sc|rm|b|i|ul|large|small|Large)[ ]"
_ITEM: Final = r"[ ]{0,2}\|?[ ]{0,2}\r?\n[ ]{0,4}(?:\#{1,6}[ ]{1,2}|>[ ]|[-*][ ]\[[ xX]\][ ]|\|[ ]{0,2}|\[//\]:[^\n]{0,40}\n)"
SIGNS: Final = (
    rf"[0-9A-Za-z가-힣@._+\-,]\s{{0,2}}(?:{_ANY_TAG})+{_VALUE}",
    r"[0-9.\-]\$\$[0-9]|[0-9]\$-\$[0-9]|[0-9A-Za-z]\*\*\\ \*\*[0-9A-Za-z]|[0-9@.\-]\r?\n *[>+] +[0-9@.\-]|[0-9@.\-] {2}\n[0-9@.]|[0-9@.\-]\\\n[0-9@.\-]",
    r"[0-9A-Za-z가-힣@.\-,] ?(?:\*{1,3}|~~|`{1,2})[-.@ ]?(?:\*{1,3}|~~|`{1,2})[0-9A-Za-z가-힣@.\-]",
    r"[0-9](?:\*{1,3}|~~|`)[-. ]?[0-9]",
    r"\]\([^()\s]{0,200}\)[-. @]?\[?[0-9A-Za-z가-힣@.]",
    r"\\[A-Za-z]{2,16}\*?\{[0-9A-Za-z가-힣@._\-]|[0-9A-Za-z가-힣@.\-]\{\}[0-9A-Za-z가-힣@.]|[0-9@.\-]\\[,;:!/\- ]+[0-9A-Za-z]|[0-9A-Za-z]\\[,;:!/\- ]+[0-9@.\-]",
    r"[0-9A-Za-z가-힣@._\-]\}?\\[A-Za-z]{4,16}(?:\{[^{}\n]*\})?[ {]*[0-9A-Za-z가-힣@.\-]|\\textcolor\{|\}-?\{\\[a-z]{1,8} |[0-9A-Za-z가-힣]\{\\[a-z]{1,8} [0-9A-Za-z가-힣]",
    rf"[0-9A-Za-z가-힣@.\-](?:{_BRACKETED})+[0-9A-Za-z가-힣@.\-]|\]\]><!\[CDATA\[|{_NOTE}[0-9A-Za-z가-힣@.\-]|[0-9A-Za-z가-힣@.\-]\]\[[^\[\]\n]*\][-\[0-9A-Za-z가-힣@.]",
    rf"[0-9A-Za-z가-힣@.\-](?:{_COMMENT})[0-9A-Za-z가-힣@.\-]|\x1b\[[0-9;]*m[0-9A-Za-z가-힣@.\-]",
    r"[0-9A-Za-z가-힣@.\-](?:====|\|\|\|\||'{4,6}|____|''-''|==-==|__-__)[0-9A-Za-z가-힣@.\-]|[0-9](?:==|__|'{2,3})[0-9]|(?:==|__|'{2,3})[0-9@.\-]+(?:==|__|'{2,3})",
    r"[0-9A-Za-z][@.+\-][*`]{0,2}[ ]?[|\t&;][ ]?[*`]{0,2}[0-9A-Za-z]|[0-9A-Za-z][*`]{0,2}[ ]?[|\t&;][ ]?[*`]{0,2}[@.+\-][0-9A-Za-z]|[0-9][@.+\-],[0-9]|[0-9],[@.+\-][0-9A-Za-z]",
    rf"[0-9\-@.](?:\*\*)?{_ITEM}(?:\*\*)?[0-9@.\-]|[0-9](?:\*\*|`|~~)[ ]\|[ ](?:\*\*|`|~~)[0-9]|\|\|[0-9]+\|\|-?\|\|",
    r"[0-9](?:\*\*|__|\*)[0-9A-Za-z@.\-]{1,40}(?:\*\*|__|\*)|[A-Za-z가-힣](?:\*\*|__)[0-9A-Za-z가-힣@.\-]{1,40}(?:\*\*|__)[0-9A-Za-z가-힣@.\-]",
)
CELLS: Final = (rf"[0-9](?:{_ANY_TAG})+[0-9]",)

LINES: Final = (
    r"[0-9@][0-9A-Za-z._+/=\-]*\n[0-9A-Za-z@.]|[0-9A-Za-z@._\-]\n[0-9A-Za-z._\-]*[0-9@]",
    r"@\n[가-힣]",
)

_MARKS: Final = re.compile(
    rf"""(?x)
    <!\[CDATA\[ | \]\]> | (?:\r?\n)?<!--[^<>]{{0,80}}-->(?:\r?\n)? | <w?br[^<>]{{0,20}}>\s{{0,4}} | {_TAG}(?:\s{{0,20}}(?=<))?
    | ~~ | `{{1,3}} | (?<=[0-9A-Za-z가-힣@.\-]){_COMMENT} | \x1b\[[0-9;]{{0,12}}m
    | !\[[^\[\]\n]{{0,40}}\]\([^()\s]{{0,200}}\) | {_NOTE} | {_BRACKETED}
    | \[(?=[^\[\]\n]{{1,80}}\](?:\(|\[[^\[\]\n]{{0,16}}\])) | \]\([^()\s]{{0,200}}\) | \]\[[^\[\]\n]{{0,16}}\]
    | {_ATTRIBUTE} | {_COLOURED} | {_SWITCH} | \\[A-Za-z]{{2,16}}\*?\{{ | (?<=[0-9A-Za-z가-힣@.}}\-]){_SPACE} | \{{\}} | [{{}}]
    | [ ]{{2}}\n(?=[0-9@.\-])
    | (?:(?<=\n)|\A)[ ]{{0,3}}(?:\#{{1,6}}|[>*+\-]|-[ ]\[[ xX]\])[ ]{{1,3}}(?=[0-9@.\-])
    | (?<=[0-9A-Za-z][@.+\-])[*`]{{0,2}}[ ]{{0,2}}(?:\||\t|,|;|&)[ ]{{0,2}}[*`]{{0,2}}(?=[0-9A-Za-z])
    | (?<=[0-9A-Za-z])[*`]{{0,2}}[ ]{{0,2}}(?:\||\t|,|;|&)[ ]{{0,2}}[*`]{{0,2}}(?=[@.+\-][0-9A-Za-z])
    | (?P<item>(?<=[0-9\-@.*]){_ITEM}(?=[0-9@.*\-]))
    """
)
_TAGS: Final = re.compile(rf"(?:{_TAG}\s{{0,20}})+")


def unmark(reading: Reading) -> Reading:
    """The text without its markup, parts put side by side."""
    bare = reading.edited(_starred(reading.text), loose=True)
    bare = bare.edited(_emphasis(bare.text), loose=True)
    return bare.replaced(_MARKS, lambda match: "\n" if match["item"] else "", loose=True)


def _emphasis(text: str) -> Iterator[Edit]:
    """The stars around words; those that mask a value (`k***@corp`, `010-****-1234`) stay."""
    for pair in _PAIRED.finditer(text):
        yield *pair.span(1), ""
        yield pair.end(2), pair.end(), ""


_PAIRED: Final = re.compile(
    r"(?<![0-9A-Za-z가-힣/+])(==|__|\|\||'{2,3}|\$|_)(?=[0-9A-Za-z가-힣@.\-])([^=|'$\n]{1,80}?)\1(?![=])"
)


_ROW_OF_BOLD: Final = re.compile(r"\*\*(?=[^*\n]{1,80}\*{4})(?:[^*\n]{1,80}\*{4}){1,5}[^*\n]{1,80}\*\*(?!\*)")
_STARS: Final = re.compile(r"\*{2,4}")


def _starred(text: str) -> Iterator[Edit]:
    """The stars around words, those of bold words side by side first: `**서구 감포로 450,**** 113동**`."""
    rows = [match.span() for match in _ROW_OF_BOLD.finditer(text)]
    if not rows:
        yield from _singly(text)
        return
    starts = [first for first, _ in rows]
    stars = [(*sign.span(), "") for first, last in rows for sign in _STARS.finditer(text, first, last)]
    others = [
        edit for edit in _singly(text) if not _in_a_row(rows, bisect_right(starts, edit[0]) - 1, edit[0])
    ]
    yield from sorted(stars + others)


def _in_a_row(rows: list[tuple[int, int]], number: int, place: int) -> bool:
    return number >= 0 and place < rows[number][1]


def _singly(text: str) -> Iterator[Edit]:
    for pair in _EMPHASIS.finditer(text):
        yield *pair.span(1 if pair[1] else 2), ""
        yield pair.end(3), pair.end(), ""


_EMPHASIS: Final = re.compile(
    r"(?:(?<![0-9A-Za-z가-힣])(\*{1,3})(?=[0-9A-Za-z가-힣(+])|(?<=[0-9A-Za-z가-힣@.\-])(\*{1,2})(?=[0-9A-Za-z가-힣@.\-])(?=[^*\s]{1,40}\2(?!\*)))"
    r"([^*\n]{1,80})(?:\1|\2)"
)


def spaced_cells(reading: Reading) -> Reading:
    """The text with a blank for every run of tags: cells stay apart."""
    return reading.replaced(_TAGS, lambda _: " ", loose=True)


_WRAPPED: Final = re.compile(
    r"(?<=[A-Za-z@._+/=\-])\r?\n(?=[0-9A-Za-z@._+/=\-])|(?<=[0-9])\r?\n(?=[A-Za-z@._+/=]|[0-9A-Za-z._\-]{1,40}@)"
    r"|(?<=@)\r?\n(?=[가-힣])"
)
"""Figures on both sides are numbers pulled apart (`squeeze`)."""


_SETTING: Final = re.compile(
    r"[ \t]{0,8}(?:export |set |-[eD] ?)?[A-Za-z_][\w.\-]{0,60}[ \t]{0,2}(?:=|: )[ \t]{0,2}[^\s=]"
)

_ROW: Final = re.compile(r"[^\t\n]{0,80}\t[^\n]")

_TELEPHONE: Final = re.compile(r"(?<![0-9A-Za-z._])[0-9+()]{2,6}[-. ][0-9]{3,4}[-. ][0-9]{4}\Z")
"""Above a mailbox stands the telephone of the one who signs: it is not the beginning of its name."""


def unwrap(reading: Reading) -> Reading:
    """The text with words that a line end cuts in two whole again; lines of settings and rows of a table are whole."""
    return reading.replaced(_WRAPPED, _unwrapped, loose=True)


def _unwrapped(end: re.Match[str]) -> str | None:
    text, first = end.string, end.string.rfind("\n", 0, end.start()) + 1
    if _SETTING.match(text, end.end()) and _SETTING.match(text, first):
        return None
    if _ROW.match(text, end.end()) and _ROW.match(text, first):
        return None
    return None if _TELEPHONE.search(text, max(first, end.start() - 20), end.start()) else ""
