"""The ledger in SQLite: a store that only the ledger writer opens, and a reader that anyone may open.

One transaction is durable when it returns (WAL, synchronous=FULL). What opening cannot mend is a
`ConfigurationError`; what goes wrong later (disk full, I/O) is `LedgerUnavailable`, and the next write tries
again on a fresh connection.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from haechi.adapters.stores.private import private_file
from haechi.adapters.stores.statements import migrations, query
from haechi.domain.errors import ConfigurationError, LedgerUnavailable
from haechi.domain.korean import with_particle
from haechi.domain.record import Attempt, Intent, Record, Row, Settlement, Transforms
from haechi.domain.text import Text

BUSY_SECONDS: Final = 5.0
"""How long a transaction waits for another process: key changes are short."""

SHORTEST_PREFIX: Final = 6
_ID: Final = re.compile(r"[0-9A-Za-z_.-]+")
"""What ids are made of: the end of a prefix search is the next sign, which outside of it may not exist."""
_AGAINST_THE_SCHEMA: Final = (sqlite3.IntegrityError, sqlite3.DataError, OverflowError)

Values = tuple[Any, ...]


class Written(Struct, frozen=True):
    """What one transaction did: per batch whether it was accepted, and how many repeated rows it ignored."""

    accepted: tuple[bool, ...]
    ignored: int


class SqliteStore:
    """The writing side: one connection, one thread, one process per node."""

    def __init__(self, path: Path, *, busy: float = BUSY_SECONDS) -> None:
        self._path = path
        self._busy = busy
        self._connection: sqlite3.Connection | None = open_database(path, busy)

    def write(self, batches: Sequence[Sequence[Row]]) -> Written:
        """Make all batches durable in one transaction; one that is against the schema is left out alone.

        Raises `LedgerUnavailable` when nothing was written.
        """
        try:
            connection = self._connected()
            try:
                ignored = _transaction(connection, batches)
                return Written(tuple(True for _ in batches), ignored)
            except _AGAINST_THE_SCHEMA:
                connection.execute("ROLLBACK")
                return _transaction_with_savepoints(connection, batches)
        except (sqlite3.Error, ConfigurationError) as fault:
            self.close()
            raise LedgerUnavailable from fault

    def open_intents(self) -> list[str]:
        """Records that have an intent and no settlement."""
        try:
            return [record for (record,) in self._connected().execute(query("open_intents"))]
        except sqlite3.Error as fault:
            self.close()
            raise LedgerUnavailable from fault

    def settled_through(self, still_open: Iterable[str]) -> None:
        """Remember that every intent written so far is settled, but those that are `still_open`."""
        try:
            self._connected().execute(
                query("advance_settled_through"), (_json.encode(list(still_open)).decode(),)
            )
        except sqlite3.Error as fault:
            self.close()
            raise LedgerUnavailable from fault

    def close(self) -> None:
        """Let go of the file; an open transaction is rolled back. The next write opens it again."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_database(self._path, self._busy)
        return self._connection


class SqliteReader:
    """The reading side. A connection per question: cheap (0.2 ms), and usable from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def recent(self, limit: int) -> list[Record]:
        """The newest records, newest first."""
        return self._records("recent_intents", (max(limit, 0),))

    def find(self, record: str) -> Record | None:
        """One record by id, or by a prefix of at least six characters that fits only one."""
        if len(record) < SHORTEST_PREFIX or not _ID.fullmatch(record):
            return None
        found = self._records("find_intents", (record, record[:-1] + chr(ord(record[-1]) + 1)))
        exact = [each for each in found if each.intent.record == record]
        return (exact or found)[0] if exact or len(found) == 1 else None

    def _records(self, name: str, values: Values) -> list[Record]:
        try:
            with closing(open_read_only(self._path)) as connection:
                connection.execute("BEGIN")  # one moment for all three tables
                intents = [_intent(row) for row in connection.execute(query(name), values)]
                wanted = (msgspec.json.encode([intent.record for intent in intents]).decode(),)
                attempts: dict[str, list[Attempt]] = {}
                for row in connection.execute(query("attempts_of"), wanted):
                    attempts.setdefault(row[0], []).append(_attempt(row))
                settled = {
                    row[0]: _settlement(row) for row in connection.execute(query("settlements_of"), wanted)
                }
        except sqlite3.Error as fault:
            raise cannot_read(self._path, fault) from fault
        return [
            Record(intent, tuple(attempts.get(intent.record, ())), settled.get(intent.record))
            for intent in intents
        ]


def open_database(path: Path, busy: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that writes durably, on a file brought to the newest version."""
    private_file(path)
    connection = sqlite3.connect(path, timeout=busy, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone does not reach the disk
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        _migrate(connection, path)
    except sqlite3.Error as fault:
        connection.close()
        raise cannot_read(path, fault) from fault
    except ConfigurationError:
        connection.close()
        raise
    return connection


def require_ledger(path: Path) -> None:
    """Refuse a place where nobody has kept a ledger yet, before opening makes an empty one."""
    if not path.exists():
        raise ConfigurationError(
            Text(
                ko=f"{path} 에 아직 원장이 없습니다. `haechi up` 으로 먼저 시작하세요.",
                en=f"There is no ledger at {path} yet. Start haechi first: `haechi up`.",
            ),
            where=str(path),
        )


def open_read_only(path: Path, busy: float = BUSY_SECONDS, *, threads: bool = False) -> sqlite3.Connection:
    """A connection that cannot write, on a file of exactly this version; with `threads` for any thread, one at a
    time."""
    require_ledger(path)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=busy,
        isolation_level=None,
        check_same_thread=not threads,
    )
    try:
        _refuse_newer(_version(connection), path)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    _refuse_newer(_version(connection), path)
    for version, statements in enumerate(migrations(), start=1):
        if _version(connection) >= version:
            continue
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < version:  # another process may have been faster
                for statement in statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("COMMIT")
        except sqlite3.Error:
            _roll_back(connection)
            raise


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _refuse_newer(version: int, path: Path) -> None:
    known = len(migrations())
    if version > known:
        raise ConfigurationError(
            Text(
                ko=f"{with_particle(path, '은/는')} 더 새로운 haechi 가 만든 파일입니다(버전 {version}, 지원 {known}). "
                "haechi 를 업데이트하거나 백업을 복원하세요.",
                en=f"{path} was written by a newer haechi (version {version}, this one knows {known}). "
                "Update haechi or restore a backup.",
            ),
            where=str(path),
        )


