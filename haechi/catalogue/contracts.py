"""The contract presets of `contracts.toml`, typed."""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from haechi.domain.destination import ProviderFacts
from haechi.domain.text import Text


class Preset(Struct, frozen=True, forbid_unknown_fields=True):
    """A provider's standard terms as facts."""

    provider: Literal["openai", "anthropic", "gemini"]
    name: Text
    facts: ProviderFacts


@cache
def presets() -> dict[str, Preset]:
    """Every preset by name."""
    text = (files("haechi.catalogue") / "contracts.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Preset])
