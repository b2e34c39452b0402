"""How likely is each candidate right, knowing who usually agrees with whom?

A conditional logit over the candidates of a question and one outcome more: *the right answer is nobody's*. A candidate
scores by its backers and by the **pairs** among them, so that two siblings who always agree count as little more than
one. Three features are shared by all members (the backers' log odds, how many there are, how many pairs) and nearly
free; what a member or a pair is worth beyond that is shrunk towards zero. With few labels the shared part decides, with
many the particular one. Where questions have categories, each category corrects the members' worth (and how often
nobody is right) by as much as its own labels support: how much that is, held-out folds decide.

Log odds alone (Nitzan and Paroush 1982) suppose independent errors and lose to the best single member in measured
pools; see `benchmarks/agree`.
"""

from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from haechi.gateway.merge.logit import Choices, fit, probabilities
from haechi.gateway.merge.votes import OUTSIDE, UNKNOWN, UNPARSABLE, Floats, Integers, Votes, backing

_MEMBER: Final = 25.0
_PAIR: Final = 50.0
_SHARED: Final = 0.05
_OUTSIDE: Final = 0.3
_HALVES: Final = 2.0
"""Two right and two wrong answers of nobody, added to each member's record: 0 and 1 are no reliabilities."""
_TEMPERATURES: Final = np.exp(np.linspace(np.log(0.5), np.log(3.0), 60))


class Posterior(Struct, frozen=True):
    """What was learned: the weights of the features, each member's log odds of being right, the temperature.

    `by_category[category]` corrects the weights of the members and of nobody (the last one).
    """

    weights: Floats
    log_odds: Floats
    by_category: dict[int, Floats] = {}
    temperature: float = 1.0

    def cooled(self, temperature: float) -> "Posterior":
        """The same with another temperature."""
        return replace(self, temperature=temperature)


class Beliefs(Struct, frozen=True):
    """For each question the likeliest candidate (`UNPARSABLE` where there is none) and the chance that it is right."""

    best: Integers
    chance: Floats


def learn(votes: Votes, begin: Posterior | None = None) -> Posterior:
    """Fit on the questions of `votes` whose truth is known; with none, members are alike and pairs count nothing."""
    known = votes.take(votes.truth != UNKNOWN)
    right = known.right().sum(axis=0)
    asked = (known.cast >= UNPARSABLE).sum(axis=0)
    share = (right + _HALVES) / (asked + 2 * _HALVES)
    log_odds = np.log(share / (1 - share))
    rows, start, number = _features(known, log_odds)
    choices = Choices(
        rows=rows, start=start, chosen=_chosen(known, start, number), offset=np.zeros(len(rows))
    )
    weights = fit(choices, _precision(votes.members), None if begin is None else begin.weights)
    if not known.questions:
        weights[_shared(votes.members)] = (0.0, 1.0, 0.0)
    return Posterior(weights=weights, log_odds=log_odds)


def with_categories(posterior: Posterior, votes: Votes, precision: float) -> Posterior:
    """`posterior` with a correction for each category in the labelled `votes`, shrunk towards none by `precision`."""
    known = votes.take((votes.truth != UNKNOWN) & (votes.category >= 0))
    found: dict[int, Floats] = {}
    ridge = np.full(votes.members + 1, precision)
    for category in np.unique(known.category):
        part = known.take(known.category == category)
        rows, start, number = _features(part, posterior.log_odds)
        choices = Choices(
            rows=_own(rows, number, votes.members),
            start=start,
            chosen=_chosen(part, start, number),
            offset=rows @ posterior.weights,
        )
        found[int(category)] = fit(choices, ridge)
    return replace(posterior, by_category=found)


def believe(posterior: Posterior, votes: Votes) -> Beliefs:
    """What the posterior says of each question."""
    chance, start, number = _chances(posterior, votes)
    best = np.full(votes.questions, UNPARSABLE, dtype=np.int64)
    sure = np.zeros(votes.questions)
    real = number != OUTSIDE
    question = np.repeat(np.arange(votes.questions), np.diff(np.append(start, len(number))))
    order = np.lexsort((-number, chance))
    order = order[real[order]]
    best[question[order]] = number[order]
    sure[question[order]] = chance[order]
    return Beliefs(best=best, chance=sure)


