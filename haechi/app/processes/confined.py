"""Takes the network away from a process that has done nothing yet, then runs a module in it.

    python -m haechi.app.processes.confined [guards] -- MODULE [arguments]

    network=FD users=FD   enter the namespaces behind these descriptors (`namespace`)
    landlock              no TCP, but to the ports of `connect=` and offered on those of `bind=`  (`connect=1,2`)
    seccomp               only sockets that the guards look at; with `names`, UDP too, to look names up
    own=DIRECTORY         whose Unix sockets stay within reach when a network is entered; those of others do not
    uid=U gid=G           be this user

There is one thread, nothing but this package has been imported, and no descriptor is open but those handed down: what
is taken away here is taken from everything that comes after, whatever library it is. Where a guard cannot be put up
the module does not run.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from haechi.app.processes import kernel, landlock, seccomp
from haechi.app.processes.undumpable import undumpable

INTERMEDIARIES: Final = (
    "/run/nscd/socket",
    "/run/systemd/resolve/io.systemd.Resolve",
    "/run/avahi-daemon/socket",
    "/run/dbus/system_bus_socket",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
)
"""Unix sockets behind which a program of this host would look names up, or open connections, for whoever asks. Those
of this host's network are found as they are; a container may have been given one of another's."""

NOT_CONFINED: Final = 3
"""Exit code of a process that could not be confined."""


def main(words: list[str]) -> None:
    """Confine, then run. The words after `--` become the arguments of the module."""
    border = words.index("--")
    guards, (module, *arguments) = words[:border], words[border + 1 :]
    try:
        confine(dict(word.partition("=")[::2] for word in guards))
    except (OSError, AttributeError) as error:  # an old C library has no name for a call
        sys.stderr.write(
            f"{module}: 네트워크를 떼어 낼 수 없어 시작하지 않습니다 ({error}).\n"
            f"{module}: its network cannot be taken away, so it does not start ({error}).\n"
        )
        raise SystemExit(NOT_CONFINED) from None
    import runpy

    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def confine(guards: dict[str, str]) -> None:
    """Put up all `guards`, those first that need rights which the later ones take away."""
    if "users" in guards:  # whoever made the namespace of users is the one who may enter it
        _become(guards)
        kernel.enter(int(guards["users"]), kernel.NEW_USERS)
    if "network" in guards:
        others = _sockets()
        kernel.enter(int(guards["network"]), kernel.NEW_NETWORK)
        _cover([*INTERMEDIARIES, *others], guards.get("own"))
    if "users" not in guards:
        _become(guards)
    for name in ("network", "users"):
        if name in guards:
            os.close(int(guards[name]))
    kernel.drop_capabilities()
    kernel.no_new_privileges()
    undumpable()
    connect, bind = _ports(guards.get("connect")), _ports(guards.get("bind"))
    if "landlock" in guards:
        landlock.restrict(connect, bind)
    if "seccomp" in guards:
        seccomp.restrict(tcp=bool(connect or bind), udp="names" in guards)


def _become(guards: dict[str, str]) -> None:
    if "uid" in guards:
        from haechi.app.processes.users import become

        become(int(guards["uid"]), int(guards["gid"]))


def _sockets() -> list[str]:
    """The Unix sockets with a path that programs of this network have opened: a terminal multiplexer, a session bus or
    a container service would run commands for whoever may write there."""
    with Path("/proc/self/net/unix").open(encoding="utf-8", errors="surrogateescape") as table:
        lines = [line.rstrip("\n").split(None, 7) for line in table]
    return [line[7] for line in lines if len(line) > 7 and line[7].startswith("/")]


def _cover(sockets: list[str], own: str | None) -> None:
    """A namespace of the network does not hold Unix sockets that have a path: put nothing in their place."""
    kernel.unshare(kernel.NEW_MOUNTS)
    kernel.keep_mounts_to_oneself()
    for path in dict.fromkeys(Path(os.path.realpath(each)) for each in sockets):
        if str(path.parent) != own and _is_socket(path):
            with suppress(FileNotFoundError):  # closed meanwhile
                kernel.cover(str(path))


def _is_socket(path: Path) -> bool:
    """Whether there is one, for us: what we may not look at we may not call either."""
    try:
        return path.is_socket()
    except OSError:
        return False


def _ports(text: str | None) -> tuple[int, ...]:
    return tuple(int(port) for port in text.split(",")) if text else ()


if __name__ == "__main__":
    main(sys.argv[1:])
