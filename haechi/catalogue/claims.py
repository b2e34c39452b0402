"""The source document's claims against arithmetic and prices, from `claims.toml`."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from haechi.domain.text import Text


class Claim(Struct, frozen=True, forbid_unknown_fields=True):
    """What the document says, what we find, and from where."""

    says: Text
    found: Text
    source: str


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    claim: tuple[Claim, ...]


@cache
def claims() -> tuple[Claim, ...]:
    """Every claim, in the order of the document."""
    text = (files("haechi.catalogue") / "claims.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Table).claim
