"""Excel: every sheet, hidden ones too, row by row, each value behind the name of its column.

A number is told as its cell shows it (a date as a date, 9001011234568 as 900101-1234568), since that is what people
and detectors know it by.
"""

from collections.abc import Mapping
from typing import Final

from haechi.adapters.readers.archive import Archive
from haechi.adapters.readers.bounds import MOST_CHARACTERS, Unreadable
from haechi.adapters.readers.lines import Lines, Row, table
from haechi.adapters.readers.markup import Listener, Prose, parse
from haechi.adapters.readers.number_formats import BUILT_IN, shown
from haechi.adapters.readers.office import in_order, left, properties
from haechi.domain.reading import Read

_BESIDE: Final = (
    r"xl/comments\d*\.xml",
    r"xl/comments/\w+\.xml",
    r"xl/threadedComments/\w+\.xml",
    r"xl/drawings/\w+\.xml",
    r"xl/charts/\w+\.xml",
    r"xl/diagrams/\w+\.xml",
)


def read(archive: Archive) -> Read:
    """All that a workbook says."""
    book = _Book()
    parse(archive.pieces("xl/workbook.xml"), book)
    strings, formats = _Strings(), _Formats()
    for name, listener in (("xl/sharedStrings.xml", strings), ("xl/styles.xml", formats)):
        if name in archive:
            parse(archive.pieces(name), listener)
    lines = Lines()
    files = in_order(archive.names, (r"xl/worksheets/\w+\.xml",))
    for number, name in enumerate(files):
        sheet = _Sheet(strings.found, formats)
        parse(archive.pieces(name), sheet)
        lines.line(book.sheets[number] if len(files) == len(book.sheets) else name.rpartition("/")[2])
        for line in (*sheet.heads, *table(sheet.rows)):
            lines.line(line)
    for words in (*book.names, *(book.sheets if len(files) != len(book.sheets) else ())):
        lines.line(words)
    for name in in_order(archive.names, _BESIDE):
        lines.separate("\n")
        parse(
            archive.pieces(name),
            Prose(lines, frozenset({"t", "text", "v"}), paragraphs=frozenset({"p", "text", "v", "comment"})),
        )
    for name in in_order(archive.names, (r"xl/(?:pivotCache|externalLinks)/\w+\.xml",)):
        lines.separate("\n")
        parse(archive.pieces(name), _Values(lines))
    return Read(lines.text(), properties(archive, (r"docProps/[a-z]+\.xml",)), left(archive))


class _Book(Listener):
    """Names of sheets, and names that were defined."""

    def __init__(self) -> None:
        self.sheets: list[str] = []
        self.names: list[str] = []
        self._defined: str | None = None

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append(attributes.get("name", ""))
        elif name == "definedName":
            self._defined = attributes.get("name", "") + " "

    def words(self, words: str) -> None:
        if self._defined is not None:
            self._defined += words

    def ends(self, name: str) -> None:
        if name == "definedName" and self._defined is not None:
            self.names.append(self._defined)
            self._defined = None


class _Strings(Listener):
    """The shared strings. How a word is pronounced (`rPh`) is not among them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._item = ""
        self._speaks = self._hushed = False
        self._length = 0

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._item = ""
        self._speaks = name == "t"
        self._hushed = self._hushed or name == "rPh"

    def words(self, words: str) -> None:
        if self._speaks and not self._hushed:
            self._item += words
            self._length += len(words)
            if self._length > 4 * MOST_CHARACTERS:
                raise Unreadable("too_long")

    def ends(self, name: str) -> None:
        self._speaks = False
        self._hushed = self._hushed and name != "rPh"
        if name == "si":
            self.found.append(self._item)


class _Formats(Listener):
    """How numbers are shown, by the style of a cell."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = dict(BUILT_IN)
        self._styles: list[str] = []
        self._in_cells = False

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._styles.append(attributes.get("numFmtId", "0"))

    def ends(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def of(self, style: str) -> str:
        """The format of a style; of an unknown one, the general one."""
        number = int(style) if style.isdecimal() and len(style) < 6 else 0
        return self._codes.get(self._styles[number], "") if number < len(self._styles) else ""


class _Sheet(Listener):
    """The rows of a sheet, and what stands at head and foot of its pages."""

    def __init__(self, strings: list[str], formats: _Formats) -> None:
        self.rows: list[Row] = []
        self._at = 0
        self.heads: list[str] = []
        self._strings, self._formats = strings, formats
        self._kind = self._style = self._heard = ""
        self._hears = False
        self._length = 0

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self.rows.append({})
            self._at = 0
        elif name == "c":
            self._begin_cell(attributes)
        elif name in _HEARD:
            self._hears, self._heard = True, self._heard if name == "t" else ""
        elif name in ("dataValidation", "hyperlink"):
            self.heads += [
                attributes[each]
                for each in ("prompt", "promptTitle", "error", "display", "tooltip")
                if each in attributes
            ]

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        self._kind, self._style, self._heard = attributes.get("t", "n"), attributes.get("s", ""), ""
        place = _column(attributes.get("r", ""))
        self._at = self._at if place is None else place

    def words(self, words: str) -> None:
        if self._hears:
            self._heard += words

    def ends(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name in _HEARD:
            self._hears = False
            if name in _HEADS and self._heard:
                self.heads.append(self._heard)

    def _end_cell(self) -> None:
        told = self._told(self._heard).strip()
        if told:
            if not self.rows:
                self.rows.append({})
            self.rows[-1][self._at] = told
        self._at += 1
        self._length += len(told) + 1
        if self._length > MOST_CHARACTERS:
            raise Unreadable("too_long")

    def _told(self, written: str) -> str:
        if self._kind == "s":
            number = int(written) if written.isdecimal() and len(written) < 9 else len(self._strings)
            return " ".join(self._strings[number].split("\n")) if number < len(self._strings) else ""
        if self._kind == "n" and written:
            return shown(written, self._formats.of(self._style))
        return " ".join(written.split("\n"))


_HEADS: Final = frozenset(
    {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "formula1"}
)
_HEARD: Final = _HEADS | {"v", "t"}


class _Values(Listener):
    """Copies of other tables' values: in attributes, and as cached cells of other workbooks."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._speaks = False

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        self._speaks = name == "v"
        if name in ("s", "n", "d", "cacheField", "sheetName") and (
            said := attributes.get("v") or attributes.get("name") or attributes.get("val")
        ):
            self._lines.line(said)

    def words(self, words: str) -> None:
        if self._speaks:
            self._lines.say(words)

    def ends(self, name: str) -> None:
        self._speaks = False
        self._lines.separate("\n")


def _column(place: str) -> int | None:
    """The number of a column from a place such as `AB12`, counted from nought."""
    letters = place.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
        return None
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1
