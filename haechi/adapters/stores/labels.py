"""The label store: what a text is known to be, although a scan of it would not say so.

An answer about a restricted request, a text that a caller declared confidential: in the next turn they come back
as history, perhaps to another worker, after a restart, or with everything before them cut off. A keyed digest of
the text leads to its label; the text is not kept, and without the key nobody can ask whether a text was seen.

One byte that all workers share (a mapped file) says whether anything was ever remembered: an installation that
never needed the store pays for a look at that byte alone.
"""

import hmac
import mmap
import secrets
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from haechi.adapters.stores.private import private_directory, private_file
from haechi.adapters.stores.statements import SQL, query
from haechi.domain.errors import LedgerUnavailable
from haechi.domain.label import Label, Level, join_all

KEY_BYTES: Final = 32
BUSY_SECONDS: Final = 2.0
MARK_BYTES: Final = 16
_NOTHING: Final = Label(Level.PUBLIC)


def prepare_labels(data_dir: Path) -> None:
    """Make key and database where there are none yet: once, before workers open them side by side, as two that
    turn on the write-ahead log at the same time would be in each other's way."""
    file = label_key_file(data_dir)
    private_directory(file.parent)
    if not file.exists():
        private_file(file)
        file.write_bytes(secrets.token_bytes(KEY_BYTES))
    private_file(data_dir / "labels.db")
    with closing(
        sqlite3.connect(data_dir / "labels.db", timeout=BUSY_SECONDS, isolation_level=None)
    ) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript((SQL / "labels.sql").read_text(encoding="utf-8"))
        used = connection.execute(query("any_label")).fetchone() is not None
    _flag_file(data_dir).write_bytes(bytes([used]))


def label_key_file(data_dir: Path) -> Path:
    """The key of the marks."""
    return data_dir / "keys" / "labels.key"


def _flag_file(data_dir: Path) -> Path:
    return data_dir / "labels.used"


class SqliteLabels:
    """The `LabelStore` port of one worker. Use it within one thread."""

    def __init__(self, data_dir: Path) -> None:
        self._key = label_key_file(data_dir).read_bytes()
        self._connection = sqlite3.connect(data_dir / "labels.db", timeout=BUSY_SECONDS, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = FULL")
        with _flag_file(data_dir).open("r+b") as flag:
            self._used = mmap.mmap(flag.fileno(), 1)

    def known(self, texts: Iterable[str]) -> Label:
        """The join of what is known of `texts`. Raises `LedgerUnavailable` where that cannot be read: a label that
        may exist must not be overlooked."""
        try:
            if not self._used[0]:
                return _NOTHING
            rows = (
                self._connection.execute(query("known_label"), (self._mark(text),)).fetchone()
                for text in texts
            )
            return join_all((_label(row) for row in rows if row is not None), _NOTHING)
        except (sqlite3.Error, ValueError):  # ValueError: the store is closed
            raise LedgerUnavailable from None

    def remember(self, texts: Iterable[str], label: Label) -> None:
        """Keep `label` for each of `texts`, joined with what is known of it; durable on return. Raises
        `LedgerUnavailable`."""
        try:
            texts = [text for text in texts if not self.known([text]).covers(label)]
            if not texts:
                return
            self._used[0] = 1
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for text in texts:
                    mark = self._mark(text)
                    row = self._connection.execute(query("known_label"), (mark,)).fetchone()
                    joined = label if row is None else label.join(_label(row))
                    kinds = ",".join(sorted(joined.kinds))
                    self._connection.execute(
                        query("remember_label"), (mark, int(joined.level), kinds, time.time())
                    )
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
        except (sqlite3.Error, ValueError):  # ValueError: the store is closed
            raise LedgerUnavailable from None

    def close(self) -> None:
        """Let go of the database."""
        self._used.close()
        self._connection.close()

    def _mark(self, text: str) -> bytes:
        return hmac.digest(self._key, text.strip().encode("utf-8", "surrogatepass"), "sha256")[:MARK_BYTES]


def _label(row: tuple[int, str]) -> Label:
    level, kinds = row
    return Label(Level(level), frozenset(filter(None, kinds.split(","))))
