"""The one text that a command is given: as an argument, on standard input, or in a file of any format that is read."""

import sys
from pathlib import Path
from typing import Final

from rich.console import Console

from haechi.app.intake import decoded, is_plain
from haechi.app.processes.reading import reading
from haechi.app.settings.model import Settings
from haechi.catalogue.reasons import word
from haechi.domain.errors import HaechiError
from haechi.domain.text import Text

LARGEST: Final = 64 << 20
"""Bytes of one text, file or line: what is longer is refused, not cut."""


def given_text(text: str | None, file: Path | None, settings: Settings) -> str:
    """The argument itself, what the file says, or standard input. Raises `HaechiError`."""
    if text is not None and text != "-":
        return text
    if file is not None and not is_plain(file):
        return _said(file, settings)
    if file is None and sys.stdin.isatty():
        Console(stderr=True).print("Ctrl-D ↵", style="dim")
    try:
        raw = file.read_bytes() if file is not None else sys.stdin.buffer.read(LARGEST + 1)
        if len(raw) <= LARGEST:
            return _decoded(raw)
    except UnicodeDecodeError:
        raise HaechiError(
            Text(
                ko=f"{file or '표준 입력'}: 글로 읽을 수 없습니다. UTF-8 이나 CP949, UTF-16 으로 저장하세요.",
                en=f"{file or 'Standard input'} cannot be read as text. Save it as UTF-8, CP949 or UTF-16.",
            )
        ) from None
    except OSError as error:
        raise _not_opened(file) from error
    raise too_long(str(file or "stdin"))


def _decoded(raw: bytes) -> str:
    """UTF-8 as it stands, so that offsets count what was given; else as Korean offices save text."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return decoded(raw)


def _not_opened(file: Path | None) -> HaechiError:
    name = file or "stdin"
    if file is not None and not file.exists():
        return HaechiError(
            Text(
                ko=f"{name} 파일이 없습니다. 경로를 확인하세요.",
                en=f"There is no file {name}. Check the path.",
            )
        )
    return HaechiError(
        Text(
            ko=f"{name}: 읽을 수 없습니다. 폴더가 아닌지, 읽을 권한이 있는지 확인하세요.",
            en=f"{name} cannot be read. See whether it is a folder, and whether you may read it.",
        )
    )


def _said(file: Path, settings: Settings) -> str:
    """What a file of another format says, read as behind the gate."""
    try:
        if file.stat().st_size > LARGEST:
            raise too_long(str(file))
        content = file.read_bytes()
    except OSError as error:
        raise _not_opened(file) from error
    with reading(settings) as read:
        found = read(content, file.name)
    if found.why is None:
        return found.text
    raise HaechiError(
        Text(
            ko=f"{file}: 읽지 못했습니다. 까닭: {word(found.why, 'ko')}. 게이트에서는 가장 높은 등급이 됩니다.",
            en=f"{file} was not read: {word(found.why, 'en')}. At the gate it counts as restricted.",
        )
    )


def too_long(where: str) -> HaechiError:
    """What is said of more than `LARGEST`."""
    mib = LARGEST >> 20
    return HaechiError(
        Text(ko=f"{where}: {mib} MiB 까지 봅니다.", en=f"{where}: texts of up to {mib} MiB are inspected.")
    )
