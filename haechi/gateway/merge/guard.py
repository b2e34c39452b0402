"""Never worse: merge only where the labels, and what other pools taught, say that it will not lose.

The gain of the merge over the best single member is measured on held-out folds, question by question, so that its
standard error is that of the *difference*. It is combined with a normal prior, the gains of other pools. Where the
chance of losing more than half a point is above `ALPHA`, the best single member answers, and the record says so.
"""

import math
from typing import Final

import numpy as np
from msgspec import Struct

from haechi.gateway.merge.logit import probabilities
from haechi.gateway.merge.posterior import (
    Beliefs,
    Posterior,
    believe,
    chance_of,
    learn,
    surprise,
    temperature,
    with_categories,
)
from haechi.gateway.merge.votes import UNKNOWN, Integers, Votes

FOLDS: Final = 5
LOSS: Final = 0.005
"""What may be lost without being called worse, as a share of questions."""
ALPHA: Final = 0.02
"""Chosen on development questions of two sets, 120 pools at 200 labels and 60 at 2,000 each."""
PRIOR_MEAN: Final = 0.012
PRIOR_SD: Final = 0.012
"""The gains of the merge over the best member in development pools (`benchmarks/agree`, "guard")."""
CATEGORY_PRECISIONS: Final = (None, 60.0, 25.0)
FEWEST: Final = 50
"""Below so many labels the best single member answers: nothing can be said about a difference."""


class Learned(Struct, frozen=True):
    """A merge with its guard.

    `single` is the best member by the labels; `merge` says whether the posterior answers or that member. `gain` is
    the cross-validated gain of the merge, `error` its standard error, `risk` the chance of losing more than `LOSS`.
    """

    posterior: Posterior
    single: int
    merge: bool
    gain: float
    error: float
    risk: float
    labels: int


def train(votes: Votes) -> Learned:
    """Fit, calibrate and guard on the labelled questions of `votes`; everything is chosen within them."""
    known = votes.take(votes.truth != UNKNOWN)
    full = learn(known)
    single = best_single(known)
    folds = [] if known.questions < FEWEST else _folds(known, full)
    precision = _precision(folds) if folds and known.category.max(initial=-1) >= 0 else None
    held = [(_with(part, learnt, precision), rest, out) for part, learnt, rest, out in folds]
    difference = np.zeros(known.questions if folds else 0)
    for part, rest, out in held:
        difference[out] = _won(believe(part, rest).best, rest) - rest.right()[:, single]
    gain, error, risk = _risk(difference)
    return Learned(
        posterior=_with(full, known, precision).cooled(
            temperature([surprise(part, rest) for part, rest, _ in held])
        ),
        single=single,
        merge=risk <= ALPHA,
        gain=gain,
        error=error,
        risk=risk,
        labels=known.questions,
    )


def best_single(votes: Votes) -> int:
    """The member with the most right answers on the labelled questions; of two equal ones the first."""
    return int(np.argmax(votes.right().sum(axis=0))) if votes.members else 0


def answer(learned: Learned, votes: Votes) -> Beliefs:
    """What the guarded merge answers: the posterior's candidate, or the single member's with the chance it has.

    Where that member is silent, the posterior's candidate stands in: no answer is never better than one.
    """
    beliefs = believe(learned.posterior, votes)
    if learned.merge or not votes.questions:
        return beliefs
    theirs = votes.cast[:, learned.single]
    best = np.where(theirs >= 0, theirs, beliefs.best)
    return Beliefs(best=best, chance=chance_of(learned.posterior, votes, best))


_Fold = tuple[Posterior, Votes, Votes, Integers]


def _folds(known: Votes, full: Posterior) -> list[_Fold]:
    """For each fold: the posterior of the others, their votes, the fold's votes, and its rows."""
    fold = np.arange(known.questions) % FOLDS
    found = []
    for each in range(FOLDS):
        rest = known.take(fold != each)
        found.append((learn(rest, begin=full), rest, known.take(fold == each), np.nonzero(fold == each)[0]))
    return found


def _precision(folds: list[_Fold]) -> float | None:
    """How strongly categories are shrunk, so that held-out truth surprises least; `None` is without categories."""

    def cost(precision: float | None) -> float:
        total = 0.0
        for part, learnt, rest, _ in folds:
            scores, start, chosen = surprise(_with(part, learnt, precision), rest)
            total -= float(np.log(np.maximum(probabilities(scores, start)[chosen], 1e-12)).sum())
        return total

    return min(CATEGORY_PRECISIONS, key=cost)


def _with(posterior: Posterior, votes: Votes, precision: float | None) -> Posterior:
    return posterior if precision is None else with_categories(posterior, votes, precision)


def _won(best: Integers, votes: Votes) -> Integers:
    won: Integers = ((best == votes.truth) & (best >= 0)).astype(np.int64)
    return won


def _risk(difference: Integers | np.ndarray) -> tuple[float, float, float]:
    """Mean gain, its standard error, and P(gain < -LOSS) after the prior."""
    n = len(difference)
    if not n:
        return 0.0, 1.0, 1.0
    gain = float(difference.mean())
    # Two more questions, one won and one lost: no spread at all is luck, not knowledge.
    spread = (float((difference * difference).sum()) + 2) / (n + 2) - gain * gain
    error = math.sqrt(max(spread, 0.0) / n)
    precision = 1 / error**2 + 1 / PRIOR_SD**2
    mean = (gain / error**2 + PRIOR_MEAN / PRIOR_SD**2) / precision
    return gain, error, 0.5 * math.erfc((mean + LOSS) * math.sqrt(precision) / math.sqrt(2))
