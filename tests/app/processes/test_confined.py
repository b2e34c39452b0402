"""A process behind the guards has no road out, whichever library takes it; without them it has all."""

import contextlib
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from haechi.app.processes import guards, kernel, landlock, namespace, seccomp
from haechi.app.processes.guards import Guards, Launch
from haechi.app.processes.namespace import Namespace
from haechi.app.processes.order import cleaned_environment

pytestmark = pytest.mark.skipif(not kernel.LINUX, reason="guards are Linux's")
ALWAYS_OPEN = {"loop", "udp", "libc"}
"""Roads that every kernel has; the others of `planted` are there where this one has them."""

CLONE_WITH_USERS = (
    "from haechi.app.processes import kernel, seccomp; found = seccomp.machine(); "
    "kernel.call(found.clone, kernel.NEW_USERS | 17, 0, 0, 0, 0)"
)
"""A child (17: SIGCHLD tells of its end) that is an administrator of its own."""

needs_landlock = pytest.mark.skipif(
    landlock.version() < landlock.FIRST_WITH_NETWORK, reason="this kernel's Landlock does not see the network"
)
needs_seccomp = pytest.mark.skipif(seccomp.machine() is None, reason="no filter is written for this machine")


@cache
def space(*words: str) -> Namespace | None:
    """A namespace for all tests, made with these words of `namespace`."""
    return namespace._created(words)


def in_space(*words: str) -> Namespace:
    """A namespace, or the test is skipped."""
    made = space(*words)
    if made is None:
        pytest.skip("this host lets nobody make a network namespace" + " as a user" * bool(words))
    return made


class Listeners(NamedTuple):
    """One port on every address of this host, for connections and for datagrams."""

    connections: socket.socket
    datagrams: socket.socket
    hosts: tuple[str, ...]

    @property
    def port(self) -> int:
        port: int = self.connections.getsockname()[1]
        return port

    def arrived(self) -> set[str]:
        """The words that came in."""
        found: set[str] = set()
        while select.select([self.connections, self.datagrams], [], [], 0)[0]:
            with contextlib.suppress(BlockingIOError):
                caller, _ = self.connections.accept()
                with caller:
                    caller.settimeout(1)
                    with contextlib.suppress(OSError):
                        found.add(caller.recv(64).decode())
            with contextlib.suppress(BlockingIOError):
                found.add(self.datagrams.recv(64).decode())
        return found


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    with socket.create_server(("0.0.0.0", 0)) as connections:
        port = connections.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.bind(("0.0.0.0", port))
            connections.setblocking(False)
            datagrams.setblocking(False)
            other = guards._own_address(guards.ELSEWHERE[0])
            yield Listeners(connections, datagrams, (guards.LOOPBACK, *([other] if other else [])))


