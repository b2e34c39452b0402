"""Won a month, by hand."""

import pytest

from haechi.planner.money.monthly import Node, break_even_calls, home

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
