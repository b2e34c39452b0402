"""Providers' addresses and model aliases of `models.toml`, typed."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Provider(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a provider's API stands and which alias means which exact model id."""

    base_url: str
    aliases: dict[str, str]


@cache
def providers() -> dict[str, Provider]:
    """Every provider by the name of its wire."""
    text = (files("haechi.catalogue") / "models.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Provider])
