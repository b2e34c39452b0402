"""The curated local models, from `local_models.toml`.

How much memory a model needs is an estimate by one rule, not a figure somebody published:

    weights = parameters x bits / 8             bits per weight by quantisation, `BITS`
    cache   = KiB per token x context x slots   256 KiB where the model's own figure was not read
    need    = weights x 1.2 + cache             a fifth on top for compute buffers and the process
"""

import math
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import msgspec
from msgspec import Struct

from haechi.domain.text import Text

Quant = Literal["Q4_K_M", "Q4_1", "Q8_0"]

BITS: Final[dict[Quant, float]] = {"Q4_K_M": 4.9, "Q4_1": 5.0, "Q8_0": 8.5}
"""Bits per weight. Q8_0 and Q4_1 follow from the block layout (34 and 20 bytes per 32 weights); Q4_K_M mixes
4.5 and 6.6 bits, 4.9 on the average of an 8B model."""

HEADROOM: Final = 1.2
LARGEST_KV_KIB: Final = 256.0


class LocalModel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One GGUF file: from a hub's repository, or from an installed package."""

    name: str
    file: str
    parameters_b: float
    quant: Quant
    languages: tuple[str, ...]
    licence: str
    licence_source: str
    note: Text
    source: str
    read: str
    verified_on: date
    repo: str | None = None
    revision: str = "main"
    package: str | None = None
    active_b: float | None = None
    kv_kib: float = LARGEST_KV_KIB
    context: int = 8192
    slots: int = 2
    commercial: bool = True
    plumbing: bool = False
    max_output: int | None = None

    @property
    def weights_gb(self) -> float:
        """Estimated size of the weights, in GB (10^9 bytes)."""
        return self.parameters_b * BITS[self.quant] / 8

    @property
    def cache_gb(self) -> float:
        """Estimated size of the key-value cache when every slot is full, in GB."""
        return self.kv_kib * 1024 * self.context * self.slots / 1e9

    @property
    def min_free_gb(self) -> float:
        """Estimated memory that must be free, in GB, rounded up to a tenth."""
        return math.ceil((self.weights_gb * HEADROOM + self.cache_gb) * 10) / 10

    @property
    def active(self) -> float:
        """Billions of parameters that one token passes through."""
        return self.parameters_b if self.active_b is None else self.active_b

    @property
    def korean(self) -> bool:
        """Whether its makers name Korean among its languages."""
        return "ko" in self.languages


@cache
def local_models() -> tuple[LocalModel, ...]:
    """Every curated model, best first."""
    text = files("haechi.catalogue").joinpath("local_models.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return tuple(msgspec.convert({"name": name} | facts, LocalModel) for name, facts in table.items())


def plumbing_model() -> LocalModel:
    """The one model that is there without any hub."""
    return next(model for model in local_models() if model.plumbing)
