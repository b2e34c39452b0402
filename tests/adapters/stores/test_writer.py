"""The ledger writer as a process, with real sockets and a real disk: what was acknowledged is there, once."""

import asyncio
import json
import resource
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path

import msgspec
import pytest
import uvloop

from haechi.adapters.stores.client import LedgerClient
from haechi.adapters.stores.layout import ledger_file, ledger_socket
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.adapters.stores.wire import LARGEST_FRAME, REJECTED, Ack, Frame, Unpacker, pack
from haechi.domain.errors import LedgerUnavailable
from haechi.domain.releasable import Receipt, sealed
from tests.adapters.stores.process import Process, found, outcome, start, until, writer
from tests.adapters.stores.rows import attempt, intent, settlement


def drive(work: Coroutine[None, None, None]) -> None:
    """Run `work` as a worker would, under uvloop, which hangs when more than an `Exception` comes through, as
    the failures of pytest are."""

    async def guarded() -> None:
        try:
            await work
        except BaseException as fault:
            raise AssertionError(repr(fault)) from fault

    uvloop.run(guarded())


def session(data: Path, work: Callable[[LedgerClient], Awaitable[None]], timeout: float = 30) -> None:
    """Do `work` with a client."""

    async def run() -> None:
        client = LedgerClient(ledger_socket(data), timeout=timeout)
        try:
            await work(client)
        finally:
            await client.close()

    drive(run())


async def in_time(met: Callable[[], bool]) -> None:
    """Wait for something that will happen while the event loop runs."""
    await asyncio.to_thread(until, met)


async def request(client: LedgerClient, record: str) -> None:
    await client.open(intent(record))
    await client.append([attempt(record), settlement(record)])


def test_a_receipt_is_sealed_for_its_own_intent(tmp_path: Path) -> None:
    key, began = b"k" * 32, time.monotonic()

    async def work(client: LedgerClient) -> None:
        names = [f"r-{number:06}" for number in range(50)]
        rows = [client.append([attempt("r-nobody")]) for _ in range(3)]  # other rows in the same frame
        receipts = await asyncio.gather(
            *(client.open(intent(name)) for name in names), return_exceptions=True
        )
        await asyncio.gather(*rows, return_exceptions=True)
        for name, receipt in zip(names, receipts, strict=True):
            assert isinstance(receipt, Receipt)
            row = intent(name)
            assert (receipt.record, receipt.calls) == (name, row.calls)
            assert began <= receipt.at <= time.monotonic()
            assert receipt.seal == sealed(key, name, row.level, row.kinds, row.calls, receipt.at)
        assert len({each.seal for each in receipts if isinstance(each, Receipt)}) == len(names)

    with writer(tmp_path, receipt_key=key):
        session(tmp_path, work)


def test_an_intent_is_there_when_its_receipt_is(tmp_path: Path) -> None:
    async def work(client: LedgerClient) -> None:
        assert await client.open(intent("r-000001")) == Receipt("r-000001", intent("r-000001").calls)
        read = found(tmp_path, "r-000001")
        assert read
        assert read.settlement is None
        await client.append([attempt("r-000001"), settlement("r-000001")])
        read = found(tmp_path, "r-000001")
        assert read
        assert (read.attempts, read.settlement) == ((attempt("r-000001"),), settlement("r-000001"))

    with writer(tmp_path):
        session(tmp_path, work)


def test_many_workers_and_many_requests(tmp_path: Path) -> None:
    async def run() -> None:
        clients = [LedgerClient(ledger_socket(tmp_path), timeout=30) for _ in range(4)]
        await asyncio.gather(
            *(
                request(client, f"r-{worker}-{number:04d}")
                for worker, client in enumerate(clients)
                for number in range(250)
            )
        )
        for client in clients:
            await client.close()

    with writer(tmp_path):
        drive(run())
        records = SqliteReader(ledger_file(tmp_path)).recent(2000)
    assert len({each.intent.record for each in records}) == len(records) == 1000
    assert all(each.settlement and len(each.attempts) == 1 for each in records)


