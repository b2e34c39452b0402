"""Devices and number formats from `devices.toml` and `quantisations.toml`."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

Units = Literal["bf16", "fp8", "int8", "fp4"]


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """What one costs, in US dollars, low to high."""

    low: float
    high: float
    note: str
    on: date


class Device(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One card, or one box; the fields are explained at the head of the table."""

    kind: Literal["gpu", "cpu", "unified"]
    memory_gb: float
    bandwidth_gbs: float
    bf16_tflops: float
    tdp_w: float
    source: str
    verified_on: date
    fp8_tflops: float | None = None
    int8_tflops: float | None = None
    fp4_tflops: float | None = None
    link_gbs: float | None = None
    aliases: tuple[str, ...] = ()
    price_usd: Band | None = None

    def tflops(self, units: Units) -> float:
        """Dense TFLOPS in this format; where there are no such units, weights are unpacked to 16 bits."""
        found: float | None = getattr(self, f"{units}_tflops")
        return found or self.bf16_tflops


class Quantisation(Struct, frozen=True, forbid_unknown_fields=True):
    """Bytes per weight, scales included, and the units that multiply it."""

    bytes: float
    units: Units
    aliases: tuple[str, ...] = ()


class Exchange(Struct, frozen=True, forbid_unknown_fields=True):
    """Won per dollar: a parameter with a date, never a constant."""

    krw_per_usd: float
    on: date
    source: str


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    exchange: Exchange
    device: dict[str, Device]


@cache
def _table() -> _Table:
    text = (files("haechi.catalogue") / "devices.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Table)


def devices() -> dict[str, Device]:
    """Every device by name."""
    return _table().device


def exchange() -> Exchange:
    """The rate where none is given."""
    return _table().exchange


def device(name: str) -> Device | None:
    """The device of this name or alias; `None` where there is none."""
    short = name.lower().replace(" ", "-")
    known = devices()
    return known.get(short) or next((each for each in known.values() if short in each.aliases), None)


@cache
def quantisations() -> dict[str, Quantisation]:
    """Every number format by name."""
    text = (files("haechi.catalogue") / "quantisations.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Quantisation])


def quantisation(name: str) -> Quantisation | None:
    """The format of this name or alias; `None` where there is none."""
    short = name.lower()
    known = quantisations()
    return known.get(short) or next((each for each in known.values() if short in each.aliases), None)
