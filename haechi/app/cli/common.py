"""What all commands share: where the data lies, in which language to speak, how errors end."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn, cast

import typer
from rich.console import Console

from haechi.domain.errors import ConfigurationError, HaechiError
from haechi.domain.text import Language, Text

FAILED: Final = 1
USAGE: Final = 2

console = Console(stderr=False)
errors = Console(stderr=True)


def default_data_dir() -> Path:
    """`$HAECHI_DATA`, else the user's data directory (XDG)."""
    if given := os.environ.get("HAECHI_DATA"):
        return Path(given)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "haechi"


def language(given: str | None = None) -> Language:
    """The language to speak: as asked, else by the locale, else English."""
    locale = (
        given or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    )
    return cast("Language", "ko" if locale.lower().startswith("ko") else "en")


def _language(given: str | None) -> str:
    if given not in (None, "ko", "en"):
        raise typer.BadParameter("ko | en")
    return language(given)


DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="데이터 폴더 · data directory.", envvar="HAECHI_DATA", show_default=False),
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="설정 파일 · configuration file (haechi.yaml).")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="JSON 하나를 표준 출력으로 · one JSON object on stdout.")
]
LangOption = Annotated[
    str,
    typer.Option("--lang", help="ko | en", callback=_language, show_default=False, default_factory=language),
]


def say(text: Text, lang: str) -> None:
    """One line on standard error: progress and news, never results."""
    errors.print(text.say(cast("Language", lang)), highlight=False, soft_wrap=True, markup=False)


def fail(error: HaechiError, lang: str) -> NoReturn:
    """Print an error (where, what, why, mend) and end with its exit code."""
    where = getattr(error, "where", "")
    prefix = f"{where}: " if where and not error.text.en.startswith(where) else ""
    errors.print(
        f"haechi: {prefix}{error.text.say(cast('Language', lang))}",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )
    raise typer.Exit(
        USAGE if isinstance(error, ConfigurationError) and error.where.endswith("usage") else FAILED
    )


@contextmanager
def told(lang: str) -> Iterator[None]:
    """Turn haechi's errors into a message and an exit code; Ctrl-C into 130."""
    try:
        yield
    except HaechiError as error:
        fail(error, lang)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise typer.Exit(130) from None
