"""The identifiers of `kinds/*.toml`, typed. The tables are named one by one: a missing one must not go unnoticed."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

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
    edge: Literal["word", "digit", "group", "dot", "colon", "none"] = "word"
    around: bool = False
    shape: Literal["own", "number", "any"] = "own"
    reach: int = 25
    most: int = 0
    row: bool = False
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


class Identifier(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of identifier: how sensitive, on what basis, and the rules that find it."""

    kind: str
    name: Text
    level: str
    basis: str
    words: tuple[str, ...]
    rule: Annotated[tuple[IdentifierRule, ...], msgspec.Meta(min_length=1)]
    against: tuple[str, ...] = ()
    others: bool = True
    floor: bool = False

    def level_of(self, rule: IdentifierRule) -> Level:
        """The level of a finding by `rule`."""
        return Level.of(rule.level or self.level)


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    identifier: Annotated[tuple[Identifier, ...], msgspec.Meta(min_length=1)]


class OtherNumbers(Struct, frozen=True, forbid_unknown_fields=True):
    """Names of numbers that look like identifiers and are none: order, invoice, lot, build. `tails` name any
    number where another word stands before them."""

    words: tuple[str, ...]
    tails: tuple[str, ...]


TABLES: Final = (
    "national",
    "contact",
    "finance",
    "company",
    "health",
    "international",
    "secrets",
    "markings",
)


def _bytes(table: str) -> bytes:
    return (files("haechi.catalogue") / "kinds" / f"{table}.toml").read_bytes()


@cache
def _pieces() -> dict[str, str]:
    return msgspec.toml.decode(_bytes("pieces"), type=dict[str, str])


def _whole(identifier: Identifier) -> Identifier:
    """An identifier whose patterns are written out: `<gap>` and its like stand in `pieces.toml`."""
    rules = []
    for rule in identifier.rule:
        pattern = rule.pattern
        for name, piece in _pieces().items():
            pattern = pattern.replace(f"<{name}>", piece)
        rules.append(replace(rule, pattern=pattern))
    return replace(identifier, rule=tuple(rules))


@cache
def identifiers() -> tuple[Identifier, ...]:
    """Every kind that haechi finds, in the order of the tables."""
    return tuple(
        _whole(identifier)
        for table in TABLES
        for identifier in msgspec.toml.decode(_bytes(table), type=_Table).identifier
    )


@cache
def other_numbers() -> OtherNumbers:
    """Names of numbers that are no identifiers."""
    return msgspec.toml.decode(_bytes("other_numbers"), type=OtherNumbers)


def name_of(kind: str) -> Text:
    """What people call `kind`; the kind itself where the catalogue does not know it."""
    for identifier in identifiers():
        if identifier.kind == kind:
            return identifier.name
    return Text(ko=kind, en=kind)
