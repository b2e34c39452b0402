"""Conditional logit with a ridge: which of several candidates is the right one?

    P(candidate c of question q) = exp(x_qc · w) / Σ_c' exp(x_qc' · w)

McFadden, "Conditional logit analysis of qualitative choice behavior" (1974). The ridge is a normal prior around zero
with a precision of its own for each feature; Newton's method finds the mode, as the function is convex.
"""

from typing import Final

import numpy as np
from msgspec import Struct

from haechi.gateway.merge.votes import Floats, Integers

_STEPS: Final = 30
_ENOUGH: Final = 1e-6
_SHORTEST: Final = 1e-3


class Choices(Struct, frozen=True):
    """Candidates of all questions, one a row, those of a question together from `start[question]` on.

    `chosen[question]` is the row of the right one; features are columns of `rows`. `offset` is what each row scores
    before any feature counts.
    """

    rows: Floats
    start: Integers
    chosen: Integers
    offset: Floats


def probabilities(scores: Floats, start: Integers) -> Floats:
    """Softmax within each question; `start` has the first row of each."""
    if not len(scores):
        return scores
    sizes = np.diff(np.append(start, len(scores)))
    top = np.repeat(np.maximum.reduceat(scores, start), sizes)
    grown = np.exp(scores - top)
    total: Floats = grown / np.repeat(np.add.reduceat(grown, start), sizes)
    return total


def fit(choices: Choices, precision: Floats, begin: Floats | None = None) -> Floats:
    """The weights at the mode of the posterior; `precision` (> 0) is the ridge of each feature."""
    weights = np.zeros(choices.rows.shape[1]) if begin is None else begin.copy()
    if not len(choices.start):
        return weights
    cost = _cost(choices, precision, weights)
    for _ in range(_STEPS):
        chance = probabilities(choices.offset + choices.rows @ weights, choices.start)
        weighted = choices.rows * chance[:, None]
        mean = np.add.reduceat(weighted, choices.start, axis=0)
        slope = (mean - choices.rows[choices.chosen]).sum(axis=0) + precision * weights
        bend = weighted.T @ choices.rows - mean.T @ mean
        bend[np.diag_indices_from(bend)] += precision
        step = np.linalg.solve(bend, slope)
        length = 1.0
        while (new := _cost(choices, precision, weights - length * step)) > cost and length > _SHORTEST:
            length /= 2
        if new >= cost:
            break
        weights = weights - length * step
        gained, cost = cost - new, new
        if gained < _ENOUGH * max(1.0, abs(cost)):
            break
    return weights


def _cost(choices: Choices, precision: Floats, weights: Floats) -> float:
    chance = probabilities(choices.offset + choices.rows @ weights, choices.start)
    surprise = -np.log(np.maximum(chance[choices.chosen], 1e-300)).sum()
    return float(surprise + 0.5 * (precision * weights * weights).sum())
