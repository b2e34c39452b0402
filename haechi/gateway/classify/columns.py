"""The heading of the column in which a number stands.

Tables as people paste them: CSV, TSV, Markdown, the output of a database, columns set apart by spaces, HTML with a
row a line, `INSERT INTO … (columns) VALUES (…)`, `COPY … (columns) FROM stdin`. Neighbouring lines with the same number
of cells are one table, its first line the heading. Asked only for numbers that need a name; every line is cut and walked
over once.
"""

import re
from bisect import bisect_right
from functools import cached_property
from operator import itemgetter
from typing import Final

_LONGEST_HEADING: Final = 40
_LONGEST_ROW: Final = 4_000
_CUTS: Final = {
    "\t": re.compile("\t"),
    " / ": re.compile(" / "),
    "│": re.compile("│"),
    "|": re.compile(r"\|"),
    "<t": re.compile("(?i)<t[dh][^>]{0,80}>"),
    ";": re.compile(";"),
    ",": re.compile(","),
    "  ": re.compile(r"(?<=\S) {2,}(?=\S)"),
}
"""What cuts a row, by a mark without which it does not."""
_PROSAIC: Final = frozenset([",", ";", " / ", "  "])
"""Marks that stand in sentences too."""
_QUOTED: Final = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
_RULE: Final = re.compile(r"[\s|+:=│┼├┤─━-]+")
_TAG: Final = re.compile(r"<[^<>]{0,80}>")
_OPEN_QUOTE: Final = re.compile("[\"']")
_VALUES: Final = re.compile(r"\(([^()]{1,2000})\)\s{0,20}(?:VALUES|values)\b")
_COPY: Final = re.compile(r"\bCOPY [^\n(]{1,80}\(([^()\n]{1,2000})\) FROM stdin[^\n]{0,80}\n", re.IGNORECASE)
_QUOTES: Final = " \t\r\n|│,;\"'*`()[]{}"
_DIGITS: Final = re.compile("[0-9]{4}")
_PROSE: Final = re.compile(r"[0-9]{3}|[0-9]\.[0-9]|[:：]|(?:[다요죠]\.?|[?!])\s*$|(?:\S+ ){5}")
_NAME: Final = re.compile("(?i)name|성명|이름|성함|고객|환자")
_SKIPPED: Final = 2
"""Rows of another width that do not end a table: somebody forgot to quote a comma."""


def _blank(quoted: re.Match[str]) -> str:
    """Quoted text with nothing in it that could cut a row."""
    return "_" * len(quoted[0])


