"""Markup that stands between the parts of a value: tags, Markdown, LaTeX.

    <b>900101</b>-<b>1234568</b>    **900101**-**1234568**    \\textbf{900101}-\\textbf{1234568}

What only dresses a text is taken out. Whether two cells of a table belong together nobody can know, so that reading
is loose.
"""

import re
from collections.abc import Iterator
from typing import Final

from haechi.gateway.classify.normalise.reading import Edit, Reading

_VALUE: Final = r"[0-9A-Za-z가-힣@._+\-]"
_TAG: Final = r"<[!/]?[A-Za-z\-][^<>]{0,200}>"
_ANY_TAG: Final = r"<[!/]?[A-Za-z\-][^<>]*>\s*"
SIGNS: Final = (
    rf"[0-9A-Za-z가-힣@._+\-,] ?(?:{_ANY_TAG})+{_VALUE}",
    r"[0-9A-Za-z가-힣@.\-,] ?(?:\*{1,3}|~~|`{1,2})[-.@ ]?(?:\*{1,3}|~~|`{1,2})[0-9A-Za-z가-힣@.\-]",
    r"[0-9](?:\*{1,3}|~~|`)[-. ]?[0-9]",
    r"\]\([^()\s]{0,200}\)[-. @]?\[?[0-9A-Za-z가-힣@.]",
    r"\\[A-Za-z]{2,16}\*?\{[0-9A-Za-z가-힣@._\-]|[0-9]\{\}[0-9]|[0-9]\\[,;:! ][0-9]",
)
CELLS: Final = (rf"[0-9](?:{_ANY_TAG})+[0-9]",)

LINES: Final = (
    r"[0-9@][0-9A-Za-z._+/=\-]*\n[0-9A-Za-z@.]|[0-9A-Za-z@._\-]\n[0-9A-Za-z._\-]*[0-9@]",
    r"@\n[가-힣]",
)

_MARKS: Final = re.compile(
    rf"""(?x)
    {_TAG}(?:\s{{0,20}}(?=<))?
    | ~~ | `{{1,3}}
    | \[(?=[^\[\]\n]{{1,80}}\]\() | \]\([^()\s]{{0,200}}\)
    | \\[A-Za-z]{{2,16}}\*?\{{ | \\[,;:!] | \{{\}} | \}}
    """
)
_TAGS: Final = re.compile(rf"(?:{_TAG}\s{{0,20}})+")


def unmark(reading: Reading) -> Reading:
    """The text without its markup, parts put side by side."""
    bare = reading.edited(_emphasis(reading.text), loose=True)
    return bare.replaced(_MARKS, lambda _: "", loose=True)


def _emphasis(text: str) -> Iterator[Edit]:
    """The stars around words; those that mask a value (`k***@corp`, `010-****-1234`) stay."""
    for pair in _EMPHASIS.finditer(text):
        yield pair.start(1), pair.end(1), ""
        yield pair.end(2), pair.end(), ""


_EMPHASIS: Final = re.compile(r"(?<![0-9A-Za-z가-힣])(\*{1,3})(?=[0-9A-Za-z가-힣(+])([^*\n]{1,80})\1")


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
