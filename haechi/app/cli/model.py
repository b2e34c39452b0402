"""`haechi model`: which local models there are, and getting one by name."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from haechi.adapters.engine.choose import AUTO, choose, find
from haechi.adapters.engine.hub import HUB, NoHub, checked
from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.pull import Pulled, installed, pull
from haechi.adapters.engine.transfer import Offer, gigabytes
from haechi.app.cli import lenient
from haechi.app.cli.common import (
    DATA,
    INTERRUPTED,
    WRONG_USE,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    fail,
    told,
)
from haechi.app.processes.engine import not_here
from haechi.app.processes.people import owner_of
from haechi.app.processes.presence import running
from haechi.app.processes.users import acting_as
from haechi.catalogue.local_models import LocalModel, local_models
from haechi.domain.errors import ConfigurationError, HaechiError
from haechi.domain.korean import with_particle
from haechi.domain.text import Language, Text

app = typer.Typer(
    name="model",
    help="로컬 모델 목록과 받기. · Local models: list them, get one.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("list", epilog="예 · example:  haechi model list --lang en")
def list_command(*, data: DataOption = DATA, lang: LangOption, as_json: JsonOption = False) -> None:
    """모델 목록, 설치된 것, 비어 있는 메모리, 고를 모델. · Models, what is installed, free memory, the choice."""
    with told(lang, as_json):
        found = overview(data)
        if as_json:
            say_json(found)
        else:
            show(found, lang)


@app.command(
    "pull",
    epilog="예 · examples:  haechi model pull qwen3-4b-instruct  |  haechi model pull qwen3-8b --hub https://mirror.corp.example",
)
def pull_command(
    *,
    name: Annotated[
        str, typer.Argument(help="`haechi model list` 의 이름 · a name from `haechi model list`")
    ],
    config: ConfigOption = None,
    hub: Annotated[str, typer.Option("--hub", help="허브나 사내 거울의 주소 · hub or mirror")] = HUB,
    data: DataOption = DATA,
    lang: LangOption,
    as_json: JsonOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="묻지 않음 · do not ask")] = False,
    accept_change: Annotated[
        bool,
        typer.Option(
            "--accept-change", help="허브가 바꾼 파일을 받아들임 · accept a file that the hub changed"
        ),
    ] = False,
) -> None:
    """모델 하나를 받아 검증. 끊기면 다시 실행해 이어 받기. · Get and verify one model; run again to go on."""
    with told(lang, as_json, code=WRONG_USE):
        model = find(name, local_models())
        checked(hub)
    with told(lang, as_json):
        _refuse_in_an_air_gap(config, data, model.name)
        console = Console(stderr=True)
        result = fetch(
            model,
            data,
            hub=hub,
            lang=lang,
            console=console,
            ask=not (yes or as_json),
            accept_change=accept_change,
        )
        if isinstance(result, NoHub):
            fail(HaechiError(result.why), lang, as_json)
        if as_json:
            say_json(report(model, result))
        else:
            console.print(done(model, result).say(lang), markup=False, highlight=False)


def _refuse_in_an_air_gap(config: Path | None, data_dir: Path, model: str) -> None:
    """Neither the configuration nor a haechi that runs on this data may say `airgap`."""
    found, _ = lenient.settings(config)
    if found.airgap or (running(data_dir.resolve()) or {}).get("airgap"):
        raise ConfigurationError(not_here(model), "airgap")


def overview(data_dir: Path) -> dict[str, Any]:
    """What `list` tells, as data."""
    models, free = local_models(), free_memory()
    here = installed(data_dir, models)
    choice = choose(AUTO, models, here.keys(), free)
    return {
        "free_gb": None if free is None else round(free / 1e9, 1),
        "choice": {"model": choice.model.name, "pull": choice.pull, "why": msgspec.to_builtins(choice.why)},
        "models": [entry(model, model.name in here) for model in models],
    }


def entry(model: LocalModel, here: bool) -> dict[str, Any]:
    """One model, as data."""
    return {
        "name": model.name,
        "installed": here,
        "parameters_b": model.parameters_b,
        "quant": model.quant,
        "min_free_gb": model.min_free_gb,
        "languages": list(model.languages),
        "licence": model.licence,
        "licence_source": model.licence_source,
        "commercial": model.commercial,
        "plumbing": model.plumbing,
        "note": msgspec.to_builtins(model.note),
        "source": model.source,
        "verified_on": model.verified_on.isoformat(),
    }


def show(found: dict[str, Any], lang: Language) -> None:
    """What `list` tells, as a table."""
    ko = lang == "ko"
    table = Table(box=None, pad_edge=False)
    for heading in (
        ("이름", "있음", "메모리", "언어", "라이선스")
        if ko
        else ("name", "here", "memory", "languages", "licence")
    ):
        table.add_column(heading)
    for model in found["models"]:
        forbidden = "" if model["commercial"] else (" (상업적 이용 금지)" if ko else " (no commercial use)")
        table.add_row(
            model["name"],
            "✓" if model["installed"] else "",
            f"{model['min_free_gb']:.1f} GB",
            " ".join(model["languages"]),
            model["licence"] + forbidden,
        )
    console = Console()
    console.print(table)
    free = "?" if found["free_gb"] is None else f"{found['free_gb']:.1f} GB"
    console.print(f"\n{'비어 있는 메모리' if ko else 'free memory'}: {free}", highlight=False)
    console.print(found["choice"]["why"][lang], markup=False, highlight=False)


def fetch(
    model: LocalModel,
    data_dir: Path,
    *,
    hub: str = HUB,
    lang: Language = "ko",
    console: Console,
    ask: bool = True,
    accept_change: bool = False,
) -> Pulled | NoHub:
    """Pull with the size announced, a bar where somebody watches, and Ctrl-C explained."""
    begun = False

    def announce(offer: Offer) -> None:
        nonlocal begun
        console.print(announcement(offer).say(lang), markup=False, highlight=False)
        if offer.large and ask and console.is_terminal and sys.stdin.isatty():
            typer.confirm("받을까요?" if lang == "ko" else "Fetch it?", default=True, abort=True, err=True)
        begun = True

    try:
        with acting_as(owner_of(data_dir)), bar(console, model.name) as progress:
            return pull(
                model, data_dir, hub=hub, accept_change=accept_change, announce=announce, progress=progress
            )
    except KeyboardInterrupt:
        if begun:
            console.print(stopped(model).say(lang), markup=False, highlight=False)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def bar(console: Console, name: str) -> Iterator[Callable[[int, int, float], None]]:
    """A progress bar with rate and remaining time; nothing where nobody watches."""
    if not console.is_terminal:
        yield lambda *_: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as shown:
        task = shown.add_task(name, total=None, visible=False)

        def progress(have: int, size: int, _: float) -> None:
            shown.update(task, completed=have, total=size, visible=True)

        yield progress


def announcement(offer: Offer) -> Text:
    """What is about to be fetched; how to stop it where it is large."""
    model, have = offer.model, offer.have
    ko = (
        f"{model.name}: {with_particle(gigabytes(offer.published.size), '을/를')} {offer.hub} 에서 "
        f"{with_particle(offer.path.parent, '으로/로')} 받습니다"
    )
    en = f"{model.name}: fetching {gigabytes(offer.published.size)} from {offer.hub} into {offer.path.parent}"
    if have:
        ko += f" (이미 {gigabytes(have)} 있음, {gigabytes(offer.left)} 남음)"
        en += f" ({gigabytes(have)} are there, {gigabytes(offer.left)} to go)"
    ko += f". 라이선스: {model.licence}."
    en += f". Licence: {model.licence}."
    if not model.commercial:
        ko += " 상업적 이용은 금지되어 있습니다."
        en += " Commercial use is forbidden."
    if offer.large:
        ko += " 멈추려면 Ctrl-C 를 누르세요. 받은 만큼은 남고, 다시 실행하면 이어서 받습니다."
        en += " Press Ctrl-C to stop: what arrived stays, and running it again goes on from there."
    return Text(ko=ko, en=en)


def stopped(model: LocalModel) -> Text:
    """After Ctrl-C."""
    return Text(
        ko=f"멈췄습니다. 받은 만큼은 남아 있습니다. 이어서 받기: haechi model pull {model.name}",
        en=f"Stopped. What arrived is kept. Go on with: haechi model pull {model.name}",
    )


def done(model: LocalModel, pulled: Pulled) -> Text:
    """The model is there."""
    if pulled.fetched == 0:
        return Text(
            ko=f"{with_particle(model.name, '은/는')} 이미 있습니다: {pulled.path}",
            en=f"{model.name} is there already: {pulled.path}",
        )
    return Text(
        ko=f"{with_particle(model.name, '을/를')} 받아 SHA-256 을 확인하고 고정했습니다: {pulled.path}",
        en=f"{model.name} was fetched, its SHA-256 verified and pinned: {pulled.path}",
    )


def report(model: LocalModel, pulled: Pulled) -> dict[str, Any]:
    """What `pull` tells, as data."""
    return {
        "model": model.name,
        "path": str(pulled.path),
        "fetched_bytes": pulled.fetched,
        "pin": msgspec.to_builtins(pulled.pin),
    }


def say_json(value: object) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