class Columns:
    """The tables of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tops: dict[tuple[int, str], int] = {}
        self._prose: dict[tuple[int, str], bool] = {}
        self._rows: dict[tuple[int, str], list[int]] = {}

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    @cached_property
    def _inserts(self) -> tuple[list[int], list[list[str]]]:
        """Where the rows of every `INSERT INTO table (columns) VALUES` begin, and its columns."""
        places, columns = [], []
        for match in _VALUES.finditer(self._text) if "VALUES" in self._text or "values" in self._text else ():
            places.append(match.end())
            columns.append([name.strip(_QUOTES) for name in match[1].split(",")])
        return places, columns

    @cached_property
    def _copies(self) -> list[tuple[int, int, list[str]]]:
        """Where the rows of every `COPY table (columns) FROM stdin` begin and end, and its columns."""
        copies = []
        for match in _COPY.finditer(self._text) if "stdin" in self._text or "STDIN" in self._text else ():
            end = self._text.find("\n\\.", match.end())
            columns = [name.strip(_QUOTES) for name in match[1].split(",")]
            copies.append((match.end(), end if end >= 0 else len(self._text), columns))
        return copies

    def _copied(self, start: int, line: int) -> str | None:
        """The column of a value behind `COPY … FROM stdin`."""
        number = bisect_right(self._copies, start, key=itemgetter(0)) - 1
        if number < 0 or start >= self._copies[number][1]:
            return None
        columns, column = self._copies[number][2], self._text.count("\t", line, start)
        return columns[column] if column < len(columns) else None

    def heading(self, start: int) -> str | None:
        """What stands at the head of the column of the character at `start`; `None` where there is no table."""
        if self._inserts[0] and (named := self._inserted(start)):
            return named
        number = bisect_right(self._starts, start) - 1
        line = self._line(number)
        if not number or len(line) > _LONGEST_ROW:
            return None
        if self._copies and (copied := self._copied(start, self._starts[number])):
            return copied
        for mark in _CUTS:
            if mark in line and (top := self._top(number, mark)) < number:
                column = bisect_right(self._row(number, mark), start - self._starts[number])
                named = self._cell(top, mark, column)
                if named:
                    return named
        return self._ragged(number, start)

    def headings(self, start: int) -> str | None:
        """The whole line of headings of the table in which the character at `start` stands."""
        number = bisect_right(self._starts, start) - 1
        line = self._line(number)
        for mark in _CUTS if number and len(line) <= _LONGEST_ROW else ():
            if mark in line and (top := self._top(number, mark)) < number:
                return self._line(top)
        return None

    def _ragged(self, number: int, start: int) -> str | None:
        """The heading of the first or last cell of a row with a comma too many, as in an unquoted `Kim, Minsu`; where the
        row begins with a name, that of the others, counted from their end."""
        cuts = self._row(number, ",")
        column = bisect_right(cuts, start - self._starts[number])
        above = self._row(number - 1, ",")
        if len(above) < 2 or len(cuts) <= len(above):
            return None
        top = self._top(number - 1, ",")
        if self._is_prose(top, ","):
            return None
        if column in (0, len(cuts)):
            return self._cell(top, ",", column and len(above))
        first = self._cell(top, ",", 0)
        behind = column - (len(cuts) - len(above))
        return self._cell(top, ",", behind) if behind > 0 and first and _NAME.search(first) else None

    def _line(self, number: int) -> str:
        end = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self._text)
        return self._text[self._starts[number] : end]

    def _row(self, number: int, mark: str) -> list[int]:
        """Where the cells of a line begin, the first left out."""
        key = (number, mark)
        if key not in self._rows:
            line = self._line(number)[:_LONGEST_ROW]
            if mark in ",;" and ('"' in line or "'" in line):
                line = _QUOTED.sub(_blank, line)
            self._rows[key] = [match.end() for match in _CUTS[mark].finditer(line)] if mark in line else []
        return self._rows[key]

    def _top(self, number: int, mark: str) -> int:
        """The first line of the table to which a line belongs."""
        walked, width = [number], len(self._row(number, mark))
        top, skipped = number, 0
        while top - skipped and width and skipped <= _SKIPPED:
            above = top - skipped - 1
            line = self._line(above)
            if len(self._row(above, mark)) == width:
                if (above, mark) in self._tops:
                    top = self._tops[above, mark]
                    break
                top, skipped = above, 0
                walked.append(top)
            elif line.strip() and (mark in line or _RULE.fullmatch(line)):
                skipped += 1
            else:
                break
        if mark in _PROSAIC and self._is_prose(top, mark):
            top = number
        for each in walked:
            self._tops[each, mark] = top
        return top

    def _is_prose(self, number: int, mark: str) -> bool:
        """Whether the first line of what may be a table is a sentence with a comma in it."""
        if (number, mark) not in self._prose:
            line, cuts = self._line(number), self._row(number, mark)
            cells = zip([0, *cuts], [*cuts, len(line)], strict=True)
            self._prose[number, mark] = len(line) > _LONGEST_ROW or any(
                _PROSE.search(line[start:end]) for start, end in cells
            )
        return self._prose[number, mark]

    def _cell(self, number: int, mark: str, column: int) -> str | None:
        line, cuts = self._line(number), [0, *self._row(number, mark)]
        end = cuts[column + 1] if column + 1 < len(cuts) else len(line)
        cell = _TAG.sub(" ", line[cuts[column] : end]).strip(_QUOTES)
        return cell if 0 < len(cell) <= _LONGEST_HEADING and not _DIGITS.search(cell) else None

    def _inserted(self, start: int) -> str | None:
        """The column of a value in an INSERT statement."""
        places, columns = self._inserts
        insert = bisect_right(places, start) - 1
        row = self._text.rfind("(", max(0, start - _LONGEST_ROW), start)
        if insert < 0 or row < places[insert]:
            return None
        before = _QUOTED.sub(_blank, self._text[row + 1 : start])
        place = _OPEN_QUOTE.split(before)[0].count(",")
        return columns[insert][place] if ")" not in before and place < len(columns[insert]) else None
