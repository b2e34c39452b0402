"""A thousand configurations under ten thousand draws, and the tornado: `python -m benchmarks.plan.money`."""

import resource
import time

import numpy as np

from haechi.catalogue.costs import costs
from haechi.planner.flow import daily
from haechi.planner.money.draws import Load, drawn, option, tornado

CONFIGURATIONS = 1_000
DRAWS = 10_000


def main() -> None:
    """One line."""
    started = time.perf_counter()
    bounds = {name: (cost.low, cost.value, cost.high) for name, cost in costs().items()}
    world = drawn(bounds, DRAWS)
    rates = daily(2_000.0, 3.0)
    load = Load(rates, 0.0, 6.0, 13.8, 9.2, 0.45)
    means = [option(load, nodes, world).month_krw.mean() for nodes in range(CONFIGURATIONS)]
    tornado(load, int(np.argmin(means)), bounds)
    spent = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{CONFIGURATIONS:,} configurations x {DRAWS:,} draws and the tornado: {spent:.1f} s, {memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
