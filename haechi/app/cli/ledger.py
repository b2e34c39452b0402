"""`haechi ledger`: what was recorded."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.app.cli.common import DATA, DataOption, JsonOption, LangOption, told
from haechi.app.cli.output import give, show_table
from haechi.app.processes.people import owner_of
from haechi.app.processes.users import acting_as
from haechi.catalogue.reasons import word
from haechi.domain.record import Record
from haechi.domain.text import Language, Text
from haechi.gateway.record.explain import dollars

app = typer.Typer(help="원장: 무엇이 어디로 갔는지 · The ledger: what went where.", no_args_is_help=True)

HEADS = [
    Text(ko="기록", en="Record"),
    Text(ko="시각", en="Time"),
    Text(ko="키", en="Key"),
    Text(ko="등급", en="Level"),
    Text(ko="결과", en="Outcome"),
    Text(ko="경로", en="Route"),
    Text(ko="비용", en="Cost"),
]


@app.callback()
def ledger() -> None:
    """원장: 무엇이 어디로 갔는지 · The ledger: what went where."""


@app.command()
def show(
    *,
    data_dir: DataOption = DATA,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=100_000, help="최근 몇 건 · How many of the newest.")
    ] = 20,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """최근 기록을 봅니다. · Show the newest records.

    [dim]haechi ledger show --limit 5[/dim]
    """
    with told(lang, as_json), acting_as(owner_of(data_dir)):
        records = SqliteReader(ledger_file(data_dir)).recent(limit)
    if as_json:
        give({"records": [summary(record) for record in records]})
    else:
        show_table([head.say(lang) for head in HEADS], [_row(record, lang) for record in records])


def summary(record: Record) -> dict[str, Any]:
    """A record in one line of JSON; `haechi explain` has the rest."""
    intent, settlement = record.intent, record.settlement
    return {
        "record": intent.record,
        "at": _time(intent.at).isoformat(timespec="milliseconds"),
        "key": intent.key,
        "surface": intent.surface,
        "model": intent.model,
        "level": intent.level,
        "kinds": list(intent.kinds),
        "rule": intent.rule,
        "outcome": settlement.outcome if settlement else None,
        "status": settlement.status if settlement else None,
        "route": settlement.route or None if settlement else None,
        "cost_nano_usd": settlement.cost_nano_usd if settlement else None,
    }


def _row(record: Record, lang: Language) -> list[str]:
    intent, settlement = record.intent, record.settlement
    return [
        intent.record,
        _time(intent.at).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
        intent.key,
        word(intent.level, lang),
        word(settlement.outcome if settlement else "open", lang),
        settlement.route if settlement else "",
        dollars(settlement.cost_nano_usd if settlement else None, lang),
    ]


def _time(at: float) -> datetime:
    return datetime.fromtimestamp(at, tz=UTC)
