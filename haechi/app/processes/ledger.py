"""The process of the ledger writer: `python -m haechi.app.processes.ledger`.

One JSON object on standard input says where: `{"database": path, "socket": path}`, and, where a door of its own asks
for proof, what receipts are sealed with. `ready` on standard output
says that workers may connect. It ends on SIGTERM and SIGINT; what lies in the sockets by then is still
written. When standard input closes, its supervisor is gone: it stays until the workers, who then finish what is
under way, have hung up, so that their last answers can be settled.
"""

import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from threading import Event
from typing import Final

import msgspec
from msgspec import Struct

from haechi.adapters.stores.private import data_directory
from haechi.adapters.stores.sqlite import SqliteStore
from haechi.adapters.stores.writer import CLAIM_SECONDS, Writer, listen, sole_writer
from haechi.domain.errors import ConfigurationError, HaechiError
from haechi.domain.text import Text

LONGEST_ORDER: Final = 65_536
STAYS: Final = 25.0
"""Seconds that workers have to finish after the end of their supervisor; they take 20 at most."""


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """What the supervisor says."""

    database: str
    socket: str
    claim_seconds: float = CLAIM_SECONDS
    receipt_key: bytes = b""


def main() -> int:
    """Run until told to stop. 0, or 2 where it cannot start."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        run(read_order(sys.stdin.fileno()))
    except HaechiError as fault:
        print(f"{fault.text.ko}\n{fault.text.en}", file=sys.stderr)
        return 2
    return 0


def read_order(descriptor: int) -> Order:
    """One line of JSON. Raises `ConfigurationError`."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST_ORDER:
        chunk = os.read(descriptor, LONGEST_ORDER)
        if not chunk:
            break
        line += chunk
    try:
        return msgspec.json.decode(line, type=Order)
    except msgspec.MsgspecError as fault:
        raise ConfigurationError(
            Text(
                ko='표준 입력으로 {"database": 경로, "socket": 경로} 한 줄이 필요합니다.',
                en='Expected one line on standard input: {"database": path, "socket": path}.',
            )
        ) from fault


def run(order: Order) -> None:
    """Serve until a signal comes or standard input ends."""
    database = Path(order.database)
    data_directory(database.parent)
    lock = sole_writer(database)
    woken, waker = socket.socketpair()
    woken.setblocking(False)
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # the wake-up byte is the message
    store = SqliteStore(database)
    writer = Writer(
        store, listen(Path(order.socket)), claim_seconds=order.claim_seconds, receipt_key=order.receipt_key
    )
    stop, alone = Event(), Event()

    def supervisor_spoke() -> None:
        if not os.read(sys.stdin.fileno(), LONGEST_ORDER):
            writer.unwatch(sys.stdin.fileno())  # its end stays readable for ever
            alone.set()

    try:
        writer.watch(woken.fileno(), stop.set)
        writer.watch(sys.stdin.fileno(), supervisor_spoke)
        print("ready", flush=True)
        while not stop.is_set() and not alone.is_set():
            writer.turn()
        until = time.monotonic() + STAYS
        while not stop.is_set() and writer.connections and time.monotonic() < until:
            writer.turn(1.0)
        writer.drain()
    finally:
        writer.close()
        Path(order.socket).unlink(missing_ok=True)
        woken.close()
        waker.close()
        os.close(lock)


if __name__ == "__main__":
    sys.exit(main())