def test_a_crash_loses_nothing_that_was_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    opened: set[str] = set()
    settled: set[str] = set()
    enough = asyncio.Event()

    async def caller(client: LedgerClient, name: int) -> None:
        number = 0
        while not enough.is_set():
            record = f"r-{name:02d}-{number:06d}"
            number += 1
            try:
                await client.open(intent(record))
            except LedgerUnavailable:
                continue
            opened.add(record)
            await client.append([attempt(record), settlement(record)])
            settled.add(record)

    async def work(client: LedgerClient) -> None:
        callers = [asyncio.create_task(caller(client, name)) for name in range(32)]
        for goal in (500, 1500, 3000):
            with writer(tmp_path):
                await in_time(partial(reached, settled, goal))
        with writer(tmp_path):
            enough.set()
            await asyncio.gather(*callers)

    session(tmp_path, work)
    records = {each.intent.record: each for each in SqliteReader(ledger_file(tmp_path)).recent(1_000_000)}
    assert opened == settled
    assert opened <= set(records)
    for record in opened:
        assert records[record].attempts == (attempt(record),)
        assert records[record].settlement == settlement(record)


def reached(settled: set[str], goal: int) -> bool:
    return len(settled) >= goal


def test_what_a_lost_worker_left_open_is_settled_as_interrupted(tmp_path: Path) -> None:
    async def work(client: LedgerClient) -> None:
        await client.open(intent("r-000001"))
        await request(client, "r-000002")

    with writer(tmp_path, claim_seconds=0):
        session(tmp_path, work)
        until(lambda: outcome(tmp_path, "r-000001") == "interrupted")
        read = found(tmp_path, "r-000001")
    assert read
    assert read.settlement
    assert (read.attempts, read.settlement.status, read.settlement.route) == ((), 0, "")
    assert read.settlement.cost_nano_usd is None
    assert outcome(tmp_path, "r-000002") == "answered"


def test_what_an_earlier_writer_left_open_is_settled_as_interrupted(tmp_path: Path) -> None:
    async def work(client: LedgerClient) -> None:
        await client.open(intent("r-000001"))

    with writer(tmp_path):
        session(tmp_path, work)
    assert outcome(tmp_path, "r-000001") is None
    with writer(tmp_path, claim_seconds=0):
        until(lambda: outcome(tmp_path, "r-000001") == "interrupted")


def test_a_worker_that_comes_back_keeps_its_requests(tmp_path: Path) -> None:
    async def run() -> None:
        with writer(tmp_path):
            worker = LedgerClient(ledger_socket(tmp_path), timeout=30)
            gone = LedgerClient(ledger_socket(tmp_path), timeout=30)
            await worker.open(intent("r-worker"))
            await gone.open(intent("r-gone"))
            await gone.close()
        with writer(tmp_path, claim_seconds=1):
            await in_time(lambda: outcome(tmp_path, "r-gone") == "interrupted")
            assert outcome(tmp_path, "r-worker") is None
            await worker.append([attempt("r-worker"), settlement("r-worker")])
            await worker.close()

    drive(run())
    assert outcome(tmp_path, "r-worker") == "answered"


def test_a_claim_holds_even_where_the_old_connection_is_still_there(tmp_path: Path) -> None:
    with writer(tmp_path, claim_seconds=0), socket.socket(socket.AF_UNIX) as new:
        with socket.socket(socket.AF_UNIX) as old:
            old.connect(str(ledger_socket(tmp_path)))
            new.connect(str(ledger_socket(tmp_path)))
            old.sendall(pack(Frame(1, [intent("r-kept"), intent("r-left")])))
            assert old.recv(4096)
            new.sendall(pack(Frame(0, [], ["r-kept", "r-unknown"])))
            assert new.recv(4096)
        until(lambda: outcome(tmp_path, "r-left") == "interrupted")
        assert outcome(tmp_path, "r-kept") is None
        new.close()
        until(lambda: outcome(tmp_path, "r-kept") == "interrupted")


def test_a_settlement_waits_for_the_next_writer_and_an_intent_on_its_way_fails(tmp_path: Path) -> None:
    async def run() -> None:
        with writer(tmp_path) as process:
            client = LedgerClient(ledger_socket(tmp_path), timeout=30)
            await client.open(intent("r-000001"))
            process.send_signal(signal.SIGSTOP)  # it reads nothing any more
            on_its_way = asyncio.create_task(client.open(intent("r-000002")))
            settling = asyncio.create_task(client.append([attempt("r-000001"), settlement("r-000001")]))
            await asyncio.sleep(0.05)
        with pytest.raises(LedgerUnavailable):
            await on_its_way
        assert not settling.done()
        with writer(tmp_path):
            await settling
            await client.close()

    drive(run())
    assert outcome(tmp_path, "r-000001") == "answered"


