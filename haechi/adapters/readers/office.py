"""Word, PowerPoint, HWPX and OpenDocument: archives of XML in which words stand in paragraphs, cells and rows.

Read are all parts that hold words: the body, headers and footers, notes, comments, text boxes, charts, diagrams,
properties. What was struck out under change tracking is read, too: it is in the file.
"""

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from haechi.adapters.readers.archive import Archive
from haechi.adapters.readers.bounds import Unreadable
from haechi.adapters.readers.lines import Lines
from haechi.adapters.readers.markup import Named, Prose, parse
from haechi.domain.reading import Left, Read


class Form(Struct, frozen=True):
    """Where one kind of document keeps its words. `parts` are patterns in the order in which they are told."""

    parts: tuple[str, ...]
    properties: tuple[str, ...]
    speaking: frozenset[str]
    silent: frozenset[str] = frozenset()
    paragraphs: frozenset[str] = frozenset({"p"})
    cells: frozenset[str] = frozenset({"tc"})
    rows: frozenset[str] = frozenset({"tr"})


_OOXML_PROPERTIES: Final = (r"docProps/[a-z]+\.xml",)
_WORDS: Final = frozenset({"t", "delText", "instrText", "delInstrText", "v", "text"})

WORD: Final = Form(
    parts=(
        r"word/header\d*\.xml",
        r"word/document\d*\.xml",
        r"word/(?:footnotes|endnotes|comments\w*)\.xml",
        r"word/footer\d*\.xml",
        r"word/(?:charts|diagrams)/\w+\.xml",
        r"word/glossary/document\.xml",
        r"customXml/item\d*\.xml",
    ),
    properties=_OOXML_PROPERTIES,
    speaking=_WORDS,
    silent=frozenset({"Fallback"}),  # the same text box once more, for old programs
    paragraphs=frozenset({"p", "v", "pt"}),
)
SLIDES: Final = Form(
    parts=(
        r"ppt/slides/slide\d+\.xml",
        r"ppt/notesSlides/notesSlide\d+\.xml",
        r"ppt/comments/\w+\.xml",
        r"ppt/(?:charts|diagrams)/\w+\.xml",
        r"ppt/(?:slideLayouts|slideMasters|handoutMasters|notesMasters)/\w+\.xml",
    ),
    properties=_OOXML_PROPERTIES,
    speaking=_WORDS,
    silent=frozenset({"Fallback"}),
    paragraphs=frozenset({"p", "v", "pt", "cm"}),
)
HWPX: Final = Form(
    parts=(r"Contents/masterpage\d*\.xml", r"Contents/section\d+\.xml"),
    properties=(r"Contents/content\.hpf",),
    speaking=frozenset({"t", "script"}),
)
OPEN_DOCUMENT: Final = Form(
    parts=(r"styles\.xml", r"content\.xml"),
    properties=(r"meta\.xml",),
    speaking=frozenset({"p", "h"}),
    paragraphs=frozenset({"p", "h"}),
    cells=frozenset({"table-cell", "covered-table-cell"}),
    rows=frozenset({"table-row"}),
)

FOUND_IN: Final[tuple[tuple[Left, re.Pattern[str]], ...]] = (
    (
        "images",
        re.compile(r"(?:\w+/media|BinData|Pictures|Thumbnails|media)/.|docProps/thumbnail\.", re.IGNORECASE),
    ),
    ("macros", re.compile(r"(?:.*/)?vba\w*\.bin$|Basic/.|Scripts/.+\.js$", re.IGNORECASE)),
    (
        "objects",
        re.compile(
            r"\w+/(?:embeddings|activeX|ctrlProps|externalLinks)/.|Object \d+/.|word/afchunk", re.IGNORECASE
        ),
    ),
)
"""What lies beside the words, by the names of its parts."""


def left(archive: Archive) -> tuple[Left, ...]:
    """What the archive holds that nobody here reads."""
    return tuple(kind for kind, names in FOUND_IN if any(map(names.match, archive.names)))


def read(archive: Archive, form: Form) -> Read:
    """All words of a document."""
    refuse_encrypted(archive)
    lines = Lines()
    for name in in_order(archive.names, form.parts):
        prose = Prose(lines, form.speaking, form.silent, form.paragraphs, form.cells, form.rows)
        lines.separate("\n")
        parse(archive.pieces(name), prose)
    return Read(lines.text(), properties(archive, form.properties), left(archive))


def refuse_encrypted(archive: Archive) -> None:
    """Raise `Unreadable` where HWPX or OpenDocument says that its parts are encrypted."""
    manifest = "META-INF/manifest.xml"
    if manifest in archive and b"encryption-data" in archive.read(manifest):
        raise Unreadable("encrypted")


def properties(archive: Archive, patterns: Iterable[str]) -> dict[str, str]:
    """Title, author, company, security labels: whatever the document says of itself."""
    named = Named()
    for name in in_order(archive.names, patterns):
        parse(archive.pieces(name), named)
    return {
        name: value
        for name, value in named.found.items()
        if name not in _MACHINERY and not _STAMP.fullmatch(value)
    }


def in_order(names: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The names that fit, by pattern and within one by number: slide 2 before slide 10."""
    known = list(names)
    found = [
        name
        for pattern in patterns
        for name in sorted((each for each in known if re.fullmatch(pattern, each)), key=_by_number)
    ]
    return list(dict.fromkeys(found))


def _by_number(name: str) -> tuple[str, int]:
    stem, number = re.fullmatch(r"(.*?)(\d*)\.\w+", name).groups()  # type: ignore[union-attr]  # every part ends so
    return stem, int(number or 0)


_MACHINERY: Final = frozenset(
    {
        *(
            "Application",
            "AppVersion",
            "DocSecurity",
            "ScaleCrop",
            "LinksUpToDate",
            "SharedDoc",
            "HyperlinksChanged",
        ),
        *(
            "Pages",
            "Words",
            "Characters",
            "CharactersWithSpaces",
            "Lines",
            "Paragraphs",
            "TotalTime",
            "revision",
        ),
        *(
            "Slides",
            "Notes",
            "HiddenSlides",
            "MMClips",
            "i4",
            "lpstr",
            "Template",
            "PresentationFormat",
            "generator",
        ),
        *("editing-cycles", "editing-duration", "language", "document-statistic"),
    }
)
"""What a program writes of itself and counts; it says nothing about the document."""

_STAMP: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")
"""The moment at which something was saved."""
