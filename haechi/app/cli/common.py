"""What all commands share: where the data lies, in which language to speak, how errors end."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console

from haechi.app.cli.output import printable
from haechi.domain.errors import HaechiError
from haechi.domain.text import Language, Text

FAILED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130

console = Console(stderr=False)
errors = Console(stderr=True)


def language() -> Language:
    """The language to speak: the locale's, Korean where it names neither of the two."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "ko"


DATA: Final = Path(".haechi")
"""The data directory where none is named: below the current one, as `make up` has it."""

DataOption = Annotated[
    Path, typer.Option("--data", help="데이터 폴더 · data directory.", envvar="HAECHI_DATA")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="설정 파일 · configuration file (haechi.yaml).")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="JSON 하나를 표준 출력으로 · one JSON object on stdout.")
]
LangOption = Annotated[
    Language,
    typer.Option("--lang", help="말 · language of messages.", default_factory=language, show_default=False),
]


def say(text: Text, lang: Language) -> None:
    """One line on standard error: progress and news, never results."""
    errors.print(printable(text.say(lang)), highlight=False, soft_wrap=True, markup=False)


def fail(error: HaechiError, lang: Language, as_json: bool = False, code: int = FAILED) -> NoReturn:
    """Print an error (where, what, why, mend) and end with its exit code; for programs as one JSON object."""
    where, message = (
        printable(getattr(error, "where", "")),
        printable(error.text.say(lang)),
    )  # may name what was typed
    if as_json:
        print(json.dumps({"error": {"where": where, "message": message}}, ensure_ascii=False))
        raise typer.Exit(code)
    prefix = f"{where}: " if where and not error.text.en.startswith(where) else ""
    errors.print(f"haechi: {prefix}{message}", highlight=False, soft_wrap=True, markup=False)
    raise typer.Exit(code)


@contextmanager
def told(lang: Language, as_json: bool = False, code: int = FAILED) -> Iterator[None]:
    """Turn haechi's errors into a message and an exit code; Ctrl-C into 130."""
    try:
        yield
    except HaechiError as error:
        fail(error, lang, as_json, code)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise typer.Exit(INTERRUPTED) from None
