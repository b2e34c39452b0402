"""A company's own lists and documents: `company.db`, and the index that all workers map.

What is kept are keyed digests and prints; without the key nobody can ask whether a name is in a list. The index is made
by whoever changes something, in the same transaction: before it is written, the change does not hold anywhere, and
when the number of the new one is in the database, the file is there. Workers look at that number (`watched.py`)
and map the file, so a million names are in memory once.
"""

import hmac
import mmap
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Generic, TypeVar

from msgspec import Struct

from haechi.adapters.stores.private import private_directory, private_file
from haechi.adapters.stores.statements import SQL, query
from haechi.adapters.stores.watched import Watched
from haechi.domain.errors import ConfigurationError, LedgerUnavailable
from haechi.domain.text import Text

T = TypeVar("T")
KEY_BYTES: Final = 32
BUSY_SECONDS: Final = 30.0
"""How long a command waits for another one that is writing an index."""

_CHECK: Final = b"haechi company: the key of these digests"


class KeptList(Struct, frozen=True):
    """A list as people read it."""

    collection: str
    column: str
    kind: str
    level: int
    entries: int
    added_at: float


class KeptDocument(Struct, frozen=True):
    """A document as people read it."""

    collection: str
    path: str
    level: int
    added_at: float


class ListRows(Struct, frozen=True):
    """A list as an index is made of it."""

    collection: str
    kind: str
    level: int
    rows: bytes


class DocumentPrints(Struct, frozen=True):
    """A document as an index is made of it."""

    collection: str
    level: int
    prints: bytes


Build = Callable[[list[ListRows], Iterator[DocumentPrints]], Iterable[bytes | memoryview]]
"""Lists and documents to the bytes of an index."""


def company_key_file(data_dir: Path) -> Path:
    """The key of digests and prints."""
    return data_dir / "keys" / "company.key"


def company_file(data_dir: Path) -> Path:
    """The database of lists and documents."""
    return data_dir / "company.db"


def _index_file(data_dir: Path, number: int) -> Path:
    return data_dir / "company" / f"{number}.index"


