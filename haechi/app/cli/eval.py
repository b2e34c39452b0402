"""`haechi eval`: merging, cascades and routing, measured on your own outcomes. Nothing is sent."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from haechi.app.cli.common import JsonOption, LangOption, errors, told
from haechi.app.cli.output import give, show_table
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text

app = typer.Typer(
    name="eval",
    help="합의, 단계 호출, 라우팅을 자기 결과로 재 봅니다. 아무것도 보내지 않습니다.\n\n"
    "Measure merging, cascades and routing on your own outcomes. Nothing is sent.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

OutcomesOption = Annotated[Path, typer.Option("--outcomes", help="결과 파일 (parquet) · the outcomes.")]
LabelsOption = Annotated[
    int, typer.Option("--labels", min=0, help="정답을 보고 배우는 질문 수 · questions to learn from.")
]
SeedsOption = Annotated[
    int, typer.Option("--seeds", min=1, max=1000, help="나누기를 몇 번 · how many splits.")
]
PlotsOption = Annotated[
    Path | None, typer.Option("--plots", metavar="DIR", help="그림(SVG)을 둘 폴더 · where pictures go.")
]


@app.command()
def merge(
    outcomes: OutcomesOption,
    labels: LabelsOption = 1000,
    seeds: SeedsOption = 5,
    models: Annotated[
        str | None, typer.Option("--models", help="모델 a,b,… 없으면 모두 · members; all where not given.")
    ] = None,
    pools: Annotated[
        int, typer.Option("--pools", min=0, max=10_000, help="무작위 묶음 수 · random pools of 3 to 9.")
    ] = 0,
    plots: PlotsOption = None,
    as_json: JsonOption = False,
    *,
    lang: LangOption,
) -> None:
    """여러 답을 하나로 만드는 규칙을 견줍니다. · Compare the rules that make one answer of several.

    [dim]haechi eval merge --outcomes outcomes.parquet --labels 1000 --seeds 5 --models a,b,c --plots plots[/dim]
    """
    with told(lang, as_json):
        from haechi.app.evaluation.merge import measure_merge  # numpy: only when it is needed
        from haechi.app.evaluation.outcomes import known_models, read_outcomes

        read = read_outcomes(outcomes)
        members = known_models(read, models)
        with _bar(seeds + pools, lang) as step:
            result = measure_merge(read, members, labels, seeds, pools, step)
        shapes, coverage = result.pop("plots"), result.pop("coverage")
        _draw(plots, "calibration", shapes, "chance · 확률", "share right · 맞은 비율", diagonal=True)
        _draw(plots, "coverage", coverage, "coverage · 답한 비율", "share right · 맞은 비율")
        if as_json:
            give(result)
            return
        rows = [
            [
                rule,
                f"{one['accuracy']:.4f}",
                f"±{one['accuracy_sd']:.4f}",
                f"{one['ece']:.3f}",
                f"{one['selective']['0.7']:.4f}",
            ]
            for rule, one in result["rules"].items()
        ]
        best = result["best_single"]
        rows.append([f"best: {best['model']}", f"{best['accuracy']:.4f}", "", "", ""])
        show_table(
            _heads(lang, "규칙/rule", "정답률/right", "흩어짐/spread", "ECE/ECE", "70 %만 답할 때/at 70 %"),
            rows,
        )
        if pools:
            show_table(["", ""], [[name, str(value)] for name, value in result["pools"].items()])


@app.command()
def cascade(
    outcomes: OutcomesOption,
    prices: Annotated[Path, typer.Option("--prices", help="CSV: model,price (호출당 · per call).")],
    order: Annotated[str, typer.Option("--order", help="부르는 차례 a,b,… · members, cheapest first.")],
    labels: LabelsOption = 1000,
    seeds: SeedsOption = 5,
    plots: PlotsOption = None,
    as_json: JsonOption = False,
    *,
    lang: LangOption,
) -> None:
    """싼 모델부터 부르고 확실하면 멈출 때의 값과 정답률. · Cost and accuracy when the cheapest is asked first.

    [dim]haechi eval cascade --outcomes outcomes.parquet --prices prices.csv --order small,middle,large[/dim]
    """
    with told(lang, as_json):
        from haechi.app.evaluation.cascade import measure_cascade, read_prices
        from haechi.app.evaluation.outcomes import known_models, read_outcomes

        read = read_outcomes(outcomes)
        members = known_models(read, order)
        if not members:
            raise ConfigurationError(
                Text(ko="모델이 하나도 없습니다.", en="There is no model in it."), "--order"
            )
        price = read_prices(prices, members)
        with _bar(6 * seeds, lang) as step:
            result = measure_cascade(read, members, price, labels, seeds, step)
        points = [(one["relative_cost"], one["accuracy"]) for one in result["points"]]
        chosen = result["chosen"]
        shapes = {
            "cascade": sorted(points),
            "best single": [
                (0.0, result["best_single"]["accuracy"]),
                (1.0, result["best_single"]["accuracy"]),
            ],
        }
        _draw(plots, "cost", shapes, "relative cost · 상대 비용", "share right · 맞은 비율")
        if as_json:
            give(result)
            return
        best = result["best_single"]
        show_table(
            _heads(lang, "무엇/what", "정답률/right", "상대 비용/relative cost", "호출/calls"),
            [
                [best["model"], f"{best['accuracy']:.4f}", "1", "1"],
                [
                    f"≥ {chosen['threshold']}",
                    f"{chosen['accuracy']:.4f}",
                    f"{chosen['relative_cost']:.3f}",
                    str(chosen["calls"]),
                ],
            ],
        )


@app.command()
def router(
    outcomes: OutcomesOption,
    labels: LabelsOption = 1000,
    seeds: SeedsOption = 5,
    plots: PlotsOption = None,
    as_json: JsonOption = False,
    *,
    lang: LangOption,
) -> None:
    """글만 보고 강한 모델의 이득을 맞히는 정도. · How well the strong model's gain is told from the text.

    [dim]haechi eval router --outcomes pairs.parquet --labels 1500 --seeds 5[/dim]
    """
    with told(lang, as_json):
        from haechi.app.evaluation.outcomes import read_pairs
        from haechi.app.evaluation.router import measure_router

        pairs = read_pairs(outcomes)
        with _bar(seeds, lang) as step:
            result = measure_router(pairs, labels, seeds, step)
        _draw(
            plots,
            "router",
            result.pop("plots"),
            "strong calls · 강한 모델 비율",
            "gap recovered · 회복한 차이",
        )
        if as_json:
            give(result)
            return
        show_table(
            _heads(lang, "무엇으로/by", "CPT50 %/CPT50 %", "CPT80 %/CPT80 %", "APGR/APGR"),
            [
                [
                    name,
                    f"{result[name]['cpt50']:.1f}",
                    f"{result[name]['cpt80']:.1f}",
                    f"{result[name]['apgr']:.4f}",
                ]
                for name in ("router", "length", "random")
            ],
        )


def _heads(lang: Language, *words: str) -> list[str]:
    return [word.split("/")[0 if lang == "ko" else 1] for word in words]


@contextmanager
def _bar(steps: int, lang: Language) -> Iterator[Callable[[], None]]:
    """A progress bar on standard error; nothing of it is left."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(Text(ko="재는 중", en="measuring").say(lang), total=steps)
        yield lambda: progress.advance(task)


def _draw(
    folder: Path | None,
    name: str,
    lines: Mapping[str, Any],
    across: str,
    up: str,
    diagonal: bool = False,
) -> None:
    if folder is None:
        return
    from haechi.app.evaluation.picture import picture

    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.svg").write_text(picture(lines, across, up, diagonal), encoding="utf-8")
    except OSError:
        raise ConfigurationError(
            Text(ko="그림을 쓸 수 없습니다.", en="The pictures cannot be written."), str(folder)
        ) from None
