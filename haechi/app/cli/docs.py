"""`haechi docs`: the company's own lists and documents, which the gate then recognises."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from haechi.adapters.stores.company import CompanyDesk, KeptList
from haechi.adapters.stores.private import data_directory
from haechi.app.cli.common import (
    DATA,
    INTERRUPTED,
    WRONG_USE,
    DataOption,
    JsonOption,
    LangOption,
    errors,
    fail,
    say,
    told,
)
from haechi.app.cli.docs_told import collection_rows, show_collections, tell_documents, tell_list
from haechi.app.cli.output import give
from haechi.app.processes.people import owner_of
from haechi.app.processes.users import acting_as
from haechi.catalogue.ordinary_words import ordinary_words
from haechi.domain.errors import HaechiError
from haechi.domain.label import Level
from haechi.domain.text import Language, Text

app = typer.Typer(
    help="회사의 명단과 문서를 알려 주어 알아보게 합니다. · The company's own lists and documents, to be recognised.",
    no_args_is_help=True,
)

Raised = Literal["confidential", "restricted"]
LevelOption = Annotated[
    Raised | None,
    typer.Option("--level", help="등급 (기본 confidential) · level, confidential where left out."),
]
CollectionArgument = Annotated[str, typer.Argument(help="모음 이름 · Name of the collection.")]
_COLLECTION: Final = re.compile(r"[\w-]{1,64}")
_NOT_IN_A_NAME: Final = re.compile(r"[^\w-]+")
EVERY: Final = 1000
"""Values after which the bar moves."""


@app.command()
def add(
    path: Annotated[
        Path | None, typer.Argument(help="문서 파일이나 폴더 · A document or a folder of documents.")
    ] = None,
    *,
    exact: Annotated[
        Path | None,
        typer.Option("--exact", help="값이 든 CSV 파일 · CSV file with values to be matched exactly."),
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", help="CSV 의 열 제목 · heading of the column.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="값의 종류 (기본 person) · what the values are, person where left out."),
    ] = None,
    level: LevelOption = None,
    collection: Annotated[
        str | None,
        typer.Option(
            "--collection", help="모음 이름 (기본 파일 이름) · name, that of the file where left out."
        ),
    ] = None,
    data_dir: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """명단(--exact)이나 문서를 알려 줍니다. 값과 글은 보관하지 않고, 키를 쓴 해시만 보관합니다. · Add a list (--exact) or
    documents; only keyed hashes are kept of them.

    [dim]haechi docs add contracts/ --collection contracts[/dim]

    [dim]haechi docs add --exact customers.csv --column name --kind person[/dim]
    """
    with told(lang, as_json):
        if exact is not None and path is None:
            if column is None:
                fail(_NO_COLUMN, lang, as_json, WRONG_USE)
            _add_list(
                exact, column, kind or "person", level, _named(collection, exact), data_dir, as_json, lang
            )
        elif path is not None and exact is None and column is None and kind is None:
            chosen = Level.of(level or "confidential")
            _add_documents(path, chosen, _named(collection, path), data_dir, as_json, lang)
        else:
            fail(_ONE_OF_BOTH, lang, as_json, WRONG_USE)


_NO_COLUMN: Final = HaechiError(
    Text(ko="--column 으로 CSV 의 열 제목을 알려 주세요.", en="Name a column of the CSV file with --column.")
)
_ONE_OF_BOTH: Final = HaechiError(
    Text(
        ko="문서 경로, 또는 --exact 파일과 --column 가운데 하나를 주세요. --kind 와 --column 은 명단에만 씁니다.",
        en="Give either the path of documents, or --exact with --column. --kind and --column are for lists only.",
    )
)


@app.command()
def remove(
    collection: CollectionArgument,
    *,
    path: Annotated[
        Path | None, typer.Option("--path", help="모음 전체가 아니라 이 문서만 · only this document of it.")
    ] = None,
    data_dir: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """모음이나 문서 하나를 바로 지웁니다. · Forget a collection, or one document of it, at once.

    [dim]haechi docs remove customers[/dim]
    """
    from haechi.app.company import build

    with told(lang, as_json), _desk(data_dir) as desk, acting_as(owner_of(data_dir)):
        gone = desk.remove(collection, None if path is None else str(path.resolve()), build)
        if not gone:
            raise HaechiError(
                Text(
                    ko="그런 모음이나 문서가 없습니다. `haechi docs list --documents` 로 확인하세요.",
                    en="There is no such collection or document. See `haechi docs list --documents`.",
                )
            )
    if as_json:
        give({"collection": collection, "removed": gone})
    else:
        say(Text(ko=f"지웠습니다: {collection} ({gone})", en=f"Removed: {collection} ({gone})"), lang)


@app.command(name="list")
def list_collections(
    *,
    documents: Annotated[
        bool, typer.Option("--documents", help="문서마다 한 줄 · a line for each document.")
    ] = False,
    data_dir: DataOption = DATA,
    as_json: JsonOption = False,
    lang: LangOption,
) -> None:
    """모음을 봅니다. 값과 글은 보관하지 않습니다. · List the collections; values and texts are not kept.

    [dim]haechi docs list --json[/dim]
    """
    with told(lang, as_json), _desk(data_dir) as desk, acting_as(owner_of(data_dir)):
        lists, kept, in_force = desk.listed()
    rows = collection_rows(lists, kept, one_by_one=documents)
    if as_json:
        give({"collections": rows, "in_force": in_force})
        return
    show_collections(rows, lang)
    if not in_force:
        say(_NOT_YET, lang)


_NOT_YET: Final = Text(
    ko="끊긴 등록이 있어 일부는 아직 효력이 없습니다. 같은 `haechi docs add` 를 다시 실행하세요.",
    en="An addition was cut off, so some of this does not hold yet. Run the same `haechi docs add` again.",
)


def _add_list(
    file: Path,
    column: str,
    kind: str,
    level: Raised | None,
    collection: str,
    data_dir: Path,
    as_json: bool,
    lang: Language,
) -> None:
    from haechi.app.company import build
    from haechi.app.intake import column_of
    from haechi.gateway.classify.exact import rows_of
    from haechi.gateway.classify.listing import ALIASES, LEVELS, enrol

    kind = ALIASES.get(kind, kind)
    if kind not in LEVELS:
        fail(_unknown_kind(kind, list(LEVELS)), lang, as_json, WRONG_USE)
    lowest = LEVELS[kind]
    chosen = lowest if level is None else Level.of(level)
    if chosen < lowest:
        raise HaechiError(
            Text(
                ko=f"{kind} 의 등급은 {lowest.word} 보다 낮출 수 없습니다.",
                en=f"The level of {kind} cannot be lower than {lowest.word}.",
            )
        )
    with _desk(data_dir) as desk:
        enrolled = enrol(_watched(column_of(file, column), lang), kind, ordinary_words())
        if not enrolled.values:
            raise HaechiError(
                Text(
                    ko="등록할 값이 하나도 없습니다. 열과 --kind 를 확인하세요.",
                    en="There is not one value to add. Check the column and --kind.",
                )
            )
        rows = rows_of(enrolled.forms, desk.key)
        kept = KeptList(collection, column, kind, int(chosen), enrolled.values, time.time())
        with acting_as(owner_of(data_dir)):
            desk.put_list(kept, rows.tobytes(), build)
    tell_list(kept, enrolled, as_json, lang)


def _unknown_kind(kind: str, known: list[str]) -> HaechiError:
    listed = ", ".join(known)
    return HaechiError(
        Text(
            ko=f"--kind 에 쓸 수 없는 종류입니다: {kind}. 가능한 것: {listed}",
            en=f"No kind for --kind: {kind}. Possible: {listed}",
        )
    )


def _add_documents(
    path: Path, level: Level, collection: str, data_dir: Path, as_json: bool, lang: Language
) -> None:
    from haechi.app.company import build
    from haechi.app.intake import Reading, files_below, is_plain, take_in
    from haechi.app.processes.reading import no_reading
    from haechi.app.processes.reading import reading as file_reading

    owner = owner_of(data_dir)
    with _desk(data_dir) as desk:
        paths, reading = files_below(path), Reading({}, [])
        interrupted = False
        with _progress(len(paths), lang) as passed:
            try:
                with no_reading() if all(map(is_plain, paths)) else file_reading() as read:
                    take_in(desk, paths, collection, level, reading, passed, lambda: acting_as(owner), read)
            except KeyboardInterrupt:
                interrupted = True
        with acting_as(owner):
            desk.put_in_force(build)
    tell_documents(collection, level, reading, interrupted, as_json, lang)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if paths and not reading.counts.keys() & {"added", "unchanged"}:
        raise HaechiError(
            Text(
                ko="읽을 수 있는 문서가 하나도 없습니다. 위의 목록을 보세요.",
                en="Not one document could be read. See the list above.",
            )
        )


def _named(collection: str | None, path: Path) -> str:
    """The name of a collection, taken from the file where none is given."""
    name = (
        collection if collection is not None else _NOT_IN_A_NAME.sub("-", path.resolve().stem).strip("-")[:64]
    )
    if not _COLLECTION.fullmatch(name):
        raise HaechiError(
            Text(
                ko="모음 이름은 글자, 숫자, -, _ 로 64자까지 씁니다. --collection 으로 알려 주세요.",
                en="The name of a collection has up to 64 letters, figures, - and _. Give one with --collection.",
            )
        )
    return name


@contextmanager
def _desk(data_dir: Path) -> Iterator[CompanyDesk]:
    """The store, opened as whose it is."""
    owner = owner_of(data_dir)
    with acting_as(owner):
        data_directory(data_dir)
        desk = CompanyDesk(data_dir)
    with closing(desk):
        yield desk


@contextmanager
def _progress(total: int, lang: Language) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(Text(ko="읽는 중", en="Reading").say(lang), total=total)
        yield lambda count: bar.advance(task, count)


def _watched(values: list[str], lang: Language) -> Iterator[str]:
    """The values of a list, while a bar shows how many are left."""
    with _progress(len(values), lang) as passed:
        for number, value in enumerate(values):
            yield value
            if number % EVERY == 0:
                passed(EVERY)
