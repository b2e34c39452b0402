"""`haechi plan simulate`: a trace played to a fleet, with queueing."""

import time
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
import typer
from msgspec import Struct

from haechi.app.cli.common import WRONG_USE, JsonOption, LangOption, told
from haechi.app.cli.output import give, show_table
from haechi.app.cli.plan_trace import trace_of
from haechi.app.cli.plan_words import device_of, model_of, quantisation_of
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text
from haechi.planner.calls.traces import Trace
from haechi.planner.fleet.engine import replica_of
from haechi.planner.fleet.roofline import Point
from haechi.planner.fleet.simulate import Calls, Outcome, Replica, paces
from haechi.planner.fleet.simulate import simulate as simulated

Count = Annotated[int, msgspec.Meta(ge=1, le=4096)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e12)]


class Fleet(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`fleet.yaml`: a model on cards whose speed was measured, or the speeds themselves."""

    replicas: Count = 1
    model: str = ""
    gpu: str = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=8)] = 1
    quant: str = "bf16"
    kv: str = "bf16"
    engine: Literal["vllm", "sglang", "trtllm"] = "vllm"
    prompt_tokens_per_s: Positive | None = None
    step_ms: dict[Count, Positive] = {}
    slots: Count | None = None
    cache_tokens: Positive = 1e12


def simulate(
    *,
    trace: Annotated[Path, typer.Option("--trace", help="호출 기록, CSV · trace of calls, CSV.")],
    fleet: Annotated[Path, typer.Option("--fleet", help="장비, YAML · the fleet, YAML.")],
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """호출 기록을 장비에 흘려 대기까지 셈합니다. · Play a trace to a fleet, queueing included.

    [dim]haechi plan simulate --trace calls.csv --fleet fleet.yaml[/dim]
    """
    with told(lang, as_json, WRONG_USE):
        calls = trace_of(trace)
        asked = _fleet(fleet)
        replica = _replica(asked, calls, str(fleet))
        started = time.process_time()
        outcome = simulated(_calls(calls), replica, asked.replicas)
        spent = time.process_time() - started
        if outcome.refused == len(calls.at_s):
            raise ConfigurationError(
                Text(
                    ko="어느 호출도 캐시에 들어가지 않습니다. cache_tokens 나 count 를 늘리세요.",
                    en="no call fits into the cache. Raise cache_tokens or count.",
                ),
                str(fleet),
            )
    answer = told_of(outcome) | {"requests_per_cpu_s": round(len(calls.at_s) / max(spent, 1e-6))}
    if as_json:
        give(answer)
        return
    heads = ["", "p50", "p95", "p99"]
    rows = [[name, *(f"{each:,.1f}" for each in answer[name].values())] for name in ("ttft_ms", "tpot_ms")]
    show_table(heads, rows)
    said = Text(
        ko=f"{answer['requests']}건, 받지 못한 것 {answer['refused']}, 가동률 {answer['utilisation']:.1%}",
        en=f"{answer['requests']} calls, {answer['refused']} refused, utilisation {answer['utilisation']:.1%}",
    )
    typer.echo(said.say(lang))


def told_of(outcome: Outcome) -> dict[str, Any]:
    """Percentiles in milliseconds; none where no answer has a second token."""
    ttft, tpot = outcome.first_s * 1e3, outcome.step_s * 1e3
    return {
        "requests": len(ttft),
        "refused": outcome.refused,
        "ttft_ms": _percentiles(ttft),
        "tpot_ms": _percentiles(tpot),
        "utilisation": round(outcome.busy_s / outcome.span_s, 4) if outcome.span_s > 0 else 0.0,
    }


def _percentiles(values: Any) -> dict[str, float]:
    known = values[~np.isnan(values)]
    found = np.percentile(known, (50, 95, 99)) if len(known) else (0.0, 0.0, 0.0)
    return {name: round(float(each), 3) for name, each in zip(("p50", "p95", "p99"), found, strict=True)}


def _calls(trace: Trace) -> Calls:
    return Calls(
        trace.at_s, np.maximum(trace.prompt - trace.prefix, 0), trace.prompt, np.maximum(trace.answer, 1)
    )


def _fleet(path: Path) -> Fleet:
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=Fleet)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(Text(ko="읽을 수 없습니다.", en="cannot be read."), str(path)) from error
    except (msgspec.DecodeError, ValueError) as error:
        said = str(error).splitlines()[0][:200]
        raise ConfigurationError(
            Text(ko=f"고쳐 주세요: {said}", en=f"mend this: {said}"), str(path)
        ) from error


def _replica(fleet: Fleet, trace: Trace, where: str) -> Replica:
    if fleet.step_ms and fleet.prompt_tokens_per_s:
        points = [(n, ms / 1e3) for n, ms in fleet.step_ms.items()]
        slots = fleet.slots or max(fleet.step_ms)
        return Replica(fleet.prompt_tokens_per_s, paces(points, slots), fleet.cache_tokens)
    if not (fleet.model and fleet.gpu):
        raise ConfigurationError(
            Text(
                ko="model 과 gpu 를, 아니면 prompt_tokens_per_s 와 step_ms 를 적으세요.",
                en="give model and gpu, or prompt_tokens_per_s and step_ms.",
            ),
            where,
        )
    point = Point(
        model_of(fleet.model),
        device_of(fleet.gpu),
        quantisation_of(fleet.quant),
        fleet.count,
        max(1.0, float(trace.prompt.mean())),
        max(1.0, float(trace.answer.mean())),
        1.0,
        quantisation_of(fleet.kv).bytes,
        fleet.engine,
    )
    if (found := replica_of(point)) is None:
        raise ConfigurationError(
            Text(
                ko="자료가 없거나 메모리에 들어가지 않습니다. prompt_tokens_per_s 와 step_ms 를 재서 적으세요.",
                en="no data for this device, or it does not fit. Measure and give prompt_tokens_per_s and step_ms.",
            ),
            where,
        )
    return found
