"""The obligations of `obligations.toml`, typed."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.text import Text

Sector = Literal["general", "finance", "medical", "public"]


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """What a row speaks of; the fields are explained at the head of the table."""

    kinds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    personal: bool = False
    level: str | None = None
    sector: Sector | None = None
    subjects: Literal["eu"] | None = None


class Obligation(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule of law, with where it stands, since when it holds and when it is to be read again."""

    id: str
    cite: Text
    demands: Text
    source: str
    mark: Literal["source", "press", "open"]
    effective: date
    review: date
    when: When
    requires: tuple[str, ...]
    unless: tuple[str, ...] = ()


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    obligation: tuple[Obligation, ...]


@cache
def legal_floor() -> frozenset[str]:
    """Kinds that a row of law names: no exception lets them out."""
    return NEVER_OUTSIDE.union(*(row.when.kinds for row in obligations()))


@cache
def obligations() -> tuple[Obligation, ...]:
    """Every row, in the order of the table."""
    text = (files("haechi.catalogue") / "obligations.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Table).obligation
