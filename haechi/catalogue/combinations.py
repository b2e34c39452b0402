"""Kinds that are more together than each alone, from `combinations.toml`."""

from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from haechi.domain.label import Label, Level


class Combination(Struct, frozen=True, forbid_unknown_fields=True):
    """A label that holds one kind of `any` and another one of `with_` has at least `level`."""

    any: frozenset[str]
    with_: frozenset[str] = msgspec.field(name="with")
    level: str
    basis: str
    source: str
    verified_on: date

    def holds(self, kinds: frozenset[str]) -> bool:
        """Whether `kinds` has one of each side, and not the same one."""
        ones, others = kinds & self.any, kinds & self.with_
        return bool(ones and others) and len(ones | others) > 1


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    combination: tuple[Combination, ...]


@cache
def combinations() -> tuple[Combination, ...]:
    """Every combination, in the order of the table."""
    table = (files("haechi.catalogue") / "combinations.toml").read_bytes()
    return msgspec.toml.decode(table, type=_Table).combination


@lru_cache(1024)
def _floor(kinds: frozenset[str]) -> Level:
    levels = (Level.of(each.level) for each in combinations() if each.holds(kinds))
    return max(levels, default=Level.PUBLIC)


def combined(label: Label) -> Label:
    """`label`, at least as high as its kinds are together. Monotone, and the same again the second time."""
    if len(label.kinds) < 2 or (floor := _floor(label.kinds)) <= label.level:
        return label
    return Label(floor, label.kinds)
