"""Sealed mappings in files: one seal, or a line of `{"id","mapping"}` for each text."""

import json
import os
from pathlib import Path
from typing import Any, Final

from haechi.adapters.stores.sealing import DirectorySeals
from haechi.app.cli.given import LARGEST
from haechi.domain.errors import HaechiError
from haechi.domain.mapping import Mapping
from haechi.domain.text import Text

OWNER: Final = "\0file"
"""Whose the mappings of files are: no key has such a name."""


def seal_of(mapping: Mapping, seals: DirectorySeals, seconds: float) -> str:
    """`mapping`, sealed for this data directory."""
    return seals.sealed(mapping.to_bytes(), OWNER, seconds)


def mapping_of(seal: str, seals: DirectorySeals) -> Mapping:
    """The mapping of a seal. Raises `CallerError`."""
    return Mapping.from_bytes(seals.opened(seal, OWNER))


def write_seal(file: Path, seal: str) -> None:
    """Write a seal that only this user may read; a file that is there is replaced whole. Raises `HaechiError`."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
            opened.write(f"{seal}\n")
        draft.replace(file)
    except OSError as error:
        raise _unusable(file) from error
    finally:
        draft.unlink(missing_ok=True)


def seals_in(file: Path) -> dict[Any, str] | str:
    """The one seal in a file, or the seals of many texts by their ids. Raises `HaechiError`."""
    try:
        if file.stat().st_size > LARGEST:
            raise _unusable(file)
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(file) from error
    if not text.startswith("{"):
        return text.strip()
    try:
        return {row["id"]: row["mapping"] for row in map(json.loads, text.splitlines())}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unusable(file) from error


def _unusable(file: Path) -> HaechiError:
    return HaechiError(
        Text(
            ko=f"{file}: 매핑 파일로 읽거나 쓸 수 없습니다. `haechi deidentify --mapping` 이 만든 파일인지, 권한이 있는지 "
            "보세요.",
            en=f"{file} cannot be read or written as a mapping. See that `haechi deidentify --mapping` made it, and who may "
            "use it.",
        )
    )
