"""Ordinary words with which a value of a company's list may be confused, and words that stand beside one."""

from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
from msgspec import Struct

_TABLES: Final = ("ordinary_ko.txt", "ordinary_forms_ko.txt", "ordinary_en.txt")


class Beside(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of `words/beside.toml`; what each is for is said there."""

    titles: tuple[str, ...]
    weak_titles: tuple[str, ...]
    particles: tuple[str, ...]
    fields: tuple[str, ...]
    sure_fields: tuple[str, ...]
    numbered: tuple[str, ...]
    numbered_latin: tuple[str, ...]
    units: tuple[str, ...]
    placeholders: tuple[str, ...]
    determiners: tuple[str, ...]
    endings: tuple[str, ...]
    endings_after_consonant: tuple[str, ...]
    endings_after_vowel: tuple[str, ...]


def _text(name: str) -> str:
    return (files("haechi.catalogue") / "words" / name).read_text(encoding="utf-8")


@cache
def ordinary_words() -> frozenset[str]:
    """Every ordinary word, in small letters."""
    return frozenset(word for table in _TABLES for word in _text(table).split())


@cache
def office_words() -> frozenset[str]:
    """Words of offices, shops, wards and programs that are shaped like names, of which no dictionary tells."""
    return frozenset(_text("office_ko.txt").split())


@cache
def beside() -> Beside:
    """The words beside values."""
    table = msgspec.toml.decode(_text("beside.toml"), type=dict[str, str])
    return msgspec.convert({name: tuple(words.split()) for name, words in table.items()}, Beside)
