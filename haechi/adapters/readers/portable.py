"""PDF: the text layer, filled-in forms, notes in the margin, properties. A page that is a picture has no text."""

import logging
from typing import Any, Final

from haechi.adapters.readers.bounds import MOST_PAGES, Unreadable
from haechi.adapters.readers.lines import Lines
from haechi.domain.reading import Left, Read

try:
    from io import BytesIO

    import pypdf
    import pypdf._crypt_providers
except ImportError:  # the extra `files` is not installed
    pypdf = None  # type: ignore[assignment]

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it quotes what it stumbles over

_NOTES: Final = ("/Contents", "/V", "/TU")


def read(content: bytes) -> Read:
    """The words of a PDF. Raises `Unreadable`."""
    if pypdf is None:
        raise Unreadable("no_parser")
    try:
        return _read(content)
    except (MemoryError, Unreadable):
        raise
    except Exception:  # it stumbles over a broken file in every way there is
        raise Unreadable("broken") from None


def _read(content: bytes) -> Read:
    document = pypdf.PdfReader(BytesIO(content), strict=False)
    if document.is_encrypted and not document.decrypt(""):  # many have no password, only rights
        raise Unreadable("encrypted")
    if len(document.pages) > MOST_PAGES:
        raise Unreadable("too_large")
    lines, left, spoken = Lines(), dict[Left, None](), False
    for page in document.pages:
        words = page.extract_text().strip()
        spoken = spoken or bool(words)
        lines.line(words)
        for note in _notes(page):
            lines.line(note)
        if _has_images(page):
            left["images"] = None
    for name, value in _fields(document).items():
        lines.line(f"{name}: {value}")
    if document.attachments:
        left["attachments"] = None
    text = lines.text()
    if not text.strip():
        raise Unreadable("image" if "images" in left else "empty")
    return Read(text, _properties(document), tuple(left))


def _properties(document: Any) -> dict[str, str]:
    told = document.metadata or {}
    return {
        str(name).strip("/"): str(value)
        for name, value in told.items()
        if name not in ("/CreationDate", "/ModDate", "/Producer", "/Creator", "/Trapped")
        and str(value).strip()
    }


def _fields(document: Any) -> dict[str, str]:
    """What was filled in."""
    found = document.get_fields() or {}
    return {str(name): str(field.value) for name, field in found.items() if field.value is not None}


def _notes(page: Any) -> list[str]:
    notes = []
    for each in page.get("/Annots", None) or ():
        note = each.get_object()
        if note.get("/Subtype") != "/Widget":
            notes += [str(note[name]) for name in _NOTES if isinstance(note.get(name), str)]
    return notes


def _has_images(page: Any) -> bool:
    resources = page.get("/Resources")
    things = resources.get_object().get("/XObject") if resources is not None else None
    drawn = things.get_object().values() if things is not None else ()
    return any(each.get_object().get("/Subtype") == "/Image" for each in drawn)
