"""What a text says once its escapes are undone: JSON in a string, source code, a log line, a URL.

`{"memo": "동\\u0039…"}` in the arguments of a tool call, a literal `\\n` before a number, `%20` in a query: a
model reads through these at sight, and some wires parse them before they send. Each view is looked at beside
the text itself; two layers deep, which is what nested tool calls really produce.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

DEPTH: Final = 2
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([abefnrtv0\"'/\\]))")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_LETTERS: Final = dict(zip("abefnrtv0", " \b\x1b\f\n\r\t\v ", strict=True))


def views(text: str, depth: int = DEPTH) -> Iterator[str]:
    """Every reading of `text` other than the text itself; none where it holds nothing escaped."""
    if depth == 0:
        return
    if opens_json(text) and (inner := _json(text)) is not None:
        for leaf in inner:
            yield leaf
            yield from views(leaf, depth - 1)
    undone = unescape(text)
    if undone != text:
        yield undone
        yield from views(undone, depth - 1)


def opens_json(text: str) -> bool:
    """Whether `text` may be JSON that holds others: blanks before it are part of the form."""
    return text[:1] in ("{", "[") or (text[:1].isspace() and text.lstrip()[:1] in ("{", "["))


def unescape(text: str) -> str:
    """`text` with backslash escapes and percent encoding undone, wherever they stand."""
    if "\\" in text:
        text = _whole(_ESCAPE.sub(_character, text))
    return _PERCENT.sub(_decoded, text) if "%" in text else text


def number_text(number: int | float) -> str | None:
    """A number as a model would read it, where it is long enough to be an identifier."""
    whole = type(number) is float and number.is_integer()
    written = format(number, ".0f") if whole else repr(number)
    return written if len(written) >= SHORTEST_NUMBER else None


SHORTEST_NUMBER: Final = 9
"""Digits of the shortest identifier that a bare number could be, a telephone number without its zero."""


def _json(text: str) -> list[str] | None:
    """The strings and long numbers of a JSON text; `None` where it is none."""
    try:
        return list(_leaves(msgspec.json.decode(text)))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _leaves(value)
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value)
    elif type(node) in (int, float) and (written := number_text(node)):
        yield written


def _character(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _LETTERS.get(match[3], match[3])


def _decoded(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


def _whole(text: str) -> str:
    """Surrogate pairs joined; what is half of one is replaced, as it cannot be encoded."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
