"""`haechi inspect`: what haechi finds in a text, and why."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text as Shown

from haechi.app.cli.common import (
    DATA,
    FAILED,
    WRONG_USE,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    fail,
    told,
)
from haechi.app.cli.configuration import for_detectors
from haechi.app.cli.given import given_text
from haechi.app.cli.lines import answers, rows
from haechi.app.cli.output import give, printable, show_table
from haechi.app.inspection import Inspect, inspector
from haechi.app.kinds import Kind, kinds
from haechi.app.settings.model import Settings
from haechi.app.settings.own import own_identifiers
from haechi.catalogue.reasons import say
from haechi.domain.errors import HaechiError
from haechi.domain.label import Label, Level
from haechi.domain.text import Language, Text
from haechi.gateway.classify.inspection import Inspection
from haechi.gateway.journey import combined_reasons

_COLOUR: Final = {
    Level.PUBLIC: "green",
    Level.INTERNAL: "cyan",
    Level.CONFIDENTIAL: "yellow",
    Level.RESTRICTED: "bold red",
}


def inspect(
    text: Annotated[
        str | None, typer.Argument(help="글. `-` 는 표준 입력 · the text; `-` is standard input.")
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="글이나 문서 파일 · a file of text, or a document.")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option("--jsonl", metavar="IN", help='한 줄에 {"id","text"} 하나 · one {"id","text"} a line.'),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="--jsonl 의 결과 파일. 없으면 표준 출력 · where --jsonl writes; else stdout."
        ),
    ] = None,
    all_kinds: Annotated[
        bool, typer.Option("--kinds", help="찾는 종류를 모두 보입니다 · list every kind that is found.")
    ] = False,
    fail_at: Annotated[
        str | None,
        typer.Option(
            "--fail-at",
            metavar="LEVEL",
            help="등급이 이 이상이면 1로 끝납니다 (커밋 훅, CI) · end with 1 at this level or above (hooks, CI).",
        ),
    ] = None,
    config: ConfigOption = None,
    data: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """글에서 민감한 것을 찾아 자리, 종류, 규칙과 까닭을 보입니다. · Show what is sensitive in a text, where, and why.

    [dim]haechi inspect "고객 김민수님, 010-1234-5678"[/dim]

    [dim]haechi inspect --file mail.txt --json[/dim]

    [dim]haechi inspect --jsonl in.jsonl --out out.jsonl[/dim]
    """
    if all_kinds:
        with told(lang, as_json):
            _list(kinds(own_identifiers(for_detectors(config))), lang, as_json)
        return
    limit = _level(fail_at, lang, as_json)
    if sum(each is not None for each in (text, file, jsonl)) > 1 or (out is not None and jsonl is None):
        fail(_ONE, lang, as_json, WRONG_USE)
    with told(lang, as_json):
        settings = for_detectors(config)
        look = inspector(settings, data)
        if jsonl is not None:
            highest = _lines(jsonl, out, look)
        else:
            given = given_text(text, file, settings)
            found = look(given)
            highest = found.label.level
            give(found.row()) if as_json else _show(given, found, settings, lang)
    if limit is not None and highest >= limit:
        raise typer.Exit(FAILED)


_ONE: Final = HaechiError(
    Text(
        ko="글, --file, --jsonl 가운데 하나만 주세요. --out 은 --jsonl 과 함께 씁니다.",
        en="Give one of a text, --file and --jsonl; --out goes with --jsonl.",
    )
)


def _level(word: str | None, lang: Language, as_json: bool) -> Level | None:
    words = ", ".join(level.word for level in Level)
    if word is None:
        return None
    try:
        return Level.of(word)
    except KeyError:
        message = Text(ko=f"--fail-at 은 {words} 가운데 하나입니다.", en=f"--fail-at is one of {words}.")
        fail(HaechiError(message), lang, as_json, WRONG_USE)


# ── one text ────────────────────────────────────────────────────────────────────────────────────────────────


def _show(text: str, found: Inspection, settings: Settings, lang: Language) -> None:
    """The text in colours, and a line for each finding: where, what, which rule, why."""
    console = Console()
    if console.is_terminal:
        painted = Shown(printable(text))
        for one in found.findings:
            painted.stylize(f"{_COLOUR[one.level]} underline", one.start, one.end)
        console.print(painted, soft_wrap=True)
        console.print()
    known = {kind.kind: kind for kind in kinds(own_identifiers(settings))}
    heads = Text(ko="자리|종류|값|등급|규칙|까닭", en="place|kind|value|level|rule|why").say(lang).split("|")
    rows = [
        [
            f"{one.start}-{one.end}",
            f"{one.kind} {known[one.kind].name.say(lang)}" if one.kind in known else one.kind,
            _short(text[one.start : one.end]),
            one.level.word,
            f"{one.rule} ({one.confidence:.2f})",
            known[one.kind].why(one.rule, lang) if one.kind in known else "",
        ]
        for one in found.findings
    ]
    if rows:
        show_table(heads, rows)
    elif not found.unreadable:
        console.print(Text(ko="찾은 것이 없습니다.", en="Nothing was found.").say(lang))
    if found.unreadable:
        console.print(
            Text(ko="읽을 수 없는 부분이 있습니다.", en="A part of it could not be read.").say(lang)
        )
    for reason in combined_reasons(found.label, Label(_highest(found), found.label.kinds)):
        console.print(say(reason, lang))
    console.print(f"→ {found.label.level.word}", style=_COLOUR[found.label.level])


def _highest(found: Inspection) -> Level:
    """What its findings come to, each by itself."""
    if found.unreadable:
        return found.label.level
    return max((one.level for one in found.findings), default=found.label.level)


def _short(value: str) -> str:
    value = value.replace("\n", "⏎")
    return value if len(value) <= _WIDEST else value[: _WIDEST - 1] + "…"


_WIDEST: Final = 32


# ── many texts ──────────────────────────────────────────────────────────────────────────────────────────────


def _lines(source: Path, out: Path | None, look: Inspect) -> Level:
    """Inspect every line of `source`; the answer appears whole or not at all."""
    highest = Level.PUBLIC
    with answers(out) as write:
        for name, text in rows(source, out):
            found = look(text)
            highest = max(highest, found.label.level)
            write({"id": name} | found.row())
    return highest


# ── kinds ───────────────────────────────────────────────────────────────────────────────────────────────────


def _list(found: Sequence[Kind], lang: Language, as_json: bool) -> None:
    if as_json:
        give({"kinds": [kind.row() for kind in found]})
        return
    heads = Text(ko="종류|이름|등급|근거|규칙", en="kind|name|level|basis|rules").say(lang).split("|")
    show_table(heads, [_line(kind, lang) for kind in found])


def _line(kind: Kind, lang: Language) -> list[str]:
    return [
        kind.kind,
        kind.name.say(lang),
        "/".join(kind.levels),
        kind.basis,
        ", ".join(rule.removeprefix(f"{kind.kind}.") for rule in kind.rules) or "–",
    ]
