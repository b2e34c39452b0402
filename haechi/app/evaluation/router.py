"""`haechi eval router`: how well the gain of the strong model is predicted from the prompt alone.

APGR is the share of the gap between weak and strong that is recovered, averaged over every share of strong calls
(0.5 is random); CPT50 and CPT80 are the shares of strong calls, in percent, that recover 50 and 80 % of it.
"""

import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from haechi.app.evaluation.outcomes import Pairs, split
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text
from haechi.gateway.decide.gain import fit_gain

_TIMED: Final = 1000


def curve(
    score: NDArray[np.float64], weak: NDArray[np.bool_], strong: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Share of the gap recovered when the k prompts of highest score go to the strong model, k = 0 … n."""
    gain = strong.astype(float) - weak.astype(float)
    gap = gain.sum()
    if gap <= 0:
        raise ConfigurationError(
            Text(
                ko="강한 모델이 약한 모델보다 낫지 않아 회복할 차이가 없습니다.",
                en="The strong model is not better than the weak one here: there is no gap to recover.",
            )
        )
    order = np.argsort(-score, kind="stable")
    return np.concatenate([[0.0], np.cumsum(gain[order]) / gap])


def figures(recovered: NDArray[np.float64]) -> dict[str, float]:
    """`cpt50`, `cpt80` (percent) and `apgr` of a curve."""
    many = len(recovered) - 1
    return {
        **{f"cpt{share}": 100 * float(np.argmax(recovered >= share / 100)) / many for share in (50, 80)},
        "apgr": float(recovered.mean()),
    }


def measure_router(
    pairs: Pairs, labels: int, seeds: int, step: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """The result as `haechi eval router` prints it, with the points of its picture under `plots`."""
    runs: dict[str, list[dict[str, float]]] = {"router": [], "random": [], "length": []}
    shapes: dict[str, list[NDArray[np.float64]]] = {name: [] for name in runs}
    took: list[float] = []
    gains = pairs.strong.astype(float) - pairs.weak.astype(float)
    for seed in range(seeds):
        learn, rest = split(len(pairs.prompts), labels, seed)
        model = fit_gain([pairs.prompts[row] for row in learn], [float(one) for one in gains[learn]])
        scores = {
            "router": np.array([model.predict(pairs.prompts[row]) for row in rest]),
            "random": np.random.default_rng([seed, 1]).random(len(rest)),
            "length": np.array([float(len(pairs.prompts[row])) for row in rest]),
        }
        for name, score in scores.items():
            recovered = curve(score, pairs.weak[rest], pairs.strong[rest])
            runs[name].append(figures(recovered))
            shapes[name].append(
                np.interp(np.linspace(0, 1, 101), np.linspace(0, 1, len(recovered)), recovered)
            )
        if seed == 0:
            for row in rest[:_TIMED]:
                begun = time.perf_counter()
                model.predict(pairs.prompts[row])
                took.append(1e6 * (time.perf_counter() - begun))
        step()
    return {
        "n_test": len(pairs.prompts) - labels,
        "seeds": seeds,
        "labels": labels,
        **{name: _mean(each) for name, each in runs.items()},
        "us_per_decision": round(float(np.mean(took)), 1),
        "us_per_decision_p99": round(float(np.percentile(took, 99)), 1),
        "plots": {
            name: [(at / 100, float(y)) for at, y in enumerate(np.mean(each, axis=0))]
            for name, each in shapes.items()
        },
    }


def _mean(runs: list[dict[str, float]]) -> dict[str, float]:
    means = {name: round(float(np.mean([one[name] for one in runs])), 4) for name in runs[0]}
    return {**means, "apgr_sd": round(float(np.std([one["apgr"] for one in runs])), 4)}
