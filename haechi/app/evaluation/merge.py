"""`haechi eval merge`: every rule on the same test questions, fitted on the same labelled ones."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from haechi.app.evaluation.outcomes import Outcomes, split
from haechi.gateway.merge.calibration import calibration_error, reliability, selective
from haechi.gateway.merge.guard import LOSS, answer, best_single, train
from haechi.gateway.merge.posterior import Beliefs, believe
from haechi.gateway.merge.rules import cross_check, log_odds, majority, weighted_vote
from haechi.gateway.merge.votes import Votes

COVERAGES: Final = (0.5, 0.7, 0.8, 0.9)
ENOUGH: Final = 2000
"""From so many labels on, a pool is compared with its truly best member; below, with the one the labels choose."""


def measure_merge(
    outcomes: Outcomes,
    models: Sequence[str],
    labels: int,
    seeds: int,
    pools: int = 0,
    step: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """The result as `haechi eval merge` prints it, and under `plots` the points of its pictures."""
    votes = outcomes.votes(models)
    singles: list[np.ndarray] = []
    said: dict[str, list[tuple[np.ndarray, np.ndarray]]] = defaultdict(list)
    merged = 0
    for seed in range(seeds):
        learn, rest = split(votes.questions, labels, seed)
        labelled, test = votes.take(learn), votes.take(rest)
        singles.append(test.right().mean(axis=0))
        answers, used = _answers(labelled, test)
        merged += used
        for rule, beliefs in answers.items():
            said[rule].append((beliefs.chance, (beliefs.best == test.truth) & (beliefs.best >= 0)))
        step()
    mean = np.mean(singles, axis=0)
    best = int(mean.argmax())
    return {
        "n_test": votes.questions - labels,
        "seeds": seeds,
        "labels": labels,
        "models": list(models),
        "best_single": {"model": models[best], "accuracy": _round(mean[best])},
        "rules": {rule: _scores(runs) for rule, runs in said.items()},
        "merged_share": _round(merged / seeds),
        "pools": _pools(outcomes, models, labels, pools, step),
        "plots": {rule: reliability(*_joined(runs)) for rule, runs in said.items()},
        "coverage": {
            rule: [(at / 20, selective(*_joined(runs), at / 20)) for at in range(2, 21)]
            for rule, runs in said.items()
        },
    }


def _answers(labelled: Votes, test: Votes) -> tuple[dict[str, Beliefs], bool]:
    learned = train(labelled)
    share = (labelled.right().sum(axis=0) + 2) / (labelled.questions + 4)
    order = [int(one) for one in np.argsort(-share, kind="stable")]
    single = best_single(labelled)
    theirs = test.cast[:, single]
    answers = {
        "chosen_single": Beliefs(best=theirs, chance=np.where(theirs >= 0, share[single], 0.0)),
        "majority": majority(test),
        "weighted_vote": weighted_vote(test, [log_odds(float(one)) for one in share]),
        "cross_check": cross_check(test, order[0], order[min(1, len(order) - 1)], order[0]),
        "posterior": answer(learned, test),
        "posterior_unguarded": believe(learned.posterior, test),
    }
    return answers, learned.merge


def _pools(
    outcomes: Outcomes, models: Sequence[str], labels: int, pools: int, step: Callable[[], None]
) -> dict[str, Any]:
    """Random pools of three to nine members: how often the guarded merge is not worse than a single member."""
    best = chosen = merged = 0
    gains = []
    for pool in range(pools):
        chance = np.random.default_rng([pool, 7])
        most = min(9, len(models))
        size = int(chance.integers(min(3, most), most + 1))
        members = [models[int(one)] for one in chance.choice(len(models), size, replace=False)]
        votes = outcomes.votes(members)
        learn, rest = split(votes.questions, labels, pool)
        learned, test = train(votes.take(learn)), votes.take(rest)
        singles = test.right().mean(axis=0)
        said = answer(learned, test)
        won = float(((said.best == test.truth) & (said.best >= 0)).mean())
        best += won >= singles.max() - LOSS
        chosen += won >= singles[learned.single] - LOSS
        merged += learned.merge
        gains.append(won - float(singles.max()))
        step()
    if not pools:
        return {"n": 0, "not_worse_share": None}
    against_best, against_chosen = _round(best / pools), _round(chosen / pools)
    return {
        "n": pools,
        "not_worse_share": against_best if labels >= ENOUGH else against_chosen,
        "not_worse_than_best_share": against_best,
        "not_worse_than_chosen_share": against_chosen,
        "merged_share": _round(merged / pools),
        "mean_gain": _round(float(np.mean(gains))),
    }


def _scores(runs: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, Any]:
    shares = [float(right.mean()) for _, right in runs]
    return {
        "accuracy": _round(float(np.mean(shares))),
        "accuracy_sd": _round(float(np.std(shares))),
        "ece": _round(float(np.mean([calibration_error(chance, right) for chance, right in runs]))),
        "selective": {
            str(each): _round(float(np.mean([selective(chance, right, each) for chance, right in runs])))
            for each in COVERAGES
        },
    }


def _joined(runs: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([chance for chance, _ in runs]), np.concatenate([right for _, right in runs])


def _round(value: float) -> float:
    return round(float(value), 4)
