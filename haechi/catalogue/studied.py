"""Kinds that are found by studying a text rather than by a pattern, from `kinds/studied.toml`."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from haechi.domain.text import Text


class Studied(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind without identifier rules: how it is found is said in a sentence."""

    kind: str
    name: Text
    level: str
    basis: str
    how: Text
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    kind: tuple[Studied, ...]


@cache
def studied() -> tuple[Studied, ...]:
    """Every such kind, in the order of the table."""
    table = (files("haechi.catalogue") / "kinds" / "studied.toml").read_bytes()
    return msgspec.toml.decode(table, type=_Table).kind
