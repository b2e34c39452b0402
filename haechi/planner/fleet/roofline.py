"""Seconds that a step must take by what it reads and computes; a fit says how far engines are from that.

A decode step of B sequences reads the weights once (of a mixture: the experts that B sequences touch), reads every
sequence's cache, multiplies, and shares the engine with the prefill of newcomers: in a steady state each step takes B / osl
new prompts in. The five terms are kept apart, because engines are unequally good at them.
"""

from typing import Final

from msgspec import Struct

from haechi.catalogue.architectures import Architecture
from haechi.catalogue.devices import Device, Quantisation
from haechi.planner.fleet.fit import copies

TERMS: Final = ("weights", "cache", "multiply", "prefill", "layers", "exchange")


class Point(Struct, frozen=True):
    """One serving situation: lengths in tokens, `concurrency` requests in flight, heads split over `tensor` cards."""

    shape: Architecture
    device: Device
    quant: Quantisation
    tensor: int
    isl: float
    osl: float
    concurrency: float
    kv_bytes: float = 2.0
    engine: str = "vllm"


def touched(shape: Architecture, sequences: float) -> float:
    """Billions of parameters that a step of so many sequences reads, if experts are chosen at random."""
    if not shape.experts:
        return shape.active_b
    chosen = shape.experts_active / shape.experts
    routed = (
        shape.params_b - shape.plain_b if shape.plain_b else (shape.params_b - shape.active_b) / (1 - chosen)
    )
    always = max(shape.active_b - routed * chosen, 0.0)
    return float(always + routed * (1 - (1 - chosen) ** sequences))


def terms(point: Point) -> dict[str, float]:
    """Milliseconds of a decode step, term by term, at full bandwidth and full TFLOPS."""
    shape, device = point.shape, point.device
    bandwidth = device.bandwidth_gbs * 1e9 * point.tensor
    flops = device.tflops(point.quant.units) * 1e12 * point.tensor
    kept = shape.kv_bytes(int(point.isl + point.osl / 2), point.kv_bytes) * copies(shape, point.tensor)
    newcomers = point.concurrency * point.isl / point.osl
    return {
        "weights": 1e3 * touched(shape, point.concurrency) * 1e9 * point.quant.bytes / bandwidth,
        "cache": 1e3 * point.concurrency * kept / bandwidth,
        "multiply": 1e3 * 2e9 * shape.active_b * point.concurrency / flops,
        "prefill": 1e3 * 2e9 * shape.active_b * newcomers / flops,
        "layers": shape.layers / 1e2,
        "exchange": shape.layers / 1e2 if point.tensor > 1 else 0.0,
    }


def prompt_ms(point: Point) -> float:
    """Milliseconds to compute one prompt at full TFLOPS."""
    flops = point.device.tflops(point.quant.units) * 1e12 * point.tensor
    return 1e3 * 2e9 * point.shape.active_b * point.isl / flops
