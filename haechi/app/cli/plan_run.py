"""`haechi plan run`: cloud, home and hybrid in won and dollars, from a trace or from answers."""

from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import typer

from haechi.app.cli.assess import answers_of, dollars
from haechi.app.cli.common import WRONG_USE, JsonOption, LangOption, told
from haechi.app.cli.output import give, show_table
from haechi.app.cli.plan_trace import trace_of
from haechi.app.wiring import today
from haechi.catalogue.costs import costs
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text
from haechi.planner.calls.traces import Trace
from haechi.planner.flow import Demand, daily
from haechi.planner.flow import plan as planned
from haechi.planner.money.monthly import SECONDS
from haechi.planner.report.page import page

STAYS: Final = frozenset({"confidential", "restricted"})
WINDOWS: Final = 10_000
MODEL: Final = "claude-sonnet-5-5"


def run(
    *,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="호출 기록, CSV · trace of calls, CSV.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="assess 의 답, YAML · answers as for assess, YAML.")
    ] = None,
    sensitive: Annotated[
        float | None,
        typer.Option("--sensitive", min=0, max=1, help="나갈 수 없는 비율 · share that must stay."),
    ] = None,
    cloud_model: Annotated[
        str | None, typer.Option("--cloud-model", help="견줄 클라우드 모델 · cloud model to compare with.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="한 장 보고서, HTML · one page, HTML.")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """클라우드, 사내, 하이브리드의 비용을 구간과 함께 견줍니다. · Compare cloud, home and hybrid, with intervals.

    [dim]haechi plan run --trace calls.csv[/dim]

    [dim]haechi plan run --answers answers.yaml --json[/dim]
    """
    with told(lang, as_json, WRONG_USE):
        if (trace is None) == (answers is None):
            raise ConfigurationError(
                Text(ko="--trace 와 --answers 가운데 하나를 주세요.", en="give one of --trace and --answers.")
            )
        demand = (
            _of_trace(trace, sensitive, cloud_model)
            if trace
            else _of_answers(answers, sensitive, cloud_model)
        )
        found = planned(demand, lang)
        if report is not None:
            _report(report, page(found, lang, f"haechi plan run, {today()}"))
    if as_json:
        give(found)
    else:
        _show(found, lang)


def _report(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(Text(ko="쓸 수 없습니다.", en="cannot be written."), str(path)) from error


def _of_trace(path: Path, sensitive: float | None, model: str | None) -> Demand:
    calls = trace_of(path)
    if calls.span_s <= 0:
        raise ConfigurationError(
            Text(
                ko="시각이 다른 호출이 둘 이상 있어야 합니다.",
                en="needs two or more calls at different times.",
            ),
            str(path),
        )
    share = _share(calls) if sensitive is None else sensitive
    asked, said = max(1.0, float(calls.prompt.mean())), max(1.0, float(calls.answer.mean()))
    return _demand(_rates(calls), asked, said, share, model or MODEL)


def _rates(calls: Trace) -> Any:
    """Calls a second in windows of ten minutes, shorter in a short trace and longer in a long one."""
    windows = int(np.clip(calls.span_s / 600, min(60, len(calls.at_s)), WINDOWS))
    counts, _ = np.histogram(calls.at_s, bins=windows)
    return counts / (calls.span_s / windows)


def _share(calls: Trace) -> float:
    """The share that must stay by its level; a call without a level in a trace that has levels must, too."""
    return float(np.mean([each in STAYS or not each for each in calls.levels])) if calls.levels else 0.0


def _of_answers(path: Path | None, sensitive: float | None, model: str | None) -> Demand:
    given = answers_of(path)
    if not given.month:
        raise ConfigurationError(
            Text(ko="calls_per_month 를 0 보다 크게 적으세요.", en="give calls_per_month, more than 0."),
            str(path),
        )
    rates = daily(given.month / SECONDS, costs()["peak_over_mean"].value)
    share = given.sensitive_share if sensitive is None else sensitive
    return _demand(rates, given.input_tokens, given.output_tokens, share, model or given.cloud_model)


def _demand(rates: Any, asked: float, said: float, share: float, model: str) -> Demand:
    call = dollars(model, asked, said)
    if call is None or call <= 0:
        raise ConfigurationError(
            Text(
                ko=f"{model[:60]} 의 가격을 모릅니다. --cloud-model 로 다른 모델을 주세요.",
                en=f"The price of {model[:60]} is not known: give another --cloud-model.",
            ),
            "--cloud-model",
        )
    return Demand(rates, asked, said, share, call, model)


def _show(found: dict[str, Any], lang: Language) -> None:
    heads = [
        Text(ko="방법", en="Option"),
        Text(ko="월, 백만 원", en="Month, M KRW"),
        Text(ko="90 % 구간", en="90 % interval"),
        Text(ko="월, 달러", en="Month, USD"),
        Text(ko="서버", en="Servers"),
        Text(ko="클라우드로", en="To the cloud"),
    ]
    rows = [
        [
            name,
            f"{each['krw_month'] / 1e6:,.1f}",
            f"{found['intervals'][name]['p5'] / 1e6:,.1f} – {found['intervals'][name]['p95'] / 1e6:,.1f}",
            f"{each['usd_month']:,}",
            str(each["nodes"]),
            f"{each['cloud_share']:.1%}",
        ]
        for name, each in found["options"].items()
    ]
    show_table([head.say(lang) for head in heads], rows)
    even, never = found["break_even"], Text(ko="없음", en="never").say(lang)
    calls = never if even["calls_month"] is None else f"{even['calls_month']:,}"
    said = Text(
        ko=f"권고: {found['recommendation']}. 손익분기 호출 수(월): {calls}, 손익분기 개월: {even['month'] or never}",
        en=f"Recommended: {found['recommendation']}. Break-even: {calls} calls a month, month {even['month'] or never}",
    )
    typer.echo(said.say(lang))
    for each in found["because"]:
        typer.echo(f"{each['text']} [{each['cite']}]")
