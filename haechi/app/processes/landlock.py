"""Landlock (Linux 6.7 and later): a process takes TCP away from itself, all but the ports it names.

It sees ports, not addresses, and the connections of plain TCP alone: UDP, other protocols and what is sent without a
call named connect are closed by `seccomp`. From version 6 of the interface a process can also keep itself from
abstract Unix sockets and signals of others; they cost nothing and are taken where they are.
"""

import ctypes
import os
from collections.abc import Iterable
from typing import Final

from haechi.app.processes import kernel

FIRST_WITH_NETWORK: Final = 4
FIRST_WITH_SCOPES: Final = 6

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION: Final = 1
_RULE_FOR_PORT: Final = 2
_BIND, _CONNECT = 1, 2
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Port(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("port", ctypes.c_uint64))


def version() -> int:
    """Of the kernel's interface; 0 where there is none."""
    if not kernel.LINUX:
        return 0
    try:
        return kernel.call(_CREATE, None, 0, _ASK_VERSION)
    except OSError:
        return 0


def restrict(connect: Iterable[int], bind: Iterable[int]) -> None:
    """No TCP but to the ports `connect`, and none offered but on the ports `bind`. Raises `OSError`."""
    found = version()
    if found < FIRST_WITH_NETWORK:
        raise OSError(f"Landlock is of version {found}, {FIRST_WITH_NETWORK} is needed")
    scoped = found >= FIRST_WITH_SCOPES
    rules = _Ruleset(0, _BIND | _CONNECT, (_ABSTRACT_SOCKETS | _SIGNALS) if scoped else 0)
    size = ctypes.sizeof(_Ruleset) if scoped else _Ruleset.scopes.offset
    ruleset = kernel.call(_CREATE, ctypes.byref(rules), size, 0)
    try:
        for access, ports in ((_CONNECT, connect), (_BIND, bind)):
            for port in ports:
                kernel.call(_ADD, ruleset, _RULE_FOR_PORT, ctypes.byref(_Port(access, port)), 0)
        kernel.call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
