"""A data-plane worker: `python -m haechi.app.processes.worker FD`, one per core.

It serves the gate on the listening socket `FD` that the supervisor opened, says `ready` on standard output,
ends gracefully on SIGTERM, and when its standard input closes.
"""

import asyncio
import gc
import socket
import sys
from functools import partial
from pathlib import Path

import uvicorn
import uvloop

from haechi.adapters.stores.client import LedgerClient
from haechi.adapters.stores.keys import SqliteKeyRing
from haechi.adapters.stores.labels import SqliteLabels
from haechi.adapters.stores.layout import ledger_file, ledger_socket
from haechi.adapters.telemetry.prometheus import PrometheusMeter
from haechi.app.processes.order import WorkerOrder, read_line
from haechi.app.web import errors
from haechi.app.web.app import Gate
from haechi.app.wiring import DailyPolicy, SystemClock, SystemNames, backends, prices, scanner
from haechi.domain.ports import KeyRing
from haechi.gateway.flow import Road

RULES = ("caller", "clearance")
"""Names that stand in `x-haechi-rule` beside those of configured rules."""

YOUNG = 10_000
"""Objects that are made, and not yet let go, between two looks of the garbage collector: more than all requests
under way hold."""

METER_EVERY = 0.2
"""Seconds for which metrics are summed up before other processes see them."""

DRAIN = 20
"""Seconds that answers under way may take after the order to stop."""


def main() -> None:
    """Serve until told to stop."""
    order = read_line(WorkerOrder)
    listener = socket.socket(fileno=int(sys.argv[1]))
    uvloop.run(_serve(order, listener))


async def _serve(order: WorkerOrder, listener: socket.socket) -> None:
    settings, data_dir = order.settings, Path(order.data_dir)
    current = DailyPolicy(settings, order.engine)
    found, door = backends(settings, order.engine)
    ledger = LedgerClient(ledger_socket(data_dir))
    keys: KeyRing | None = SqliteKeyRing(ledger_file(data_dir)) if settings.keys.auth == "required" else None
    rules = [*RULES, *(rule.name for rule in current().rules)]
    later = partial(asyncio.get_running_loop().call_later, METER_EVERY)
    meter = PrometheusMeter(rules=rules, destinations=list(current().destinations), later=later)
    labels = SqliteLabels(data_dir)
    clock, names = SystemClock(), SystemNames()
    road = Road(
        policy=current,
        scan=scanner().scan,
        backends=found,
        ledger=ledger,
        clock=clock,
        names=names,
        meter=meter,
        price=prices(current()),
        status=errors.status,
        labels=labels,
    )
    gate = Gate(
        road=road,
        policy=current,
        keys=keys,
        clock=clock,
        names=names,
        exposition=meter.exposition,
        ready=lambda: {"ledger": ledger.is_connected},
        body_limit=settings.limits.body_mib << 20,
    )
    tls = settings.listen.tls
    config = uvicorn.Config(
        gate,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN,
        ssl_certfile=tls.cert if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    server = uvicorn.Server(config)
    _calm_collector()

    def parent_gone() -> None:
        server.should_exit = True

    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), parent_gone)
    asyncio.get_running_loop().call_soon(print, "ready")
    await server.serve(sockets=[listener])
    meter.write_down()
    await door.aclose()
    await ledger.close()


def _calm_collector() -> None:
    """Let the garbage collector leave alone what stands for good, and look for cycles less often: a request makes
    none, and at Python's own pace the search for them is about 7 % of its CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


if __name__ == "__main__":
    main()
