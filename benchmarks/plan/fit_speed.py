"""Fit `speeds.toml` on published measurements and say how wrong it is on models and devices that it has not seen.

    python -m benchmarks.plan.fit_speed MEASURED.csv [--write haechi/catalogue/speeds.toml]

MEASURED.csv is `systems/silicon_sample.csv` of the aiconfigurator-core wheel (Apache-2.0), which is not part of this
repository. Left out: disaggregated and data-parallel rows, more than eight cards, rows whose weight format is not stated,
and rows whose concurrency is not. Nothing else is left out; how many are, is printed.
"""

import argparse
import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from haechi.catalogue.architectures import architecture
from haechi.catalogue.devices import device, devices, quantisation
from haechi.planner.fleet.predict import Own, mend, predict, room, tpot_terms, ttft_terms
from haechi.planner.fleet.roofline import Point

FORMATS: Final = {"nvfp4": "nvfp4", "fp8": "fp8", "fp8_block": "fp8", "int4_wo": "awq"}
PRECISIONS: Final = {"fp8": "fp8", "fp4": "nvfp4", "bf16": "bf16", "int4": "awq"}
ENGINES: Final = ("vllm", "sglang", "trtllm")
Vector = NDArray[np.float64]


class Row(Struct, frozen=True):
    """One measurement."""

    point: Point
    tpot: float
    ttft: float
    model: str
    device: str


def rows(path: Path) -> Iterator[Row | str]:
    """Every measurement, or why it is left out."""
    with path.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            yield _row(line)


def _row(line: dict[str, str]) -> Row | str:
    if line["mode"] != "agg" or line["attention_dp_size"] not in ("", "1"):
        return "disaggregated or data parallel"
    shape = architecture(line["model_path"].replace("zhipuai", "zai-org"))
    card = device(line["system"])
    found = re.search(r"silicon_concurrency=(\d+)", line["silicon_data_source"])
    tensor = int(line["tp_size"])
    name = FORMATS.get(line["gemm_quant_mode"]) or PRECISIONS.get(line["precision"])
    quant = quantisation("mxfp4" if "gpt-oss" in line["model_path"] else name or "-")
    if shape is None or card is None:
        return "model or device not in the catalogue"
    if found is None or quant is None:
        return "weight format or concurrency not stated"
    if tensor > 8:
        return "more than eight cards"
    point = Point(
        shape,
        card,
        quant,
        tensor,
        float(line["isl"]),
        float(line["osl"]),
        float(found[1]),
        2.0 if name == "bf16" else 1.0,
        line["backend"],
    )
    if (holds := room(point)) < 1:
        return "does not fit by our arithmetic"
    tpot, ttft = float(line["silicon_tpot_ms"] or 0), float(line["silicon_ttft_ms"] or 0)
    if tpot <= 0 or ttft <= 0:
        return "no figure"
    at = replace(point, concurrency=min(point.concurrency, holds))
    return Row(at, tpot, ttft, shape.repo, line["system"])


def non_negative(table: Vector, wanted: Vector) -> Vector:
    """Least squares without negative weights, by coordinate descent."""
    scale = np.maximum(np.linalg.norm(table, axis=0), 1e-12)
    square, cross = (table / scale).T @ (table / scale), (table / scale).T @ wanted
    found = np.zeros(table.shape[1])
    for _ in range(400):
        for each in range(len(found)):
            found[each] = max(0.0, found[each] + cross[each] - square[each] @ found)
    return np.asarray(found / scale)


def weigh(table: Vector, wanted: Vector) -> Vector:
    """Weights with small relative errors; outliers count less each round."""
    share = 1 / wanted
    found = np.ones(table.shape[1])
    for _ in range(12):
        found = non_negative(table * share[:, None], wanted * share)
        share = 1 / wanted / np.sqrt(np.maximum(np.abs(table @ found / wanted - 1), 0.05))
    return found


def fitted(table: Vector, wanted: Vector, engines: NDArray[np.str_]) -> Callable[[Vector, str], Vector]:
    """A predictor: weights and a bias for each engine."""
    weights = weigh(table, wanted)
    ratio = np.log(wanted / (table @ weights))
    bias = {
        each: float(np.median(ratio[engines == each])) if (engines == each).sum() > 20 else 0.0
        for each in ENGINES
    }

    def guess(other: Vector, engine: str) -> Vector:
        return np.asarray(other @ weights * np.exp(bias[engine]))

    guess.weights, guess.bias = weights, bias  # type: ignore[attr-defined]
    return guess


def unseen(measured: list[Row], figure: str, group: Callable[[Row], str]) -> Vector:
    """Predictions of every row by a fit that saw no row of its group; by kind of model."""
    make = tpot_terms if figure == "tpot" else ttft_terms
    table = np.array([make(row.point) for row in measured])
    wanted = np.array([getattr(row, figure) for row in measured])
    engines = np.array([row.point.engine for row in measured])
    groups = np.array([group(row) for row in measured])
    mixture = np.array([bool(row.point.shape.experts) for row in measured])
    found = np.full(len(measured), np.nan)
    for name in np.unique(groups):
        for kind in (False, True):
            out, seen = (groups == name) & (mixture == kind), (groups != name) & (mixture == kind)
            if out.any() and seen.sum() > 50:
                guess = fitted(table[seen], wanted[seen], engines[seen])
                for engine in ENGINES:
                    some = out & (engines == engine)
                    found[some] = guess(table[some], engine)
    return found


