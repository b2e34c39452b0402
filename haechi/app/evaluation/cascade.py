"""`haechi eval cascade`: how much of the best model's price buys its accuracy."""

import csv
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from haechi.app.evaluation.outcomes import Outcomes, split
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text
from haechi.gateway.merge.cascade import THRESHOLDS, Outcome, choose_threshold, learn_stages, outcome, walk


def read_prices(path: Path, order: Sequence[str]) -> list[float]:
    """Relative prices per call from CSV (`model,price`), in `order`; raises `ConfigurationError`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found = {(row.get("model") or "").strip(): row.get("price") for row in csv.DictReader(lines)}
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ConfigurationError(
            Text(
                ko="가격 파일(CSV: model,price)을 읽지 못합니다.",
                en="The prices (CSV: model,price) cannot be read.",
            ),
            str(path),
        ) from None
    return [_price(found.get(model), model, path) for model in order]


def _price(word: str | None, model: str, path: Path) -> float:
    try:
        price = float(word or "")
    except ValueError:
        price = math.nan
    if not (math.isfinite(price) and price > 0):
        raise ConfigurationError(
            Text(
                ko=f"{model} 의 가격이 0보다 큰 수가 아닙니다.",
                en=f"The price of {model} is no number above 0.",
            ),
            str(path),
        )
    return price


def measure_cascade(
    outcomes: Outcomes,
    order: Sequence[str],
    prices: Sequence[float],
    labels: int,
    seeds: int,
    step: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """The result as `haechi eval cascade` prints it; `step` is called six times a seed."""
    votes, price = outcomes.votes(order), np.asarray(prices, dtype=float)
    singles, curves, chosen = [], [], []
    for seed in range(seeds):
        learn, rest = split(votes.questions, labels, seed)
        labelled, test = votes.take(learn), votes.take(rest)
        threshold = choose_threshold(labelled, price, step=step)
        stages = walk(learn_stages(labelled), test)
        singles.append(test.right().mean(axis=0))
        curves.append([outcome(stages, price, each) for each in THRESHOLDS])
        chosen.append(outcome(stages, price, threshold))
        step()
    mean = np.mean(singles, axis=0)
    best = int(mean.argmax())
    whole = float(price[best])
    return {
        "n_test": votes.questions - labels,
        "seeds": seeds,
        "labels": labels,
        "best_single": {"model": order[best], "accuracy": round(float(mean[best]), 4), "relative_cost": 1.0},
        "points": [_mean([curve[at] for curve in curves], whole) for at in range(len(THRESHOLDS))],
        "chosen": _mean(chosen, whole),
    }


def _mean(runs: Sequence[Outcome], whole: float) -> dict[str, float]:
    return {
        "threshold": round(float(np.mean([one.threshold for one in runs])), 4),
        "accuracy": round(float(np.mean([one.accuracy for one in runs])), 4),
        "relative_cost": round(float(np.mean([one.price for one in runs])) / whole, 4),
        "calls": round(float(np.mean([one.calls for one in runs])), 3),
    }
