"""A small table that a worker keeps in memory and reads anew when it changed.

The database changes with every request, so a counter beside the table says whether the table did. A look is two
small reads, every half second at most; what was changed holds everywhere at most that much later.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, TypeVar

from haechi.adapters.stores.sqlite import open_read_only
from haechi.adapters.stores.statements import query
from haechi.domain.errors import LedgerUnavailable

T = TypeVar("T")
LOOK_EVERY: Final = 0.5
"""Seconds between two looks."""

LOOK_PATIENCE: Final = 0.05
"""Seconds that a look waits for the database."""


class Watched(Generic[T]):
    """What `read` makes of the database at `path`, as long as the counter that the query `changes` asks for stands
    still. May be used from any thread."""

    def __init__(
        self,
        path: Path,
        changes: str,
        read: Callable[[sqlite3.Connection], T],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = open_read_only(path, LOOK_PATIENCE, threads=True)
        self._changes_query = query(changes)
        self._read = read
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._version = -1
        self._changes = -1
        self._value: T

    def current(self) -> T:
        """The table as it is now, or was half a second ago. Raises `LedgerUnavailable`."""
        now = self._monotonic()
        if now - self._looked_at >= LOOK_EVERY:
            with self._lock:
                self._look()
            self._looked_at = now
        return self._value

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _look(self) -> None:
        try:
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
            if version == self._version:
                return
            self._connection.execute("BEGIN")
            try:
                (changes,) = self._connection.execute(self._changes_query).fetchone()
                if changes != self._changes:
                    self._value = self._read(self._connection)
            finally:
                self._connection.execute("COMMIT")
        except sqlite3.Error as fault:
            raise LedgerUnavailable from fault
        self._version, self._changes = version, changes
