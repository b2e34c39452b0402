"""Keeping other processes of the same user out of this one's memory and environment."""

import ctypes
import sys
from typing import Final

_SET_DUMPABLE: Final = 4
"""PR_SET_DUMPABLE, prctl(2)."""


def undumpable() -> None:
    """From now on no process without CAP_SYS_PTRACE may read this one's memory, environment or descriptors, and it
    leaves no core file. On Linux; elsewhere the system has no such word."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
