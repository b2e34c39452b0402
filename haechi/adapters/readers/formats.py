"""What a file is, told by its first bytes and its parts, and who reads it. Its name only decides between kinds of text."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from haechi.adapters.readers import compound, hwp, mail, office, plain, portable, sheets, web_page
from haechi.adapters.readers.archive import Archive
from haechi.adapters.readers.bounds import MOST_BYTES, MOST_CHARACTERS, Unreadable
from haechi.domain.reading import File, Read

Draw = Callable[[bytes], str]
"""From a picture to the words in it."""

_PICTURES: Final = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_ZIP: Final = b"PK\x03\x04"
_DOCUMENTS: Final = (
    ("word/document.xml", office.WORD),
    ("ppt/presentation.xml", office.SLIDES),
    ("Contents/content.hpf", office.HWPX),
    ("content.xml", office.OPEN_DOCUMENT),
)
"""The part by which an office document is known."""


def is_picture(content: bytes) -> bool:
    """Whether the file is an image of a usual kind."""
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return content.startswith(_PICTURES) or webp


def read(file: File, draw: Draw | None = None, *, attached: bool = False) -> Read:
    """What `file` says, which may be `attached` to a mail. Whatever goes wrong, the answer says why there is no text;
    only `MemoryError` may rise."""
    if len(file.content) > MOST_BYTES:
        return Read(why="too_large")
    try:
        return _finished(_read(file, draw, attached=attached))
    except (Unreadable, RecursionError) as fault:
        return Read(why=fault.why if isinstance(fault, Unreadable) else "too_large")


def _read(file: File, draw: Draw | None, *, attached: bool) -> Read:
    content, name, kind = file.content, file.name.lower(), file.media_type.lower()
    if content.startswith(b"%PDF-"):
        return portable.read(content)
    if content.startswith(_ZIP):
        return _archive(Archive(content))
    if content.startswith(compound.MAGIC):
        return hwp.read(content)
    if is_picture(content):
        if draw is None:
            raise Unreadable("image")
        return Read(draw(content))
    if name.endswith(".eml") or kind == "message/rfc822":
        return mail.read(content, partial(read, draw=draw, attached=True), deeper=not attached)
    text = plain.decode(content)
    if name.endswith((".html", ".htm", ".xhtml")) or kind == "text/html" or _PAGE.match(text):
        return web_page.read(text)
    if name.endswith((".csv", ".tsv")) or kind in ("text/csv", "text/tab-separated-values"):
        return Read(plain.separated(text, name))
    return Read(text)


def _archive(archive: Archive) -> Read:
    if "xl/workbook.xml" in archive:
        return sheets.read(archive)
    for part, form in _DOCUMENTS:
        if part in archive:
            return office.read(archive, form)
    raise Unreadable("archive")


def _finished(found: Read) -> Read:
    """With its properties at the head, and without signs that no text holds. Raises `Unreadable`."""
    heads = [f"{name}: {value}" for name, value in found.properties.items()]
    text = _clean("\n".join((*heads, found.text)))
    if len(text) > MOST_CHARACTERS:
        raise Unreadable("too_long")
    if not text.strip():
        raise Unreadable("image" if "images" in found.left else "empty")
    properties = {_clean(name): _clean(value) for name, value in found.properties.items()}
    return Read(text, properties, found.left)


def _clean(text: str) -> str:
    """Halves of characters are joined where they fit; what is left of them, and control characters, is nothing."""
    text = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _HALVES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


_PAGE: Final = re.compile(r"\s{0,100}(?:<!doctype html|<html[\s>])", re.IGNORECASE)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]")
_HALVES: Final = re.compile("[\ud800-\udfff]")
