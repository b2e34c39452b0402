"""The ledger writer: the one process of a node that writes the ledger.

    read every frame that is there ──> one transaction ──> acknowledge each frame ──> again

While one transaction runs, the next frames gather in the sockets; so it commits at once when idle and many
at a time when busy, without a timer. Nothing is acknowledged that is not durable. When a transaction fails,
its frames are told so, and the next one tries again.

An intent belongs to the connection it came over. When that closes, or when an earlier writer left it behind,
its worker has a few seconds to claim it over a new connection; then it is settled as `interrupted`, and no
attempt is made up.
"""

import fcntl
import logging
import os
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from haechi.adapters.stores.private import private_directory, private_file
from haechi.adapters.stores.sqlite import SqliteStore, Written
from haechi.adapters.stores.wire import REJECTED, UNAVAILABLE, Ack, Frame, Malformed, Unpacker, address, pack
from haechi.domain.errors import ConfigurationError, LedgerUnavailable
from haechi.domain.korean import with_particle
from haechi.domain.record import Intent, Row, Settlement
from haechi.domain.releasable import sealed
from haechi.domain.text import Text

CLAIM_SECONDS: Final = 3.0
"""How long a worker may take to come back; its reconnects are at most half a second apart."""

RETRY_SECONDS: Final = 1.0
DRAIN_SECONDS: Final = 1.0
_ONE_READ: Final = 1024 * 1024
_UNREAD_ACKS: Final = 1024 * 1024
_INTENTS_BETWEEN_MARKS: Final = 10_000

log = logging.getLogger("haechi.ledger")


