"""What the commands of ledger and keys have in common: options, language, and how they fail.

Exit codes: 0 done, 1 not found or failed, 2 wrong usage (typer's own).
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as Cell

from haechi.domain.errors import HaechiError
from haechi.domain.text import Language, Text

DEFAULT_DATA: Final = Path(".haechi")
_WIDE: Final = 200

DataDirectory = Annotated[
    Path,
    typer.Option("--data", envvar="HAECHI_DATA", help="데이터 디렉터리 / Data directory.", show_default=True),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="표준 출력에 JSON 객체 하나 / One JSON object on stdout.")
]
Lang = Annotated[
    Language | None, typer.Option("--lang", help="언어, 기본값은 LANG / Language, by default that of LANG.")
]


def language(chosen: Language | None) -> Language:
    """The language asked for, else that of the environment. Where it names none (unset, C, POSIX), Korean."""
    if chosen:
        return chosen
    spoken = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return "ko" if spoken.partition(".")[0] in {"", "C", "POSIX"} or spoken.startswith("ko") else "en"


@contextmanager
def answering(tongue: Language) -> Iterator[None]:
    """Turn an error of ours into its sentence on standard error and exit code 1."""
    try:
        yield
    except HaechiError as fault:
        fail(fault.text, tongue)


def fail(text: Text, tongue: Language) -> None:
    """Say what went wrong and exit with 1."""
    print(printable(text.say(tongue)), file=sys.stderr)
    raise typer.Exit(1)


def give(answer: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    print(json.dumps(answer, ensure_ascii=False))


def show_table(heads: list[str], rows: list[list[str]]) -> None:
    """A table; its first column is never cut."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    table = Table()
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Cell(printable(cell)) for cell in row))
    console.print(table)


def printable(text: str) -> str:
    """`text` without what could steer a terminal: callers choose some of the words in a ledger."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "�" for sign in text)
