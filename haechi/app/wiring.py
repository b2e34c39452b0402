"""What stands behind each port: the only place that knows adapters and the gateway at once."""

import os
import secrets
import socket
import time
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from haechi.adapters.backends.build import backend
from haechi.adapters.backends.client import Timeouts
from haechi.adapters.backends.distant_door import DistantDoor
from haechi.adapters.backends.door import Door
from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.backends.proxy import Proxy
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.readers.client import Readers
from haechi.adapters.stores.wire import connected
from haechi.app.company import CompanyStudy
from haechi.app.company_proxy import company_proxy, secret_in
from haechi.app.settings.airgap import destinations
from haechi.app.settings.compile import LocalEngine, attested, base_url, policy
from haechi.app.settings.model import DestinationSettings, Settings
from haechi.app.settings.own import every_identifier, own_terms
from haechi.catalogue.prices import Price, price
from haechi.domain.ports import Backend
from haechi.gateway.classify.addresses.study import Addresses
from haechi.gateway.classify.memory import Memory
from haechi.gateway.classify.names.names import Names
from haechi.gateway.classify.password_columns import PasswordColumns
from haechi.gateway.classify.password_talk import PasswordTalk
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.classify.terms import Terms
from haechi.gateway.classify.together import Together
from haechi.gateway.classify.topics.study import Topics
from haechi.gateway.decide.policy import Policy
from haechi.gateway.flow import PriceOf

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
_CHANCE: Final = 7
"""Bytes of chance in an id; 50 of their 56 bits are used."""


class SystemClock:
    """The machine's clocks."""

    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)


class SystemNames:
    """Record ids: ten characters of time in milliseconds, ten of chance, in Crockford's base 32.

    Ids sort by time; 50 random bits make two equal ones within one millisecond a one-in-10^15 matter. Chance is
    fetched from the kernel for many ids at once: asking it costs more than the rest of an id.
    """

    def __init__(self) -> None:
        self._chance = b""
        self._used = 0

    def record(self) -> str:
        """A fresh record id."""
        number = (int(time.time() * 1000) << 50) | self._fifty_bits()
        return "r" + "".join([_PAIRS[number >> shift & 1023] for shift in range(90, -1, -10)])

    def _fifty_bits(self) -> int:
        if self._used == len(self._chance):
            self._chance, self._used = secrets.token_bytes(512 * _CHANCE), 0
        start = self._used
        self._used += _CHANCE
        return int.from_bytes(self._chance[start : self._used], "big") >> 6


class DailyPolicy:
    """The policy of today: contracts end at midnight, so it is compiled anew each day."""

    def __init__(self, settings: Settings, engine: LocalEngine | None) -> None:
        self._settings = settings
        self._engine = engine
        self._compile(datetime.now().astimezone())

    def __call__(self) -> Policy:
        if time.time() >= self._until:
            self._compile(datetime.now().astimezone())
        return self._policy

    def _compile(self, now: datetime) -> None:
        self._policy = policy(self._settings, self._engine, now.date())
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), now.tzinfo)
        self._until = tomorrow.timestamp()


def detectors(settings: Settings | None = None) -> Together:
    """The detectors of the catalogue, and those that a site brings: what a text decides by itself."""
    given = settings or Settings()
    return Together(
        Scanner(every_identifier(given), (PasswordColumns(), PasswordTalk())), Terms(own_terms(given))
    )


def eyes(settings: Settings | None = None, company: CompanyStudy | None = None) -> Eyes:
    """All that a gate looks with. What was seen is remembered until lists or documents change."""
    given = settings or Settings()
    rules = Together(detectors(given), Addresses(), *([company] if company else []))
    key = secrets.token_bytes(32)
    memory = Memory(key, company.edition) if company else Memory(key)
    # Read where onnxruntime is imported: else it makes an id of the machine, and keeps it among the temporary files.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    study = Together(Names(), Topics())
    return Eyes(rules.scan, study.scan, memory, given.detection.strict, rules.scan_near)


def door_eyes(settings: Settings, company: CompanyStudy | None) -> Eyes:
    """What the door looks with once more: all that finds the same in the same words wherever they stand. What weighs the
    words around (names, topics) may judge otherwise where a wire has put them in another order."""
    exact = Together(detectors(settings), Addresses(), *([company] if company else []))
    return Eyes(exact.scan, strict=settings.detection.strict, rules_near=exact.scan_near)


