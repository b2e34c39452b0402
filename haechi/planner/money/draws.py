"""Cloud, home and hybrid under many draws of what is not known: won a month, NPV, intervals, what moves the difference.

Every assumption is drawn from a triangle between its bounds. One draw holds for all three options, so that they are compared in
the same world. The excess of a load over n nodes is piecewise linear in their capacity: it is worked once from the sorted
load, and each draw reads it by interpolation. Thousands of draws cost milliseconds.
"""

from collections.abc import Mapping
from math import ceil
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

HOURS: Final = 730.0
SECONDS: Final = HOURS * 3600
HORIZON: Final = 36
"""Months over which money is counted."""
Vector = NDArray[np.float64]
World = Mapping[str, Vector]
"""Every assumption by name, a value a draw."""


class Load(Struct, frozen=True):
    """Calls a second in windows of equal length, the share that must stay, won a call; calls a second of a node, and how
    few they may be in the worst draw: what is sensitive has room in that one, too."""

    rates: Vector
    sensitive: float
    call_krw: float
    node_calls_per_s: float
    node_calls_low: float
    usable_share: float


class Option(Struct, frozen=True):
    """One option: nodes, and for every draw won a month, NPV in won (cost, positive), and the share spilt."""

    nodes: int
    month_krw: Vector
    npv_krw: Vector
    spill: float


def drawn(bounds: Mapping[str, tuple[float, float, float]], count: int, seed: int = 1) -> dict[str, Vector]:
    """`count` draws of every assumption from (low, value, high)."""
    rng = np.random.default_rng(seed)
    return {
        name: rng.triangular(low, value, high, count) if low < high else np.full(count, value)
        for name, (low, value, high) in sorted(bounds.items())
    }


def option(load: Load, nodes: int, world: World) -> Option:
    """`nodes` servers at home, what exceeds them in the cloud; 0 is the cloud alone. Raises `ValueError` where sensitive
    calls would have to spill."""
    kept = load.rates * load.sensitive
    if nodes < least_nodes(load):
        raise ValueError(nodes)
    capacity = nodes * load.node_calls_per_s * (world["usable_share"] / load.usable_share)
    over = _excess(load.rates - kept, kept, capacity)
    calls = over * SECONDS * load.call_krw
    years = HORIZON / 12
    rate = np.log1p(world["discount_rate"])
    fall = -np.log1p(-np.minimum(world["price_decline"], 0.99))
    power = world["node_power"] * HOURS * world["pue"] * world["electricity"]
    owned = nodes * (world["node_capex"] * world["maintenance"] / 12 + power) + (
        world["staff"] if nodes else 0
    )
    capex = nodes * world["node_capex"]
    month = calls * _mean(fall, years) + owned + capex / world["amortisation"]
    rest = np.clip(1 - HORIZON / world["amortisation"], 0, 1) * capex * np.exp(-rate * years)
    npv = capex - rest + (calls * _mean(fall + rate, years) + owned * _mean(rate, years)) * HORIZON
    whole = float(load.rates.mean())
    return Option(nodes, month, npv, float(over.mean() / whole) if whole else 0.0)


def least_nodes(load: Load) -> int:
    """What sensitive calls alone need at their peak."""
    return ceil(float((load.rates * load.sensitive).max(initial=0)) / load.node_calls_low - 1e-9)


def most_nodes(load: Load) -> int:
    """What everything needs at its peak in the worst draw: at home nothing spills in any."""
    return max(1, ceil(float(load.rates.max(initial=0)) / load.node_calls_low - 1e-9))


def cheapest(load: Load, world: World, most: int = 100_000) -> Option:
    """The split whose mean month is the lowest, over every number of nodes that keeps what is sensitive."""
    first = least_nodes(load)
    best = before = option(load, first, world)
    for nodes in range(first + 1, min(max(first, most_nodes(load)), most) + 1):
        tried = option(load, nodes, world)
        if tried.month_krw.mean() < best.month_krw.mean():
            best = tried
        if nodes > 1 and before.nodes and tried.month_krw.mean() >= before.month_krw.mean():
            break  # convex from the first node on, which alone brings the staff
        before = tried
    return best


def _excess(free: Vector, kept: Vector, capacity: Vector) -> Vector:
    """Mean calls a second that do not fit: E[(free + kept - capacity)+], never more than what is free."""
    order = np.sort(free + kept)
    tail = np.concatenate([np.cumsum(order[::-1])[::-1], [0.0]])
    at = np.searchsorted(order, capacity)
    count = len(order)
    return np.asarray(np.minimum((tail[at] - capacity * (count - at)) / count, free.mean()))


def _mean(rate: Vector, years: float) -> Vector:
    """The mean of exp(-rate t) over the horizon."""
    flat = np.abs(rate) < 1e-9
    safe = np.where(flat, 1.0, rate)
    return np.where(flat, 1.0, (1 - np.exp(-safe * years)) / (safe * years))


def tornado(
    load: Load, nodes: int, bounds: Mapping[str, tuple[float, float, float]]
) -> list[tuple[str, float, float]]:
    """How far each assumption alone, at its bounds, moves cloud minus `nodes` in won a month; the largest first."""
    base = {name: np.array([value]) for name, (_, value, _) in bounds.items()}
    found = []
    for name, (low, _, high) in bounds.items():
        ends = [_difference(load, nodes, base | {name: np.array([each])}) for each in (low, high)]
        found.append((name, ends[0], ends[1]))
    return sorted(found, key=lambda each: -abs(each[2] - each[1]))


def _difference(load: Load, nodes: int, world: dict[str, Vector]) -> float:
    cloud = option(replace(load, sensitive=0.0), 0, world)
    return float(cloud.month_krw[0] - option(load, nodes, world).month_krw[0])


def break_even_month(cloud_month: float, capex: float, owned_month: float, fall_year: float) -> int | None:
    """The month in which what the cloud would have cost exceeds capex and running; `None` within ten years."""
    spent_cloud, spent_home = 0.0, capex
    for month in range(1, 121):
        spent_cloud += cloud_month * (1 - fall_year) ** (month / 12)
        spent_home += owned_month
        if spent_cloud >= spent_home:
            return month
    return None
