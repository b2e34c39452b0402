"""`haechi check`: is the configuration right, what does it let out, and what would another one change?"""

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from haechi.app.cli import lenient, replay
from haechi.app.cli.common import (
    DATA,
    FAILED,
    WRONG_USE,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    console,
    errors,
    fail,
    say,
    told,
)
from haechi.app.cli.configuration import PRETEND, faults, rows, sheet_of
from haechi.app.cli.output import give, printable
from haechi.app.settings.compile import policy, warnings
from haechi.app.settings.due import Due, due
from haechi.app.settings.load import Sheet, Unusable
from haechi.app.settings.model import Settings
from haechi.app.settings.problems import Problem, Problems
from haechi.app.settings.reachable import clearances
from haechi.app.wiring import today
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Language, Text


def check(
    *,
    config: ConfigOption = None,
    replayed: Annotated[
        str | None,
        typer.Option(
            "--replay",
            metavar="FROM..TO",
            help="기록된 요청을 --policy 로 다시 판정합니다. 아무것도 보내지 않습니다. 날짜나 시각(현지), 한쪽은 비울 수 있음. · "
            "Decide recorded requests anew under --policy, sending nothing. Local dates or times; either end may be left out.",
        ),
    ] = None,
    new: Annotated[
        Path | None,
        typer.Option(
            "--policy", help="--replay 로 견줄 새 설정 파일 · the configuration that --replay tries."
        ),
    ] = None,
    data: DataOption = DATA,
    schema: Annotated[
        bool, typer.Option("--schema", help="JSON Schema 를 출력 · print the JSON Schema.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """설정을 검사하고, 무엇이 어디로 나갈 수 있는지 보입니다. · Check the configuration and show what may go where.

    [dim]haechi check --config haechi.yaml[/dim]

    [dim]haechi check --replay 2026-11-01..2026-11-30 --policy new.yaml[/dim]
    """
    if schema:
        print(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Settings)), indent=2).decode())
        return
    if (replayed is None) != (new is None):
        fail(_both(), lang, as_json, WRONG_USE)
    if replayed is None and (stand_in := _but_for_secrets(config)) is not None:
        _report(stand_in, lang, as_json, examined(config, lang, as_json)[1])
        raise typer.Exit(FAILED)
    sheet = checked(config, lang, as_json)
    if replayed is not None and new is not None:
        replay.replay(sheet.settings, checked(new, lang, as_json).settings, replayed, data, lang, as_json)
        return
    _report(sheet, lang, as_json)


def checked(config: Path | None, lang: Language, as_json: bool) -> Sheet:
    """The sheet of `config`, without a fault; else every fault is told, and the command ends."""
    sheet, found = examined(config, lang, as_json)
    if not found:
        return sheet
    if as_json:
        give({"ok": False, "problems": rows(found, lang), "warnings": []})
    else:
        _tell(found, lang)
    raise typer.Exit(FAILED)


def examined(config: Path | None, lang: Language, as_json: bool) -> tuple[Sheet, tuple[Problem, ...]]:
    """The sheet of `config` and what is wrong with it; the command ends where there is nothing to read."""
    try:
        sheet = sheet_of(config)
        return sheet, faults(sheet, today())
    except Unusable as error:
        fail(error, lang, as_json, WRONG_USE)
    except Problems as error:
        return Sheet(Settings()), error.problems


def _but_for_secrets(config: Path | None) -> Sheet | None:
    """The sheet of a configuration in which nothing is wrong but that variables are not set here: what may go where
    can be shown to an auditor who has no key. `None` for any other."""
    try:
        settings, unset = lenient.settings(config)
    except ConfigurationError:
        return None
    sheet = Sheet(settings)
    return sheet if unset and not faults(sheet, today()) else None


def _tell(found: tuple[Problem, ...], lang: Language) -> None:
    for problem in found:
        _line(problem, lang)
    say(_many(len(found)), lang)


def _report(sheet: Sheet, lang: Language, as_json: bool, found: tuple[Problem, ...] = ()) -> None:
    with told(lang, as_json):
        settings = sheet.settings
        may_go = clearances(policy(settings, PRETEND, today()), lang)
        notes, later = _warnings(sheet), due(settings, today())
    if as_json:
        give(
            {
                "ok": not found,
                "profile": settings.profile,
                "airgap": settings.airgap,
                "may_go": may_go,
                "problems": rows(found, lang),
                "warnings": rows(notes, lang),
                "due": [_due(each, lang) for each in later],
            }
        )
        return
    _show(settings, may_go, lang)
    for note in notes:
        _line(note, lang)
    for each in later:
        say(each.text, lang)
    if found:
        _tell(found, lang)


def _warnings(sheet: Sheet) -> tuple[Problem, ...]:
    found = warnings(sheet.settings)
    return Problems(found).located(sheet.name, sheet.marks).problems if found else ()


def _due(each: Due, lang: Language) -> dict[str, Any]:
    return {
        "what": each.what,
        "state": each.state,
        "until": each.until.isoformat(),
        "source": each.source,
        "text": each.text.say(lang),
    }


def _line(problem: Problem, lang: Language) -> None:
    """`haechi.yaml:7: rules[0].when.kind: what is wrong. The mend.`"""
    place = f"{problem.where}: " if problem.file else ""
    errors.print(printable(place + problem.text.say(lang)), highlight=False, soft_wrap=True, markup=False)


def _many(count: int) -> Text:
    return Text(
        ko=f"\n문제 {count}개. 이 설정으로는 시작하지 않습니다.",
        en=f"\n{count} problem{'s' * (count > 1)}. haechi does not start with this.",
    )


def _both() -> ConfigurationError:
    return ConfigurationError(
        Text(
            ko="--replay 와 --policy 는 함께 씁니다: --replay 2026-11-01..2026-11-30 --policy new.yaml",
            en="--replay and --policy go together: --replay 2026-11-01..2026-11-30 --policy new.yaml",
        )
    )


def _show(settings: Settings, may_go: list[dict[str, Any]], lang: Language) -> None:
    for line in [f"profile: {settings.profile}" + ", airgap" * settings.airgap, *lines(may_go, lang)]:
        console.print(printable(line), highlight=False, markup=False, soft_wrap=True)
    say(_LEVELS, lang)


_LEVELS: Final = Text(
    ko="internal: 아무것도 발견되지 않은 일반 업무 · confidential: 이름, 전화, 이메일, 주소 따위 · "
    "restricted: 주민등록번호, 카드번호, 비밀 값, 읽을 수 없는 내용",
    en="internal: ordinary work in which nothing was found · confidential: names, phones, e-mails, addresses and the "
    "like · restricted: resident numbers, cards, secrets, what cannot be read",
)


def lines(may_go: list[dict[str, Any]], lang: Language) -> list[str]:
    """What may go where as people read it: an on-prem destination in one line, a cloud in one for each level.

    Lines and not a table: a path of `haechi.yaml` is to be copied, and must not be cut by a narrow terminal.
    """
    here = Text(ko="모든 등급을 사내에서 답함", en="answers every level on-prem").say(lang)
    out, stays = Text(ko="나감", en="goes out").say(lang), Text(ko="남음", en="stays").say(lang)
    told: list[str] = []
    for row in may_go:
        inside = row["zone"] == "onprem"
        if row["level"] == "public":
            told.append(f"{row['destination']} ({row['zone']})" + (f": {here}" if inside else ""))
        if not inside:
            why = f"{row['missing']} · {row['missing_what']}" if row["missing"] else row["why"]
            mark, result = ("✓", out) if row["goes"] else ("–", f"{stays}: {why}")
            told.append(f"  {mark} {row['level']:12}  {result}")
    return told
