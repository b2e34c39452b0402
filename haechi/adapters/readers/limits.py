"""What the kernel lets a reading process have. Laid down once, they cannot be raised again, by nothing it runs."""

import resource
from typing import Final

SECONDS: Final = 15
"""Of CPU: many times what a long document takes."""

PATIENCE: Final = 25.0
"""Seconds of the clock that one file may take."""

MEMORY: Final = 768 << 20
"""Bytes of address space, libraries and parsers among them."""

WRITTEN: Final = 64 << 20
"""Bytes of a file that what recognises pictures may write to its pipe or set aside."""

DESCRIPTORS: Final = 32


def lay_down() -> None:
    """Bound memory and time; nothing is left behind when it breaks."""
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, WRITTEN)
    _limit(resource.RLIMIT_NOFILE, DESCRIPTORS)


def close_everything() -> None:
    """From now on no file, no socket and no process can be had any more: what is open is all there is."""
    _limit(resource.RLIMIT_NOFILE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_FSIZE, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
