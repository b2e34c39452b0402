"""The plain rules: majority, weighted vote, weighted average, cross-check, judge.

Each takes votes and gives, per question, the candidate and how sure the rule is; `UNPARSABLE` where it has no answer.
A tie goes to the candidate whose first backer stands earliest in the list of members.
"""

import math
from collections.abc import Sequence

import numpy as np

from haechi.gateway.merge.posterior import Beliefs
from haechi.gateway.merge.votes import UNPARSABLE, Floats, Votes, backing


def majority(votes: Votes) -> Beliefs:
    """The candidate with the most votes; sure by its share of the usable votes."""
    return weighted_vote(votes, np.ones(votes.members))


def weighted_vote(votes: Votes, weights: Sequence[float] | Floats) -> Beliefs:
    """The candidate whose backers weigh most. Weights are finite; one below zero counts as zero."""
    weigh = np.nan_to_num(np.asarray(weights, dtype=float), nan=0.0, posinf=0.0, neginf=0.0).clip(min=0)
    if not weigh.any():
        weigh = np.ones(votes.members)
    question, number, backed = backing(votes.cast)
    weight = backed @ weigh
    total = np.zeros(votes.questions)
    np.add.at(total, question, weight)
    best = np.full(votes.questions, UNPARSABLE, dtype=np.int64)
    sure = np.zeros(votes.questions)
    order = np.lexsort((-number, np.round(weight, 12)))
    best[question[order]] = number[order]
    sure[question[order]] = weight[order] / np.maximum(total[question[order]], 1e-12)
    return Beliefs(best=best, chance=sure)


def log_odds(reliability: float) -> float:
    """The weight of a member that is right with this chance, if members erred independently (Nitzan, Paroush 1982)."""
    bounded = min(max(reliability, 0.01), 0.99)
    return math.log(bounded / (1 - bounded))


def weighted_average(numbers: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """The mean of the finite numbers by weight; `None` where there is none, or none that weighs."""
    pairs = [
        (number, weight)
        for number, weight in zip(numbers, weights, strict=True)
        if number is not None and math.isfinite(number) and math.isfinite(weight) and weight > 0
    ]
    total = math.fsum(weight for _, weight in pairs)
    return math.fsum(number * weight / total for number, weight in pairs) if pairs else None


def cross_check(votes: Votes, first: int, second: int, tie: int) -> Beliefs:
    """Two members agree, or `tie` answers: sure is 1 where they agree, 0 where the third one decided alone."""
    agree = (votes.cast[:, first] == votes.cast[:, second]) & (votes.cast[:, first] >= 0)
    other = np.maximum(votes.cast[:, tie], UNPARSABLE)
    return Beliefs(best=np.where(agree, votes.cast[:, first], other), chance=agree.astype(float))


def judged(candidates: Sequence[str], said: str | None, otherwise: int) -> int:
    """The candidate that a judge named by its number from 1; what is no such number leaves `otherwise`.

    A judge sees candidates without their authors. What it says is data: it chooses, and adds no answer of its own.
    """
    word = (said or "").strip().rstrip(".")
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(candidates):
        return int(word) - 1
    return otherwise
