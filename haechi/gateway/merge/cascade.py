"""Cheapest first: stop when the merged answer is sure enough, else ask the next, and merge instead of replacing.

After each call the posterior of *that* prefix of members says how sure the answer is. The threshold is chosen on
held-out folds of the labelled questions, never on those that are reported.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from haechi.gateway.merge.guard import FOLDS, Learned, answer, best_single, train
from haechi.gateway.merge.posterior import believe
from haechi.gateway.merge.votes import UNKNOWN, Floats, Integers, Votes

THRESHOLDS: Final = tuple(round(0.3 + 0.01 * step, 2) for step in range(71))
MARGIN: Final = 0.0025
"""How much better than the best single member the cascade must be on held-out labels: a quarter of a point."""


class Stages(Struct, frozen=True):
    """After each number of members, per question: the chance of the answer and whether it is right."""

    chance: Floats
    right: NDArray[np.bool_]


class Outcome(Struct, frozen=True):
    """What a threshold gives: share right, mean price, and the mean number of calls."""

    threshold: float
    accuracy: float
    price: float
    calls: float


def learn_stages(votes: Votes) -> list[Learned]:
    """A posterior for each prefix of the members, who stand in the order in which they are called."""
    return [train(_first(votes, many)) for many in range(1, votes.members + 1)]


def walk(learned: Sequence[Learned], votes: Votes) -> Stages:
    """How sure and how right each stage is; the last one answers under its guard."""
    chance, right = [], []
    for many, one in enumerate(learned, start=1):
        given = _first(votes, many)
        beliefs = answer(one, given) if many == len(learned) else believe(one.posterior, given)
        chance.append(beliefs.chance)
        right.append((beliefs.best == given.truth) & (beliefs.best >= 0))
    return Stages(chance=np.array(chance), right=np.array(right))


def outcome(stages: Stages, prices: Floats, threshold: float) -> Outcome:
    """What stopping at `threshold` gives; the last stage always stops."""
    sure = stages.chance >= threshold
    sure[-1] = True
    stop: Integers = sure.argmax(axis=0)
    paid = np.cumsum(prices)
    right = stages.right[stop, np.arange(len(stop))]
    return Outcome(
        threshold=threshold,
        accuracy=float(right.mean()),
        price=float(paid[stop].mean()),
        calls=float(stop.mean() + 1),
    )


def choose_threshold(
    votes: Votes, prices: Floats, margin: float = MARGIN, step: Callable[[], None] = lambda: None
) -> float:
    """The cheapest threshold that is `margin` better than the best single member on held-out labels.

    Where none is, the highest: ask everybody unless the answer is certain. `step` is called after each fold.
    """
    known = votes.take(votes.truth != UNKNOWN)
    if known.questions < FOLDS:
        return THRESHOLDS[-1]
    fold = np.arange(known.questions) % FOLDS
    parts = []
    for each in range(FOLDS):
        parts.append(walk(learn_stages(known.take(fold != each)), known.take(fold == each)))
        step()
    held = Stages(
        chance=np.concatenate([one.chance for one in parts], axis=1),
        right=np.concatenate([one.right for one in parts], axis=1),
    )
    goal = float(known.right()[:, best_single(known)].mean()) + margin
    good = [one for each in THRESHOLDS if (one := outcome(held, prices, each)).accuracy >= goal]
    return min(good, key=lambda one: (one.price, one.threshold)).threshold if good else THRESHOLDS[-1]


def _first(votes: Votes, many: int) -> Votes:
    """The votes of the first members; a truth that only later ones found is nobody's."""
    cast = votes.cast[:, :many]
    there = (cast == votes.truth[:, None]).any(axis=1)
    truth = np.where((votes.truth >= 0) & ~there, -1, votes.truth)
    return Votes(cast=cast, truth=truth, category=votes.category)
