"""How many calls a second of one core the simulator plays: `python -m benchmarks.plan.simulator [TRACE.csv ...]`."""

import sys
import time
from pathlib import Path

import numpy as np

from haechi.app.cli.plan_trace import trace_of
from haechi.planner.fleet.simulate import Calls, Replica, paces, simulate

REPLICA = Replica(40_000.0, paces([(1, 0.008), (64, 0.02), (256, 0.05)], 256), 400_000.0)


def made(count: int = 400_000, a_second: float = 10.0) -> Calls:
    """Poisson arrivals with long-tailed prompts."""
    rng = np.random.default_rng(1)
    prompt = rng.lognormal(6.5, 1, count)
    at_s = np.cumsum(rng.exponential(1 / a_second, count))
    return Calls(at_s, prompt, prompt, np.ceil(rng.exponential(211, count)))


def tell(name: str, calls: Calls) -> None:
    """One line."""
    started = time.process_time()
    outcome = simulate(calls, REPLICA)
    spent = time.process_time() - started
    busy = outcome.busy_s / outcome.span_s
    print(f"{name:32} {len(calls.at_s):8} calls, {len(calls.at_s) / spent:9,.0f} a second, busy {busy:.1%}")


if __name__ == "__main__":
    tell("made", made())
    for path in map(Path, sys.argv[1:]):
        trace = trace_of(path)
        tell(path.name, Calls(trace.at_s, trace.prompt, trace.prompt, np.maximum(trace.answer, 1)))
