"""What the posterior learns, and what the guard holds back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.gateway.merge.calibration import calibration_error, reliability, selective
from haechi.gateway.merge.guard import FEWEST, answer, train
from haechi.gateway.merge.posterior import believe, candidate_chances, learn
from haechi.gateway.merge.rules import majority
from haechi.gateway.merge.votes import UNPARSABLE, Votes, votes
from tests.gateway.merge.kit_votes import accuracy, members


def halves(all_of_them: Votes, labels: int) -> tuple[Votes, Votes]:
    rows = np.arange(all_of_them.questions)
    return all_of_them.take(rows[:labels]), all_of_them.take(rows[labels:])


def test_siblings_do_not_outvote_a_better_one() -> None:
    labelled, rest = halves(members([0.8, 0.6, 0.6, 0.6], 4000, 1, {2: 1, 3: 1}), 1000)
    learned = train(labelled)
    best = accuracy(rest.cast[:, 0], rest)
    assert accuracy(majority(rest).best, rest) < best - 0.05
    assert accuracy(answer(learned, rest).best, rest) > best - 0.005


def test_unlike_members_together_beat_the_best_and_say_how_sure_they_are() -> None:
    labelled, rest = halves(members([0.75, 0.7, 0.7, 0.65], 6000, 2), 1000)
    learned = train(labelled)
    said = answer(learned, rest)
    assert learned.merge
    assert accuracy(said.best, rest) > accuracy(rest.cast[:, 0], rest) + 0.05
    right = said.best == rest.truth
    assert calibration_error(said.chance, right) < 0.03
    assert selective(said.chance, right, 0.5) > selective(said.chance, right, 1.0) + 0.05


def test_members_that_add_nothing_are_not_merged() -> None:
    labelled, rest = halves(members([0.9, 0.3, 0.3], 3000, 3), 200)
    learned = train(labelled)
    assert accuracy(answer(learned, rest).best, rest) >= accuracy(rest.cast[:, 0], rest) - 0.005


@pytest.mark.parametrize("labels", [0, 1, 4, FEWEST - 1])
def test_with_hardly_a_label_a_single_member_answers(labels: int) -> None:
    labelled, rest = halves(members([0.7, 0.7], 300, 4), labels)
    learned = train(labelled)
    assert not learned.merge
    assert np.array_equal(answer(learned, rest).best, rest.cast[:, learned.single])


def test_where_the_single_member_is_silent_another_answers() -> None:
    learned = train(members([0.9, 0.5], 9, 5))
    said = answer(learned, votes([["", "B"], ["", ""]]))
    assert said.best.tolist() == [0, UNPARSABLE]
    assert said.chance[1] == 0


def test_a_category_in_which_another_is_better_is_heard() -> None:
    one, two = members([0.9, 0.5, 0.5], 1500, 6), members([0.5, 0.9, 0.5], 1500, 7)
    both = Votes(
        cast=np.vstack([one.cast, two.cast]),
        truth=np.concatenate([one.truth, two.truth]),
        category=np.repeat([0, 1], 1500),
    )
    order = np.random.default_rng(8).permutation(3000)
    labelled, rest = halves(both.take(order), 1000)
    blind = Votes(cast=rest.cast, truth=rest.truth, category=np.full(2000, 9))  # never seen: no correction
    learned = train(labelled)
    assert accuracy(answer(learned, rest).best, rest) > accuracy(answer(learned, blind).best, blind) + 0.05


def test_contradictory_truth_and_the_same_member_twice_do_no_harm() -> None:
    once = members([0.7, 0.6], 400, 9)
    twice = Votes(cast=once.cast[:, [0, 0, 1]], truth=once.truth, category=once.category)
    wrong = np.where(np.arange(400) % 2 == 0, once.truth, -1)
    learned = train(Votes(cast=twice.cast, truth=wrong, category=twice.category))
    said = answer(learned, twice)
    assert np.isfinite(said.chance).all()
    assert np.array_equal(said.best >= 0, np.ones(400, dtype=bool))


@given(
    st.lists(
        st.lists(st.sampled_from(["A", "B", "C", "", None]), min_size=3, max_size=3), min_size=1, max_size=8
    )
)
def test_chances_are_chances_and_the_best_has_the_most(rows: list[list[str | None]]) -> None:
    posterior = learn(members([0.8, 0.7, 0.6], 60, 10))
    given = votes(rows)
    said = believe(posterior, given)
    for number in range(len(rows)):
        chances = candidate_chances(posterior, given, number)
        assert 0 <= sum(chances) <= 1 + 1e-9
        assert len(chances) == len({key for key in rows[number] if key})
        if chances:
            assert said.chance[number] == pytest.approx(max(chances))
        else:
            assert said.best[number] == UNPARSABLE


def test_reliability_goes_up_from_the_least_sure() -> None:
    chance = np.linspace(0, 1, 1000)
    right = np.random.default_rng(11).random(1000) < chance
    points = reliability(chance, right)
    assert len(points) == 10
    assert all(abs(sure - share) < 0.15 for sure, share in points)
    assert calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0
