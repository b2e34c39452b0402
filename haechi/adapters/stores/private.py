"""Files and directories that only the user of haechi may read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

OTHERS = 0o077


def private_directory(path: Path) -> Path:
    """Make `path` with mode 0700. One that exists with a wider mode is refused, not changed: it may be /tmp."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = path.stat().st_mode
    except OSError as fault:
        raise _unusable(path) from fault
    if mode & OTHERS:
        raise ConfigurationError(
            Text(
                ko=f"{path} 디렉터리를 다른 사용자도 읽을 수 있습니다. `chmod 700 {path}` 를 실행하세요.",
                en=f"Others may read the directory {path}. Run `chmod 700 {path}`.",
            ),
            where=str(path),
        )
    return path


def data_directory(path: Path) -> Path:
    """Make the data directory, for this user alone; one that exists may be wider, as a container volume is:
    what is secret in it has its own mode."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise _unusable(path) from fault
    return path


def private_file(path: Path) -> None:
    """Make an empty file with mode 0600 unless there is one."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as fault:
        raise _unusable(path) from fault


def put_whole(file: Path, content: bytes, mode: int) -> None:
    """Write a whole file or none; one that somebody else put there first stays."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()


def _unusable(path: Path) -> ConfigurationError:
    return ConfigurationError(
        Text(
            ko=f"{with_particle(path, '을/를')} 만들거나 열 수 없습니다. 데이터 디렉터리의 소유자와 권한을 확인하세요.",
            en=f"Cannot create or open {path}. Check owner and permissions of the data directory.",
        ),
        where=str(path),
    )
