"""Users of their own for gate and door: what one may read, the other cannot.

Only a supervisor that is root can give processes another user. The data directory is made the gate's at the first
start; from then on whatever touches it acts as the gate's user, so that a link planted there leads root nowhere.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class User(NamedTuple):
    """A user of this system."""

    name: str
    uid: int
    gid: int

    @property
    def words(self) -> tuple[str, ...]:
        """As the launcher is told."""
        return (f"uid={self.uid}", f"gid={self.gid}")


def become(uid: int, gid: int) -> None:
    """Be this user for good, in no further group. Raises `OSError`."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


@contextlib.contextmanager
def acting_as(user: User | None) -> Iterator[None]:
    """Touch files as `user` would; the process itself stays whose it is."""
    if user is None:
        yield
        return
    uid, gid, groups = os.geteuid(), os.getegid(), os.getgroups()
    os.setgroups([])
    os.setegid(user.gid)
    os.seteuid(user.uid)
    try:
        yield
    finally:
        os.seteuid(uid)
        os.setegid(gid)
        os.setgroups(groups)


def is_theirs(directory: Path, user: User) -> bool:
    """Whether `directory` has been handed over."""
    return directory.stat().st_uid == user.uid


def hand_over(directory: Path, user: User) -> None:
    """Make `directory` and all below it `user`'s. Links are handed over themselves, never followed."""
    for _, folders, files, place in os.fwalk(directory):
        for name in (*folders, *files):
            os.chown(name, user.uid, user.gid, dir_fd=place, follow_symlinks=False)
    os.chown(directory, user.uid, user.gid)  # last: a first start that was cut off is made good by the next
