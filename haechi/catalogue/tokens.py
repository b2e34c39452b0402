"""The names of tokens, from `tokens.toml`."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

import msgspec
from msgspec import Struct

OWN: Final = "VALUE"
"""The name of what a company finds by rules of its own."""

LOOKALIKE: Final = "lookalike"
"""The kind of a text that looks like a token and was written by the caller."""

ABOUT_THE_TEXT: Final = ("fingerprint", "marking", "unreadable", "declared", "topic.")
"""Kinds that say something about a passage: no value in it could be taken out to change that."""


class TokenName(Struct, frozen=True, forbid_unknown_fields=True):
    """What tokens of some kinds are called, and what models call them when they translate."""

    name: Annotated[str, msgspec.Meta(pattern="^[A-Z]{4,12}$")]
    kinds: tuple[str, ...]
    also: tuple[str, ...] = ()


class _Called(Struct, frozen=True, forbid_unknown_fields=True):
    ordinary: str
    offices: str


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    name: tuple[TokenName, ...]
    called: _Called


@cache
def _table() -> _Table:
    return msgspec.toml.decode((files("haechi.catalogue") / "tokens.toml").read_bytes(), type=_Table)


def token_names() -> tuple[TokenName, ...]:
    """Every name, in the order of the table."""
    return _table().name


@cache
def ordinary_words() -> frozenset[str]:
    """Words of Latin names that are words of their own, too: `Will`, `Grace`."""
    return frozenset(_table().called.ordinary.split())


@cache
def offices() -> frozenset[str]:
    """What mailboxes of nobody in particular are made of: `customer`, `no`, `reply`."""
    return frozenset(_table().called.offices.split())


@cache
def translations() -> dict[str, str]:
    """What models write instead of a name, to the name."""
    return {other: each.name for each in token_names() for other in each.also}


@cache
def _by_kind() -> dict[str, str]:
    return {kind: each.name for each in token_names() for kind in each.kinds}


@cache
def token_name(kind: str) -> str:
    """What a token of `kind` is called.

    >>> token_name("person"), token_name("our.project")
    ('PERSON', 'VALUE')
    """
    return _by_kind().get(kind, OWN)


@cache
def about_the_text(kind: str) -> bool:
    """Whether `kind` speaks of a passage and not of a value in it."""
    return kind.startswith(ABOUT_THE_TEXT)
