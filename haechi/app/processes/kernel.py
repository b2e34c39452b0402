"""The few calls to the Linux kernel that take things away from a process, and for which Python 3.11 has no name.

All of them are one-way: what is taken away cannot be had back. They raise `OSError`, which nobody here may swallow:
a process that could not be confined must not run. On other systems there is nothing to call, and `LINUX` says so.
"""

import ctypes
import os
import sys
from typing import Any, Final

LINUX: Final = sys.platform.startswith("linux")

NEW_MOUNTS: Final = 0x00020000
NEW_USERS: Final = 0x10000000
NEW_NETWORK: Final = 0x40000000

_SET_DUMPABLE: Final = 4
_SET_SECCOMP: Final = 22
_DROP_FROM_BOUNDS: Final = 24
_SET_NO_NEW_PRIVILEGES: Final = 38
_AMBIENT, _CLEAR_ALL = 47, 4
_FILTER: Final = 2
_CAPABILITIES_VERSION: Final = 0x20080522
_MOUNT_BIND: Final = 0x1000
_MOUNT_PRIVATE_BELOW: Final = 0x40000 | 0x4000

_libc: Any = ctypes.CDLL(None, use_errno=True) if LINUX else None


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def unshare(what: int) -> None:
    """Leave the namespaces of `what` for new ones."""
    _checked(_libc.unshare(what))


def enter(descriptor: int, kind: int) -> None:
    """Go over into the namespace that `descriptor` holds. Users can be entered while there is one thread only."""
    _checked(_libc.setns(descriptor, kind))


def keep_mounts_to_oneself() -> None:
    """Nothing that is mounted from now on is seen outside of this namespace."""
    _checked(_libc.mount(b"none", b"/", None, ctypes.c_ulong(_MOUNT_PRIVATE_BELOW), None))


def cover(path: str) -> None:
    """Let `path` be the empty device for this mount namespace: who connects to a socket there is refused."""
    _checked(_libc.mount(b"/dev/null", os.fsencode(path), None, ctypes.c_ulong(_MOUNT_BIND), None))


def own_oneself() -> None:
    """After a change of user: what `/proc/self` holds belongs to the new user, and not to root."""
    _checked(_control(_SET_DUMPABLE, 1))


def no_new_privileges() -> None:
    """Nothing that is executed from now on gains rights, whatever its file says."""
    _checked(_control(_SET_NO_NEW_PRIVILEGES, 1))


def drop_capabilities() -> None:
    """Keep no right of an administrator, as user 0 neither. Where the bounds cannot be narrowed, because there is no
    such right any more, `no_new_privileges` keeps them from being gained."""
    for capability in range(64):
        if _control(_DROP_FROM_BOUNDS, capability) < 0:
            break
    _control(_AMBIENT, _CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()  # effective, permitted and inheritable, in two halves
    _checked(_libc.capset(header, nothing))


def filter_calls(program: bytes) -> None:
    """Put every system call from now on before `program`, classic BPF of eight bytes an instruction."""
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    whole = Program(len(program) // 8, ctypes.addressof(code))
    _checked(_control(_SET_SECCOMP, _FILTER, ctypes.addressof(whole)))


def call(number: int, *arguments: Any) -> int:
    """A system call that the C library has no name for. Whole numbers are handed over in full width."""
    wide = (ctypes.c_long(each) if isinstance(each, int) else each for each in arguments)
    return _checked(_libc.syscall(ctypes.c_long(number), *wide))


def _control(what: int, *arguments: int) -> int:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    return int(_libc.prctl(what, *(ctypes.c_ulong(each) for each in padded)))
