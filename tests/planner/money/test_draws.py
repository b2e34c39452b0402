"""The split is the best of all, sensitive calls never spill, and no draw is a NaN."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haechi.catalogue.costs import costs
from haechi.planner.money.draws import (
    SECONDS,
    Load,
    break_even_month,
    cheapest,
    drawn,
    least_nodes,
    most_nodes,
    option,
    tornado,
)

BOUNDS = {name: (cost.low, cost.value, cost.high) for name, cost in costs().items()}
CERTAIN = {name: np.array([value]) for name, (_, value, _) in BOUNDS.items()}
WORLD = drawn(BOUNDS, 40)


def load(rates: list[float], sensitive: float = 0.0, call: float = 5.0) -> Load:
    return Load(np.array(rates), sensitive, call, 20.0, 20.0 * 0.3 / 0.45, 0.45)


def test_the_cloud_alone_by_hand() -> None:
    """Ten calls a second at 5 won, on the average of three years in which prices fall by a fifth a year."""
    falling = (1 - 0.8**3) / (-np.log(0.8) * 3)
    found = option(load([10.0]), 0, CERTAIN)
    assert found.month_krw[0] == pytest.approx(10 * SECONDS * 5 * falling)
    assert found.spill == 1.0


def test_one_node_by_hand() -> None:
    """12.5 + 3.0 + 1.84 + 10 million won."""
    assert option(load([10.0]), 1, CERTAIN).month_krw[0] == pytest.approx(27.34e6, rel=0.001)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=20), st.floats(0, 1), st.floats(0.01, 60))
def test_the_split_is_within_one_percent_of_brute_force(
    rates: list[float], sensitive: float, call: float
) -> None:
    given_ = load(rates, sensitive, call)
    found = cheapest(given_, WORLD)
    brute = min(
        option(given_, nodes, WORLD).month_krw.mean()
        for nodes in range(least_nodes(given_), most_nodes(given_) + 2)
    )
    assert found.month_krw.mean() <= brute * 1.01 + 1
    assert np.isfinite(found.month_krw).all()
    assert np.isfinite(found.npv_krw).all()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=20), st.floats(0, 1))
def test_what_is_sensitive_never_spills(rates: list[float], sensitive: float) -> None:
    given_ = load(rates, sensitive)
    found = cheapest(given_, WORLD)
    worst = found.nodes * given_.node_calls_low
    assert worst >= max(rates) * sensitive - 1e-6
    assert found.spill <= 1 - sensitive + 1e-9
    if least_nodes(given_):
        with pytest.raises(ValueError, match="0"):
            option(given_, 0, WORLD)


def test_what_exceeds_is_what_a_loop_says() -> None:
    given_ = load([5.0, 30.0, 50.0, 10.0], 0.2)
    over = np.mean([max(each - 20, 0) for each in (5, 30, 50, 10)])
    assert option(given_, 1, CERTAIN).spill == pytest.approx(over / 23.75)


def test_the_tornado_puts_the_widest_first() -> None:
    found = tornado(load([20.0] * 5), 1, BOUNDS)
    widths = [abs(high - low) for _, low, high in found]
    assert widths == sorted(widths, reverse=True)
    assert {name for name, _, _ in found} == set(BOUNDS)


@pytest.mark.parametrize(("cloud", "month"), [(30e6, 23), (12e6, None), (0.0, None)])
def test_break_even_month_by_hand(cloud: float, month: int | None) -> None:
    """450 million to buy, 10 million a month to run, prices that stay."""
    assert break_even_month(cloud, 450e6, 10e6 if cloud > 12e6 else 12e6, 0.0) == month
