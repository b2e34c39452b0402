"""Text as it grows out of a document: what stands in one row stays on one line, and nothing grows without bound."""

from collections.abc import Iterable
from typing import Final

from haechi.adapters.readers.bounds import MOST_CHARACTERS, Unreadable


class Lines:
    """Gathers words. A separator is written only when words follow, and the last one asked for wins."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._separator = ""
        self._length = 0

    def say(self, words: str) -> None:
        """Add words. Raises `Unreadable` where it becomes too much."""
        if not words:
            return
        if self._separator and self._pieces:
            self._pieces.append(self._separator)
        self._pieces.append(words)
        self._length += len(self._separator) + len(words)
        self._separator = ""
        if self._length > MOST_CHARACTERS:
            raise Unreadable("too_long")

    def separate(self, separator: str) -> None:
        """What stands before the next words, if any come."""
        self._separator = separator

    def line(self, words: str) -> None:
        """Words on a line of their own."""
        self.separate("\n")
        self.say(words)
        self.separate("\n")

    def text(self) -> str:
        """All of it."""
        return "".join(self._pieces)


LONGEST_HEADING: Final = 40
"""Characters; what is longer is no name of a column."""


Row = dict[int, str]
"""Cells that hold something, by the number of their column."""


def table(rows: Iterable[Row]) -> list[str]:
    """The rows of a table as lines. Where its first full row names the columns, each value stands behind its name,
    as `계좌: 110-…`: a number is known by what is said of it, and the heading may be a thousand rows above."""
    kept = [row for row in rows if row]
    begin = _heading_row(kept)
    headings = kept[begin] if begin < len(kept) else {}
    return [_told(row, headings if number > begin else {}) for number, row in enumerate(kept)]


def _told(row: Row, headings: Row) -> str:
    return "\t".join(f"{headings[at]}: {cell}" if at in headings else cell for at, cell in row.items())


def _heading_row(rows: list[Row]) -> int:
    """Which row names the columns; past the end where none does. Titles above it fill one cell."""
    for number, row in enumerate(rows[:20]):
        names = list(row.values())
        if len(names) < 2:
            continue
        below = rows[number + 1] if number + 1 < len(rows) else {}
        titled = all(map(_a_name, names)) and len(set(names)) == len(names)
        return number if titled and len(below) * 2 >= len(names) else len(rows)
    return len(rows)


def _a_name(cell: str) -> bool:
    return len(cell) <= LONGEST_HEADING and sum(map(str.isdigit, cell)) * 2 < len(cell)