def backends(
    settings: Settings, engine: LocalEngine | None, socket: Path | None = None
) -> tuple[dict[str, Backend], list[Door | DistantDoor]]:
    """A backend for every destination, and the doors before them: one in this process, or, where there is a
    `socket`, the one behind it, and one here for the engine that haechi started. Raises `ConfigurationError`."""
    found = _upstreams(settings, engine)
    doors: list[Door | DistantDoor]
    if socket is None:
        doors = [Door(found.values())]
        made = {name: backend(each, doors[0]) for name, each in found.items()}
    else:
        ours = {name for name in found if engine and engine.ours and settings.destinations[name].engine}
        near = Door(found[name] for name in ours)
        far = DistantDoor(
            set(found) - ours,
            partial(connected, socket),
            timeouts=_timeouts(settings),
            largest=largest_letter(settings),
        )
        doors = [near, far]
        made = {name: backend(each, near if name in ours else far) for name, each in found.items()}
    fakes = {
        name: FakeBackend(name) for name, entry in settings.destinations.items() if entry.provider == "fake"
    }
    return made | fakes, doors


def readers(settings: Settings, pool: Path) -> Readers:
    """Who reads files, by the pool behind a socket."""

    async def connect() -> socket.socket:
        return connected(pool)

    return Readers(connect, pictures=settings.detection.ocr == "tesseract")


def door_of(settings: Settings, engine: LocalEngine | None) -> Door:
    """The door of a process that has the keys. Raises `ConfigurationError`."""
    return Door(_upstreams(settings, engine).values())


def largest_letter(settings: Settings) -> int:
    """Bytes of what a gate may hand to a door: a wire says the same request in other words, never in twice as many."""
    return (settings.limits.body_mib << 21) + (1 << 16)


def _upstreams(settings: Settings, engine: LocalEngine | None) -> dict[str, Upstream]:
    timeouts, proxy = _timeouts(settings), company_proxy(settings)
    through = set(settings.proxy.destinations) if settings.proxy else set()
    found = {}
    for name, entry in destinations(settings).items():
        way = proxy if not through or name in through else None
        if (made := upstream(name, entry, engine, timeouts, way)) is not None:
            found[name] = made
    return found


def _timeouts(settings: Settings) -> Timeouts:
    limits = settings.limits
    return Timeouts(first_byte=limits.first_byte_s, idle=limits.idle_s, total=limits.total_s)


def upstream(
    name: str,
    entry: DestinationSettings,
    engine: LocalEngine | None,
    timeouts: Timeouts | None = None,
    proxy: Proxy | None = None,
) -> Upstream | None:
    """Where `entry` is found and with what key; `None` where it is not on a network. `proxy` is for the cloud."""
    timeouts = timeouts or Timeouts()
    if entry.engine is not None:
        if engine is None:
            return None
        key, cap = engine.key or "", engine.max_output
        return Upstream(name, "onprem", "openai", engine.base_url, key, timeouts=timeouts, max_output=cap)
    if entry.provider is None or entry.provider == "fake":
        return None
    zone = entry.zone or "cloud"
    return Upstream(
        name,
        zone,
        entry.provider,
        base_url(entry),
        _key(name, entry),
        attested(entry),
        entry.ca_file,
        timeouts,
        proxy=proxy if zone == "cloud" else None,
    )


def _key(name: str, entry: DestinationSettings) -> str:
    if entry.key_file is None:
        return entry.key or ""
    return secret_in(entry.key_file, f"destinations.{name}.key_file")


def today() -> date:
    """Today, where this machine stands."""
    return datetime.now().astimezone().date()


def prices(policy: Policy) -> PriceOf:
    """Prices of what the policy may call, looked up once: the list takes a quarter of a second to import."""
    table = {
        (place.name, model): price(place.wire, model)
        for place in policy.destinations.values()
        if place.outside
        for model in (*place.models, *policy.aliases.get(place.name, {}).values())
    }
    return lambda destination, model: table.get((destination, model))


def no_prices(destination: str, model: str) -> Price | None:
    """For the demo and for tests: every cost is unknown."""
    return None