def start(launch: Launch, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the module that `words` name behind what `launch` puts before it."""
    return subprocess.run(
        [sys.executable, "-m", *launch.arguments, *words],
        env=cleaned_environment(),
        pass_fds=launch.descriptors,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def plant(listeners: Listeners, launch: Launch) -> set[str]:
    """The roads on which something arrived from a planted library."""
    done = start(launch, "tests.app.processes.planted", str(listeners.port), *listeners.hosts)
    assert done.returncode == 0, done.stderr
    return listeners.arrived() | set(done.stdout.split())


def behind(guards: Guards, code: str) -> "subprocess.CompletedProcess[str]":
    """Run Python code behind `guards`."""
    return start(guards.launch(), "tests.app.processes.run_code", code)


def test_without_guards_everything_arrives(listeners: Listeners) -> None:
    assert plant(listeners, Launch()) >= ALWAYS_OPEN
    assert plant(listeners, Guards().launch(connect=(1,))) >= ALWAYS_OPEN  # the launcher alone is no guard


@pytest.mark.parametrize("words", [(), ("users",)], ids=["administrator", "user"])
def test_a_namespace_stops_everything(words: tuple[str, ...], listeners: Listeners) -> None:
    assert plant(listeners, Guards(namespace=in_space(*words)).launch(connect=(1,))) <= {
        "ring"
    }  # and io_uring finds no network either


@needs_landlock
def test_landlock_stops_tcp_and_not_udp(listeners: Listeners) -> None:
    arrived = plant(listeners, Guards(landlock=True).launch(connect=(1,)))
    assert not arrived & {"loop", "libc", "namespace"}
    assert "udp" in arrived  # why Landlock alone is not enough


@needs_seccomp
def test_seccomp_stops_all_but_plain_tcp(listeners: Listeners) -> None:
    assert plant(listeners, Guards(seccomp=True).launch(connect=(1,))) == {
        "loop",
        "libc",
    }  # why seccomp alone is not enough


@needs_landlock
@needs_seccomp
def test_landlock_and_seccomp_stop_everything(listeners: Listeners) -> None:
    assert plant(listeners, Guards(landlock=True, seccomp=True).launch(connect=(1,))) == set()


@needs_landlock
@needs_seccomp
@pytest.mark.parametrize("words", [(), ("users",)], ids=["administrator", "user"])
def test_all_together_stop_everything(words: tuple[str, ...], listeners: Listeners) -> None:
    assert (
        plant(listeners, Guards(in_space(*words), landlock=True, seccomp=True).launch(connect=(1,))) == set()
    )


@needs_landlock
@needs_seccomp
def test_only_the_engines_port_stays_open(listeners: Listeners) -> None:
    engine = Guards(landlock=True, seccomp=True).launch(connect=(listeners.port,))
    assert plant(listeners, engine) == {"loop", "libc"}


@needs_landlock
@needs_seccomp
def test_names_are_looked_up_by_udp(listeners: Listeners) -> None:
    looking_up = Guards(landlock=True, seccomp=True).launch(connect=(1,), names=True)
    assert plant(listeners, looking_up) == {"udp"}


@needs_seccomp
@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("import socket; socket.socket()", "OSError: [Errno 97]"),
        ("import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "OSError: [Errno 97]"),
        ("import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "OSError: [Errno 97]"),
        ("import socket; socket.socket(40, socket.SOCK_STREAM)", "OSError: [Errno 97]"),  # AF_VSOCK
        ("from haechi.app.processes import kernel; kernel.unshare(kernel.NEW_USERS)", "[Errno 1]"),
        ("from haechi.app.processes import kernel; kernel.call(425, 2, 0)", "[Errno 38]"),  # io_uring_setup
        ("from haechi.app.processes import kernel; kernel.call(438, 0, 0, 0)", "[Errno 1]"),  # pidfd_getfd
        (CLONE_WITH_USERS, "[Errno 1]"),
        ("from haechi.app.processes import kernel; kernel.call(435, 0, 0)", "[Errno 38]"),  # clone3
        ("import threading; t = threading.Thread(target=print); t.start(); t.join()", ""),
        ("import subprocess; subprocess.run(['true'], check=True)", ""),
        ("import socket; socket.socketpair()", ""),
        ("import socket; socket.socket(socket.AF_UNIX)", ""),
    ],
)
def test_seccomp_refuses_by_kind(code: str, refusal: str) -> None:
    done = behind(Guards(seccomp=True), code)
    assert refusal in done.stderr
    assert bool(refusal) == bool(done.returncode)


@needs_seccomp
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86-64 has a second table in one process")
def test_another_table_of_calls_ends_the_process() -> None:
    x32_getpid = "from haechi.app.processes import kernel; kernel.call(0x40000000 | 39)"
    assert behind(Guards(seccomp=True), x32_getpid).returncode == -31  # SIGSYS


@needs_seccomp
@pytest.mark.parametrize("machine", sorted(seccomp.MACHINES))
@pytest.mark.parametrize(("tcp", "udp"), [(False, False), (True, False), (True, True)])
def test_a_filter_jumps_nowhere_but_inside(machine: str, tcp: bool, udp: bool) -> None:
    made = seccomp.program(seccomp.MACHINES[machine], tcp=tcp, udp=udp)
    steps = [made[place : place + 8] for place in range(0, len(made), 8)]
    jumps = [(n, s[2], s[3]) for n, s in enumerate(steps) if s[0] & 0x07 == 0x05]
    assert jumps
    assert all(n + 1 + max(yes, no) < len(steps) for n, yes, no in jumps)


@pytest.mark.parametrize("words", [(), ("users",)], ids=["administrator", "user"])
def test_only_our_own_unix_sockets_are_within_reach(words: tuple[str, ...], tmp_path: Path) -> None:
    """A terminal multiplexer or a session bus would run commands outside for whoever may write to its socket."""
    ours, theirs, link = tmp_path / "run", tmp_path / "theirs", tmp_path / "link"
    ours.mkdir()
    theirs.mkdir()
    link.symlink_to(ours)
    with contextlib.ExitStack() as stack:
        for place in (ours / "door.sock", theirs / "other.sock", link / "misled.sock"):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(str(place))
            listener.listen()
        launch = Guards(namespace=in_space(*words)).launch(own=link)
        code = "import socket, sys; socket.socket(socket.AF_UNIX).connect({!r})"
        done = {
            place.name: start(launch, "tests.app.processes.run_code", code.format(str(place))).stderr
            for place in (ours / "door.sock", ours / "misled.sock", theirs / "other.sock")
        }
    assert (done["door.sock"], done["misled.sock"]) == ("", "")
    assert "ConnectionRefusedError" in done["other.sock"]


def test_rights_are_gone_for_good() -> None:
    told = behind(Guards(), "print(open('/proc/self/status').read())").stdout
    status = dict(line.split(":\t", 1) for line in told.splitlines() if ":\t" in line)
    assert {status[each] for each in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"].strip() == "1"


@pytest.mark.parametrize("module", ["confined", "namespace", "probe", "ledger"])
def test_nothing_is_imported_from_the_working_directory(module: str, tmp_path: Path) -> None:
    for name in ("contextlib", "sqlite3", "socket"):
        (tmp_path / f"{name}.py").write_text("open('planted', 'w').close()\n")
    command = [sys.executable, "-m", f"haechi.app.processes.{module}", "--", "haechi.app.processes.probe"]
    subprocess.run(command, env=cleaned_environment(), cwd=tmp_path, capture_output=True, timeout=30)
    assert not (tmp_path / "planted").exists()


def test_what_cannot_be_confined_does_not_run() -> None:
    with Path(os.devnull).open() as no_namespace:
        wrong = Launch((guards.LAUNCHER, f"network={no_namespace.fileno()}", "--"), (no_namespace.fileno(),))
        done = start(wrong, "tests.app.processes.run_code", "print('ran')")
    assert (done.returncode, done.stdout) == (3, "")
    assert "cannot be taken away" in done.stderr


@pytest.fixture
def keeper() -> Iterator["subprocess.Popen[str]"]:
    """A process of the same user that holds a secret and does not let itself be read, as the door is."""
    code = "from haechi.app.processes.undumpable import undumpable; undumpable(); print('up', flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=cleaned_environment(SECRET="not-a-key"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    yield process
    process.communicate("\n", timeout=10)


@pytest.mark.parametrize("guard", ["none", "administrator", "user", "landlock"])
def test_the_doors_memory_cannot_be_read(guard: str, keeper: "subprocess.Popen[str]") -> None:
    up = {
        "none": lambda: Guards(),
        "administrator": lambda: Guards(namespace=in_space()),
        "user": lambda: Guards(namespace=in_space("users")),
        "landlock": lambda: Guards(landlock=landlock.version() > 0),
    }[guard]()
    for file in ("mem", "environ"):
        done = behind(up, f"open('/proc/{keeper.pid}/{file}', 'rb')")
        assert "PermissionError" in done.stderr, file


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator can read such a process at all")
def test_unconfined_the_same_code_reads_it(keeper: "subprocess.Popen[str]") -> None:
    code = f"print(b'not-a-key' in open('/proc/{keeper.pid}/environ', 'rb').read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@needs_landlock
@needs_seccomp
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a host another name server")
def test_no_name_is_looked_up() -> None:
    """By datagram, or by asking a program of this host over a Unix socket."""
    done = start(Launch(), "tests.app.processes.lookups")
    assert json.loads(done.stdout) == {
        "none": ["name server", "resolver"],
        "namespace": [],
        "seccomp": ["resolver"],  # which is why a namespace comes first
        "landlock": ["name server", "resolver"],
    }
