"""`haechi deidentify`: values out of a text, and back into an answer."""

import re
import sys
from collections.abc import Callable
from collections.abc import Mapping as Table
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.text import Text as Shown

from haechi.adapters.stores.sealing import DirectorySeals, prepare_sealing
from haechi.app.cli.common import (
    DATA,
    FAILED,
    WRONG_USE,
    ConfigOption,
    DataOption,
    JsonOption,
    LangOption,
    fail,
    say,
    told,
)
from haechi.app.cli.configuration import for_detectors
from haechi.app.cli.given import given_text
from haechi.app.cli.lines import answers, rows
from haechi.app.cli.mappings import OWNER, mapping_of, seal_of, seals_in, write_seal
from haechi.app.cli.output import give, printable
from haechi.app.inspection import TakeOut, taker
from haechi.app.kinds import kinds as all_kinds
from haechi.app.processes.people import owner_of
from haechi.app.processes.users import acting_as
from haechi.app.settings.model import Settings
from haechi.app.settings.own import own_identifiers
from haechi.app.settings.problems import did_you_mean
from haechi.app.settings.taking import compiled
from haechi.app.wiring import today
from haechi.catalogue.reasons import word
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.errors import HaechiError
from haechi.domain.mapping import Mapping
from haechi.domain.text import Language, Text
from haechi.gateway.deidentify.replace import Plan
from haechi.gateway.reidentify.anything import reidentify_anything
from haechi.gateway.reidentify.stream import Counts
from haechi.gateway.taking_out import TakenOut

Seal = Callable[[Mapping], str]


