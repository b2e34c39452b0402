"""Stored responses: what was said so far, sealed, for the key that said it. Shared by all workers, gone when deleted.

Nothing can be read here without the key of the data directory: content is sealed with AES-256-GCM for its owner and its id, and
the owner is kept as a mark. What belongs to another key is as if it were not there.
"""

import hmac
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from haechi.adapters.stores.private import private_file
from haechi.adapters.stores.sealing import prepare_sealing, sealing_key_file
from haechi.adapters.stores.statements import SQL, query
from haechi.domain.errors import LedgerUnavailable

BUSY_SECONDS: Final = 2.0
KEPT: Final = 30 * 86_400.0
"""Seconds for which a response is kept."""

_NONCE: Final = 12


def prepare_responses(data_dir: Path) -> None:
    """Make key and database where there are none yet, and forget what has ended: once, before workers open them."""
    prepare_sealing(data_dir)
    file = data_dir / "responses.db"
    private_file(file)
    with closing(sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript((SQL / "responses.sql").read_text(encoding="utf-8"))
        connection.execute(query("forget_responses"), (time.time(),))


class SqliteResponses:
    """The `ResponseStore` port of one worker. Use it within one thread."""

    def __init__(self, data_dir: Path, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._key = sealing_key_file(data_dir).read_bytes()
        file = data_dir / "responses.db"
        self._connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")

    def keep(self, name: str, owner: str, content: bytes) -> None:
        """Keep `content` under `name` for `owner`; durable on return. Raises `LedgerUnavailable`."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher(owner).encrypt(nonce, content, name.encode())
        try:
            values = (name, self._mark(owner), sealed, self._now() + KEPT)
            self._connection.execute(query("keep_response"), values)
        except sqlite3.Error:
            raise LedgerUnavailable from None

    def known(self, name: str, owner: str) -> bytes | None:
        """What is kept under `name` for `owner`. Raises `LedgerUnavailable`."""
        try:
            row = self._connection.execute(
                query("known_response"), (name, self._mark(owner), self._now())
            ).fetchone()
        except sqlite3.Error:
            raise LedgerUnavailable from None
        if row is None:
            return None
        (sealed,) = row
        try:
            return self._cipher(owner).decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except InvalidTag:
            return None

    def delete(self, name: str, owner: str) -> bool:
        """Forget it at once; whether there was anything. Raises `LedgerUnavailable`."""
        try:
            done = self._connection.execute(query("delete_response"), (name, self._mark(owner)))
        except sqlite3.Error:
            raise LedgerUnavailable from None
        return done.rowcount > 0

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _mark(self, owner: str) -> bytes:
        return self._derived(b"owner", owner)[:16]

    def _cipher(self, owner: str) -> AESGCM:
        return AESGCM(self._derived(b"seal", owner))

    def _derived(self, purpose: bytes, owner: str) -> bytes:
        said = b"haechi responses\0" + purpose + b"\0" + owner.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, said, "sha256")
