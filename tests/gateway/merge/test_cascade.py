"""Cheapest first: what a threshold costs, and how it is chosen."""

import numpy as np
import pytest

from haechi.gateway.merge.cascade import THRESHOLDS, choose_threshold, learn_stages, outcome, walk
from tests.gateway.merge.kit_votes import members

PRICES = np.array([1.0, 2.0, 10.0])


def test_a_higher_threshold_costs_more_and_the_last_asks_all() -> None:
    given = members([0.6, 0.7, 0.85], 2000, 1)
    stages = walk(learn_stages(given.take(np.arange(500))), given.take(np.arange(500, 2000)))
    found = [outcome(stages, PRICES, each) for each in (0.0, 0.5, 0.8, 1.1)]
    assert [one.price for one in found] == sorted(one.price for one in found)
    assert found[0].calls == 1
    assert found[0].price == pytest.approx(1)
    assert found[-1].calls == 3
    assert found[-1].accuracy > found[0].accuracy


def test_the_chosen_threshold_is_cheaper_than_asking_all() -> None:
    given = members([0.85, 0.85, 0.87], 800, 2)
    chosen = choose_threshold(given, PRICES)
    assert chosen < THRESHOLDS[-1]


@pytest.mark.parametrize("labels", [0, 4])
def test_without_labels_everybody_is_asked(labels: int) -> None:
    assert choose_threshold(members([0.6, 0.7, 0.8], labels, 3), PRICES) == THRESHOLDS[-1]


def test_a_margin_nobody_reaches_asks_everybody() -> None:
    assert choose_threshold(members([0.6, 0.7, 0.8], 200, 4), PRICES, margin=0.9) == THRESHOLDS[-1]
