"""`haechi plan predict`: milliseconds to the first token and between tokens, with 90 % intervals."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from haechi.app.cli.common import WRONG_USE, JsonOption, LangOption, told
from haechi.app.cli.output import give
from haechi.app.cli.plan_tables import Line, number, table, write
from haechi.catalogue.architectures import architecture
from haechi.catalogue.devices import device, quantisation
from haechi.domain.text import Text
from haechi.planner.fleet.predict import Mended, Own, Predicted, mend
from haechi.planner.fleet.predict import predict as predicted
from haechi.planner.fleet.roofline import Point

NEEDED: Final = ("id", "model", "gpu", "gpu_count", "quant", "tp", "isl", "osl", "concurrency")
FIGURES: Final = ("ttft_ms", "tpot_ms", "ttft_lo", "ttft_hi", "tpot_lo", "tpot_hi")
ENGINES: Final = {"vllm": "vllm", "sglang": "sglang", "trtllm": "trtllm", "tensorrt-llm": "trtllm"}
Learned = dict[tuple[str, ...], tuple[Mended | None, Mended | None]]


def predict(
    *,
    rows: Annotated[Path, typer.Option("--rows", help="무엇을 물을지, CSV · what to predict, CSV.")],
    out: Annotated[Path, typer.Option("--out", help="답을 쓸 CSV · where the answers go.")],
    calibrate: Annotated[
        Path | None,
        typer.Option("--calibrate", help="자체 측정값, 10개 이상 · own measurements, ten or more."),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """첫 토큰과 토큰 사이의 시간을 90 % 구간과 함께 예측합니다. · Predict TTFT and TPOT with 90 % intervals.

    [dim]haechi plan predict --rows rows.csv --out predicted.csv --calibrate own.csv[/dim]
    """
    with told(lang, as_json, WRONG_USE):
        learned = _learned(calibrate) if calibrate else {}
        lines = table(rows, NEEDED)
        answers = [_answer(line, learned) for line in lines]
        heads = [*lines[0].cells, *FIGURES, "status", "basis"]
        write(out, heads, answers)
    known = sum(each["status"] == "ok" for each in answers)
    if as_json:
        give({"rows": len(answers), "ok": known, "out": str(out)})
        return
    said = Text(
        ko=f"{out}: {len(answers)}줄, 예측 {known}, 자료 없음 {len(answers) - known}",
        en=f"{out}: {len(answers)} rows, {known} predicted, {len(answers) - known} without data",
    )
    typer.echo(said.say(lang))


def _answer(line: Line, learned: Learned) -> dict[str, Any]:
    asked = _point(line)
    answer: dict[str, Any] = dict(line.cells) | dict.fromkeys(FIGURES, "")
    if isinstance(asked, str):
        return answer | {"status": "no data", "basis": asked}
    own = next((learned[key] for key in _keys(line) if key in learned), (None, None))
    found = predicted(asked, *own)
    if found is None:
        return answer | {"status": "no data", "basis": "does not fit, or device not measured"}
    return answer | _figures(found) | {"status": "ok", "basis": found.basis}


def _figures(found: Predicted) -> dict[str, float]:
    return {name: round(getattr(found, name), 3) for name in FIGURES}


def _point(line: Line) -> Point | str:
    """What a row asks; or why there is no data. Raises `ConfigurationError` for what is no number."""
    counts = {each: number(line, each, 1, 1e9) for each in ("gpu_count", "tp", "isl", "osl", "concurrency")}
    shape, card = architecture(line.cells["model"]), device(line.cells["gpu"])
    quant = quantisation(line.cells["quant"])
    kept = quantisation(line.cells.get("kv_dtype") or "bf16") or quantisation("bf16")
    engine = ENGINES.get((line.cells.get("engine") or "vllm").lower())
    names = {"model": shape, "gpu": card, "quant": quant, "engine": engine}
    if missing := [name for name, each in names.items() if each is None]:
        return f"unknown {', '.join(missing)}"
    if not (shape and card and quant and engine and kept):
        return "unknown"
    tensor = int(counts["tp"])
    copies = max(1.0, counts["gpu_count"] // tensor)  # what is not split is another copy of the model
    flight = max(1.0, counts["concurrency"] / copies)
    return Point(shape, card, quant, tensor, counts["isl"], counts["osl"], flight, kept.bytes, engine)


def _keys(line: Line) -> list[tuple[str, ...]]:
    """The nearest own points first: the same model, device and engine, then the same device and engine."""
    model, gpu = line.cells["model"].lower(), line.cells["gpu"].lower()
    engine = (line.cells.get("engine") or "vllm").lower()
    return [(model, gpu, engine), (gpu, engine)]


def _learned(path: Path) -> Learned:
    groups: dict[tuple[str, ...], list[Own]] = {}
    for line in table(path, (*NEEDED, "ttft_ms", "tpot_ms")):
        point = _point(line)
        if isinstance(point, str):
            continue
        own = Own(point, number(line, "ttft_ms", 1e-3, 1e9), number(line, "tpot_ms", 1e-3, 1e9))
        for key in _keys(line):
            groups.setdefault(key, []).append(own)
    pairs = {key: (mend(own, "tpot_ms"), mend(own, "ttft_ms")) for key, own in groups.items()}
    return {key: pair for key, pair in pairs.items() if pair[0] is not None}
