"""What the hub published when a model was first used: written once, compared ever after.

`DATA/models/pins.json` maps a model's name to its pin. A hub, or whoever speaks for it, that later publishes other
bytes under the same name is noticed by this file, so a file that cannot be read stops the pull instead of being
started anew.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text


class Pin(Struct, frozen=True, forbid_unknown_fields=True):
    """One file as the hub published it. `commit` is the repository's revision at `first_seen`."""

    hub: str
    repo: str
    file: str
    commit: str
    sha256: str
    size: int
    first_seen: date


def folder(data_dir: Path) -> Path:
    """Where pulled models lie."""
    return data_dir / "models"


def read_pins(data_dir: Path) -> dict[str, Pin]:
    """Every pin by model name. Raises `ConfigurationError` where the file is damaged."""
    file = folder(data_dir) / "pins.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Pin])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.MsgspecError):
        raise ConfigurationError(
            Text(
                ko=f"{with_particle(file, '을/를')} 읽을 수 없어 모델의 다이제스트를 비교하지 못합니다. "
                "백업에서 되돌리거나, 받은 모델을 더는 "
                "믿지 않아도 된다면 파일을 지우고 다시 받으세요.",
                en=f"{file} cannot be read, so the digests of models cannot be compared. Restore it from a backup, or "
                "delete it and pull again if you need not trust what was pulled before.",
            ),
            str(file),
        ) from None


def write_pin(data_dir: Path, name: str, pin: Pin) -> None:
    """Add or replace one pin, beside pulls of other models."""
    file = folder(data_dir) / "pins.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    with locked(file.with_suffix(".lock"), wait=True):
        pins = read_pins(data_dir) | {name: pin}
        replace_file(file, msgspec.json.format(msgspec.json.encode(pins), indent=2) + b"\n")


def replace_file(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    with fresh.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Busy(Exception):
    """Another process holds the lock."""


@contextlib.contextmanager
def locked(file: Path, *, wait: bool) -> Iterator[None]:
    """Hold an exclusive lock; the system lets go of it when the process ends, however it ends."""
    with file.open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy from None
        yield
