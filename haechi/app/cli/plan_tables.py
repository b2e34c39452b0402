"""CSV in and out for `haechi plan`: what is missing or no number is told by file and line; a result appears whole."""

import csv
import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

MOST: Final = 5_000_000
"""Lines of one table."""


class Line(Struct, frozen=True):
    """One line, and where it stands."""

    where: str
    cells: dict[str, str]


def table(path: Path, needed: Sequence[str]) -> list[Line]:
    """Every line of a CSV with a header. Raises `ConfigurationError`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if missing := [each for each in needed if each not in (reader.fieldnames or ())]:
                raise _wrong(
                    str(path),
                    Text(
                        ko=f"열이 없습니다: {', '.join(missing)}", en=f"add the columns {', '.join(missing)}"
                    ),
                )
            found = [
                Line(f"{path}:{number}", {key: value or "" for key, value in row.items() if key})
                for number, row in enumerate(reader, 2)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _wrong(
            str(path), Text(ko="읽을 수 있는 UTF-8 CSV 가 아닙니다.", en="is no readable CSV in UTF-8.")
        ) from error
    if not found or len(found) > MOST:
        raise _wrong(
            str(path),
            Text(ko=f"1줄에서 {MOST:,}줄까지 있어야 합니다.", en=f"must have 1 to {MOST:,} lines."),
        )
    return found


def number(line: Line, name: str, least: float, most: float) -> float:
    """The number in this column. Raises `ConfigurationError` where it is none or out of bounds."""
    try:
        value = float(line.cells[name])
        if math.isfinite(value) and least <= value <= most:
            return value
    except ValueError:
        pass
    raise _wrong(
        line.where,
        Text(
            ko=f"{name} 은(는) {least:g} 에서 {most:g} 사이의 수여야 합니다.",
            en=f"{name} must be a number from {least:g} to {most:g}.",
        ),
    )


def write(out: Path, heads: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    """A CSV that appears when it is complete. Raises `ConfigurationError`."""
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with partial.open("x", encoding="utf-8", newline="") as sink:
            writer = csv.DictWriter(sink, list(dict.fromkeys(heads)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        partial.replace(out)
    except OSError as error:
        raise _wrong(str(out), Text(ko="쓸 수 없습니다.", en="cannot be written.")) from error
    finally:
        partial.unlink(missing_ok=True)


def _wrong(where: str, text: Text) -> ConfigurationError:
    return ConfigurationError(text, where)
