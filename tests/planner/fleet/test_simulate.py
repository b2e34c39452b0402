"""The simulator against queueing theory, and against what must hold of every queue."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haechi.planner.fleet.simulate import Calls, Replica, Vector, paces, simulate

N = 250_000
RNG = np.random.default_rng(20261201)
LOAD = 0.5


def test_m_m_1() -> None:
    samples = [queue_time(RNG.exponential(1.0, N)) for _ in range(2)]
    assert np.mean(samples) == pytest.approx(LOAD / (1 - LOAD), rel=0.02)


def test_m_d_1() -> None:
    samples = [queue_time(np.ones(N)) for _ in range(2)]
    assert np.mean(samples) == pytest.approx(LOAD / (2 * (1 - LOAD)), rel=0.02)


def test_m_g_1() -> None:
    """Pollaczek and Khinchine, for service that is short nine times of ten."""
    service = np.where(RNG.random(N) < 0.9, 0.5, 5.5)
    second = float(np.mean(service**2))
    samples = [queue_time(RNG.permutation(service)) for _ in range(3)]
    assert np.mean(samples) == pytest.approx(LOAD * second / (2 * (1 - LOAD)), rel=0.02)


def queue_time(service: Vector) -> float:
    at = np.cumsum(RNG.exponential(1 / LOAD, N))
    outcome = simulate(Calls(at, service, np.zeros(N), np.ones(N)), Replica(1.0, (0.0, 1.0)))
    assert outcome.busy_s / outcome.span_s == pytest.approx(LOAD, rel=0.03)
    return float(np.mean(outcome.first_s - service))


def test_two_together_are_worked_by_hand() -> None:
    """Both prompts take 1 s, a step 0.1 s alone and 0.2 s together: the second's prompt stops the first."""
    calls = Calls(np.array([0.0, 1.5]), np.ones(2), np.ones(2), np.array([11.0, 11.0]))
    outcome = simulate(calls, Replica(1.0, (0.0, 0.1, 0.2)))
    assert outcome.first_s == pytest.approx([1.0, 1.0])
    # first: 5 steps alone, 1 s of standing still, 5 steps of 0.2 s; second: those 5, then 5 alone
    assert outcome.step_s == pytest.approx([(0.5 + 1 + 1) / 10, (1 + 0.5) / 10])


def test_what_no_cache_can_hold_is_refused_and_counted() -> None:
    calls = Calls(np.zeros(2), np.ones(2), np.array([50.0, 5000.0]), np.array([10.0, 10.0]))
    outcome = simulate(calls, Replica(1.0, (0.0, 0.1), 100.0))
    assert outcome.refused == 1
    assert not np.isnan(outcome.first_s[0])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 8), st.integers(1, 3), st.integers(0, 10_000))
def test_everybody_is_served_and_nobody_before_arriving(
    count: int, slots: int, replicas: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    at = np.sort(rng.random(count) * 10)
    calls = Calls(
        at,
        rng.integers(1, 900, count).astype(float),
        np.ones(count),
        rng.integers(1, 90, count).astype(float),
    )
    outcome = simulate(calls, Replica(1000.0, paces([(1, 0.01), (8, 0.03)], slots), 500.0), replicas)
    assert outcome.refused == 0
    assert (outcome.first_s > 0).all()
    assert 0 < outcome.busy_s <= outcome.span_s + 1e-9
