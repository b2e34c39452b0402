"""Shapes of open models from `architectures.toml`: what decides memory and speed."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct


class Architecture(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model; the fields are explained at the head of the table."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    attention: Literal["full", "mla", "window", "hybrid"]
    params_b: float
    active_b: float
    params_from: Literal["computed", "published"]
    context: int
    repo: str
    kv_rank: int = 0
    rope_dim: int = 0
    index_dim: int = 0
    full_layers: int | None = None
    full_kv_heads: int | None = None
    full_head_dim: int | None = None
    window: int | None = None
    state_bytes: int = 0
    experts: int = 0
    experts_active: int = 0
    plain_b: float = 0.0

    def kv_bytes(self, tokens: int, bytes_per_value: float = 2.0) -> float:
        """Bytes of cache that one sequence of `tokens` keeps, one copy, recurrent state included."""
        if self.attention == "mla":
            return tokens * self.layers * (self.kv_rank + self.rope_dim + self.index_dim) * bytes_per_value
        full = self.layers if self.full_layers is None else self.full_layers
        wide = 2 * (self.full_kv_heads or self.kv_heads) * (self.full_head_dim or self.head_dim)
        kept = full * tokens * wide * bytes_per_value
        if self.window is not None:
            narrow = 2 * self.kv_heads * self.head_dim
            kept += (self.layers - full) * min(tokens, self.window) * narrow * bytes_per_value
        return kept + self.state_bytes


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    verified_on: date
    model: dict[str, Architecture]


@cache
def architectures() -> dict[str, Architecture]:
    """Every model by name."""
    text = (files("haechi.catalogue") / "architectures.toml").read_bytes()
    return msgspec.toml.decode(text, type=_Table).model


def architecture(name: str) -> Architecture | None:
    """The model called `name`: ours, or its repository's; `None` where the table has none."""
    known = architectures()
    short = _plain(name)
    if short in known:
        return known[short]
    return next((each for each in known.values() if each.repo.lower() == name.lower()), None)


def _plain(name: str) -> str:
    """`meta-llama/Llama-3.1-70B-Instruct` to `llama-3.1-70b`."""
    short = name.lower().rsplit("/", 1)[-1].replace("meta-", "").removeprefix("nvidia-")
    for end in ("-fp8", "-nvfp4", "-bf16", "-instruct", "-it", "-v0.1", "-17b-16e", "-17b-128e"):
        short = short.replace(end, "")
    return _ALSO.get(short, short)


_ALSO = {
    "llama-3-8b": "llama-3.1-8b",
    "llama-3-70b": "llama-3.1-70b",
    "llama-3.3-70b": "llama-3.1-70b",
}
"""Models of the very same shape."""
