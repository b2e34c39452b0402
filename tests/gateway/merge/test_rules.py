"""The plain rules as tables."""

import numpy as np
import pytest

from haechi.gateway.merge.rules import (
    cross_check,
    judged,
    log_odds,
    majority,
    weighted_average,
    weighted_vote,
)
from haechi.gateway.merge.votes import ABSENT, OUTSIDE, UNKNOWN, UNPARSABLE, votes


def test_keys_become_candidates_in_the_order_of_members() -> None:
    given = votes([["B", "", None, "A", "B"]], ["A"])
    assert given.cast.tolist() == [[0, UNPARSABLE, ABSENT, 1, 0]]
    assert given.truth.tolist() == [1]
    assert votes([["B"]], ["C"]).truth.tolist() == [OUTSIDE]
    assert votes([["B"]]).truth.tolist() == [UNKNOWN]


@pytest.mark.parametrize(
    ("keys", "best", "sure"),
    [
        (["A", "B", "B"], 1, 2 / 3),
        (["A", "B"], 0, 1 / 2),  # a tie: the first member's
        (["", "", "B"], 0, 1.0),  # what cannot be read is no vote
        (["", None], UNPARSABLE, 0.0),
    ],
)
def test_majority(keys: list[str | None], best: int, sure: float) -> None:
    said = majority(votes([keys]))
    assert said.best.tolist() == [best]
    assert said.chance.tolist() == [pytest.approx(sure)]


@pytest.mark.parametrize(
    ("weights", "best"),
    [
        ([3, 1, 1], 0),
        ([1, 1, 1], 1),
        ([-5, 1, 1], 1),
        ([float("nan"), 1, 1], 1),
        ([0, 0, 0], 1),  # nobody weighs: a majority
    ],
)
def test_weighted_vote(weights: list[float], best: int) -> None:
    assert weighted_vote(votes([["A", "B", "B"]]), weights).best.tolist() == [best]


def test_log_odds_are_bounded_and_fair() -> None:
    assert log_odds(0.5) == pytest.approx(0)
    assert log_odds(1.0) == log_odds(0.99) == pytest.approx(-log_odds(0.0))


@pytest.mark.parametrize(
    ("numbers", "weights", "mean"),
    [
        ([10, 20], [1, 3], 17.5),
        ([10, None, 20], [1, 9, 1], 15),
        ([float("nan"), 7], [1, 1], 7),
        ([None], [1], None),
        ([5], [0], None),
    ],
)
def test_weighted_average(numbers: list[float | None], weights: list[float], mean: float | None) -> None:
    assert weighted_average(numbers, weights) == mean


def test_cross_check_agrees_or_asks_the_third() -> None:
    said = cross_check(votes([["A", "A", "B"], ["A", "B", "C"], ["", "", "C"], ["", "", None]]), 0, 1, 2)
    assert said.best.tolist() == [0, 2, 0, UNPARSABLE]
    assert said.chance.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("said", "choice"),
    [("2", 1), (" 1. ", 0), ("3", 7), ("0", 7), ("the second", 7), ("", 7), (None, 7), ("²", 7)],
)
def test_a_judge_chooses_and_adds_nothing(said: str | None, choice: int) -> None:
    assert judged(["x", "y"], said, otherwise=7) == choice


def test_no_questions_no_trouble() -> None:
    none = votes([])
    assert majority(none).best.tolist() == []
    assert np.array_equal(none.right(), np.zeros((0, 0), dtype=bool))
