"""What a month costs at home, in won, and how many calls make it cheaper than the cloud.

cloud    calls x price of a call
home     nodes x (capex / months + maintenance + power) + staff       nodes for the peak
"""

from math import ceil
from typing import Final

from msgspec import Struct

HOURS: Final = 730.0
SECONDS: Final = HOURS * 3600


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


class Built(Struct, frozen=True):
    """A number of nodes, and won a month with staff."""

    nodes: int
    month_krw: float


def home(node: Node, peak_per_s: float, staff_krw: float) -> Built:
    """Everything at home, for the peak."""
    nodes = max(1, ceil(peak_per_s / node.calls_per_s - 1e-9))
    return Built(nodes, nodes * node.month_krw + staff_krw)


def break_even_calls(node: Node, call_krw: float, staff_krw: float, peak_over_mean: float) -> float | None:
    """Calls a month from which home is cheaper than the cloud for good; `None` where it never is."""
    per_node = node.calls_per_s / peak_over_mean * SECONDS
    if call_krw <= 0 or node.month_krw / per_node >= call_krw:
        return None
    nodes = max(1, ceil(staff_krw / (per_node * call_krw - node.month_krw)))
    return (nodes * node.month_krw + staff_krw) / call_krw
