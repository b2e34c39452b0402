"""The pool of file readers: `python -m haechi.app.processes.readers FD`, one a site.

Gates hand it files over the listening Unix socket `FD`, which the supervisor opened. It says `ready` when its parsers
are loaded and its children wait, and ends on SIGTERM and with its standard input; who asks has ended by then.

| what is taken away from a child | Linux              | elsewhere       |
|---------------------------------|--------------------|-----------------|
| memory, CPU, clock              | rlimits, a timer   | rlimits, timer  |
| new files, sockets, programs    | rlimits, seccomp   | rlimits         |
| changes by name, signals        | seccomp            | file ownership  |

Where Linux does not let a child be filtered, it reads nothing.
"""

import contextlib
import os
import signal
import socket
import sys
from functools import partial
from typing import Final

from msgspec import Struct

from haechi.adapters.readers import parsers
from haechi.adapters.readers.pool import Pool
from haechi.adapters.readers.serve import serve
from haechi.app.processes import kernel, seccomp
from haechi.app.processes.order import read_line
from haechi.app.processes.undumpable import undumpable

CHILDREN: Final = 2
"""Files read at the same time; each waiting child takes a few megabytes."""


class ReadersOrder(Struct, frozen=True):
    """How many children wait, and where Tesseract is, if words in images are to be read."""

    children: int = CHILDREN
    tesseract: str | None = None


def main() -> None:
    """Keep the pool until told to end."""
    undumpable()
    order = read_line(ReadersOrder)
    parsers.load()
    listener = socket.socket(fileno=int(sys.argv[1]))
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # the wake-up byte is the message
    pool = Pool(listener, order.children, partial(serve, confine=confine, tesseract=order.tesseract))
    with contextlib.suppress(BrokenPipeError):
        pool.run((sys.stdin.fileno(), woken), partial(print, "ready", flush=True))


def confine(running_another: bool) -> None:
    """Close the system to this process. Raises `OSError` where Linux does not do it."""
    if kernel.LINUX:
        kernel.drop_capabilities()
        kernel.no_new_privileges()
        seccomp.sit_still(running_another=running_another)


if __name__ == "__main__":
    main()
