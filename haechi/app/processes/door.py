"""The door as a process of its own: `python -m haechi.app.processes.door FD`, one a site, with `deploy: split`.

It alone has the providers' keys. Gates hand it what they want to send over the listening Unix socket `FD`, which the
supervisor opened; it looks at everything a second time, and sends what stands. It says `ready` on standard output,
finishes what is under way on SIGTERM, and, when its standard input closes, stays until the gates have hung up.
"""

import asyncio
import logging
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import uvloop

from haechi.adapters.backends.forms import asks_for
from haechi.adapters.backends.threshold import MOST_LINES, Threshold
from haechi.adapters.stores.exceptions import SqliteExceptions
from haechi.adapters.telemetry.prometheus import PrometheusMeter
from haechi.app.company import CompanyStudy
from haechi.app.processes import logs
from haechi.app.processes.order import DoorOrder, read_line
from haechi.app.processes.tuning import METER_EVERY, calm_collector, connections
from haechi.app.processes.undumpable import undumpable
from haechi.app.wiring import DailyPolicy, SystemClock, door_eyes, door_of, largest_letter
from haechi.domain.errors import HaechiError, NotCleared
from haechi.domain.releasable import Releasable
from haechi.gateway.second_look import SecondLook

RULE: Final = "door"
"""Under which refusals are counted."""

STAYS: Final = 25.0
"""Seconds that gates have to finish, after the order to stop or the end of the supervisor; they take 20 at most."""

log = logging.getLogger("haechi.door")


def main() -> int:
    """Serve until told to stop. 0, or 2 where it cannot start."""
    undumpable()
    logs.configure()
    order = read_line(DoorOrder)
    try:
        uvloop.run(_serve(order, socket.socket(fileno=int(sys.argv[1]))))
    except HaechiError as fault:  # a key file that this user may not read
        print(f"{fault.text.ko}\n{fault.text.en}", file=sys.stderr)
        return 2
    return 0


async def _serve(order: DoorOrder, listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    policy = DailyPolicy(order.settings, order.engine)
    meter = PrometheusMeter(rules=[RULE], destinations=(), later=partial(loop.call_later, METER_EVERY))
    door = door_of(order.settings, order.engine)
    look = SecondLook(
        policy=policy,
        eyes=door_eyes(order.settings, known_to_the_company(order.data_dir)),
        key=order.receipt_key,
        clock=SystemClock(),
        holds_for=order.settings.limits.total_s,
        asks_for=asks_for,
        exceptions=reviewed(Path(order.data_dir)) if order.data_dir is not None else None,
    )
    threshold = Threshold(
        door,
        partial(_second_look, look, lambda: loop.call_soon_threadsafe(partial(meter.refused, rule=RULE))),
        caller=order.caller,
        largest=largest_letter(order.settings),
        most=connections(MOST_LINES),
        reader=ThreadPoolExecutor(1, "reader"),
    )
    server = await loop.create_unix_server(threshold.line, sock=listener)
    sweeping = asyncio.create_task(threshold.sweep())
    calm_collector()
    alone = await _until_told(loop)
    if alone:
        await threshold.left(STAYS)
    server.close()
    await threshold.empty(STAYS)
    sweeping.cancel()
    meter.write_down()
    await door.aclose()


async def _until_told(loop: asyncio.AbstractEventLoop) -> bool:
    """Say `ready`, and wait for a signal or the end of standard input. Whether it was the latter."""
    told: asyncio.Future[bool] = loop.create_future()

    def stop(*, alone: bool) -> None:
        if not told.done():
            told.set_result(alone)

    def parent_spoke() -> None:
        if not os.read(sys.stdin.fileno(), 4096):  # the end of the file stays readable for ever
            loop.remove_reader(sys.stdin.fileno())
            stop(alone=True)

    loop.add_reader(sys.stdin.fileno(), parent_spoke)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, partial(stop, alone=False))
    print("ready", flush=True)
    return await told


def reviewed(data_dir: Path) -> SqliteExceptions | None:
    """The reviewed exceptions; `None` where this process may not read them, and then none holds."""
    try:
        return SqliteExceptions(data_dir)
    except (HaechiError, OSError, sqlite3.Error):
        log.warning("reviewed exceptions cannot be read at the door: what they cover is refused here")
        return None


def known_to_the_company(data_dir: str | None) -> CompanyStudy | None:
    """The company's lists and documents; none where this process may not read them, and then the gate alone looks."""
    if data_dir is None:
        return None
    try:
        return CompanyStudy(Path(data_dir))
    except (HaechiError, OSError, sqlite3.Error):
        log.warning(
            "the company's lists and documents cannot be read at the door: the gate alone looks for them"
        )
        return None


def _second_look(look: SecondLook, count: Callable[[], object], release: Releasable) -> None:
    """Raise `NotCleared` where something stands against `release`, and say so aloud, without any value."""
    objection = look.objection(release)
    if objection is None:
        return
    count()
    log.error(f"refused at the door: {objection.what} {', '.join(objection.kinds)}".rstrip())
    raise NotCleared(release.call.destination, release.label)


if __name__ == "__main__":
    sys.exit(main())
