"""What keeps gate, ledger and engine from the network on this host: found out by trying, not by asking.

    namespace   a network namespace with loopback alone: nothing to go out by          whole
    landlock    no TCP but to the engine's port; addresses and UDP are not seen        whole only with seccomp
    seccomp     no sockets that Landlock does not see                                  whole only with landlock
    firewall    the site's own rule for the gate's user, recognised and never made     whole

A process is started behind each guard alone, then behind all that held, and does what a library would do that calls
home. The listeners that it calls are ours, on loopback and on the other addresses of this host: a guard holds where
nothing arrives. That the same calls arrive without a guard is tried first; else a trial would prove nothing.
"""

import select
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple

from haechi.app.processes import namespace, probe
from haechi.app.processes.namespace import Namespace
from haechi.app.processes.order import cleaned_environment
from haechi.app.processes.users import User
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

Guard = Literal["namespace", "landlock", "seccomp", "firewall"]
LAUNCHER: Final = "haechi.app.processes.confined"
LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 30.0
ELSEWHERE: Final = ("192.0.2.1", "2001:db8::1")
"""Addresses kept for documentation: asking for the way there tells our own address. No packet is sent."""


class Launch(NamedTuple):
    """What stands before a module on a command line, and the descriptors that it needs."""

    arguments: tuple[str, ...] = ()
    descriptors: tuple[int, ...] = ()


class Guards(NamedTuple):
    """The guards that hold here, and as whom the processes behind them run."""

    namespace: Namespace | None = None
    landlock: bool = False
    seccomp: bool = False
    firewall: bool = False
    user: User | None = None

    @property
    def names(self) -> tuple[Guard, ...]:
        """In the order of their strength."""
        every: tuple[Guard, ...] = ("namespace", "landlock", "seccomp", "firewall")
        return tuple(name for name in every if getattr(self, name))

    @property
    def whole(self) -> bool:
        """Whether no road is left open."""
        return bool(self.namespace or self.firewall or (self.landlock and self.seccomp))

    @property
    def by_port(self) -> bool:
        """Whether a port that a process needs is open to it at any address."""
        return not (self.namespace or self.firewall)

    def launch(
        self,
        *,
        connect: Iterable[int] = (),
        bind: Iterable[int] = (),
        names: bool = False,
        own: Path | None = None,
        on_the_network: bool = False,
    ) -> Launch:
        """How a process is started that may reach the ports `connect` and the Unix sockets in `own`, offer `bind` and,
        with `names`, look names up. `on_the_network` leaves it in the host's namespace, where ports are all that it is
        kept to."""
        words = [LAUNCHER, *self._ports("connect", connect), *self._ports("bind", bind)]
        descriptors: tuple[int, ...] = ()
        if self.namespace and not on_the_network:
            descriptors = self.namespace.descriptors
            words += _words(self.namespace) + ([f"own={own.resolve()}"] if own is not None else [])
        words += ["landlock"] * self.landlock + ["seccomp"] * self.seccomp + ["names"] * names
        if self.user is not None:
            words += self.user.words
        return Launch((*words, "--"), descriptors)

    @staticmethod
    def _ports(word: str, ports: Iterable[int]) -> list[str]:
        joined = ",".join(map(str, ports))
        return [f"{word}={joined}"] if joined else []

    def close(self) -> None:
        """Let go of the namespace; processes that are in it stay."""
        if self.namespace is not None:
            self.namespace.close()


def find(user: User | None = None) -> Guards:
    """All guards that hold for processes of `user`, tried alone and then together. The caller closes them."""
    if not sys.platform.startswith("linux"):
        return Guards(user=user)
    with ExitStack() as unless_found:
        spaces = namespace.create(user.words if user else ())
        if spaces is not None:
            unless_found.callback(spaces.close)
        found = _alone(spaces, user)
        if found.names and not _stop_all([found])[0]:
            found = Guards(user=user)
        if found.namespace is not None:
            unless_found.pop_all()
        return found


def _alone(spaces: Namespace | None, user: User | None) -> Guards:
    """Each guard by itself; those that held."""
    tried: list[Guards] = [Guards(landlock=True, user=user), Guards(seccomp=True, user=user)]
    if spaces is not None:
        tried.append(Guards(namespace=spaces, user=user))
    if user is not None:
        tried.append(Guards(firewall=True, user=user))
    held = [guards for guards, stopped in zip(tried, _stop_all(tried), strict=True) if stopped]
    return Guards(
        namespace=spaces if any(each.namespace for each in held) else None,
        landlock=any(each.landlock for each in held),
        seccomp=any(each.seccomp for each in held),
        firewall=any(each.firewall for each in held),
        user=user,
    )


