"""The keys callers come with: `hk_` and 32 random bytes.

Only the SHA-256 of a key is kept. A slow or peppered hash guards passwords, which can be guessed; 256 random
bits cannot, so a stolen database opens nothing, and a plain hash keeps every look-up at a microsecond.
The look-up is by digest: how long it takes tells a caller nothing about a key he does not have.
"""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Final

from msgspec import Struct

from haechi.adapters.stores.layout import first_key_file, ledger_file
from haechi.adapters.stores.private import data_directory, private_directory, private_file
from haechi.adapters.stores.sqlite import open_database, open_read_only, require_ledger
from haechi.adapters.stores.statements import query
from haechi.adapters.stores.watched import Watched
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

PREFIX: Final = "hk_"
SECRET_BYTES: Final = 32
FIRST_NAME: Final = "first"
LONGEST_NAME: Final = 64


class Key(Struct, frozen=True):
    """What is known of a key; the key itself is not. Times are Unix time in seconds."""

    name: str
    created_at: float
    revoked_at: float | None


class SqliteKeyRing:
    """The `KeyRing` of a worker: however many keys there are, a look-up is one hash."""

    def __init__(self, path: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._names: Watched[dict[bytes, str]] = Watched(path, "count_key_changes", _names, monotonic)

    def name_of(self, secret: str) -> str | None:
        """The name of the key, or `None` where it is unknown or revoked. Raises `LedgerUnavailable` where the
        database cannot be read: a key that may have been revoked opens nothing."""
        return self._names.current().get(digest(secret))

    def close(self) -> None:
        """Let go of the database."""
        self._names.close()


def _names(connection: sqlite3.Connection) -> dict[bytes, str]:
    return dict(connection.execute(query("keys_in_use")).fetchall())


def digest(secret: str) -> bytes:
    """What is kept of a key."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def create(path: Path, name: str) -> str:
    """Make a key called `name` and return it: this is the only time it can be seen."""
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise ConfigurationError(
            Text(
                ko=f"키 이름은 1자에서 {LONGEST_NAME}자까지의 보이는 글자이고, 앞뒤에 공백이 없어야 합니다.",
                en=f"The name of a key has 1 to {LONGEST_NAME} printable characters, and no blank at its ends.",
            )
        )
    secret = _fresh()
    with closing(open_database(path)) as connection:
        _insert(connection, secret, name)
    return secret


def listed(path: Path) -> list[Key]:
    """Every key that was ever made, by name."""
    with closing(open_read_only(path)) as connection:
        return [Key(*row) for row in connection.execute(query("all_keys"))]


def revoke(path: Path, name: str) -> bool:
    """Let the key called `name` open nothing any more; whether there was one in use."""
    require_ledger(path)
    with closing(open_database(path)) as connection:
        return connection.execute(query("revoke_key"), (time.time(), name)).rowcount > 0


def rotate(path: Path, name: str) -> str | None:
    """Replace the key called `name` by a fresh one in one step; `None` where there is none in use."""
    require_ledger(path)
    secret = _fresh()
    with closing(open_database(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute(query("revoke_key"), (time.time(), name)).rowcount == 0:
            connection.execute("ROLLBACK")
            return None
        _insert(connection, secret, name)
        connection.execute("COMMIT")
    return secret


def ensure_first_key(data_dir: Path) -> Path:
    """Make a key where there never was one, and say which file holds it. The key itself is never printed.

    The file is written before the database knows the key: a crash between the two leaves a file that the
    next start writes anew, never a key that nobody has.
    """
    file = first_key_file(data_dir)
    data_directory(data_dir)
    private_directory(file.parent)
    with closing(open_database(ledger_file(data_dir))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute(query("all_keys")).fetchone():
            secret = _fresh()
            _write_secret(file, secret)
            _insert(connection, secret, FIRST_NAME)
        connection.execute("COMMIT")
    return file


def _fresh() -> str:
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def _insert(connection: sqlite3.Connection, secret: str, name: str) -> None:
    try:
        connection.execute(query("insert_key"), (digest(secret), name, time.time()))
    except sqlite3.IntegrityError as fault:
        raise ConfigurationError(
            Text(
                ko=f"‘{name}’ 이름의 키가 이미 있습니다. 다른 이름을 쓰거나 `haechi keys rotate {name}` 로 교체하세요.",
                en=f"There is a key called “{name}” already. Choose another name, or replace it with "
                f"`haechi keys rotate {name}`.",
            )
        ) from fault


def _write_secret(file: Path, secret: str) -> None:
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    private_file(draft)
    with draft.open("w", encoding="ascii") as stream:
        stream.write(secret + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
