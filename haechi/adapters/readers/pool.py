"""A pool of processes that read one file each.

    parent   forks children ahead of time, ends those that take too long, puts others in their place
      ├── child   waits for a caller ─> gives up what it does not need ─> reads the file ─> answers ─> ends
      └── child   …

A parser is large, and a file is a stranger's: whatever a file does to the process that reads it, the next file meets
another process, and no file of anybody else was ever in it. Nothing is made when a request comes; the parent, which
never sees a file, fills up what has ended. Children share the parsers that it has loaded.
"""

import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Final

from msgspec import Struct

from haechi.adapters.readers.limits import PATIENCE

Serve = Callable[[socket.socket], None]
BEGUN: Final = b"!"
LONGEST_PAUSE: Final = 5.0
"""Seconds before another child is made where they end without a caller."""


class _Child(Struct):
    pid: int
    deadline: float | None = None


class Pool:
    """The parent's side. `listener` is shared by all children: whoever is free takes the next call."""

    def __init__(self, listener: socket.socket, count: int, serve: Serve) -> None:
        self._listener = listener
        self._count = count
        self._serve = serve
        self._children: dict[int, _Child] = {}
        self._alive, self._life = os.pipe()  # ends when the parent does
        self._pause = 0.0
        self._not_before = 0.0

    def run(self, until: Iterable[int], ready: Callable[[], object]) -> None:
        """Keep the pool full until one of the descriptors `until` can be read, or has ended."""
        ends = tuple(until)
        gc.collect()
        gc.freeze()  # a collection in a child would copy every page that it looks at
        try:
            self._fill()
            ready()
            while not self._turn(ends):
                self._fill()
        finally:
            self._end()

    def _fill(self) -> None:
        while len(self._children) < self._count and time.monotonic() >= self._not_before:
            self._make()

    def _turn(self, ends: tuple[int, ...]) -> bool:
        """Wait for news and heed it; whether it is the end."""
        now = time.monotonic()
        dates = [child.deadline for child in self._children.values() if child.deadline is not None]
        if len(self._children) < self._count:
            dates.append(self._not_before)
        wait = max(0.0, min(dates) - now) if dates else None
        news, _, _ = select.select([*ends, *self._children], [], [], wait)
        for each in news:
            if each in ends:
                return True
            self._heed(each)
        self._end_late_ones()
        return False

    def _heed(self, status: int) -> None:
        child = self._children[status]
        if os.read(status, 1):
            child.deadline, self._pause = time.monotonic() + PATIENCE, 0.0
            return
        if child.deadline is None:  # it never had a caller: what ended it may end the next one, too
            self._pause = min(LONGEST_PAUSE, self._pause * 2 or 0.1)
            self._not_before = time.monotonic() + self._pause
        del self._children[status]
        os.close(status)
        _, code = os.waitpid(child.pid, 0)
        if code:
            sys.stderr.write(f"readers: a file was given up (status {os.waitstatus_to_exitcode(code)})\n")

    def _end_late_ones(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if child.deadline is not None and child.deadline <= now:
                child.deadline = now + PATIENCE  # its end is news that comes by itself
                os.kill(child.pid, signal.SIGKILL)

    def _make(self) -> None:
        status, theirs = os.pipe()
        pid = os.fork()
        if pid:
            os.close(theirs)
            self._children[status] = _Child(pid)
            return
        code = 1
        try:
            self._become_child((*self._children, status), theirs)
            code = 0
        finally:
            os._exit(code)

    def _become_child(self, others: Iterable[int], status: int) -> None:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        for each in (*others, self._life):
            os.close(each)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):  # what a parser complains of may quote the file
            os.dup2(nowhere, standard)
        os.close(nowhere)
        line = self._next_call()
        os.write(status, BEGUN)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE + 1)  # where the parent is gone meanwhile
        self._listener.close()
        self._serve(line)

    def _next_call(self) -> socket.socket:
        while True:
            news, _, _ = select.select([self._listener.fileno(), self._alive], [], [])
            if self._alive in news:
                os._exit(0)
            try:
                line, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):  # another child was faster
                continue
            line.setblocking(True)
            return line

    def _end(self) -> None:
        for child in self._children.values():
            os.kill(child.pid, signal.SIGKILL)
        for status, child in self._children.items():
            os.waitpid(child.pid, 0)
            os.close(status)
        self._children.clear()
        os.close(self._life)
        os.close(self._alive)
