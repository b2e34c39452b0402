"""Make the weights of the topic model, and say how well it does.

    python -m training.topics.train            # writes haechi/gateway/classify/topics/weights.npz
    python -m training.topics.train --table    # the confusion tables of the weights that are there

The threshold is chosen on training texts that a model without their lines has judged, so that of these, which are
all about patents, mergers, medicine or offices, one in two hundred is raised.
"""

import argparse
import io
import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.detection.development import generate
from haechi.gateway.classify.topics.features import BUCKETS, Array, places
from haechi.gateway.classify.topics.study import TOPICS, Model, Topics
from training.topics.texts import NONE, Example, examples, read_test

SEED: Final = 20261122
COUNT: Final = 700
EPOCHS: Final = 3
RATE: Final = 0.4
DECAY: Final = 2e-5
FOLDS: Final = 4
FALSE_ALARMS: Final = 0.005
FLOOR: Final = 0.3
WEIGHTS: Final = Path(__file__).parents[2] / "haechi/gateway/classify/topics/weights.npz"


def fit(taught: Sequence[Example], seed: int) -> tuple[Array, Array]:
    """Weights and bias by stochastic descent with one step width for each weight (AdaGrad)."""
    chance = random.Random(seed)
    weights = np.zeros((BUCKETS, NONE + 1), np.float32)
    moved = np.full((BUCKETS, NONE + 1), 1e-4, np.float32)
    bias = np.zeros(NONE + 1, np.float32)
    drawn = [(places(example.text), example.topic) for example in taught]
    for _ in range(EPOCHS):
        chance.shuffle(drawn)
        for found, topic in drawn:
            root = np.float32(np.sqrt(found.size))
            scores = weights[found].sum(axis=0) / root + bias
            slope = np.exp(scores - scores.max())
            slope /= slope.sum()
            slope[topic] -= 1
            once, times = np.unique(found, return_counts=True)
            step = times[:, None] * (slope / root)[None, :] + DECAY * weights[once]
            moved[once] += step * step
            weights[once] -= RATE * 0.1 * step / np.sqrt(moved[once])
            bias -= 0.01 * slope
    return weights, bias


def pack(weights: Array, bias: Array) -> tuple[Array, Array, Array]:
    """Weights as bytes, with the scale of each column."""
    scale = np.abs(weights).max(axis=0) / 127
    return np.round(weights / scale).astype(np.int8), scale.astype(np.float32), bias


def threshold(taught: Sequence[Example]) -> float:
    """How sure a model must be, judged on texts none of whose lines it was taught."""
    lines = sorted({line for example in taught for line in example.lines})
    random.Random(SEED).shuffle(lines)
    raised = []
    ordinary = 0
    for fold in range(FOLDS):
        kept_back = frozenset(lines[fold::FOLDS])
        model = Model(*pack(*fit([example for example in taught if not example.lines & kept_back], fold)))
        for example in taught:
            if example.topic == NONE and example.lines <= kept_back:
                ordinary += 1
                raised.append(model.judge(example.text)[1])
    return max(FLOOR, float(np.quantile(raised, 1 - FALSE_ALARMS)) if ordinary else FLOOR)


def table(texts: Mapping[str, Sequence[str]]) -> str:
    """What became of texts none of whose lines were taught: rows are what they are, columns what was said."""
    study = Topics()
    names = (*TOPICS, "none")
    rows = [f"| {' ':18} | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for name in names:
        said = [
            hits[0].kind.removeprefix("topic.") if (hits := study.scan(text)) else "none"
            for text in texts[name]
        ]
        rows.append(
            f"| {name:18} | " + " | ".join(f"{said.count(other):{len(other)}}" for other in names) + " |"
        )
    return "\n".join(rows)


def own_test() -> dict[str, list[str]]:
    """The texts under `test/`."""
    return {name: read_test(name) for name in (*TOPICS, "none")}


def development_corpus() -> dict[str, list[str]]:
    """Texts of the development corpus, by another hand, no two alike; none of them is taught."""
    found: dict[str, dict[str, None]] = {name: {} for name in (*TOPICS, "none")}
    for text in generate.topics(SEED, 1000):
        found[text.findings[0].what.removeprefix("topic.")][text.text] = None
    for text in generate.ordinary(SEED, 1000):
        found["none"][text.text] = None
    return {name: list(texts) for name, texts in found.items()}


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="only print the confusion tables")
    if not parser.parse_args(arguments).table:
        taught = examples(SEED, COUNT)
        packed = pack(*fit(taught, SEED))
        WEIGHTS.write_bytes(_file(packed, threshold(taught)))
    for title, texts in (("training/topics/test", own_test()), ("development corpus", development_corpus())):
        sys.stdout.write(f"{title}\n\n{table(texts)}\n\n")
    return 0


def _file(packed: tuple[Array, Array, Array], sure: float) -> bytes:
    written = io.BytesIO()
    weights, scale, bias = packed
    np.savez_compressed(written, weights=weights, scale=scale, bias=bias, threshold=np.float32(sure))
    return written.getvalue()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