def test_without_a_writer_waiting_ends(tmp_path: Path) -> None:
    async def work(client: LedgerClient) -> None:
        with pytest.raises(LedgerUnavailable):
            await client.open(intent("r-000001"))
        with pytest.raises(LedgerUnavailable):
            await client.append([settlement("r-000001")])

    session(tmp_path, work, timeout=0.1)


def test_ready_means_that_the_writer_works_not_that_a_connection_stands(tmp_path: Path) -> None:
    async def run(process: Process) -> None:
        client = LedgerClient(ledger_socket(tmp_path))
        await in_time(lambda: client.is_ready)
        process.send_signal(signal.SIGSTOP)
        await in_time(lambda: not client.is_ready)
        process.send_signal(signal.SIGCONT)
        await in_time(lambda: client.is_ready)
        process.kill()
        await in_time(lambda: not client.is_ready)
        await client.close()

    with writer(tmp_path) as process:
        drive(run(process))


def test_an_intent_that_becomes_durable_too_late_is_settled_as_interrupted(tmp_path: Path) -> None:
    async def run(process: Process) -> None:
        client = LedgerClient(ledger_socket(tmp_path), timeout=0.5)
        await client.open(intent("r-000001"))
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(LedgerUnavailable):
            await client.open(intent("r-000002"))
        cancelled = asyncio.create_task(client.open(intent("r-000003")))
        await asyncio.sleep(0.05)
        cancelled.cancel()
        process.send_signal(signal.SIGCONT)
        await in_time(lambda: outcome(tmp_path, "r-000002") == outcome(tmp_path, "r-000003") == "interrupted")
        assert outcome(tmp_path, "r-000001") is None
        await client.close()

    with writer(tmp_path) as process:
        drive(run(process))


def test_one_bad_row_fails_alone(tmp_path: Path) -> None:
    async def work(client: LedgerClient) -> None:
        await client.open(intent("r-000001"))
        huge = msgspec.structs.replace(intent("r-000002"), model="x" * LARGEST_FRAME)
        too_many = msgspec.structs.replace(attempt("r-000001"), tokens_in=2**200)
        unwritable = msgspec.structs.replace(intent("r-000003"), model="\ud800")
        ended = await asyncio.gather(
            client.open(intent("r-000004")),
            client.open(huge),
            client.append([too_many]),
            client.open(intent("r-000001")),  # an id that is taken gives no receipt
            client.open(unwritable),
            client.open(intent("r-000005")),
            return_exceptions=True,
        )
        assert [isinstance(each, LedgerUnavailable) for each in ended] == [
            False,
            True,
            True,
            True,
            True,
            False,
        ]

    with writer(tmp_path):
        session(tmp_path, work)
    assert found(tmp_path, "r-000004")
    assert found(tmp_path, "r-000005")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
def test_a_full_disk_acknowledges_nothing_and_recovers_without_restart(tmp_path: Path) -> None:
    async def run(process: Process) -> None:
        client = LedgerClient(ledger_socket(tmp_path), timeout=30)
        await client.open(intent("r-000001"))
        room = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, room[1]))
        settling = asyncio.create_task(client.append([settlement("r-000001")]))
        for number in range(3):
            with pytest.raises(LedgerUnavailable):
                await client.open(intent(f"r-full-{number}"))
        assert not settling.done()
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, room)
        await client.open(intent("r-000002"))
        await settling
        await client.close()
        assert process.poll() is None

    with writer(tmp_path) as process:
        drive(run(process))
    assert [each.intent.record for each in SqliteReader(ledger_file(tmp_path)).recent(9)] == [
        "r-000002",
        "r-000001",
    ]
    assert outcome(tmp_path, "r-000001") == "answered"


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")
@pytest.mark.parametrize("room", [1, 5_000, 40_000, 60_000, 100_000, 150_000])
def test_wherever_a_write_fails_what_is_there_is_what_was_acknowledged(tmp_path: Path, room: int) -> None:
    acknowledged: set[str] = set()
    failed: set[str] = set()

    async def run(process: Process) -> None:
        client = LedgerClient(ledger_socket(tmp_path), timeout=30)
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (room, before[1]))
        for number in range(300):
            record = f"r-{number:06d}"
            try:
                await client.open(intent(record))
            except LedgerUnavailable:
                failed.add(record)
            else:
                acknowledged.add(record)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        await client.open(intent("r-afterwards"))
        await client.close()
        assert process.poll() is None

    with writer(tmp_path) as process:
        drive(run(process))
    there = {each.intent.record for each in SqliteReader(ledger_file(tmp_path)).recent(1000)}
    assert failed
    assert there == acknowledged | {"r-afterwards"}