def deidentify(
    file: Annotated[
        Path | None,
        typer.Argument(help="글이나 문서 파일. `-` 는 표준 입력 · a file; `-` is standard input."),
    ] = None,
    *,
    text: Annotated[str | None, typer.Option("--text", help="글 · the text itself.")] = None,
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
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="M",
            help="되돌리는 매핑을 봉하여 둘 파일(0600). --json 에서 `-` 는 결과에 넣습니다. · "
            "Where the sealed mapping goes (0600); with --json, `-` puts it into the answer.",
        ),
    ] = None,
    restore: Annotated[
        Path | None,
        typer.Option(
            "--restore",
            metavar="FILE",
            help="답에 값을 되돌립니다. --mapping 이 필요합니다. · Put values back into an answer; needs --mapping.",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option("--kinds", metavar="a,b", help="이 종류만 뺍니다 · take out these kinds alone."),
    ] = None,
    config: ConfigOption = None,
    data: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """글에서 값을 빼고, 답에 되돌립니다. · Take values out of a text, and put them back into an answer.

    [dim]haechi deidentify mail.txt --mapping mail.mapping > out.txt[/dim]

    [dim]haechi deidentify --restore answer.txt --mapping mail.mapping[/dim]
    """
    if sum(each is not None for each in (file, text, jsonl, restore)) > 1 or (
        out is not None and jsonl is None
    ):
        fail(_ONE, lang, as_json, WRONG_USE)
    if restore is not None and (mapping is None or only is not None):
        fail(_WITH_MAPPING, lang, as_json, WRONG_USE)
    if mapping == Path("-") and (restore is not None or jsonl is not None or not as_json):
        fail(_ASKED, lang, as_json, WRONG_USE)
    with told(lang, as_json):
        settings = for_detectors(config)
        owner = owner_of(data)
        with acting_as(owner):
            prepare_sealing(data)
            seals = DirectorySeals(data)
        if restore is not None and mapping is not None:
            never_into = frozenset(settings.deidentify.never_into)
            _restore(restore, mapping, seals, never_into, lang, as_json)
            return
        plan = Plan(settings.deidentify.strategies, seals.seed(OWNER), today())
        take = taker(plan, _kinds(only, settings), settings, data)
        seal = partial(seal_of, seals=seals, seconds=compiled(settings).mapping_seconds)
        if jsonl is not None:
            whole = _lines(jsonl, out, mapping, take, seal)
        else:
            whole = _one(given_text(text, _file(file), settings), mapping, take, seal, lang, as_json)
    if not whole:
        raise typer.Exit(FAILED)


_ONE: Final = HaechiError(
    Text(
        ko="파일, --text, --jsonl, --restore 가운데 하나만 주세요. --out 은 --jsonl 과 함께 씁니다.",
        en="Give one of a file, --text, --jsonl and --restore; --out goes with --jsonl.",
    )
)
_WITH_MAPPING: Final = HaechiError(
    Text(
        ko="--restore 는 --mapping 과 함께 쓰고, --kinds 와는 쓰지 않습니다.",
        en="--restore goes together with --mapping, and not with --kinds.",
    )
)
_ASKED: Final = HaechiError(
    Text(
        ko="`--mapping -` 는 글 하나에 --json 과 함께만 쓸 수 있습니다. 아니면 파일을 적으세요.",
        en="`--mapping -` is for one text with --json. Name a file otherwise.",
    )
)


def _file(file: Path | None) -> Path | None:
    return None if file == Path("-") else file


def _kinds(only: str | None, settings: Settings) -> frozenset[str] | None:
    """The kinds that were named; `None` for all. Raises `HaechiError`."""
    if only is None:
        return None
    known = {kind.kind for kind in all_kinds(own_identifiers(settings))}
    named = frozenset(filter(None, (each.strip() for each in only.split(","))))
    for kind in sorted(named - known):
        mend = did_you_mean(kind, known)
        raise HaechiError(
            Text(
                ko=f"--kinds: 모르는 종류가 있습니다. {mend.ko}",
                en=f"--kinds: a kind is not known. {mend.en}",
            )
        )
    return named


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _one(text: str, mapping: Path | None, take: TakeOut, seal: Seal, lang: Language, as_json: bool) -> bool:
    """One text, to standard output. Whether nothing of it is left."""
    taken = take(text)
    sealed = seal(taken.mapping) if mapping is not None else None
    if mapping is not None and sealed is not None and mapping != Path("-"):
        write_seal(mapping, sealed)
    if as_json:
        give({"text": taken.body} | _row(taken) | ({"mapping": sealed} if mapping == Path("-") else {}))
    else:
        _show(taken)
        _tell(taken, mapping, lang)
    return not taken.left


def _row(taken: TakenOut) -> dict[str, Any]:
    return {"counts": taken.counts, "kept": taken.kept, "left": taken.left}


def _lines(source: Path, out: Path | None, mapping: Path | None, take: TakeOut, seal: Seal) -> bool:
    """Every line of `source`, each a text of its own. Whether nothing of any is left."""
    whole = True
    with ExitStack() as stack:
        write = stack.enter_context(answers(out))
        keep = stack.enter_context(answers(mapping, 0o600)) if mapping is not None else None
        for name, text in rows(source, out):
            taken = take(text)
            whole = whole and not taken.left
            write({"id": name, "text": taken.body} | _row(taken))
            if keep is not None:
                keep({"id": name, "mapping": seal(taken.mapping)})
    return whole


def _show(taken: TakenOut) -> None:
    """The text as it is; on a terminal with what stands for values in colour."""
    console = Console()
    if not console.is_terminal:
        sys.stdout.buffer.write(taken.body.encode("utf-8", "surrogatepass"))
        return
    painted = Shown(printable(taken.body))
    if tokens := [re.escape(each.token) for each in taken.mapping.taken]:
        painted.highlight_regex("|".join(sorted(tokens, key=len, reverse=True)), "bold green")
    console.print(painted, soft_wrap=True)


def _tell(taken: TakenOut, mapping: Path | None, lang: Language) -> None:
    """What became of it, on standard error."""
    say(
        Text(ko=f"뺐습니다: {_counted(taken.counts, 'ko')}", en=f"Taken out: {_counted(taken.counts, 'en')}"),
        lang,
    )
    if taken.kept:
        ko, en = _counted(taken.kept, "ko"), _counted(taken.kept, "en")
        say(Text(ko=f"그대로 두었습니다(--kinds 에 없음): {ko}", en=f"Kept, not among --kinds: {en}"), lang)
    if gone := {kind: count for kind, count in taken.left.items() if kind in NEVER_OUTSIDE}:
        ko, en = _counted(gone, "ko"), _counted(gone, "en")
        say(
            Text(
                ko=f"지웠습니다: {ko}. 법에 따라 가명으로도 밖에 보낼 수 없는 번호라서 되돌릴 수 없습니다. "
                "haechi 는 이런 글을 사내에 둡니다.",
                en=f"Removed for good: {en}. By law these leave in no form, not even as a token; haechi keeps such a text "
                "at home.",
            ),
            lang,
        )
    if still := {kind: count for kind, count in taken.left.items() if kind not in NEVER_OUTSIDE}:
        ko, en = _counted(still, "ko"), _counted(still, "en")
        say(
            Text(
                ko=f"뺄 수 없습니다: {ko}. 값이 아니라 글 전체에 관한 것이거나, 다른 모양으로 남아 있습니다.",
                en=f"Cannot be taken out: {en}. It is about the text as a whole, or still stands there in another form.",
            ),
            lang,
        )
    if mapping is None and taken.mapping:
        say(
            Text(
                ko="매핑을 남기지 않아 되돌릴 수 없습니다. 되돌리려면 --mapping FILE 을 주세요.",
                en="No mapping was kept, so there is no way back. Give --mapping FILE for one.",
            ),
            lang,
        )


def _counted(counts: Table[str, int], lang: Language) -> str:
    none = Text(ko="없음", en="nothing").say(lang)
    return ", ".join(f"{word(kind, lang)} × {count}" for kind, count in counts.items()) or none


# ── home ────────────────────────────────────────────────────────────────────────────────────────────────────


def _restore(
    answer: Path,
    mapping: Path,
    seals: DirectorySeals,
    never_into: frozenset[str],
    lang: Language,
    as_json: bool,
) -> None:
    """An answer with its values again: one text, or where the mapping has a line for each, one a line."""
    kept = seals_in(mapping)
    if isinstance(kept, dict):
        with answers(None) as write:
            for name, text in rows(answer, None):
                restored, _ = reidentify_anything(text, _known(kept, name, seals), never_into)
                write({"id": name, "text": restored})
        return
    text = given_text(None, _file(answer), Settings())
    restored, counts = reidentify_anything(text, mapping_of(kept, seals), never_into)
    if as_json:
        give(
            {"text": restored, "restored": {name: getattr(counts, name) for name in counts.__struct_fields__}}
        )
        return
    sys.stdout.buffer.write(restored.encode("utf-8", "surrogatepass"))
    say(told_of(counts), lang)


def _known(by_id: dict[Any, str], name: Any, seals: DirectorySeals) -> Mapping:
    try:
        return mapping_of(by_id[name], seals)
    except (KeyError, TypeError):
        raise HaechiError(
            Text(
                ko="답의 id 에 맞는 매핑이 없습니다. 가명처리할 때 쓴 id 를 그대로 두세요.",
                en="An answer's id has no mapping. Keep the ids as they were when values were taken out.",
            )
        ) from None


def told_of(counts: Counts) -> Text:
    """What became of the tokens of an answer, in a line."""
    ko, en = f"되돌렸습니다: {counts.restored}", f"Restored: {counts.restored}"
    if counts.unresolved:
        ko += f", 알 수 없어 그대로 둔 토큰: {counts.unresolved}"
        en += f", left because it was not sure: {counts.unresolved}"
    if kept := counts.refused + counts.withheld:
        ko += f", 모르는 주소나 도구에 있어 되돌리지 않은 토큰: {kept}"
        en += f", not put into unknown addresses or tools: {kept}"
    return Text(ko=f"{ko}.", en=f"{en}.")
