"""What owning costs where nothing else is known, from `costs.toml`: a value, its bounds, unit, source, date."""

from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Cost(Struct, frozen=True, forbid_unknown_fields=True):
    """One assumption that a customer may replace."""

    value: float
    low: float
    high: float
    unit: str
    source: str
    on: date


@cache
def costs() -> dict[str, Cost]:
    """Every assumption by name."""
    text = (files("haechi.catalogue") / "costs.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Cost])
