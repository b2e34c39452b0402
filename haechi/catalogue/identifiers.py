"""The identifiers of `identifiers.toml`, typed."""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from haechi.domain.label import Level
from haechi.domain.text import Text


class IdentifierRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One way in which a kind is written; the fields are explained at the head of the table."""

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


class Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of identifier: how sensitive, on what basis, and the rules that find it."""

    kind: str
    name: Text
    level: str
    basis: str
    words: tuple[str, ...]
    rule: tuple[IdentifierRule, ...]
    floor: bool = False

    def level_of(self, rule: IdentifierRule) -> Level:
        """The level of a finding by `rule`."""
        return Level.of(rule.level or self.level)


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    identifier: tuple[Identifier, ...]
    other_numbers: tuple[str, ...]


@cache
def _table() -> _Table:
    return msgspec.toml.decode((files("haechi.catalogue") / "identifiers.toml").read_bytes(), type=_Table)


def identifiers() -> tuple[Identifier, ...]:
    """Every kind that haechi finds, in the order of the table."""
    return _table().identifier


def words_of_other_numbers() -> tuple[str, ...]:
    """Names of numbers that look like identifiers and are none: order, invoice, lot, build."""
    return _table().other_numbers


def name_of(kind: str) -> Text:
    """What people call `kind`; the kind itself where the catalogue does not know it."""
    for identifier in identifiers():
        if identifier.kind == kind:
            return identifier.name
    return Text(ko=kind, en=kind)
