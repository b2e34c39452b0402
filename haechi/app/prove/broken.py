"""The same gate in one process, wired with broken parts: what no fault from outside can break.

There is no switch in the product that weakens it; here the parts come from a test bench, everything else, the door
and its sockets included, from the wiring of a real start. While a detector or the label store is broken, nothing may
reach any cloud, whatever it says.
"""

import asyncio
import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from msgspec import structs

from haechi.adapters.stores.memory import MemoryLabels, MemoryLedger
from haechi.adapters.telemetry.nothing import NoMeter
from haechi.app.prove.canaries import Haystack
from haechi.app.prove.ground import ORDINARY, Ground, Trial, chat
from haechi.app.prove.standins import StandIn
from haechi.app.prove.trials import WAYS, calling
from haechi.app.settings.model import Settings
from haechi.app.web import errors
from haechi.app.web.app import Gate
from haechi.app.wiring import SystemClock, SystemNames, backends, detectors, no_prices
from haechi.domain.errors import ConfigurationError, LedgerUnavailable
from haechi.domain.label import Label, Level
from haechi.domain.record import Row
from haechi.domain.releasable import Receipt
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.flow import Road

AREA: Final = "broken"
QUICK: Final = 0.3
"""Seconds: limits of the bench, so that a time-out is tried without waiting for a real one."""


class Bench:
    """One gate with parts of our choice, over the copy's settings and stand-ins."""

    def __init__(
        self,
        ground: Ground,
        *,
        scan: Callable[[str], list[Hit]] | None = None,
        ledger: MemoryLedger | None = None,
        labels: MemoryLabels | None = None,
        clock: Any = None,
        settings: Settings | None = None,
    ) -> None:
        policy = ground.twin.policy
        found, self._doors = backends(settings or ground.twin.settings, None)
        self.backends = found
        names = SystemNames()
        clock = clock or SystemClock()
        road = Road(
            policy=lambda: policy,
            eyes=Eyes(scan or detectors(settings or ground.twin.settings).scan),
            backends=found,
            ledger=ledger or MemoryLedger(),
            clock=clock,
            names=names,
            meter=NoMeter(),
            price=no_prices,
            status=errors.status,
            labels=labels or MemoryLabels(),
        )
        self._gate = Gate(
            road=road,
            policy=lambda: policy,
            keys=None,
            clock=clock,
            names=names,
            exposition=lambda: b"",
            ready=lambda: {"ledger": True},
            body_limit=1 << 24,
        )

    async def ask(self, body: bytes) -> int:
        """Send one request through the gate; its status, 0 where there was no answer."""
        told: list[dict[str, Any]] = []
        asked = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not asked:
                await asyncio.Event().wait()  # this caller stays
            return asked.pop()

        async def send(message: dict[str, Any]) -> None:
            told.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/chat/completions",
            "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
            "client": ("127.0.0.1", 1),
        }
        await self._gate(scope, receive, send)
        return next((message["status"] for message in told if "status" in message), 0)

    async def close(self) -> None:
        """Hang up."""
        for door in self._doors:
            await door.aclose()


async def broken(ground: Ground) -> None:
    """Each part broken in turn."""
    await _detectors(ground)
    await _stores(ground)
    await _time_outs(ground)


async def _detectors(ground: Ground) -> None:
    """All of them at once, each alone, none there."""
    for name, scan in _scans():
        await _walk(ground, f"detector {name}", _everything(ground), silent=ground.clouds, scan=scan)
    hanging = _hanging_detector()
    await _walk(
        ground, "detector hangs over its budget", _everything(ground), silent=ground.clouds, **hanging
    )
    for kind in ground.mint.kinds:
        scan = _failing_for(kind)
        await _walk(ground, f"detector of {kind} raises", _one_kind(ground, kind), scan=scan)
    _absent(ground)


async def _stores(ground: Ground) -> None:
    """Without labels nothing may go out, without a ledger nothing may go anywhere; whatever they fail with."""
    everybody = list(ground.stand_ins.values())
    for error in (LedgerUnavailable, OSError):
        name = f"label store gone ({error.__name__})"
        await _walk(ground, name, _everything(ground), silent=ground.clouds, labels=_GoneLabels(error))
        name = f"ledger refuses ({error.__name__})"
        await _walk(ground, name, _everything(ground), silent=everybody, ledger=_RefusingLedger(error))


