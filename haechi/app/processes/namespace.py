"""A network namespace with nothing in it but loopback, which gate, ledger and engine share.

    python -m haechi.app.processes.namespace FD [users] [uid=U gid=G]

A process of a moment makes it, hands its descriptors over the socket FD, and ends: the namespace lives as long as
somebody holds them. An administrator makes it directly; anybody else (`users`) inside a user namespace of their own,
in which they are mapped to themselves and to nobody else. Whoever enters keeps the sockets they were handed: those
belong to the place where they were opened, and go on serving callers. They never get another.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from haechi.app.processes import kernel
from haechi.app.processes.order import cleaned_environment

PATIENCE: Final = 20.0
"""Seconds in which a Python starts even on a machine that is busy."""


class Namespace(NamedTuple):
    """Descriptors that keep a namespace alive; `users` where it was made without an administrator."""

    network: int
    users: int | None

    @property
    def descriptors(self) -> tuple[int, ...]:
        """Those that a process needs in order to enter."""
        return (self.network,) if self.users is None else (self.network, self.users)

    def close(self) -> None:
        """Let go of it."""
        for each in self.descriptors:
            os.close(each)


def create(words: tuple[str, ...] = ()) -> Namespace | None:
    """A new one, or `None` where this host does not let us. An administrator's way is tried first; `words` say
    as whom the other is gone (`uid=U gid=G`)."""
    ways = [("users", *words)] if os.geteuid() else [(), ("users", *words)]
    return next((made for way in ways if (made := _created(way)) is not None), None)


def _created(words: tuple[str, ...]) -> Namespace | None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, "-m", __name__, str(theirs.fileno()), *words]
        maker = subprocess.Popen(  # noqa: S603  our own module
            command,
            env=cleaned_environment(),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        ours.settimeout(PATIENCE)
        try:
            _, found, _, _ = socket.recv_fds(ours, 1, 2)
        except OSError:
            found = []
        finally:
            maker.kill()
            maker.wait()
    for each in found:
        os.set_inheritable(each, False)
    return Namespace(found[0], found[1] if len(found) > 1 else None) if found else None


def main(words: list[str]) -> None:
    """Make the namespace and hand it over."""
    from haechi.app.processes.users import become

    given = dict(word.partition("=")[::2] for word in words[1:])
    if "uid" in given:
        become(int(given["uid"]), int(given["gid"]))
        kernel.own_oneself()  # its maps are written there
    kinds = ["net"]
    if "users" in given:
        _leave_users()
        kinds.append("user")
    else:
        kernel.unshare(kernel.NEW_NETWORK)
    _raise_loopback()
    made = [os.open(f"/proc/self/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC) for kind in kinds]
    with socket.socket(fileno=int(words[0])) as other:
        socket.send_fds(other, [b"!"], made)


def _leave_users() -> None:
    """A user namespace in which we are ourselves, and nobody else is anybody."""
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USERS | kernel.NEW_NETWORK)
    Path("/proc/self/setgroups").write_text("deny")  # the kernel asks it of those who are no administrators
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _raise_loopback() -> None:
    import fcntl
    import struct

    up = 0x1 | 0x40
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh22x", b"lo", up))  # SIOCSIFFLAGS


if __name__ == "__main__":
    main(sys.argv[1:])
