"""Does it fit into memory: weights + cache + runtime against what the cards of one host have.

    weights = parameters x bytes per weight          every expert, not only the active ones
    cache   = batch x what one sequence keeps        by kind of attention; nothing of it is shared
    other   = runtime per card + 5 % of the cache + copies of the cache that tensor parallelism makes

Tensor parallelism splits heads: it goes over the largest number of cards that divides them, the rest is pipeline. A latent
cache (MLA) has no heads to split, and KV heads fewer than cards are kept more than once: those copies are real memory.
"""

from math import isfinite
from typing import Final

from msgspec import Struct

from haechi.catalogue.architectures import Architecture
from haechi.catalogue.devices import Device, Quantisation
from haechi.domain.text import Text

RUNTIME_GB: Final = {"gpu": 2.0, "cpu": 8.0, "unified": 8.0}
"""Context, buffers and activations of a serving engine on a card (1 to 2 GB measured, plus buffers); a whole system on a
host, which also holds the operating system."""
FRAGMENTATION: Final = 0.05
UNIFIED_SHARE: Final = 0.75
"""What the system of a machine with shared memory gives to its GPU."""


class Fit(Struct, frozen=True):
    """Gigabytes (10^9 bytes), summed over all cards."""

    fits: bool
    weights_gb: float
    kv_gb: float
    other_gb: float
    available_gb: float
    why: Text


def fit(
    shape: Architecture,
    gpu: Device,
    count: int,
    quant: Quantisation,
    context: int,
    batch: int = 1,
    kv_bytes: float = 2.0,
) -> Fit:
    """Memory of `batch` sequences of `context` tokens on `count` cards of one host; `kv_bytes` per cached value."""
    weights = weights_gb(shape, quant)
    kv = batch * shape.kv_bytes(context, kv_bytes) / 1e9
    tensor = tensor_parallel(shape, count)
    other = count * RUNTIME_GB[gpu.kind] + FRAGMENTATION * kv + kv * (copies(shape, tensor) - 1)
    available = count * gpu.memory_gb * (UNIFIED_SHARE if gpu.kind == "unified" else 1.0)
    w, k, o, a = figures = [round(each, 2) for each in (weights, kv, other, available)]
    if not all(map(isfinite, figures)):
        raise OverflowError
    fits = weights + kv + other <= available and context <= shape.context
    empty = weights + count * RUNTIME_GB[gpu.kind]
    return Fit(fits, w, k, o, a, _why(shape, figures, context, tensor, count, empty))


def weights_gb(shape: Architecture, quant: Quantisation) -> float:
    """All weights. Block formats of 4 bits (MXFP4, NVFP4) are for experts; what is around them stays at 16 bits."""
    plain = shape.plain_b if quant.units == "fp4" else 0.0
    return (shape.params_b - plain) * quant.bytes + plain * 2


def tensor_parallel(shape: Architecture, count: int) -> int:
    """Over how many of `count` cards the heads are split; `count` over this is the depth of the pipeline."""
    heads = range(count, 0, -1)
    return next(n for n in heads if count % n == 0 and shape.heads % n == 0 and _even(shape.kv_heads, n))


def _even(kv_heads: int, cards: int) -> bool:
    return kv_heads % cards == 0 or cards % kv_heads == 0


def copies(shape: Architecture, tensor: int) -> int:
    """How often the cache is kept when heads are split over `tensor` cards."""
    return max(1, tensor // shape.kv_heads)


def _why(
    shape: Architecture, figures: list[float], context: int, tensor: int, count: int, empty: float
) -> Text:
    weights, kv, other, available = figures
    left = round(available - weights - kv - other, 2)
    sum_ = f"{weights} + {kv} + {other} = {round(weights + kv + other, 2)} GB"
    split = f"tensor {tensor} x pipeline {count // tensor}"
    if context > shape.context:
        return Text(
            ko=f"이 모델의 문맥은 {shape.context} 토큰까지입니다. --context 를 줄이세요.",
            en=f"This model's context ends at {shape.context} tokens. Lower --context.",
        )
    if left >= 0:
        return Text(
            ko=f"가중치 + 캐시 + 나머지 = {sum_}, 있는 것 {available} GB, 남는 것 {left} GB ({split}).",
            en=f"Weights + cache + other = {sum_} of {available} GB, {left} GB are left ({split}).",
        )
    if empty > available:
        return Text(
            ko=f"가중치만으로 넘칩니다: {sum_}, 있는 것 {available} GB. 카드를 늘리거나 비트를 줄이세요 ({split}).",
            en=f"The weights alone are too much: {sum_} of {available} GB. More cards or fewer bits ({split}).",
        )
    return Text(
        ko=f"캐시가 {-left} GB 넘칩니다: {sum_}, 있는 것 {available} GB. 문맥이나 동시 요청을 줄이세요 ({split}).",
        en=f"The cache is {-left} GB too much: {sum_} of {available} GB. Lower --context or --batch ({split}).",
    )
