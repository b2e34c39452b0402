"""A company's lists and documents taken in: files to what is kept of them."""

import csv
import io
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from haechi.adapters.stores.company import CompanyDesk
from haechi.app.processes.reading import FileReader
from haechi.domain.errors import HaechiError
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.classify.fingerprints import prints_of
from haechi.gateway.classify.folded import GramKey

LARGEST_FILE: Final = 64 << 20
MOST_VALUES: Final = 5_000_000
MOST_DOCUMENTS: Final = 100_000
BATCH: Final = 64
"""Documents that are kept in one transaction: what an interruption may cost."""

PLAIN: Final = frozenset(
    {".txt", ".md", ".markdown", ".rst", ".csv", ".tsv", ".log", ".json", ".yaml", ".yml", ".xml"}
)
"""Files that are text as they are."""

Trouble = Literal["unknown format", "unreadable", "too large", "no text"]
Outcome = Literal["added", "unchanged"] | Trouble


# ── documents ───────────────────────────────────────────────────────────────────────────────────────────────


class Reading(Struct):
    """How taking in a folder went: how many files ended in which way, and those that need a look."""

    counts: dict[Outcome, int]
    troubles: list[tuple[str, Trouble]]


def files_below(path: Path) -> list[Path]:
    """The file, or all files of the folder and its folders, in order. Hidden ones are left out. Raises
    `HaechiError`."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise HaechiError(
            Text(
                ko=f"{path} 파일이나 폴더가 없습니다. 경로를 확인하세요.",
                en=f"There is no file or folder {path}. Check the path.",
            )
        )
    found = sorted(
        Path(folder, name)
        for folder, folders, names in os.walk(path)
        if _only_visible(folders)
        for name in names
        if not name.startswith(".")
    )
    if len(found) > MOST_DOCUMENTS:
        raise HaechiError(
            Text(
                ko=f"파일이 {MOST_DOCUMENTS:,}개를 넘습니다({len(found):,}개). 하위 폴더로 나누어 등록하세요.",
                en=f"More than {MOST_DOCUMENTS:,} files ({len(found):,}). Add its folders one by one.",
            )
        )
    return found


def _only_visible(folders: list[str]) -> bool:
    folders[:] = [name for name in folders if not name.startswith(".")]
    return True


def take_in(
    desk: CompanyDesk,
    paths: Sequence[Path],
    collection: str,
    level: Level,
    reading: Reading,
    passed: Callable[[int], object],
    as_owner: Callable[[], AbstractContextManager[None]],
    read: FileReader,
) -> None:
    """Keep the prints of files, batch by batch; one that has not changed since is passed over, one that cannot be read
    is noted. What is no plain text is left to `read`. `passed` is called after each file; `reading` is filled as it goes,
    so that it is right when interrupted. The store is touched as whose it is, the files as who asked."""
    with as_owner():
        known = desk.known(collection)
    key = GramKey(desk.key)
    for begin in range(0, len(paths), BATCH):
        kept = []
        for path in paths[begin : begin + BATCH]:
            name = str(path.resolve())
            outcome, content, text = _read(path, read)
            if outcome == "added" and known.get(name) == (mark := desk.marked(content), level):
                outcome = "unchanged"
            elif outcome == "added" and not len(prints := prints_of(text, key)):
                outcome = "no text"
            elif outcome == "added":
                kept.append((name, mark, prints.tobytes()))
            if outcome != "added" and outcome != "unchanged":
                reading.troubles.append((str(path), outcome))
            reading.counts[outcome] = reading.counts.get(outcome, 0) + 1
            passed(1)
        with as_owner():
            desk.put_documents(collection, int(level), kept)


_UNKNOWN: Final = frozenset({"archive", "image", "no_parser", "not_text", "old_format"})


def is_plain(path: Path) -> bool:
    """Whether a file is text as it is, by its name."""
    return path.suffix.lower() in PLAIN


def _read(path: Path, read: FileReader) -> tuple[Outcome, bytes, str]:
    """What a file holds."""
    try:
        if not path.is_file():
            return "unreadable", b"", ""
        if path.stat().st_size > LARGEST_FILE:
            return "too large", b"", ""
        content = path.read_bytes()
        if is_plain(path):
            return "added", content, decoded(content)
        found = read(content, path.name)
        if found.readable:
            return "added", content, found.text
        return ("unknown format" if found.why in _UNKNOWN else "unreadable"), b"", ""
    except (OSError, UnicodeDecodeError):
        return "unreadable", b"", ""


_NEVER_IN_TEXT: Final = bytes(code for code in range(0x20) if code not in b"\t\n\v\f\r\x1b")


def decoded(content: bytes) -> str:
    """Text as Korean offices save it: UTF-8, UTF-16 with its mark, or code page 949. Raises `UnicodeDecodeError`."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    if len(content.translate(None, _NEVER_IN_TEXT)) < len(content):
        raise UnicodeDecodeError("utf-8", content[:1], 0, 1, "binary")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp949")


# ── lists ───────────────────────────────────────────────────────────────────────────────────────────────────


def column_of(path: Path, column: str) -> list[str]:
    """The values of a column of a CSV file, named by its heading. Raises `HaechiError`."""
    text = _table_text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;|", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        headings = [heading.strip() for heading in next(rows, [])]
        if column not in headings:
            raise _no_column(path, column, len(headings))
        place = headings.index(column)
        values = [row[place] if place < len(row) else "" for row in rows if row]
    except csv.Error:
        raise HaechiError(
            Text(
                ko=f"{path} 를 CSV 로 읽을 수 없습니다. 따옴표가 닫혔는지 확인하세요.",
                en=f"{path} cannot be read as CSV. See whether a quotation mark is left open.",
            )
        ) from None
    if len(values) > MOST_VALUES:
        raise HaechiError(
            Text(
                ko=f"값이 {MOST_VALUES:,}개를 넘습니다. 파일을 나누어 등록하세요.",
                en=f"More than {MOST_VALUES:,} values. Add them in several files.",
            )
        )
    return values


def _table_text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return decoded(content)
    except OSError as fault:
        said = fault.strerror or type(fault).__name__
        raise HaechiError(
            Text(ko=f"{path} 를 읽을 수 없습니다 ({said}).", en=f"{path} cannot be read ({said}).")
        ) from None
    except UnicodeDecodeError:
        raise HaechiError(
            Text(
                ko=f"{path} 는 텍스트가 아닙니다. 엑셀이라면 CSV(UTF-8)로 저장하세요.",
                en=f"{path} is no text. From a spreadsheet, save it as CSV (UTF-8).",
            )
        ) from None


def _no_column(path: Path, column: str, count: int) -> HaechiError:
    return HaechiError(
        Text(
            ko=f"{path} 의 첫 줄에 `{column}` 열이 없습니다(열 {count}개). --column 에 첫 줄의 제목을 그대로 적으세요.",
            en=f"The first line of {path} has no column `{column}` ({count} columns). Give --column a heading as it stands "
            "there.",
        )
    )