def test_a_malformed_frame_closes_its_connection_and_no_other(tmp_path: Path) -> None:
    with writer(tmp_path), socket.socket(socket.AF_UNIX) as good, socket.socket(socket.AF_UNIX) as bad:
        good.connect(str(ledger_socket(tmp_path)))
        bad.connect(str(ledger_socket(tmp_path)))
        bad.sendall(pack(Frame(1, [intent("r-before")])) + b"\xff\xff\xff\xff nonsense")
        answer = b""
        while chunk := bad.recv(4096):
            answer += chunk
        assert list(Unpacker().acks(answer)) in ([Ack(1)], [])
        good.sendall(pack(Frame(7, [intent("r-000001")])))
        assert list(Unpacker().acks(good.recv(4096))) == [Ack(7)]
        good.sendall(pack(Frame(8, [intent("r-000001")])))
        assert list(Unpacker().acks(good.recv(4096))) == [Ack(8, REJECTED)]
    assert found(tmp_path, "r-before")
    assert found(tmp_path, "r-000001")


def test_a_worker_that_never_reads_is_cut_off(tmp_path: Path) -> None:
    with writer(tmp_path), socket.socket(socket.AF_UNIX) as deaf:
        deaf.connect(str(ledger_socket(tmp_path)))
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            deaf.sendall(pack(Frame(1, [])) * 5_000_000)

        async def work(client: LedgerClient) -> None:
            await client.open(intent("r-000001"))

        session(tmp_path, work)


@pytest.mark.parametrize("end", ["SIGTERM", "SIGINT", "standard input"])
def test_ends_cleanly_with_what_is_in_the_sockets(tmp_path: Path, end: str) -> None:
    with writer(tmp_path) as process, socket.socket(socket.AF_UNIX) as worker:
        worker.connect(str(ledger_socket(tmp_path)))
        worker.sendall(pack(Frame(1, [intent("r-000001")])))
        assert list(Unpacker().acks(worker.recv(4096))) == [Ack(1)]  # it is accepted
        process.send_signal(signal.SIGSTOP)
        worker.sendall(pack(Frame(2, [intent("r-000002")])))
        if end == "standard input":
            assert process.stdin
            process.stdin.close()
        else:
            process.send_signal(getattr(signal, end))
        process.send_signal(signal.SIGCONT)
        assert list(Unpacker().acks(worker.recv(4096))) == [Ack(2)]
        if end == "standard input":
            worker.sendall(pack(Frame(3, [settlement("r-000002")])))  # the supervisor is gone, we are not
            assert list(Unpacker().acks(worker.recv(4096))) == [Ack(3)]
            worker.close()
        assert process.wait(30) == 0
        assert not ledger_socket(tmp_path).exists()
    assert found(tmp_path, "r-000002")


def test_there_is_only_one_writer(tmp_path: Path) -> None:
    order = json.dumps(
        {"database": str(ledger_file(tmp_path)), "socket": str(tmp_path / "other" / "ledger.sock")}
    )
    with writer(tmp_path), start(order) as second:
        assert second.wait(30) == 2
    with start(order) as third:
        assert third.stdout
        assert third.stdout.readline() == b"ready\n"
        third.terminate()


@pytest.mark.parametrize("order", ["", "{}", "nonsense", '{"database": "/x", "socket": "/y", "more": 1}'])
def test_an_order_that_cannot_be_read_is_refused(order: str) -> None:
    with start(order) as process:
        assert process.wait(30) == 2


def test_the_socket_is_private(tmp_path: Path) -> None:
    with writer(tmp_path):
        assert ledger_socket(tmp_path).stat().st_mode & 0o777 == 0o600
        assert ledger_socket(tmp_path).parent.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_others_read_is_refused(tmp_path: Path) -> None:
    ledger_socket(tmp_path).parent.mkdir(mode=0o755)
    order = json.dumps({"database": str(ledger_file(tmp_path)), "socket": str(ledger_socket(tmp_path))})
    with start(order) as process:
        assert process.wait(30) == 2


def test_works_below_a_long_path(tmp_path: Path) -> None:
    data = tmp_path / ("d" * 120)

    async def work(client: LedgerClient) -> None:
        await request(client, "r-000001")

    with writer(data):
        session(data, work)
    assert outcome(data, "r-000001") == "answered"
