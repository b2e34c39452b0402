"""What engines make of a roofline, from `speeds.toml`: fitted on published measurements."""

from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Fitted(Struct, frozen=True, forbid_unknown_fields=True):
    """Weights of the terms, log bias by engine, and the ratios that bound nine of ten unseen models' measurements."""

    weights: tuple[float, ...]
    engines: dict[str, float]
    low: float
    high: float


class Pair(Struct, frozen=True, forbid_unknown_fields=True):
    """Both figures of one kind of model."""

    tpot: Fitted
    ttft: Fitted


class Speeds(Struct, frozen=True, forbid_unknown_fields=True):
    """The table: kinds are `dense` and `mixture`; `measured` are the devices with enough measurements."""

    source: str
    command: str
    verified_on: date
    measured: tuple[str, ...]
    fit: dict[str, Pair]


@cache
def speeds() -> Speeds:
    """The whole table."""
    text = (files("haechi.catalogue") / "speeds.toml").read_bytes()
    return msgspec.toml.decode(text, type=Speeds)
