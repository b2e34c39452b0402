"""A data-plane worker: `python -m haechi.app.processes.worker FD`, one per core.

It serves the gate on the listening socket `FD` that the supervisor opened, says `ready` on standard output,
ends gracefully on SIGTERM, and when its standard input closes.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import uvicorn
import uvloop

from haechi.adapters.stores.client import LedgerClient
from haechi.adapters.stores.exceptions import SqliteExceptions
from haechi.adapters.stores.keys import SqliteKeyRing
from haechi.adapters.stores.labels import SqliteLabels
from haechi.adapters.stores.layout import ledger_file, ledger_socket, readers_socket
from haechi.adapters.stores.responses import SqliteResponses
from haechi.adapters.stores.sealing import DirectorySeals
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.adapters.telemetry.prometheus import PrometheusMeter
from haechi.app.company import CompanyStudy
from haechi.app.processes import logs
from haechi.app.processes.mcp import mcp_of
from haechi.app.processes.order import WorkerOrder, read_line
from haechi.app.processes.protocol import IDLE_FOR, MOST_CONNECTIONS, BoundedProtocol, watch
from haechi.app.processes.tuning import METER_EVERY, calm_collector, connections
from haechi.app.web import errors
from haechi.app.web.app import Gate
from haechi.app.wiring import DailyPolicy, SystemClock, SystemNames, backends, eyes, prices, readers
from haechi.domain.ports import KeyRing
from haechi.gateway.flow import Road

RULES = ("caller", "clearance", "service")
"""Names that stand in `x-haechi-rule` beside those of configured rules."""

DRAIN = 20
"""Seconds that answers under way may take after the order to stop."""


class Server(uvicorn.Server):
    """uvicorn's, but signals are the worker's: uvicorn would raise them again at the end, before the ledger's
    client and the metrics are closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Called by uvicorn."""
        yield


def main() -> None:
    """Serve until told to stop."""
    logs.configure()
    BoundedProtocol.most_connections = connections(MOST_CONNECTIONS)
    order = read_line(WorkerOrder)
    listener = socket.socket(fileno=int(sys.argv[1]))
    uvloop.run(_serve(order, listener))


async def _serve(order: WorkerOrder, listener: socket.socket) -> None:
    settings, data_dir = order.settings, Path(order.data_dir)
    current = DailyPolicy(settings, order.engine)
    found, doors = backends(settings, order.engine, Path(order.door) if order.door else None)
    ledger = LedgerClient(ledger_socket(data_dir))
    keys: KeyRing | None = SqliteKeyRing(ledger_file(data_dir)) if settings.keys.auth == "required" else None
    rules = [*RULES, *(rule.name for rule in current().rules)]
    later = partial(asyncio.get_running_loop().call_later, METER_EVERY)
    meter = PrometheusMeter(rules=rules, destinations=list(current().destinations), later=later)
    labels = SqliteLabels(data_dir)
    exceptions = SqliteExceptions(data_dir) if order.reviewed else None
    clock, names, seals = SystemClock(), SystemNames(), DirectorySeals(data_dir)
    road = Road(
        policy=current,
        eyes=eyes(settings, CompanyStudy(data_dir)),
        backends=found,
        ledger=ledger,
        clock=clock,
        names=names,
        meter=meter,
        price=prices(current()),
        status=errors.status,
        labels=labels,
        exceptions=exceptions,
        seals=seals,
        thoughtful=not (settings.split and settings.detection.strict),  # a strict door cannot read them
    )
    gate = Gate(
        road=road,
        policy=current,
        keys=keys,
        clock=clock,
        names=names,
        exposition=meter.exposition,
        ready=lambda: {"ledger": ledger.is_ready},
        body_limit=settings.limits.body_mib << 20,
        readers=readers(settings, readers_socket(data_dir)),
        seals=seals,
        stored=SqliteResponses(data_dir),
        records=SqliteReader(ledger_file(data_dir)),
        mcp=mcp_of(settings),
    )
    tls = settings.listen.tls
    config = uvicorn.Config(
        gate,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_FOR,
        timeout_graceful_shutdown=DRAIN,
        ssl_certfile=tls.cert if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    config.load()  # whatever is wrong is so before this process says that it is ready
    server = Server(config)
    calm_collector()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    def parent_spoke() -> None:
        if not os.read(sys.stdin.fileno(), 4096):  # the end of the file stays readable for ever
            loop.remove_reader(sys.stdin.fileno())
            stop()

    loop.add_reader(sys.stdin.fileno(), parent_spoke)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    loop.call_soon(print, "ready")
    watching = asyncio.create_task(watch(server.server_state.connections))
    await server.serve(sockets=[listener])
    watching.cancel()
    meter.write_down()
    for door in doors:
        await door.aclose()
    await ledger.close()


if __name__ == "__main__":
    main()