def tell(name: str, found: Vector, wanted: Vector) -> None:
    """Median, 90th percentile and bias."""
    known = ~np.isnan(found)
    error = np.abs(found[known] / wanted[known] - 1)
    print(
        f"{name:44} n {known.sum():5} median {np.median(error):.1%} p90 {np.quantile(error, 0.9):.1%} "
        f"bias {np.median(found[known] / wanted[known]) - 1:+.1%}"
    )


def own_points(measured: list[Row], figure: str, many: int = 10, seed: int = 1) -> None:
    """`many` points of one model, device and engine as the site's own; the others of that group are asked for."""
    rng = np.random.default_rng(seed)
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in measured:
        groups.setdefault((row.model, row.device, row.point.engine), []).append(row)
    errors, inside = [], []
    for group in (each for each in groups.values() if len(each) >= 2 * many):
        order = rng.permutation(len(group))
        own = [Own(group[n].point, group[n].ttft, group[n].tpot) for n in order[:many]]
        learned = mend(own, f"{figure}_ms")
        for n in order[many:]:
            got = predict(group[n].point, learned, learned, anywhere=True)
            if got is not None:
                wanted = getattr(group[n], figure)
                errors.append(abs(getattr(got, f"{figure}_ms") / wanted - 1))
                inside.append(getattr(got, f"{figure}_lo") <= wanted <= getattr(got, f"{figure}_hi"))
    print(
        f"{figure}, after {many} own points{'':16} n {len(errors):5} median {np.median(errors):.1%} "
        f"p90 {np.quantile(errors, 0.9):.1%} inside {np.mean(inside):.1%}"
    )


def coverage(measured: list[Row], figure: str, found: Vector) -> None:
    """Intervals of one half of the models, tried on the other half: nobody grades himself."""
    wanted = np.array([getattr(row, figure) for row in measured])
    ratio = wanted / found
    names = sorted({row.model for row in measured})
    half = np.array([names.index(row.model) % 2 for row in measured])
    mixture = np.array([bool(row.point.shape.experts) for row in measured])
    inside = []
    for kind in (False, True):
        for side in (0, 1):
            learn = (half != side) & (mixture == kind) & ~np.isnan(ratio)
            tried = (half == side) & (mixture == kind) & ~np.isnan(ratio)
            if learn.any():
                low, high = np.quantile(ratio[learn], (0.05, 0.95))
                inside.extend((low <= ratio[tried]) & (ratio[tried] <= high))
    print(f"{figure}, 90 % interval of unseen models{'':11} n {len(inside):5} inside {np.mean(inside):.1%}")


def enough(measured: list[Row]) -> list[str]:
    """Devices with a hundred measurements and more: on others we say «no data»."""
    names = [row.point.device for row in measured]
    return sorted(name for name, each in devices().items() if names.count(each) >= 100)


def toml(measured: list[Row], guesses: dict[str, Vector]) -> str:
    """The table of the catalogue."""
    said = [
        "# What engines make of a roofline: weights of its terms (haechi/planner/fleet/roofline.py and predict.py), log bias",
        "# by engine, and the ratios measured / predicted that bound nine of ten on models which the fit had not seen.",
        'source = "systems/silicon_sample.csv of aiconfigurator-core 0.12.0 (Apache-2.0), measured 2025-10 to 2026-04"',
        'command = "python -m benchmarks.plan.fit_speed MEASURED.csv --write haechi/catalogue/speeds.toml"',
        "verified_on = 2026-12-01",
        f"measured = {json.dumps(enough(measured))}",
    ]
    for kind in ("dense", "mixture"):
        chosen = np.array([bool(row.point.shape.experts) == (kind == "mixture") for row in measured])
        for figure, make in (("tpot", tpot_terms), ("ttft", ttft_terms)):
            some = [row for row, taken in zip(measured, chosen, strict=True) if taken]
            table = np.array([make(row.point) for row in some])
            wanted = np.array([getattr(row, figure) for row in some])
            guess = fitted(table, wanted, np.array([row.point.engine for row in some]))
            ratio = wanted / guesses[figure][chosen]
            low, high = np.quantile(ratio[~np.isnan(ratio)], (0.05, 0.95))
            weights = ", ".join(f"{each:.4f}" for each in guess.weights)  # type: ignore[attr-defined]
            engines = ", ".join(f"{name} = {bias:.4f}" for name, bias in guess.bias.items())  # type: ignore[attr-defined]
            said += [
                f"\n[fit.{kind}.{figure}]",
                f"weights = [{weights}]",
                f"engines = {{ {engines} }}",
                f"low = {min(low, 1):.4f}",
                f"high = {max(high, 1):.4f}",
            ]
    return "\n".join(said) + "\n"


def main() -> None:
    """Fit, tell, write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("measured", type=Path)
    asked.add_argument("--write", type=Path)
    given = asked.parse_args()
    read = list(rows(given.measured))
    measured = [each for each in read if isinstance(each, Row)]
    for why in sorted({each for each in read if isinstance(each, str)}):
        print(f"left out: {sum(each == why for each in read):5} {why}")
    guesses = {}
    for figure in ("tpot", "ttft"):
        wanted = np.array([getattr(row, figure) for row in measured])
        guesses[figure] = unseen(measured, figure, lambda row: row.model)
        tell(f"{figure}, models not seen", guesses[figure], wanted)
        tell(f"{figure}, devices not seen", unseen(measured, figure, lambda row: row.device), wanted)
        coverage(measured, figure, guesses[figure])
    if given.write:
        given.write.write_text(toml(measured, guesses), encoding="utf-8")
    for figure in ("tpot", "ttft"):
        own_points(measured, figure)


if __name__ == "__main__":
    main()
