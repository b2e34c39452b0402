"""`haechi check`: is the configuration right, and what does it let out?"""

from typing import Annotated, Any

import msgspec
import typer
from rich.table import Table

from haechi.app.cli.common import ConfigOption, JsonOption, LangOption, console, say, told
from haechi.app.cli.up import PRETEND, read_settings
from haechi.app.settings.compile import policy, warnings
from haechi.app.settings.model import Settings
from haechi.app.wiring import today
from haechi.domain.label import Label, Level
from haechi.domain.text import Language, Text
from haechi.gateway.decide.decide import NO_DEIDENTIFY, Narrowing, decide
from haechi.gateway.decide.policy import Policy, Target


def check(
    *,
    config: ConfigOption = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="JSON Schema 를 출력 · print the JSON Schema.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """설정을 검사하고, 무엇이 어디로 나갈 수 있는지 보입니다. · Check the configuration and show what may go where.

    [dim]haechi check --config haechi.yaml[/dim]
    """
    if schema:
        print(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Settings)), indent=2).decode())
        return
    with told(lang, as_json):
        settings = read_settings(config)
        compiled = policy(settings, PRETEND, today())
        rows = clearances(compiled, lang)
        notes = [warning.say(lang) for warning in warnings(settings)]
    if as_json:
        print(
            msgspec.json.encode(
                {
                    "ok": True,
                    "profile": settings.profile,
                    "airgap": settings.airgap,
                    "may_go": rows,
                    "warnings": notes,
                }
            ).decode()
        )
        return
    _show(settings, rows, lang)
    for warning in warnings(settings):
        say(warning, lang)


def clearances(policy: Policy, lang: Language) -> list[dict[str, Any]]:
    """For each destination and level: whether text goes there as it is, the rule that decides, what is missing."""
    rows: list[dict[str, Any]] = []
    for destination in policy.destinations.values():
        wanted = (Target(destination.name, destination.models[0]),)
        for level in Level:
            decision = decide(Label(level, _typical(level, policy)), wanted, Narrowing(), policy)
            goes = any(call.destination == destination.name for call in decision.calls)
            customers_side = policy.clearances[destination.name].deidentified_missing
            waiting = decision.missing is NO_DEIDENTIFY
            missing = None if goes else customers_side if waiting and customers_side else decision.missing
            rows.append(
                {
                    "destination": destination.name,
                    "zone": destination.zone,
                    "level": level.word,
                    "goes": goes,
                    "rule": decision.rule,
                    "missing": missing and missing.path,
                    "missing_what": missing and missing.what.say(lang),
                }
            )
    return rows


def _typical(level: Level, policy: Policy) -> frozenset[str]:
    """What a text of that level typically holds: at `confidential`, what rules would let out de-identified."""
    if level is not Level.CONFIDENTIAL:
        return frozenset()
    return frozenset().union(*(rule.deidentify or () for rule in policy.rules))


def _show(settings: Settings, rows: list[dict[str, Any]], lang: Language) -> None:
    heads = Text(
        ko="목적지 영역 등급 허용 규칙 빠진_사실",
        en="destination zone level go? rule missing_fact",
    )
    table = Table(title=f"profile: {settings.profile}" + ", airgap" * settings.airgap)
    for head in heads.say(lang).split():
        table.add_column(head.replace("_", " "), overflow="fold")
    for row in rows:
        mark = "✓" if row["goes"] else "–"
        missing = f"{row['missing']}: {row['missing_what']}" if row["missing"] else ""
        table.add_row(row["destination"], row["zone"], row["level"], mark, row["rule"], missing)
    console.print(table)
