"""Seccomp: a small program in the kernel that every system call of a process has to pass.

It sees numbers, not addresses: which kinds of sockets may be made, not where they lead. So it closes what Landlock
does not see, and roads around every other guard:

    socket(…)            Unix sockets; TCP where a port is open to the process; UDP where names must be looked up
    sendto, sendmsg      never with MSG_FASTOPEN, which connects without being seen as a connection
    io_uring             makes sockets and connects without any of the calls that are looked at here
    another process      its memory and its sockets: ptrace, process_vm_*, pidfd_getfd
    another namespace    unshare, setns, clone with such a flag, clone3, whose flags are not seen
    other call tables    32 bit and x32 have other numbers for the same calls: the process ends

`sit_still` goes further, for processes that read strangers' files: no file opened or changed, nobody signalled, and no
other program run.
"""

import errno
import os
import struct
from typing import Final, NamedTuple

from haechi.app.processes import kernel

_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_ERRNO: Final = 0x00050000

_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

UNIX, INET, INET6 = 1, 2, 10
STREAM, DATAGRAM = 1, 2
TCP, UDP = 6, 17
KIND_OF_SOCKET: Final = 0xF
FAST_OPEN: Final = 0x20000000
NAMESPACES: Final = 0x7E020000
"""Every flag of clone that makes a new namespace: in one of users, a process has all rights again."""

X32: Final = 0x40000000
"""The bit that marks calls of the x32 table on x86-64. Other machines have no call with such a number."""


class Machine(NamedTuple):
    """The numbers of one processor family."""

    architecture: int
    socket: int
    send: tuple[tuple[int, int], ...]
    """Calls that send, each with the place of its flags among the arguments."""

    clone: int
    absent: tuple[int, ...]
    """io_uring_setup, io_uring_enter, io_uring_register, clone3: libraries then take clone."""

    never: tuple[int, ...]
    """ptrace, process_vm_readv, process_vm_writev, pidfd_getfd, unshare, setns."""

    touch: tuple[int, ...]
    """Calls that change what has a name: unlink, rename, link, symlink, mkdir, rmdir, mknod, truncate, chmod, chown,
    setxattr in all their forms; and bind, connect, kill, tkill, tgkill, rt_sigqueueinfo, pidfd_send_signal, prlimit64."""

    begin: tuple[int, ...]
    """Calls that begin something: open, creat, openat, openat2, execve, execveat, fork, vfork, clone, socket, socketpair."""


MACHINES: Final = {
    "x86_64": Machine(
        0xC000003E,
        socket=41,
        send=((44, 3), (46, 2), (307, 3)),
        clone=56,
        absent=(425, 426, 427, 435),
        never=(101, 310, 311, 438, 272, 308),
        touch=(
            *(
                87,
                263,
                82,
                264,
                316,
                86,
                265,
                88,
                266,
                83,
                258,
                84,
                133,
                259,
                76,
                90,
                268,
                452,
                92,
                94,
                260,
                188,
                189,
            ),
            *(49, 42, 62, 200, 234, 129, 424, 302),
        ),
        begin=(2, 85, 257, 437, 59, 322, 57, 58, 56, 41, 53),
    ),
    "aarch64": Machine(
        0xC00000B7,
        socket=198,
        send=((206, 3), (211, 2), (269, 3)),
        clone=220,
        absent=(425, 426, 427, 435),
        never=(117, 270, 271, 438, 97, 268),
        touch=(35, 38, 276, 37, 36, 34, 33, 45, 53, 452, 54, 5, 6, 200, 203, 129, 130, 131, 138, 424, 261),
        begin=(56, 437, 221, 281, 220, 198, 199),
    ),
}


def machine() -> Machine | None:
    """Of this computer; `None` where its numbers are not known here."""
    return MACHINES.get(os.uname().machine) if kernel.LINUX else None


def restrict(*, tcp: bool, udp: bool) -> None:
    """Put this process behind the filter. Raises `OSError`."""
    found = machine()
    if found is None:
        raise OSError("the system calls of this machine are not known")
    kernel.filter_calls(program(found, tcp=tcp, udp=udp))


def sit_still(*, running_another: bool) -> None:
    """Let this process compute and answer on the lines that it has, and nothing else; `running_another` program, which
    opens what it needs, but changes nothing and reaches nobody. Raises `OSError`."""
    found = machine()
    if found is None:
        raise OSError("the system calls of this machine are not known")
    refused = found.touch if running_another else (*found.touch, *found.begin)
    still = found._replace(never=(*found.never, *refused))
    kernel.filter_calls(program(still, tcp=False, udp=False))


def program(machine: Machine, *, tcp: bool, udp: bool) -> bytes:
    """The filter for `machine`: classic BPF, eight bytes an instruction."""
    code = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, machine.architecture, yes=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, X32, no=1),
        _step(_RETURN, _KILL),
    ]
    for number in machine.absent:  # as if they did not exist: libraries then do without
        code += _if_call(number, [_refuse(errno.ENOSYS)])
    for number in machine.never:
        code += _if_call(number, [_refuse(errno.EPERM)])
    for number, place in machine.send:
        code += _if_call(number, _without(FAST_OPEN, place, errno.EOPNOTSUPP))
    code += _if_call(machine.clone, _without(NAMESPACES, 0, errno.EPERM))
    code += _if_call(machine.socket, _sockets(tcp=tcp, udp=udp))
    return b"".join([*code, _allow()])


def _sockets(*, tcp: bool, udp: bool) -> list[bytes]:
    """What `socket(family, kind, protocol)` may make."""
    kinds = [(STREAM, TCP)] * tcp + [(DATAGRAM, UDP)] * udp
    code = [_step(_LOAD, _argument(0)), _step(_EQUAL, UNIX, no=1), _allow()]
    if kinds:
        code += [_step(_EQUAL, INET, yes=2), _step(_EQUAL, INET6, yes=1)]
    code.append(_refuse(errno.EAFNOSUPPORT))
    for (
        kind,
        protocol,
    ) in kinds:  # another protocol of the same kind, as MPTCP, is not what the guards look at
        code += [
            _step(_LOAD, _argument(1)),
            _step(_AND, KIND_OF_SOCKET),
            _step(_EQUAL, kind, no=4),
            _step(_LOAD, _argument(2)),
            _step(_EQUAL, 0, yes=1),
            _step(_EQUAL, protocol, no=1),
            _allow(),
        ]
    return [*code, _refuse(errno.EAFNOSUPPORT)]


def _without(flags: int, place: int, refusal: int) -> list[bytes]:
    """Refuse where any of `flags` stands in the argument at `place`."""
    return [_step(_LOAD, _argument(place)), _step(_ANY_BIT, flags, no=1), _refuse(refusal), _allow()]


def _if_call(number: int, then: list[bytes]) -> list[bytes]:
    """`then`, which ends in itself, where the call is `number`; else past it. The number stays loaded."""
    return [_step(_EQUAL, number, no=len(then)), *then]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _argument(place: int) -> int:
    """Where the low half of an argument lies; the kernel takes all that are looked at as 32 bits wide."""
    return _ARGUMENTS + 8 * place


def _allow() -> bytes:
    return _step(_RETURN, _ALLOW)


def _refuse(number: int) -> bytes:
    return _step(_RETURN, _ERRNO | number)
