"""TTFT and TPOT with 90 % intervals: the roofline's terms weighed by a fit on published measurements, mended by own points.

    tpot = exp(bias) x sum(weight x term)            weights by kind of model (dense, mixture), never negative
    ttft = exp(bias) x sum(weight x term)            terms: own prompt, prompts in flight, a decode step, layers
    own points: log(measured / predicted) is regressed on log concurrency, prompt length and cards, held back by a ridge

Intervals are quantiles of the same ratio on models that the fit had not seen (`benchmarks/plan/fit_speed.py`). In flight are
at most as many sequences as memory holds: beyond that requests wait, and the engine's step grows no further.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from haechi.catalogue.devices import devices
from haechi.catalogue.speeds import Fitted, speeds
from haechi.planner.fleet.fit import FRAGMENTATION, RUNTIME_GB, copies, weights_gb
from haechi.planner.fleet.roofline import Point, prompt_ms, terms

LEAST_OWN: Final = 10
"""So many own points are asked for; fewer move the bias alone."""
RIDGE: Final = 1.0
Vector = NDArray[np.float64]


class Predicted(Struct, frozen=True):
    """Milliseconds; `lo` and `hi` bound nine of ten."""

    ttft_ms: float
    tpot_ms: float
    ttft_lo: float
    ttft_hi: float
    tpot_lo: float
    tpot_hi: float
    basis: str


class Own(Struct, frozen=True):
    """One measurement of the site's own."""

    point: Point
    ttft_ms: float
    tpot_ms: float


class Mended(Struct, frozen=True):
    """What own points taught about one figure: coefficients of the log ratio, and its spread."""

    coefficients: tuple[float, ...]
    spread: float


def room(point: Point) -> float:
    """How many sequences memory holds at the same time; below 1 the model does not fit."""
    per = point.shape.kv_bytes(int(point.isl + point.osl), point.kv_bytes) / 1e9
    per *= copies(point.shape, point.tensor) * (1 + FRAGMENTATION)
    runtime = point.tensor * RUNTIME_GB[point.device.kind]
    left = point.device.memory_gb * point.tensor * 0.95 - weights_gb(point.shape, point.quant) - runtime
    return left / per


def tpot_terms(point: Point) -> list[float]:
    """What the fit weighs for a decode step."""
    return list(terms(point).values())


def ttft_terms(point: Point) -> list[float]:
    """What the fit weighs for a first token: the prompt, those beside it, a step, the depth."""
    prompt, step = prompt_ms(point), terms(point)
    return [
        prompt,
        prompt * (point.concurrency - 1),
        step["weights"] + step["cache"],
        point.shape.layers / 100,
    ]


def measured(point: Point) -> bool:
    """Whether enough measurements of this device were published."""
    return any(point.device is devices().get(name) for name in speeds().measured)


def predict(
    point: Point, tpot: Mended | None = None, ttft: Mended | None = None, *, anywhere: bool = False
) -> Predicted | None:
    """Milliseconds with their interval; `None` where the device was not measured and there are no own points, or where
    it does not fit. `anywhere` gives the bare roofline of any card, which own points are compared with."""
    if (holds := room(point)) < 1 or not (anywhere or tpot or measured(point)):
        return None
    at = replace(point, concurrency=min(point.concurrency, holds))
    fitted = speeds().fit["mixture" if point.shape.experts else "dense"]
    one = _figure(fitted.tpot, tpot_terms(at), at, tpot)
    two = _figure(fitted.ttft, ttft_terms(at), at, ttft)
    basis = "fitted roofline, own points" if tpot else "fitted roofline"
    return Predicted(two[0], one[0], two[1], two[2], one[1], one[2], basis)


def _figure(fitted: Fitted, values: list[float], at: Point, mended: Mended | None) -> tuple[float, ...]:
    raw = sum(weight * value for weight, value in zip(fitted.weights, values, strict=True))
    raw *= float(np.exp(fitted.engines.get(at.engine, 0.0)))
    if mended is None:
        return raw, raw * fitted.low, raw * fitted.high
    middle = raw * float(np.exp(_features(at) @ np.array(mended.coefficients)))
    return middle, middle * float(np.exp(-mended.spread)), middle * float(np.exp(mended.spread))


def _features(point: Point) -> Vector:
    logs = (point.concurrency / 32, point.isl / 1024, point.tensor)
    return np.array([1.0, *np.log(logs)])


def mend(own: Sequence[Own], figure: str) -> Mended | None:
    """Learn from own points how far `figure` (`tpot_ms` or `ttft_ms`) is from the fit.

    `None` where not one of them fits in memory.
    """
    rows, ratios = [], []
    for each in own:
        if (found := predict(each.point, anywhere=True)) is not None:
            at = replace(each.point, concurrency=min(each.point.concurrency, room(each.point)))
            rows.append(_features(at))
            ratios.append(np.log(getattr(each, figure) / getattr(found, figure)))
    if not rows:
        return None
    table, wanted = np.array(rows), np.array(ratios)
    held = np.diag([1e-3, *[RIDGE if len(rows) >= LEAST_OWN else 1e6] * 3])
    inverse = np.linalg.inv(table.T @ table + held)
    found_: Any = inverse @ table.T @ wanted
    leverage = np.einsum("ij,jk,ik->i", table, inverse, table)
    left_out = np.abs(wanted - table @ found_) / np.maximum(1 - leverage, 0.2)
    # the 90th of a handful is their largest and a little: the spread of few points is never read too small
    spread = float(np.quantile(left_out, 0.9)) * (1 + 2 / len(rows)) if len(rows) > 1 else 0.7
    return Mended(tuple(map(float, found_)), max(spread, 0.02))