async def _time_outs(ground: Ground) -> None:
    """Each destination is silent until the gate gives it up and tries what may be tried next."""
    limits = structs.replace(ground.twin.settings.limits, first_byte_s=QUICK, idle_s=QUICK, total_s=3 * QUICK)
    settings = structs.replace(ground.twin.settings, limits=limits)
    for word in ("stall", "stall-mid"):
        for each in ground.stand_ins.values():
            each.fail(word)
            trials = [*_one_kind(ground, "kr.rrn"), *_ordinary(ground)]
            await _walk(ground, f"{each.name} times out ({word})", trials, settings=settings)
            each.fail()


async def _walk(
    ground: Ground, name: str, trials: Iterable[Trial], *, silent: Sequence[StandIn] = (), **what: Any
) -> None:
    """Send `trials` through a gate that is broken like that. What it says of its faults is looked at, too."""
    area = f"{AREA}/{name}"
    bench, said, asked = Bench(ground, **what), io.StringIO(), list(trials)
    async with ground.part(area, silent=silent):
        with contextlib.redirect_stderr(said):
            for trial in asked:
                ground.note(area, trial)
            await asyncio.gather(*(bench.ask(trial.body) for trial in asked))
    by_canary = {trial.canary: trial for trial in asked}
    for canary, form in Haystack(said.getvalue().encode()).canaries(by_canary):
        ground.leak(area, by_canary[canary].name, canary.kind, "log", form)
    await bench.close()


def _everything(ground: Ground) -> Iterator[Trial]:
    """One of each kind, and ordinary work: without its part the gate cannot tell them apart."""
    for kind in ground.mint.kinds:
        yield from _one_kind(ground, kind)
    yield from _ordinary(ground)


def _ordinary(ground: Ground) -> Iterator[Trial]:
    for model in ground.models():
        for way in WAYS:
            canary, said = ground.ordinary()
            yield Trial("ordinary work", canary, chat(said, model, **way))


def _one_kind(ground: Ground, kind: str) -> Iterator[Trial]:
    for way in WAYS:
        canary = ground.mint.of(kind)
        yield Trial(f"{kind} in a message", canary, chat(canary.text, ground.next_model(), **way))
        canary = ground.mint.of(kind)
        arguments = msgspec.json.encode({"memo": canary.text}).decode()
        yield Trial(f"{kind} in arguments", canary, calling(arguments, ground.next_model(), way))


def _scans() -> Iterator[tuple[str, Callable[[str], Any]]]:
    """Detectors that are no more what they were, all of them at once."""

    def raises(text: str) -> list[Hit]:
        raise ConnectionError

    def runs_out_of_time(text: str) -> list[Hit]:
        raise TimeoutError

    gone = Scanner.__new__(Scanner)  # its rules were never loaded
    yield "raises", raises
    yield "times out", runs_out_of_time
    yield "answers nothing", lambda text: None
    yield "answers what is no finding", lambda text: ["?"]
    yield "without its rules", gone.scan


def _failing_for(kind: str) -> Callable[[str], list[Hit]]:
    """The detectors, of which that of `kind` fails where it would have found something."""
    look = detectors().scan

    def scan(text: str) -> list[Hit]:
        hits = look(text)
        if any(hit.kind == kind for hit in hits):
            raise RuntimeError
        return hits

    return scan


class _LeapingClock(SystemClock):
    """A clock that leaps whenever a detector has looked, so that nobody has to wait."""

    def __init__(self) -> None:
        self.leapt = 0.0

    def monotonic(self) -> float:
        """The machine's clock, and what it leapt."""
        return SystemClock.monotonic() + self.leapt


def _hanging_detector() -> dict[str, Any]:
    """It takes ten seconds and then has seen nothing."""
    clock = _LeapingClock()

    def scan(text: str) -> list[Hit]:
        clock.leapt += 10.0
        return []

    return {"scan": scan, "clock": clock}


def _absent(ground: Ground) -> None:
    """Without a single detector nothing may start."""
    area = f"{AREA}/detectors absent"
    ground.note(area, Trial("a start without detectors", ground.mint.word(ORDINARY, Level.INTERNAL), b""))
    try:
        Scanner(())
    except ConfigurationError:
        return
    ground.leak(area, "a start without detectors", "any", "start", "it started")


class _GoneLabels(MemoryLabels):
    """A label store that cannot be read or written."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self._error = error

    def known(self, texts: Iterable[str]) -> Label:
        """Fails."""
        raise self._error

    def remember(self, texts: Iterable[str], label: Label) -> None:
        """Fails."""
        raise self._error


class _RefusingLedger(MemoryLedger):
    """A ledger that takes no row."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self._error = error

    async def open(self, row: Row) -> Receipt:
        """Fails."""
        raise self._error

    async def append(self, rows: Sequence[Row]) -> None:
        """Fails."""
        raise self._error
