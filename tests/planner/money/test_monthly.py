"""Won a month: by hand, and against brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.planner.money.monthly import SECONDS, Node, break_even_calls, home, hybrid

NODE = Node(450e6, 36, 0.08, 10, 180, 1.4, 20.0)


def test_one_node_by_hand() -> None:
    """12.5 + 3.0 + 1.8 million won."""
    assert NODE.month_krw == pytest.approx(12.5e6 + 3.0e6 + 1.84e6, rel=0.001)


@pytest.mark.parametrize(("call_krw", "calls"), [(15.5, 1.76e6), (4.98, 5.4e6), (1.00, 27.3e6)])
def test_break_even_by_hand(call_krw: float, calls: float) -> None:
    """One node and staff are 27.3 million a month, whatever a call costs."""
    assert break_even_calls(NODE, call_krw, 10e6, 1.0) == pytest.approx(calls, rel=0.02)


def test_a_call_cheaper_than_its_share_of_a_node_never_breaks_even() -> None:
    assert break_even_calls(NODE, 0.1, 10e6, 3.0) is None
    assert break_even_calls(NODE, 0.0, 10e6, 3.0) is None


def test_home_is_built_for_the_peak() -> None:
    assert home(NODE, 41.0, 10e6).nodes == 3


@given(
    st.lists(st.floats(0, 300), min_size=1, max_size=40),
    st.floats(0, 1),
    st.floats(0.01, 50),
    st.floats(0, 3e7),
)
def test_the_split_is_the_best_of_all(
    rates: list[float], sensitive: float, call: float, staff: float
) -> None:
    load = np.array(rates)
    found = hybrid(NODE, load, sensitive, call, staff)
    kept = load * sensitive
    assert found.nodes * NODE.calls_per_s >= kept.max() - 1e-6  # what is sensitive never spills
    brute = []
    for nodes in range(40):
        room = nodes * NODE.calls_per_s
        if room >= kept.max() - 1e-7:
            over = np.maximum(load - np.maximum(room, kept), 0).mean()
            brute.append(nodes * NODE.month_krw + (staff if nodes else 0) + over * SECONDS * call)
    assert found.month_krw <= min(brute) * 1.01 + 1