def prepare_company(data_dir: Path) -> None:
    """Make key and database where there are none yet. Raises `ConfigurationError` where the key is not that of the
    database: nothing would be found any more, and nobody would notice."""
    file, database = company_key_file(data_dir), company_file(data_dir)
    private_directory(file.parent)
    private_directory(data_dir / "company")
    if not file.exists():
        private_file(file)
        file.write_bytes(secrets.token_bytes(KEY_BYTES))
    private_file(database)
    try:
        with closing(_connected(database)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript((SQL / "company.sql").read_text(encoding="utf-8"))
            connection.execute("BEGIN IMMEDIATE")
            known = connection.execute(query("company_key_check")).fetchone()
            if known is None:
                connection.execute(query("begin_company"), (_check(file.read_bytes()),))
            connection.execute("COMMIT")
    except sqlite3.Error as fault:
        raise _damaged(database) from fault
    if known is not None and not hmac.compare_digest(known[0], _check(file.read_bytes())):
        raise ConfigurationError(
            Text(
                ko=f"{file} 이 company.db 를 만들 때의 키가 아니어서 등록한 명단과 문서를 하나도 찾지 못합니다. 백업의 키를 "
                "되돌리거나, company.db 를 지우고 다시 등록하세요.",
                en=f"{file} is not the key that company.db was made with, so no list and no document would be found. Restore "
                "the key from a backup, or remove company.db and add everything again.",
            ),
            str(file),
        )


class InForce(Struct, Generic[T], frozen=True):
    """What is looked for, and the number of the index that it was made of."""

    number: int
    value: T


class CompanyIndex(Generic[T]):
    """What one worker has of the index: `made` of the mapped file and the key, as long as that one is in force."""

    def __init__(
        self,
        data_dir: Path,
        made: Callable[[memoryview, bytes], T],
        nothing: T,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`nothing`: what holds where nothing was ever added."""
        self._data_dir = data_dir
        self._key = company_key_file(data_dir).read_bytes()
        self._made = made
        self._nothing = nothing
        self._watched: Watched[InForce[T]] = Watched(
            company_file(data_dir), "company_in_force", self._read, monotonic
        )

    def current(self) -> InForce[T]:
        """What is in force now, or was half a second ago. Raises `LedgerUnavailable` where that cannot be read: what is
        listed must not be overlooked."""
        try:
            return self._watched.current()
        except FileNotFoundError:  # removed between the look at its number and this: there is a newer one
            return self._again()
        except (OSError, ValueError) as fault:
            raise LedgerUnavailable from fault

    def close(self) -> None:
        """Let go of the database."""
        self._watched.close()

    def _again(self) -> InForce[T]:
        try:
            return self._watched.current()
        except (OSError, ValueError) as fault:
            raise LedgerUnavailable from fault

    def _read(self, connection: sqlite3.Connection) -> InForce[T]:
        ((number,),) = connection.execute(query("company_in_force")).fetchall()
        if number == 0:
            return InForce(0, self._nothing)
        with _index_file(self._data_dir, number).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return InForce(int(number), self._made(memoryview(mapped), self._key))


class CompanyDesk:
    """Where lists and documents are taken in and taken out: by a command, never by a request."""

    def __init__(self, data_dir: Path) -> None:
        prepare_company(data_dir)
        self._data_dir = data_dir
        self._connection = _connected(company_file(data_dir))
        self.key = company_key_file(data_dir).read_bytes()

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def marked(self, content: bytes) -> bytes:
        """What tells whether a file is still the same."""
        return hmac.digest(self.key, content, "sha256")[:16]

    def known(self, collection: str) -> dict[str, tuple[bytes, int]]:
        """Mark and level of the documents of a collection, by path."""
        rows = self._connection.execute(query("known_documents"), (collection,))
        return {path: (content, level) for path, content, level in rows}

    def put_documents(
        self, collection: str, level: int, documents: Iterable[tuple[str, bytes, bytes]]
    ) -> None:
        """Keep documents: path, mark, prints. They hold when an index is made."""
        now = time.time()
        rows = [(collection, path, level, mark, now, prints) for path, mark, prints in documents]
        with self._transaction() as connection:
            connection.executemany(query("put_document"), rows)

    def put_list(self, kept: KeptList, rows: bytes, build: Build) -> None:
        """Keep a list, in place of what an earlier one of its collection and column held, and put it in force."""
        with self._transaction() as connection:
            connection.execute(
                query("put_list"),
                (kept.collection, kept.column, kept.kind, kept.level, kept.entries, kept.added_at, rows),
            )
            number = self._publish(connection, build)
        self._sweep(number)

    def remove(self, collection: str, path: str | None, build: Build) -> int:
        """Forget a collection, or one document of it, at once. How many lists and documents there were."""
        with self._transaction() as connection:
            if path is None:
                gone = connection.execute(query("remove_lists"), (collection,)).rowcount
                gone += connection.execute(query("remove_documents"), (collection,)).rowcount
            else:
                gone = connection.execute(query("remove_document"), (collection, path)).rowcount
            number = self._publish(connection, build) if gone else None
        if number is not None:
            self._sweep(number)
        return gone

    def put_in_force(self, build: Build) -> None:
        """Make the index of all that was kept, unless it is in force already."""
        with self._transaction() as connection:
            changes, in_force = connection.execute(query("company_state")).fetchone()
            number = self._publish(connection, build) if changes != in_force else None
        if number is not None:
            self._sweep(number)

    def listed(self) -> tuple[list[KeptList], list[KeptDocument], bool]:
        """All lists and documents, and whether all of them are in force."""
        lists = [KeptList(*row) for row in self._connection.execute(query("all_lists"))]
        documents = [KeptDocument(*row) for row in self._connection.execute(query("all_documents"))]
        changes, in_force = self._connection.execute(query("company_state")).fetchone()
        return lists, documents, changes == in_force

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as fault:
            raise _damaged(company_file(self._data_dir)) from fault

    def _publish(self, connection: sqlite3.Connection, build: Build) -> int:
        """Write the index of what this transaction sees, and let its commit put it in force."""
        ((number,),) = connection.execute(query("put_company_in_force")).fetchall()
        lists = [ListRows(*row) for row in connection.execute(query("lists_to_index"))]
        documents = (DocumentPrints(*row) for row in connection.execute(query("documents_to_index")))
        _write(_index_file(self._data_dir, number), build(lists, documents))
        return int(number)

    def _sweep(self, number: int) -> None:
        """What was removed is gone from the disk, too: older indexes, and the log of the database."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for file in _index_file(self._data_dir, number).parent.iterdir():
            if file.stem.isdecimal() and int(file.stem) < number:
                file.unlink(missing_ok=True)


def _connected(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _write(file: Path, pieces: Iterable[bytes | memoryview]) -> None:
    draft = file.with_suffix(".draft")
    with os.fdopen(
        os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb"
    ) as opened:
        for piece in pieces:
            opened.write(piece)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)


def _check(key: bytes) -> bytes:
    return hmac.digest(key, _CHECK, "sha256")


def _damaged(database: Path) -> ConfigurationError:
    return ConfigurationError(
        Text(
            ko=f"{database} 를 열거나 쓸 수 없습니다. 디스크 여유와 파일 권한을 확인하고, 손상되었다면 백업을 되돌리세요.",
            en=f"Cannot open or write {database}. Check disk space and file permissions; if it is damaged, restore a backup.",
        ),
        str(database),
    )
