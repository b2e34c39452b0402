"""Passwords in a table: the name stands once, at the head of a column, and the values far below it.

Rows are separated by commas, tabs, semicolons or bars; a row belongs to the table while it has as many cells. In a dump
of a data base the columns stand in brackets: `INSERT INTO … (login, passwd) VALUES (…), (…)`, `COPY … (…) FROM stdin`.
"""

import re
from collections.abc import Iterator
from typing import Final

import re2

from haechi.domain.label import Level
from haechi.gateway.classify.checks.secrets import assigned
from haechi.gateway.classify.checks.verdict import STRONG
from haechi.gateway.classify.hit import Hit

RULE: Final = "secret.column"
_NAMES: Final = (
    r"pass(?:word|wd|code|phrase)|pwd|pw|secret|api[ _-]?key|secret[ _-]?key|access[ _-]?key|(?:access |auth |api )?token"
    r"|비밀 ?번호|비번|암호|패스 ?워드|인증 ?키|비밀 ?키|토큰"
)
_CELL: Final = rf"[ \t\"'*`]*[A-Za-z가-힣_ ]{{0,12}}(?:{_NAMES})[A-Za-z가-힣_ ()]{{0,8}}[ \t\"'*`]*"
_HEAD: Final = re2.compile(rf"(?im)^(?:[^\n]*[|,;\t])?{_CELL}(?:[|,;\t][^\n]*)?$")
_NAME: Final = re.compile(f"(?i){_NAMES}")
_NAMED: Final = re.compile(f"(?i){_CELL}")
_RULER: Final = re.compile(r"[\s|:+\-=]*")
_BLANKS: Final = " \t\r\"'`*"
_LONGEST_ROW: Final = 4_000
_CONFIDENCE: Final = 0.85


class PasswordColumns:
    """Looks for tables with a column of passwords or keys."""

    gate = f"(?i){_NAMES}"

    def scan(self, text: str) -> list[Hit]:
        """Values below a heading that names a secret, in order."""
        hits: list[Hit] = []
        if "\n" in text and _HEAD.search(
            text.encode("utf-8", "replace")
        ):  # a heading and a row are two lines
            hits += _hits(text)
        if "(" in text:
            hits += _inserted(text)
        return hits


_DUMPED: Final = re.compile(
    rf"(?i)(?:INSERT INTO|COPY) [^\n(]{{1,80}}\((?P<columns>[^()\n]{{0,400}}(?:{_NAMES})[^()\n]{{0,400}})\)"
    r"\s{1,8}(?:VALUES|(?P<copy>FROM stdin))"
)
_ROW: Final = re.compile(r"\s{0,8},?\s{0,8}\((?P<cells>(?:'[^'\n]{0,400}'|[^()'\n]){1,2000})\)")
_CELL_OF_ROW: Final = re.compile(r"\s*(?:'(?P<text>[^'\n]*)'|[^,']*)(?:,|$)")
_MOST_ROWS: Final = 2_000


def _inserted(text: str) -> Iterator[Hit]:
    """Passwords in the rows of a dump; the first row of `INSERT` too, which its assignment may have shown."""
    rows = iter(range(_MOST_ROWS))  # of all dumps together: no text is walked over again and again
    for dump in _DUMPED.finditer(text):
        columns = [column.strip(_BLANKS) for column in dump["columns"].split(",")]
        named = {at: found for at, column in enumerate(columns) if (found := _NAME.search(column))}
        if dump["copy"]:
            yield from _copied(text, dump.end(), named, rows)
            continue
        at = dump.end()
        for _ in rows:
            row = _ROW.match(text, at)
            if row is None:
                break
            cells = [
                (cell["text"] or "", row.start("cells") + cell.start("text") if cell["text"] else 0)
                for cell in _CELL_OF_ROW.finditer(row["cells"])
            ]
            yield from _in_row(
                cells, {column: name for column, name in named.items() if column < len(cells)}, 0
            )
            at = row.end()


def _copied(text: str, at: int, named: dict[int, re.Match[str]], rows: Iterator[int]) -> Iterator[Hit]:
    """Passwords in the rows behind `COPY … FROM stdin`."""
    start = text.find("\n", at) + 1
    for _ in rows if start else ():
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if "\t" not in line:
            return
        cells = _cells(line, "\t") if len(line) <= _LONGEST_ROW else []
        yield from _in_row(
            cells, {column: name for column, name in named.items() if column < len(cells)}, start
        )
        if end < 0:
            return
        start = end + 1


def _hits(text: str) -> Iterator[Hit]:
    lines, start, table = text.split("\n"), 0, _NO_TABLE
    for line in lines:
        cells = _cells(line, table[0]) if table[0] else []
        if table[1] and len(line) <= _LONGEST_ROW and len(cells) == table[2]:
            if not _RULER.fullmatch(line):
                yield from _in_row(cells, table[1], start)
        else:
            table = _table(line) if len(line) <= _LONGEST_ROW else _NO_TABLE
        start += len(line) + 1


_Table = tuple[str, dict[int, re.Match[str]], int]
_NO_TABLE: Final[_Table] = ("", {}, 0)


def _table(line: str) -> _Table:
    """The separator of a heading, its columns that name a secret, and how many there are."""
    for separator in "|\t,;":
        if separator in line:
            cells = _cells(line, separator)
            named = {
                at: found
                for at, (cell, _) in enumerate(cells)
                if _NAMED.fullmatch(cell) and (found := _NAME.search(cell))
            }
            whole = separator == "|" or all(cell.strip() for cell, _ in cells)
            return (separator, named, len(cells)) if named and whole else _NO_TABLE
    return _NO_TABLE


def _cells(line: str, separator: str) -> list[tuple[str, int]]:
    """The cells of a line and where each begins."""
    cells, at = [], 0
    for cell in line.split(separator):
        cells.append((cell, at))
        at += len(cell) + 1
    return cells


def _in_row(cells: list[tuple[str, int]], named: dict[int, re.Match[str]], start: int) -> Iterator[Hit]:
    for column, name in named.items():
        cell, at = cells[column]
        value = cell.strip(_BLANKS)
        heading = (name[0], name.string[name.end() :], value, name.string[: name.start()], "")
        if value and len(value.split()) == 1 and assigned(cell, heading) is STRONG:
            first = start + at + cell.index(value)
            yield Hit(first, first + len(value), "secret", Level.RESTRICTED, _CONFIDENCE, RULE)
