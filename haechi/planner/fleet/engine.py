"""A replica for the simulator from the fitted roofline: its decode steps alone, its prompts alone."""

from math import inf

from msgspec.structs import replace

from haechi.catalogue.speeds import speeds
from haechi.planner.fleet.predict import measured, room, tpot_terms
from haechi.planner.fleet.roofline import TERMS, Point, prompt_ms
from haechi.planner.fleet.simulate import Replica, paces

MOST_SLOTS = 256
"""What engines allow at the same time where nothing else is set (vLLM's `--max-num-seqs`)."""


def replica_of(point: Point) -> Replica | None:
    """One copy as `point` describes it, its lengths being means; `None` where the device was not measured or it does not
    fit. What the fit says of prompts beside a step becomes standing still, so it is left out of the step."""
    if not measured(point) or (holds := room(point)) < 1:
        return None
    weights = dict(
        zip(TERMS, speeds().fit["mixture" if point.shape.experts else "dense"].tpot.weights, strict=True)
    )
    slots = min(MOST_SLOTS, int(holds))
    grid = sorted({1, 2, 4, 8, 16, 32, 64, 128, slots})
    steps = [(n, _step(replace(point, concurrency=float(n)), weights)) for n in grid if n <= slots]
    prompt = weights["prefill"] * prompt_ms(point) / 1e3
    rate = point.isl / prompt if prompt > 0 else inf
    return Replica(rate, paces(steps, slots), holds * (point.isl + point.osl))


def _step(point: Point, weights: dict[str, float]) -> float:
    values = dict(zip(TERMS, tpot_terms(point), strict=True))
    return sum(weights[name] * value for name, value in values.items() if name != "prefill") / 1e3