class _Trial(NamedTuple):
    guards: Guards
    process: "subprocess.Popen[bytes]"
    listeners: list[socket.socket]


def _stop_all(candidates: list[Guards]) -> list[bool]:
    """For each of `candidates` whether it stops what it should; all are tried at once."""
    with ExitStack() as stack:
        trials = [stack.enter_context(_trial(each)) for each in candidates]
        return [_held(trial) for trial in trials]


@contextmanager
def _trial(guards: Guards) -> Iterator[_Trial]:
    """A process behind `guards` that calls listeners of ours."""
    with ExitStack() as stack:
        found = [stack.enter_context(each) for each in _listeners(_to_stop(guards), _hosts(guards))]
        listeners = [each for each in found if _reachable(each)]
        launch = guards.launch(connect=(1,))  # some port, so that TCP sockets as such are there
        process = subprocess.Popen(  # noqa: S603  our own module, on addresses of ours
            [sys.executable, "-m", *launch.arguments, probe.__name__, *sorted(set(map(_address, listeners)))],
            env=cleaned_environment(),
            pass_fds=launch.descriptors,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _Trial(guards, process, listeners)
        finally:
            process.kill()
            process.wait()


def _held(trial: _Trial) -> bool:
    """Whether the process came to its end and nothing arrived. Where nothing could have, nothing is shown."""
    try:
        ended = trial.process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return False
    arrived, _, _ = select.select(trial.listeners, [], [], 0)
    return ended == 0 and bool(trial.listeners) and not arrived


def _to_stop(guards: Guards) -> list[socket.SocketKind]:
    """What the guards should stop: Landlock alone sees TCP alone, seccomp leaves TCP to it."""
    if guards.whole:
        return [socket.SOCK_STREAM, socket.SOCK_DGRAM]
    return [socket.SOCK_STREAM] if guards.landlock else [socket.SOCK_DGRAM]


def _hosts(guards: Guards) -> list[str]:
    """Loopback and our other addresses. A firewall leaves loopback open, and is shown by the others."""
    others = [host for elsewhere in ELSEWHERE if (host := _own_address(elsewhere)) is not None]
    by_firewall_alone = guards.firewall and not guards._replace(firewall=False).whole
    return others if by_firewall_alone else [LOOPBACK, *others]


def _own_address(elsewhere: str) -> str | None:
    """Our address on the way to `elsewhere`, or `None` where there is no way."""
    with suppress(OSError), socket.socket(probe.family(elsewhere), socket.SOCK_DGRAM) as asking:
        asking.connect((elsewhere, 9))
        host: str = asking.getsockname()[0]
        return host
    return None


def _listeners(kinds: list[socket.SocketKind], hosts: list[str]) -> Iterator[socket.socket]:
    for host in hosts:
        for kind in kinds:
            made = socket.socket(probe.family(host), kind)
            made.bind((host, 0))
            made.setblocking(False)
            if kind == socket.SOCK_STREAM:
                made.listen()
            yield made


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"{host}:{port}"


def _reachable(listener: socket.socket) -> bool:
    """Whether what is sent without a guard arrives."""
    with suppress(OSError), socket.socket(listener.family, listener.type) as caller:
        caller.settimeout(probe.PATIENCE)
        caller.connect(listener.getsockname())
        caller.send(b"?")
        if select.select([listener], [], [], probe.PATIENCE)[0]:
            _take(listener)
            return True
    return False


def _take(listener: socket.socket) -> None:
    if listener.type == socket.SOCK_STREAM:
        listener.accept()[0].close()
    else:
        listener.recv(16)


def _words(spaces: Namespace) -> list[str]:
    users = [] if spaces.users is None else [f"users={spaces.users}"]
    return [f"network={spaces.network}", *users]


def required(guards: Guards) -> Guards:
    """`guards`, where they leave no road open. Raises `ConfigurationError` that says what this host lacks."""
    if guards.whole:
        return guards
    guards.close()
    raise ConfigurationError(NO_GUARD, "deploy")


NO_GUARD: Final = Text(
    ko="관문과 엔진에서 네트워크를 떼어 낼 방법이 이 컴퓨터에 없어 시작하지 않습니다. 셋 가운데 하나면 됩니다: 네트워크 "
    "네임스페이스(root 로 시작하거나 사용자 네임스페이스를 허용), 리눅스 6.7 이상의 Landlock 과 seccomp, gate_user 를 막는 "
    "방화벽 규칙. `haechi doctor` 가 무엇이 되는지 보여 줍니다.",
    en="This host has no way to take the network from gate and engine, so haechi does not start. One of three is enough: "
    "network namespaces (start as root, or allow user namespaces), Landlock of Linux 6.7 or later together with seccomp, "
    "or a firewall rule against gate_user. `haechi doctor` shows which of them work.",
)