class Connection:
    """One worker's connection: bytes in, acknowledgements out."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer
        self.closed = False
        self._unpacker = Unpacker()
        self._unsent = bytearray()

    def read(self) -> list[Frame]:
        """The frames that are there. Marks the connection closed where it ended or is malformed."""
        frames: list[Frame] = []
        try:
            chunk = self.peer.recv(_ONE_READ)
            self.closed = not chunk
            frames.extend(self._unpacker.frames(chunk))
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True
        except Malformed:
            log.warning("a connection to the ledger writer was closed: malformed frame")
            self.closed = True
        return frames

    def acknowledge(self, ack: Ack) -> None:
        """Put `ack` to what is to be sent."""
        self._unsent += pack(ack)

    def flush(self) -> bool:
        """Send what can be sent; whether something is left. A worker that never reads is cut off."""
        while self._unsent and not self.closed:
            try:
                sent = self.peer.send(self._unsent)
            except BlockingIOError:
                self.closed = len(self._unsent) > _UNREAD_ACKS
                break
            except OSError:
                self.closed = True
            else:
                del self._unsent[:sent]
        return bool(self._unsent)


class Writer:
    """Socket and store, driven turn by turn."""

    def __init__(
        self,
        store: SqliteStore,
        listener: socket.socket,
        *,
        claim_seconds: float = CLAIM_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        receipt_key: bytes = b"",
    ) -> None:
        self._store = store
        self._listener = listener
        self._claim_seconds = claim_seconds
        self._monotonic = monotonic
        self._now = now
        self._receipt_key = receipt_key
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._owners: dict[str, Connection] = {}
        deadline = monotonic() + claim_seconds
        self._orphans = dict.fromkeys(store.open_intents(), deadline)
        self._unmarked = 0
        self._failing = False
        self.ignored = 0
        """Rows that were there already: a settlement said twice, an attempt said again."""

    def watch(self, descriptor: int, then: Callable[[], None]) -> None:
        """Call `then` whenever `descriptor` becomes readable. A plain file never does, and is not watched."""
        with suppress(PermissionError):
            self._selector.register(descriptor, selectors.EVENT_READ, then)

    def unwatch(self, descriptor: int) -> None:
        """Call nobody about `descriptor` any more."""
        self._selector.unregister(descriptor)

    @property
    def connections(self) -> int:
        """How many workers are connected."""
        return sum(isinstance(key.data, Connection) for key in self._selector.get_map().values())

    def turn(self, patience: float | None = None) -> bool:
        """Wait for something, at most `patience` seconds, and deal with all of it. Whether there was anything."""
        ready = self._selector.select(self._wait(patience))
        connections = [(key.data, events) for key, events in ready if isinstance(key.data, Connection)]
        work = [
            (each, frame)
            for each, events in connections
            if events & selectors.EVENT_READ
            for frame in each.read()
        ]
        if work:
            self._commit(work)
        for connection, _ in connections:
            self._flush(connection)
        for key, _ in ready:
            if not isinstance(key.data, Connection):
                key.data()
        self._settle_orphans()
        return bool(ready)

    def drain(self) -> None:
        """Deal with what is in the sockets, for a second at most, and take no new connection."""
        for key in list(self._selector.get_map().values()):
            if not isinstance(key.data, Connection):
                self._selector.unregister(key.fileobj)
        end = self._monotonic() + DRAIN_SECONDS
        while self.turn(0) and self._monotonic() < end:
            pass

    def close(self) -> None:
        """Close every connection and the store. Open intents stay open: their workers may claim them again."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, Connection):
                key.data.peer.close()
        self._selector.close()
        self._listener.close()
        with suppress(LedgerUnavailable):
            self._mark()
        self._store.close()

    def _wait(self, patience: float | None) -> float | None:
        if not self._orphans:
            return patience
        due = max(0.0, min(self._orphans.values()) - self._monotonic())
        return due if patience is None else min(due, patience)

    def _accept(self) -> None:
        with suppress(OSError):
            peer, _ = self._listener.accept()
            peer.setblocking(False)
            self._selector.register(peer, selectors.EVENT_READ, Connection(peer))

    def _commit(self, work: list[tuple[Connection, Frame]]) -> None:
        written = self._write([frame.rows for _, frame in work])
        if written is None:
            for connection, frame in work:
                connection.acknowledge(Ack(frame.number, UNAVAILABLE))
        else:
            for (connection, frame), accepted in zip(work, written.accepted, strict=True):
                if accepted:
                    connection.acknowledge(self._durable(frame))
                    self._remember(connection, frame)
                else:
                    connection.acknowledge(Ack(frame.number, REJECTED))
        if self._unmarked >= _INTENTS_BETWEEN_MARKS:
            with suppress(LedgerUnavailable):
                self._mark()

    def _durable(self, frame: Frame) -> Ack:
        """The acknowledgement of a frame, with a seal for each of its intents where a door asks for them."""
        if not self._receipt_key:
            return Ack(frame.number)
        at = self._monotonic()
        seals = [
            sealed(self._receipt_key, row.record, row.level, row.kinds, row.calls, at)
            for row in frame.rows
            if isinstance(row, Intent)
        ]
        return Ack(frame.number, "", at, seals)

    def _write(self, batches: Sequence[Sequence[Row]]) -> Written | None:
        try:
            written = self._store.write(batches)
        except LedgerUnavailable as fault:
            if not self._failing:
                log.warning("the ledger cannot be written: %s", fault.__cause__)
            self._failing = True
            return None
        if self._failing:
            log.warning("the ledger can be written again")
            self._failing = False
        self.ignored += written.ignored
        return written

    def _remember(self, connection: Connection, frame: Frame) -> None:
        """Keep who works on what."""
        for row in frame.rows:
            if isinstance(row, Intent):
                self._owners[row.record] = connection
                self._unmarked += 1
            elif isinstance(row, Settlement):
                self._owners.pop(row.record, None)
                self._orphans.pop(row.record, None)
        for record in frame.claims:  # the end of the connection before this one may not have been noticed yet
            if self._orphans.pop(record, None) is not None or record in self._owners:
                self._owners[record] = connection

    def _flush(self, connection: Connection) -> None:
        """Send acknowledgements, wait for room where some are left, let go of a closed connection."""
        left = connection.flush()
        if connection.closed:
            self._let_go(connection)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if left else 0)
        if self._selector.get_key(connection.peer).events != events:
            self._selector.modify(connection.peer, events, connection)

    def _let_go(self, connection: Connection) -> None:
        self._selector.unregister(connection.peer)
        connection.peer.close()
        deadline = self._monotonic() + self._claim_seconds
        for record in [record for record, owner in self._owners.items() if owner is connection]:
            del self._owners[record]
            self._orphans[record] = deadline

    def _settle_orphans(self) -> None:
        """Settle what nobody claimed in time. Where that fails it is tried again."""
        if not self._orphans:
            return
        now = self._monotonic()
        due = [record for record, deadline in self._orphans.items() if deadline <= now]
        if not due:
            return
        at = self._now()
        written = self._write([[Settlement(record, at, "interrupted", 0, "", None)] for record in due])
        for record in due:
            if written is None:
                self._orphans[record] = now + RETRY_SECONDS
            else:
                del self._orphans[record]

    def _mark(self) -> None:
        self._store.settled_through([*self._owners, *self._orphans])
        self._unmarked = 0


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`, mode 0600 in a directory of mode 0700. Only call it under `sole_writer`."""
    private_directory(path.parent)
    with suppress(FileNotFoundError):
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with address(path) as name:
            listener.bind(name)
        path.chmod(0o600)
        listener.listen(1024)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def sole_writer(database: Path) -> int:
    """Lock the database for this process as its only writer; the descriptor holds the lock, even over a crash.

    A second writer would settle the first one's requests as interrupted.
    """
    path = database.with_name(f"{database.name}.lock")
    private_file(path)
    lock = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        os.close(lock)
        raise ConfigurationError(
            Text(
                ko=f"{with_particle(database, '은/는')} 이미 다른 haechi 가 쓰고 있습니다. `haechi down` 으로 멈추거나 "
                "`--data` 에 다른 디렉터리를 지정하세요.",
                en=f"Another haechi is writing {database}. Stop it with `haechi down`, or choose another "
                "directory with `--data`.",
            ),
            where=str(database),
        ) from fault
    return lock