def chance_of(posterior: Posterior, votes: Votes, candidate: Integers) -> Floats:
    """The chance that `candidate[question]` is right; 0 where that is no candidate."""
    chance, start, _ = _chances(posterior, votes)
    return np.where(candidate >= 0, chance[start + np.maximum(candidate, 0)], 0.0)


def candidate_chances(posterior: Posterior, votes: Votes, row: int = 0) -> list[float]:
    """The chance of each candidate of one question, in order; what is missing from 1 is that nobody is right."""
    chance, _, _ = _chances(posterior, votes.take(np.array([row])))
    return [float(one) for one in chance[:-1]]


def surprise(posterior: Posterior, votes: Votes) -> tuple[Floats, Integers, Integers]:
    """Scores, starts and the row that was right of labelled questions: what a temperature is fitted on."""
    scores, start, number = _scores(posterior, votes)
    return scores, start, _chosen(votes, start, number)


def temperature(parts: list[tuple[Floats, Integers, Integers]]) -> float:
    """The temperature at which held-out truth surprises least (Guo et al., 2017), over the parts together."""
    if not parts or not sum(len(start) for _, start, _ in parts):
        return 1.0
    costs = [
        sum(
            -float(np.log(np.maximum(probabilities(scores / each, start)[chosen], 1e-12)).sum())
            for scores, start, chosen in parts
        )
        for each in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(costs))])


def _chances(posterior: Posterior, votes: Votes) -> tuple[Floats, Integers, Integers]:
    scores, start, number = _scores(posterior, votes)
    return probabilities(scores / posterior.temperature, start), start, number


def _scores(posterior: Posterior, votes: Votes) -> tuple[Floats, Integers, Integers]:
    rows, start, number = _features(votes, posterior.log_odds)
    scores = rows @ posterior.weights
    if posterior.by_category:
        none = np.zeros(votes.members + 1)
        correction = np.array([posterior.by_category.get(int(one), none) for one in votes.category])
        per_row = np.repeat(correction.reshape(-1, len(none)), np.diff(np.append(start, len(rows))), axis=0)
        scores = scores + (_own(rows, number, votes.members) * per_row).sum(axis=1)
    return scores, start, number


def _own(rows: Floats, number: Integers, members: int) -> Floats:
    """The features that a category corrects: who backs the candidate, and being nobody."""
    return np.column_stack([rows[:, :members], number == OUTSIDE])


def _chosen(votes: Votes, start: Integers, number: Integers) -> Integers:
    """The row of the right candidate; the last of the question where the truth is nobody's."""
    ends = np.append(start[1:], len(number)) - 1
    inside = votes.truth >= 0
    return np.where(inside, start + np.maximum(votes.truth, 0), ends)


def _pairs(members: int) -> tuple[Integers, Integers]:
    first, second = np.triu_indices(members, 1)
    return first, second


def _shared(members: int) -> slice:
    own = members + members * (members - 1) // 2
    return slice(own, own + 3)


def _precision(members: int) -> Floats:
    pairs = members * (members - 1) // 2
    return np.concatenate(
        [
            np.full(members, _MEMBER),
            np.full(pairs, _PAIR),
            np.full(3, _SHARED),
            np.full(3 + members, _OUTSIDE),
        ]
    )


def _features(votes: Votes, log_odds: Floats) -> tuple[Floats, Integers, Integers]:
    """Rows of all candidates, each question's last row being *nobody*; where questions start; candidates' numbers."""
    members = votes.members
    question, number, backed = backing(votes.cast)
    many = np.bincount(question, minlength=votes.questions)
    start = (
        np.concatenate([[0], np.cumsum(many + 1)[:-1]]).astype(np.int64)
        if len(many)
        else np.zeros(0, np.int64)
    )
    place = np.arange(len(question)) + question
    nobody = start + many
    first, second = _pairs(members)
    by = backed.astype(float)
    both = by[:, first] * by[:, second]
    shared = np.column_stack([by @ log_odds, by.sum(axis=1), both.sum(axis=1)])
    own = np.hstack([by, both, shared])
    silent = (votes.cast == UNPARSABLE).astype(float)
    none = np.column_stack([np.ones(votes.questions), many == 1, many - 2.0, silent])
    rows = np.zeros((len(question) + votes.questions, own.shape[1] + none.shape[1]))
    rows[place, : own.shape[1]] = own
    rows[nobody, own.shape[1] :] = none
    numbers = np.full(len(rows), OUTSIDE, dtype=np.int64)
    numbers[place] = number
    return rows, start, numbers
