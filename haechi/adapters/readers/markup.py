"""XML as a stream of beginnings, words and ends, within bounds.

Document type declarations are refused: no office document has one, and entities that multiply or fetch need one.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from xml.parsers import expat

from haechi.adapters.readers.bounds import DEEPEST, Unreadable
from haechi.adapters.readers.lines import Lines


class Listener:
    """What a reader of XML hears. Names are without namespace: `w:t`, `a:t` and `hp:t` are all `t`."""

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def words(self, words: str) -> None:
        """Character data."""

    def ends(self, name: str) -> None:
        """An element ends."""


def parse(pieces: Iterable[bytes], listener: Listener) -> None:
    """Feed XML to `listener`. Raises `Unreadable`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = False
    depth = 0

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable("too_large")
        listener.begins(_local(name), attributes)

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        listener.ends(_local(name))

    def declares(*_: object) -> None:
        raise Unreadable("broken")

    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    parser.CharacterDataHandler = listener.words
    parser.StartDoctypeDeclHandler = declares
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable("broken") from None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


TOLD: Final = ("descr", "title")
"""Attributes that say something: the description of a picture."""


class Prose(Listener):
    """The words of a document: paragraphs on lines, cells of a row beside each other.

    `speaking` are the elements whose words count, none: all of them; `silent` those within which nothing does.
    """

    def __init__(
        self,
        lines: Lines,
        speaking: frozenset[str],
        silent: frozenset[str] = frozenset(),
        paragraphs: frozenset[str] = frozenset({"p"}),
        cells: frozenset[str] = frozenset({"tc"}),
        rows: frozenset[str] = frozenset({"tr"}),
    ) -> None:
        self._lines = lines
        self._speaking, self._silent = speaking, silent
        self._paragraphs, self._cells, self._rows = paragraphs, cells, rows
        self._speaks = self._hushed = self._in_cells = 0

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open what is to be heard, and say what stands in attributes."""
        if name in self._silent:
            self._hushed += 1
        elif name in self._speaking:
            self._speaks += 1
        elif name in self._cells:
            self._in_cells += 1
        elif name in _SIGNS and not self._hushed:
            self._lines.say(_SIGNS[name])
        if not self._hushed:
            for each in TOLD:
                if words := attributes.get(each):
                    self._lines.line(words)

    def words(self, words: str) -> None:
        """Say them, where they are the document's."""
        if not self._hushed and (self._speaks or not self._speaking):
            self._lines.say(words)

    def ends(self, name: str) -> None:
        """Part what was said from what follows."""
        if name in self._silent:
            self._hushed -= 1
        elif name in self._speaking:
            self._speaks -= 1
        if self._hushed:
            return
        if name in self._paragraphs:
            self._lines.separate(" " if self._in_cells else "\n")
        elif name in self._cells:
            self._in_cells -= 1
            self._lines.separate("\t")
        elif name in self._rows:
            self._lines.separate(" " if self._in_cells else "\n")


_SIGNS: Final = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "lineBreak": "\n",
    "line-break": "\n",
    "noBreakHyphen": "-",
    "nbHyphen": "-",
    "hyphen": "-",
    "nbSpace": " ",
    "fwSpace": " ",
    "s": " ",
}
"""Signs that are written as elements."""


class Named(Listener):
    """Properties: what elements hold, by their own name or by the one that an attribute gives them."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._heard = ""

    def begins(self, name: str, attributes: Mapping[str, str]) -> None:
        """Remember under which name the next words stand."""
        given = attributes.get("name", "") or attributes.get("meta:name", "")
        inherited = self._path[-1] if self._path and self._path[-1][:1] == NAMED else ""
        self._path.append(f"{NAMED}{given}" if given else inherited or name)
        self._heard = ""
        if (said := attributes.get("content", TYPE)) != TYPE:
            self._keep(said)

    def words(self, words: str) -> None:
        """Hear them."""
        self._heard += words

    def ends(self, name: str) -> None:
        """Keep what was heard."""
        self._keep(self._heard)
        self._heard = ""
        self._path.pop()

    def _keep(self, words: str) -> None:
        if words := words.strip():
            name = self._path[-1].removeprefix(NAMED)
            self.found[name] = f"{self.found[name]}, {words}" if name in self.found else words


TYPE: Final = "text"
"""HWPX says in an attribute of that name what sort of words follow; others say the words themselves there."""

NAMED: Final = "="
"""Marks a name that the document gave; elements within it go by it, too."""
