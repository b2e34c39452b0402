"""What a month costs in the cloud, at home, and split, in won; where one becomes cheaper than the other.

cloud    calls x price of a call
home     nodes x (capex / months + maintenance + power) + staff       nodes for the peak
hybrid   n nodes at home, what exceeds them in the cloud; n is the cheapest of all. Sensitive calls never spill:
         at least as many nodes as their own peak needs
"""

from collections.abc import Sequence
from math import ceil
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

HOURS: Final = 730.0
SECONDS: Final = HOURS * 3600
Vector = NDArray[np.float64]


class Node(Struct, frozen=True):
    """One server: won to buy, months until it is written off, and what it does."""

    capex_krw: float
    months: float
    maintenance_year: float
    power_kw: float
    electricity_krw_kwh: float
    pue: float
    calls_per_s: float

    @property
    def month_krw(self) -> float:
        """Won a month, staff left out."""
        power = self.power_kw * HOURS * self.pue * self.electricity_krw_kwh
        return self.capex_krw * (1 / self.months + self.maintenance_year / 12) + power


class Split(Struct, frozen=True):
    """A number of nodes, won a month, and the share of all calls that goes to the cloud."""

    nodes: int
    month_krw: float
    spill: float


def home(node: Node, peak_per_s: float, staff_krw: float) -> Split:
    """Everything at home, for the peak."""
    nodes = max(1, ceil(peak_per_s / node.calls_per_s - 1e-9))
    return Split(nodes, nodes * node.month_krw + staff_krw, 0.0)


def hybrid(
    node: Node, rates: Sequence[float] | Vector, sensitive: float, call_krw: float, staff_krw: float
) -> Split:
    """The cheapest split of a load, calls a second in windows of equal length; `sensitive` is the share that stays.

    The spill of n nodes is a convex, falling function of n: the first n whose next node costs more than the spill it saves
    is the best, if sensitive calls alone fill it (the newsvendor rule).
    """
    load = np.asarray(rates, dtype=float)
    kept, free = load * sensitive, load * (1 - sensitive)
    nodes = ceil(float(kept.max(initial=0)) / node.calls_per_s - 1e-9)
    best = _split(node, max(1, nodes), kept, free, call_krw, staff_krw)
    while best.spill > 0:
        more = _split(node, best.nodes + 1, kept, free, call_krw, staff_krw)
        if more.month_krw >= best.month_krw:
            break
        best = more
    if nodes:
        return best
    none = _split(node, 0, kept, free, call_krw, staff_krw)
    return min(none, best, key=lambda each: each.month_krw)


def _split(node: Node, nodes: int, kept: Vector, free: Vector, call_krw: float, staff_krw: float) -> Split:
    left = np.maximum(nodes * node.calls_per_s - kept, 0)
    over = float(np.maximum(free - left, 0).mean())
    whole = float((kept + free).mean())
    staff = staff_krw if nodes else 0.0
    return Split(
        nodes, nodes * node.month_krw + staff + over * SECONDS * call_krw, over / whole if whole else 0.0
    )


def break_even_calls(node: Node, call_krw: float, staff_krw: float, peak_over_mean: float) -> float | None:
    """Calls a month from which home is cheaper than the cloud for good; `None` where it never is."""
    per_node = node.calls_per_s / peak_over_mean * SECONDS
    if call_krw <= 0 or node.month_krw / per_node >= call_krw:
        return None
    nodes = max(1, ceil(staff_krw / (per_node * call_krw - node.month_krw)))
    return (nodes * node.month_krw + staff_krw) / call_krw
