"""Loads whatever the parsers load late: a confined process can open no file, so not a module of its own either."""

import codecs
import email
import pkgutil
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Final

ENCODINGS: Final = (
    *(
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "utf-7",
        "ascii",
        "latin-1",
    ),
    *(
        "cp949",
        "euc_kr",
        "johab",
        "iso2022_kr",
        "cp437",
        "cp1252",
        "shift_jis",
        "iso2022_jp",
        "gb18030",
        "big5",
    ),
    *("iso8859-15", "mac_roman", "unicode_escape", "raw_unicode_escape", "idna", "quopri", "uu", "base64"),
)
"""Those in which file names of archives, parts of mails and strings of a PDF are written."""

LATE: Final = ("tempfile", "html.entities", "quopri", "base64", "stringprep", "zlib")
"""Modules of the standard library that are only loaded when a parser meets something unusual."""


def load() -> None:
    """All of it, once, before the first process is confined."""
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    for name in LATE:
        import_module(name)
    _whole(email)
    with suppress(ImportError):
        import pypdf

        _whole(pypdf)


def _whole(package: ModuleType) -> None:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        with suppress(ImportError):  # for what is not installed here, nor needed
            import_module(module.name)
