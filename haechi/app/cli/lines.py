"""Many texts at once: a file with one JSON object a line in, another one out, which appears whole or not at all."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from haechi.app.cli.given import LARGEST, too_long
from haechi.domain.errors import HaechiError
from haechi.domain.text import Text

Write = Callable[[dict[str, Any]], None]


def rows(source: Path, out: Path | None) -> Iterator[tuple[Any, str]]:
    """Id and text of every line that is not blank; how far it is shows where somebody watches. Raises `HaechiError`."""
    with _told(source), source.open("rb") as lines, _bar(source, out) as step:
        for number, line in enumerate(lines, 1):
            step(len(line))
            if line.strip():
                yield _row(line, source, number)


@contextlib.contextmanager
def answers(out: Path | None, mode: int = 0o666) -> Iterator[Write]:
    """Where answers go, an object a line: standard output, or a file of this mode. Raises `HaechiError`."""
    with _told(out or Path("stdout")), _sink(out, mode) as sink:
        yield lambda answer: _put(sink, answer)


def _put(sink: BinaryIO, answer: dict[str, Any]) -> None:
    try:
        line = json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can escape and UTF-8 cannot write
        line = json.dumps(answer).encode()
    sink.write(line + b"\n")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        name = str(error.filename or path)
        raise HaechiError(
            Text(ko=f"{name}: 읽거나 쓸 수 없습니다.", en=f"{name} cannot be read or written.")
        ) from error


def _row(line: bytes, source: Path, number: int) -> tuple[Any, str]:
    if len(line) > LARGEST:
        raise too_long(f"{source}:{number}")
    try:
        row = json.loads(line)  # unlike msgspec it takes half a surrogate pair, which others write
        name, text = row["id"], row["text"]
        if isinstance(text, str):
            return name, text
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise HaechiError(
        Text(
            ko=f'{source}:{number}: {{"id": …, "text": "…"}} 꼴의 JSON 한 줄이어야 합니다.',
            en=f'{source}:{number} must be one line of JSON: {{"id": …, "text": "…"}}.',
        )
    )


@contextlib.contextmanager
def _sink(out: Path | None, mode: int) -> Iterator[BinaryIO]:
    """A file appears only when it is complete."""
    if out is None:
        yield sys.stdout.buffer
        return
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as sink:
            yield sink
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _bar(source: Path, out: Path | None) -> Iterator[Any]:
    """A progress bar over the bytes of the input, where somebody watches and the answer goes elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal or (out is None and sys.stdout.isatty()):
        yield lambda _: None
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=source.stat().st_size)
        yield lambda size: shown.advance(task, size)
