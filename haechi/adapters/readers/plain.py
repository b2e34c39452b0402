"""Text files: source code, logs, JSON, YAML, XML as it is written, and tables of separated values.

The encoding is found strictly: bytes that would be text in no encoding are no text, and nobody guesses.
"""

import codecs
import csv
import re
from io import StringIO
from typing import Final

from haechi.adapters.readers.bounds import MOST_CHARACTERS, Unreadable
from haechi.adapters.readers.lines import Row, table

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
"""Signs that text does not hold. Colours of a log begin with 0x1b, which is left out."""

_READABLE: Final = re.compile(
    "[\t-\r -~\u00a0-\u024f\u2010-\u203b\u3000-\u303f\u3130-\u318f\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]"
)
_MOST_STRANGE: Final = 0.1
"""Share of unusual signs in what is taken for text without a word about its encoding."""


def decode(content: bytes) -> str:
    """The text of `content`. Raises `Unreadable`."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], name) or _refuse(content[len(mark) :])
    if b"\x00" in content:
        return _two_bytes(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _korean(content)
    if _CONTROLS.search(text):
        raise Unreadable("not_text")
    return text


def _refuse(content: bytes) -> str:
    if content:
        raise Unreadable("not_text")
    return ""


def _strictly(content: bytes, name: str) -> str:
    """`content` in an encoding, or nothing where it is not in it or is no text."""
    try:
        text = content.decode(name)
    except (UnicodeDecodeError, ValueError):
        return ""
    return "" if _CONTROLS.search(text) else text


def _two_bytes(content: bytes) -> str:
    """UTF-16 without a mark: the noughts of its blanks and line ends show which byte comes first."""
    little = content[1::2].count(0) > content[::2].count(0)
    text = _strictly(content, "utf-16-le" if little else "utf-16-be")
    if not text or not _ordinary(text):
        raise Unreadable("not_text")
    return text


def _korean(content: bytes) -> str:
    """EUC-KR, or its extension CP949. A file of another encoding often decodes in CP949 as well, but into syllables
    that nobody writes: those that are not in EUC-KR must be rare."""
    text = _strictly(content, "cp949")
    if text:
        strange = len(text) - len(text.encode("euc_kr", "ignore").decode("euc_kr"))
        foreign = sum(1 for sign in text if sign > "\x7f")
        if strange <= foreign * _MOST_STRANGE and _ordinary(text):
            return text
    raise Unreadable("not_text")


def _ordinary(text: str) -> bool:
    sample = text[:100_000]
    return len(_READABLE.sub("", sample)) <= len(sample) * _MOST_STRANGE


def separated(text: str, name: str) -> str:
    """Comma- or tab-separated values with each value behind the name of its column; as written where that fails."""
    sign = (
        "\t"
        if name.endswith("tsv") or "\t" in text.partition("\n")[0]
        else ";"
        if ";" in text.partition("\n")[0]
        else ","
    )
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long")
    rows: list[Row] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True):
            cells = (" ".join(cell.split()) for cell in row)
            rows.append({at: cell for at, cell in enumerate(cells) if cell})
    except csv.Error:
        return text
    return "\n".join(table(rows))
