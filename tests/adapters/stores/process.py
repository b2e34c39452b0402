"""The ledger writer as a real process."""

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from haechi.adapters.stores.layout import ledger_file, ledger_socket
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.domain.record import Record

Process = subprocess.Popen[bytes]


@contextmanager
def writer(data: Path, claim_seconds: float = 30.0, receipt_key: bytes = b"") -> Iterator[Process]:
    """A writer that is ready. It ends with the block, if it has not before."""
    order = {
        "database": str(ledger_file(data)),
        "socket": str(ledger_socket(data)),
        "claim_seconds": claim_seconds,
        "receipt_key": b64encode(receipt_key).decode(),
    }
    with start(json.dumps(order)) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process
        finally:
            process.kill()


def start(order: str) -> Process:
    """A writer that was told `order`; its standard input stays open."""
    command = [sys.executable, "-W", "error", "-m", "haechi.app.processes.ledger"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=Path.cwd()
    )
    assert process.stdin
    process.stdin.write(order.encode() + b"\n")
    process.stdin.flush()
    return process


def until(met: Callable[[], bool]) -> None:
    """Wait for something that will happen; how long is not what is tested."""
    end = time.monotonic() + 30
    while not met():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def found(data: Path, record: str) -> Record | None:
    """The record as the reader sees it."""
    return SqliteReader(ledger_file(data)).find(record)


def outcome(data: Path, record: str) -> str | None:
    """How the record was settled, if it was."""
    read = found(data, record)
    return read.settlement.outcome if read and read.settlement else None
