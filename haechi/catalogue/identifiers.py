"""The identifiers of `kinds/*.toml`, typed. The tables are named one by one: a missing one must not go unnoticed."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct

from haechi.domain.label import Level
from haechi.domain.text import Text


class IdentifierRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which a kind is written; the fields are explained in `kinds/README.md`."""

    id: str
    pattern: str
    context: Literal["none", "required"]
    confidence: float
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    check: str | None = None
    level: str | None = None
    strong: bool = True
    edge: Literal["word", "digit", "none"] = "word"
    words: tuple[str, ...] = ()
    around: bool = False


class Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of identifier: how sensitive, on what basis, and the rules that find it."""

    kind: str
    name: Text
    level: str
    basis: str
    words: tuple[str, ...]
    rule: Annotated[tuple[IdentifierRule, ...], msgspec.Meta(min_length=1)]
    floor: bool = False

    def level_of(self, rule: IdentifierRule) -> Level:
        """The level of a finding by `rule`."""
        return Level.of(rule.level or self.level)


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    identifier: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1)]


class _OtherNumbers(Struct, frozen=True, forbid_unknown_fields=True):
    other_numbers: tuple[str, ...]


TABLES: Final = ("national", "contact", "finance", "company", "secrets", "markings")


def _bytes(table: str) -> bytes:
    return (files("haechi.catalogue") / "kinds" / f"{table}.toml").read_bytes()


@cache
def identifiers() -> tuple[Identifier, ...]:
    """Every kind that haechi finds, in the order of the tables."""
    return tuple(
        identifier
        for table in TABLES
        for identifier in msgspec.toml.decode(_bytes(table), type=_Table).identifier
    )


@cache
def words_of_other_numbers() -> tuple[str, ...]:
    """Names of numbers that look like identifiers and are none: order, invoice, lot, build."""
    return msgspec.toml.decode(_bytes("other_numbers"), type=_OtherNumbers).other_numbers


def name_of(kind: str) -> Text:
    """What people call `kind`; the kind itself where the catalogue does not know it."""
    for identifier in identifiers():
        if identifier.kind == kind:
            return identifier.name
    return Text(ko=kind, en=kind)