def _transaction(connection: sqlite3.Connection, batches: Iterable[Sequence[Row]]) -> int:
    connection.execute("BEGIN IMMEDIATE")
    ignored = _insert(connection, [row for batch in batches for row in batch])
    connection.execute("COMMIT")
    return ignored


def _transaction_with_savepoints(connection: sqlite3.Connection, batches: Sequence[Sequence[Row]]) -> Written:
    accepted, ignored = [], 0
    connection.execute("BEGIN IMMEDIATE")
    for batch in batches:
        connection.execute("SAVEPOINT batch")
        try:
            ignored += _insert(connection, batch)
            accepted.append(True)
        except _AGAINST_THE_SCHEMA:
            connection.execute("ROLLBACK TO batch")
            accepted.append(False)
        connection.execute("RELEASE batch")
    connection.execute("COMMIT")
    return Written(tuple(accepted), ignored)


def _insert(connection: sqlite3.Connection, rows: Sequence[Row]) -> int:
    """Insert `rows`, intents first. How many were there already."""
    intents, attempts, settlements = [], [], []
    for row in rows:
        if isinstance(row, Intent):
            intents.append(_intent_values(row))
        elif isinstance(row, Attempt):
            attempts.append(msgspec.structs.astuple(row))
        else:
            settlements.append(_settlement_values(row))
    before = connection.total_changes
    if intents:
        connection.executemany(query("insert_intent"), intents)
    if attempts:
        connection.executemany(query("insert_attempt"), attempts)
    if settlements:
        connection.executemany(query("insert_settlement"), settlements)
    return len(rows) - (connection.total_changes - before)


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


_json: Final = msgspec.json.Encoder()


def _intent_values(row: Intent) -> Values:
    return (
        row.record,
        row.at,
        row.key,
        row.surface,
        row.model,
        row.stream,
        row.level,
        _json.encode(row.kinds).decode(),
        _json.encode(row.findings).decode(),
        _json.encode(row.calls).decode(),
        row.rule,
        _json.encode(row.because).decode(),
        _json.encode(row.missing).decode(),
        row.policy,
    )


_JSON_COLUMNS: Final = ("kinds", "findings", "calls", "because", "missing")


def _intent(values: Values) -> Intent:
    fields = dict(zip(Intent.__struct_fields__, values, strict=True))
    for name in _JSON_COLUMNS:
        fields[name] = msgspec.json.decode(fields[name])
    return msgspec.convert(fields | {"stream": bool(fields["stream"]), "type": "intent"}, Intent)


def _attempt(values: Values) -> Attempt:
    fields = dict(zip(Attempt.__struct_fields__, values, strict=True))
    return Attempt(**fields | {"tokens_counted_here": bool(fields["tokens_counted_here"])})


def _settlement_values(row: Settlement) -> Values:
    *values, transforms = msgspec.structs.astuple(row)
    return (*values, None if transforms is None else _json.encode(transforms).decode())


def _settlement(values: Values) -> Settlement:
    fields = dict(zip(Settlement.__struct_fields__, values, strict=True))
    done = fields["transforms"]
    return Settlement(**fields | {"transforms": msgspec.json.decode(done, type=Transforms) if done else None})


def cannot_read(path: Path, fault: sqlite3.Error) -> ConfigurationError:
    name = getattr(fault, "sqlite_errorname", type(fault).__name__)
    return ConfigurationError(
        Text(
            ko=f"원장 {with_particle(path, '을/를')} 열 수 없습니다({name}). 디스크 여유와 파일 권한을 확인하고, "
            "파일이 손상되었다면 백업을 복원하세요.",
            en=f"Cannot open the ledger {path} ({name}). Check disk space and file permissions; "
            "if the file is damaged, restore a backup.",
        ),
        where=str(path),
    )
