"""What the ledger costs: `python -m benchmarks.ledger [--directory D]`, one JSON object on standard output.

Two questions, each asked of a real writer process over a real socket, durable as in production (WAL,
synchronous=FULL):

    batches     rows per second, one client, 500 rows in a frame, four frames under way
    requests    CPU per request (intent, then attempt and settlement) in the worker and in the writer,
                64 requests at a time under uvloop

CPU is user and system time of the process. `idle` is the same worker loop with a ledger that only waits for
the next turn of the event loop, so that `worker` minus `idle` is what the ledger adds.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from haechi.adapters.stores.client import LedgerClient
from haechi.adapters.stores.layout import ledger_file, ledger_socket
from haechi.domain.decision import Call, Reason
from haechi.domain.ports import Ledger
from haechi.domain.record import Attempt, Intent, Row, Settlement
from haechi.domain.releasable import Receipt

CONCURRENT = 64
REQUESTS = 40_000
BATCH = 500
BATCHES = 600
ROUNDS = 5


def intent(record: str) -> Intent:
    """The intent of an ordinary request: a destination with a fallback, three reasons."""
    reasons = (
        Reason("nothing_found"),
        Reason("clearance_raw", {"destination": "claude", "level": "internal"}),
        Reason("sent_out", {"destination": "claude", "model": "opus"}),
    )
    calls = (Call("claude", "opus"), Call("home", "local"))
    return Intent(
        record,
        time.time(),
        "app",
        "chat",
        "auto",
        True,
        "internal",
        (),
        {},
        calls,
        "",
        reasons,
        None,
        "policy-1",
    )


def outcome(record: str) -> tuple[Attempt, Settlement]:
    """The rows of one answered call."""
    at = time.time()
    return (
        Attempt(
            record,
            1,
            at,
            "claude",
            "cloud",
            "opus",
            "answered",
            None,
            0.4,
            2.1,
            900,
            200,
            0,
            0,
            False,
            7_500_000,
        ),
        Settlement(record, at, "answered", 200, "cloud/claude/opus", 7_500_000),
    )


class Idle:
    """A ledger that only waits for the next turn of the event loop."""

    async def open(self, row: Row) -> Receipt:
        await asyncio.sleep(0)
        return Receipt(row.record)

    async def append(self, rows: Sequence[Row]) -> None:
        await asyncio.sleep(0)


async def requests(ledger: Ledger, prefix: str) -> float:
    """CPU seconds of this process for `REQUESTS` requests, `CONCURRENT` at a time."""
    numbers = iter(range(REQUESTS))

    async def caller() -> None:
        for number in numbers:
            record = f"{prefix}-{number:09d}"
            await ledger.open(intent(record))
            await ledger.append(outcome(record))

    before = time.process_time()
    await asyncio.gather(*(caller() for _ in range(CONCURRENT)))
    return time.process_time() - before


async def batches(ledger: Ledger, prefix: str) -> float:
    """Seconds for `BATCHES` batches, rows made beforehand."""
    made = []
    for batch in range(BATCHES):
        records = [f"{prefix}-{batch:05d}-{number:05d}" for number in range(BATCH // 3)]
        made.append([row for record in records for row in (intent(record), *outcome(record))])
    waiting = iter(made)

    async def caller() -> None:
        for rows in waiting:
            await ledger.append(rows)

    before = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(4)))
    return time.perf_counter() - before


def with_writer(work: Callable[[Ledger], Awaitable[Any]], directory: Path) -> tuple[Any, float]:
    """Do `work` with a fresh writer; its result, and the CPU seconds of the writer."""
    with tempfile.TemporaryDirectory(dir=directory) as made:
        data = Path(made)
        data.chmod(0o700)
        order = {"database": str(ledger_file(data)), "socket": str(ledger_socket(data))}
        command = [sys.executable, "-m", "haechi.app.processes.ledger"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
            assert process.stdout.readline() == b"ready\n"
            started = _cpu(process.pid)

            async def session() -> tuple[Any, float]:
                client = LedgerClient(ledger_socket(data), timeout=30)
                result = await work(client)
                await client.close()
                return result, _cpu(process.pid) - started

            result = uvloop.run(session())
            process.stdin.close()
            process.wait()
        return result


def _cpu(process: int) -> float:
    """User and system seconds of another process (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--directory", type=Path, default=Path(tempfile.gettempdir()), help="where the disk is"
    )
    directory = parser.parse_args().directory
    per_request = 1e6 / REQUESTS
    idle, worker, writer, rate = [], [], [], []
    for number in range(ROUNDS):
        prefix = f"r{number}"
        idle.append(per_request * uvloop.run(requests(Idle(), prefix)))
        used, used_by_writer = with_writer(partial(requests, prefix=prefix), directory)
        worker.append(per_request * used)
        writer.append(per_request * used_by_writer)
        seconds, _ = with_writer(partial(batches, prefix=prefix), directory)
        rate.append(BATCHES * (BATCH // 3) * 3 / seconds)
    figures = {
        "batches": {"rows_per_s": _spread(rate)},
        "requests": {
            "concurrent": CONCURRENT,
            "worker_cpu_us": _spread(worker),
            "idle_cpu_us": _spread(idle),
            "writer_cpu_us": _spread(writer),
        },
        "measured_on": {
            "machine": platform.machine(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        },
    }
    print(json.dumps(figures, indent=2))


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(values), 1),
        "min": round(min(values), 1),
        "max": round(max(values), 1),
    }


if __name__ == "__main__":
    main()
