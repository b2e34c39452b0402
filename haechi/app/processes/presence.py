"""Which haechi runs on a data directory, told by who holds its lock.

A file with a process id outlives a process that was killed, and its number may be a stranger's by then. The lock
ends with its holder; the holder writes its id into it, and only that process is ever sent a signal. What stands there
is believed as far as the kernel bears it out: with `deploy.gate_user` the gate, too, can write it, and signals are
sent by root.
"""

import contextlib
import fcntl
import os
import select
import signal
import time
from pathlib import Path
from typing import Any, Final

import msgspec

from haechi.adapters.stores.private import private_directory
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

LOCKS: Final = Path("/proc/locks")
"""Every lock that is held: number, kind, manner, mode, process id, device and inode, from where, to where."""

PATIENCE: Final = 0.5
"""Seconds: who only asks holds the lock for a moment, too."""


def take(data_dir: Path) -> int:
    """A lock that only one running haechi holds for one data directory. Raises `ConfigurationError`."""
    private_directory(data_dir / "run")
    descriptor = os.open(_lock(data_dir), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + PATIENCE
    while not _locked(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            os.close(descriptor)
            raise ConfigurationError(
                Text(
                    ko="이 데이터 폴더로 haechi 가 이미 돌고 있습니다. `haechi down` 으로 끝내거나 "
                    "`--data` 로 다른 폴더를 고르세요.",
                    en="haechi already runs on this data directory. End it with `haechi down`, or choose another "
                    "with `--data`.",
                ),
                str(data_dir),
            )
        time.sleep(0.02)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
    return descriptor


def holder(data_dir: Path) -> int | None:
    """The process id of who holds the lock, or `None` where nobody does."""
    try:
        descriptor = os.open(
            _lock(data_dir), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
        )  # a pipe there is no lock
    except OSError:
        return None
    try:
        if _locked(descriptor, fcntl.LOCK_SH):
            return None
        said = int(os.pread(descriptor, 32, 0))
        return said if _holds(said, os.fstat(descriptor).st_ino) else None
    except (OSError, ValueError):
        return None
    finally:
        os.close(descriptor)  # and with it the lock, where nobody had it


def announce(data_dir: Path, **facts: Any) -> None:
    """Write down how the haechi of this process is reached."""
    draft = data_dir / "run" / "haechi.new"
    draft.write_bytes(msgspec.json.encode({"pid": os.getpid(), **facts}))
    draft.replace(data_dir / "run" / "haechi.json")  # whoever reads it reads all of it


def withdraw(data_dir: Path) -> None:
    """The haechi of this process is reached no more."""
    (data_dir / "run" / "haechi.json").unlink(missing_ok=True)


def running(data_dir: Path) -> dict[str, Any] | None:
    """Process id, host, port and whether with TLS, of the haechi that runs on `data_dir`, or `None`."""
    try:
        found = msgspec.json.decode((data_dir / "run" / "haechi.json").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.get("pid") is not None and found["pid"] == holder(data_dir) else None


def end(data_dir: Path, pid: int, within: float) -> bool:
    """Tell `pid` to end, where it still holds the lock. Whether lock and process are gone `within` seconds."""
    deadline = time.monotonic() + within
    with _process(pid) as process:
        if holder(data_dir) != pid:
            return True
        with contextlib.suppress(ProcessLookupError):
            if process is None:
                os.kill(pid, signal.SIGTERM)
            else:
                signal.pidfd_send_signal(process, signal.SIGTERM)
        while not _gone(pid, process) or holder(data_dir) == pid:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
    return True


@contextlib.contextmanager
def _process(pid: int) -> Any:
    """A handle on a process, which cannot become another's; `None` where the system has no such thing."""
    try:
        handle = os.pidfd_open(pid)
    except (AttributeError, OSError):
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _gone(pid: int, process: int | None) -> bool:
    if process is not None:  # readable once it has ended, even if its parent has not noticed
        return bool(select.select([process], [], [], 0)[0])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _lock(data_dir: Path) -> Path:
    return data_dir / "run" / "haechi.lock"


def _holds(pid: int, inode: int) -> bool:
    """Whether the kernel says so; where it keeps no such table, nothing speaks against it."""
    try:
        lines = [line.split() for line in LOCKS.read_text().splitlines()]
    except OSError:
        return True
    held = (line[4:6] for line in lines if len(line) == 8)  # who only waits has one word more
    return any(who == str(pid) and file.rpartition(":")[2] == str(inode) for who, file in held)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
