"""A pool whose readers do what the file tells them to: `python -m tests.adapters.readers.misbehaving FD [PATIENCE]`.

It stands for a parser that was taken over: the process is confined as ever, and then runs the file as Python. What the
file leaves in `said` is the answer.
"""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

from haechi.adapters.readers import formats, pool
from haechi.adapters.readers.pool import Pool
from haechi.adapters.readers.serve import serve
from haechi.app.processes.readers import confine
from haechi.domain.reading import File, Read

LIBC = ctypes.CDLL(None, use_errno=True)
KEPT = (ctypes, os, signal, socket, subprocess, threading, time)
"""Loaded before the process is confined, as they would have to be."""


def obeyed(file: File, draw: object = None, *, attached: bool = False) -> Read:
    """Run the file."""
    names = {
        "os": os,
        "signal": signal,
        "resource": resource,
        "socket": socket,
        "subprocess": subprocess,
        "time": time,
        "LIBC": LIBC,
        "said": "",
    }
    try:
        exec(file.content.decode(), names)  # noqa: S102  what a parser that was taken over would do
    except (OSError, ValueError) as error:
        names["said"] = type(error).__name__
    return Read(str(names["said"]))


def main() -> None:
    if len(sys.argv) > 2:
        setattr(pool, "PATIENCE", float(sys.argv[2]))  # noqa: B010  the module only borrows it
    formats.read = obeyed
    listener = socket.socket(fileno=int(sys.argv[1]))
    Pool(listener, 2, lambda line: serve(line, confine)).run(
        (sys.stdin.fileno(),), lambda: print("ready", flush=True)
    )


if __name__ == "__main__":
    main()
