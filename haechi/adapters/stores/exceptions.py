"""Reviewed exceptions: a value or a document that looks sensitive and is not.

One person asks, another one approves; the database itself refuses a review of one's own request. Each ends on its
day. What is kept is a keyed digest, never the text, and without the key nobody can ask what was excepted. What the
law keeps at home cannot be excepted by anybody: not when it is asked for, and not when it is applied.
"""

import hmac
import re
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, Literal

from msgspec import Struct

from haechi.adapters.stores.labels import label_key_file
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import open_database, open_read_only, require_ledger
from haechi.adapters.stores.statements import query
from haechi.adapters.stores.watched import Watched
from haechi.catalogue.obligations import legal_floor
from haechi.domain.errors import LedgerUnavailable

Scope = Literal["value", "document"]
DAY: Final = 86_400.0
DIGEST_BYTES: Final = 16
_PURPOSE: Final = b"haechi exceptions"
_SEPARATORS: Final = re.compile(r"[\s\-]+")


class Exemption(Struct, frozen=True):
    """One exception as people read it. Times are Unix time in seconds."""

    id: str
    scope: Scope
    kinds: tuple[str, ...]
    reason: str
    requested_by: str
    requested_at: float
    expires_at: float
    approved_by: str | None = None
    approved_at: float | None = None
    revoked_by: str | None = None
    revoked_at: float | None = None

    def state(self, now: float) -> Literal["requested", "in force", "expired", "revoked"]:
        """Where it stands at `now`."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at <= now:
            return "expired"
        return "requested" if self.approved_by is None else "in force"


class SqliteExceptions:
    """The `Exceptions` port of one worker."""

    def __init__(
        self,
        data_dir: Path,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = _key(data_dir)
        self._now = now
        self._table: Watched[dict[bytes, list[_InForce]]] = Watched(
            ledger_file(data_dir), "count_exception_changes", _in_force, monotonic
        )

    def covering(self, kind: str, value: str, document: str) -> str | None:
        """The id of an exception for a finding of `kind` that is `value` and stands in `document`. One that cannot
        be read covers nothing."""
        try:
            table = self._table.current()
        except LedgerUnavailable:
            return None
        if not table or kind in legal_floor():
            return None
        now = self._now()
        for digest in (digest_of(self._key, "value", value), digest_of(self._key, "document", document)):
            for exemption in table.get(digest, ()):
                if kind in exemption.kinds and now < exemption.expires_at:
                    return exemption.id
        return None

    def close(self) -> None:
        """Let go of the database."""
        self._table.close()


class _InForce(Struct, frozen=True):
    id: str
    kinds: frozenset[str]
    expires_at: float


def _in_force(connection: sqlite3.Connection) -> dict[bytes, list[_InForce]]:
    table: dict[bytes, list[_InForce]] = {}
    for digest, kinds, name, expires_at in connection.execute(query("exceptions_in_force")):
        table.setdefault(digest, []).append(_InForce(name, frozenset(kinds.split(",")), expires_at))
    return table


def request(
    data_dir: Path, scope: Scope, text: str, kinds: frozenset[str], reason: str, by: str, days: int
) -> str:
    """Ask for an exception for `text` and return its id. It covers nothing until another person approves it."""
    name, now = f"x{secrets.token_hex(4)}", time.time()
    row = (
        name,
        scope,
        digest_of(_key(data_dir), scope, text),
        ",".join(sorted(kinds)),
        reason,
        by,
        now,
        now + days * DAY,
    )
    with _ledger(data_dir) as connection:
        connection.execute(query("insert_exception"), row)
    return name


def approve(data_dir: Path, name: str, by: str) -> bool:
    """Approve what somebody else asked for; whether there was such a thing to approve."""
    with _ledger(data_dir) as connection:
        return connection.execute(query("approve_exception"), (by, time.time(), name)).rowcount > 0


def revoke(data_dir: Path, name: str, by: str) -> bool:
    """Let an exception cover nothing any more; whether there was one."""
    with _ledger(data_dir) as connection:
        return connection.execute(query("revoke_exception"), (by, time.time(), name)).rowcount > 0


def listed(data_dir: Path) -> list[Exemption]:
    """Every exception that was ever asked for, oldest first."""
    with closing(open_read_only(ledger_file(data_dir))) as connection:
        rows = connection.execute(query("all_exceptions")).fetchall()
    return [Exemption(name, scope, tuple(kinds.split(",")), *rest) for name, scope, kinds, *rest in rows]


def digest_of(key: bytes, scope: Scope, text: str) -> bytes:
    """What is kept of a text. How a number is spaced makes no difference; with letters in it, as a password has them,
    every sign counts."""
    exact = scope == "document" or any(map(str.isalpha, text))
    plain = text.strip() if exact else _SEPARATORS.sub("", text)
    said = scope.encode() + b"\0" + plain.encode("utf-8", "surrogatepass")
    return hmac.digest(key, said, "sha256")[:DIGEST_BYTES]


def _ledger(data_dir: Path) -> closing[sqlite3.Connection]:
    require_ledger(ledger_file(data_dir))
    return closing(open_database(ledger_file(data_dir)))


def _key(data_dir: Path) -> bytes:
    """A key of its own, derived from that of the label store."""
    require_ledger(ledger_file(data_dir))
    return hmac.digest(label_key_file(data_dir).read_bytes(), _PURPOSE, "sha256")
