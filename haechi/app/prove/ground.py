"""The ground of a proof: the second instance between its stand-ins, what was planted, and what was seen.

A trial plants one canary. Whether it may arrive at a cloud stand-in is asked of the oracle; some places let nothing
travel at all, whatever it is, and then it may arrive nowhere (`never`).
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
from msgspec import Struct, field

from haechi.app.prove import oracle
from haechi.app.prove.caller import PATIENCE, Caller, Header, Reply
from haechi.app.prove.canaries import Canary, Haystack, Mint
from haechi.app.prove.instance import TRAPS, Instance, hostile, trapped
from haechi.app.prove.standins import StandIn
from haechi.app.prove.twin import Twin, twin
from haechi.app.settings.model import Settings
from haechi.domain.label import Level

CHAT: Final = "/v1/chat/completions"
AT_ONCE: Final = 12
"""Requests under way at once."""

ORDINARY: Final = "ordinary"
SERVICES: Final = "services"
"""The part that wants more than an answer."""

SAID: Final = 16
"""Tokens that an answer may have: nobody reads it."""


class Trial(NamedTuple):
    """One request and the canary in it."""

    name: str
    canary: Canary
    body: bytes
    path: str = CHAT
    headers: tuple[Header, ...] = ()
    never: bool = False


class Leak(Struct, frozen=True):
    """What arrived, or stood, where it may not: never the value, only its kind and form."""

    area: str
    trial: str
    kind: str
    where: str
    form: str


class Area(Struct):
    """What was done in one part of the proof."""

    tried: int = 0
    leaks: int = 0
    milliseconds: int = 0


class Tally(Struct):
    """What was tried and what was found, so far."""

    leaks: list[Leak] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    areas: dict[str, Area] = field(default_factory=dict)
    faults: dict[str, Area] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def area(self, name: str) -> Area:
        """The part of that name; what was broken, `faults/…` and `broken/…`, is kept apart."""
        room, _, fault = name.partition("/")
        return self.faults.setdefault(fault, Area()) if fault else self.areas.setdefault(room, Area())


class Ground:
    """Everything that trials need. Made by `standing`."""

    def __init__(self, made: Twin, stand_ins: dict[str, StandIn], recorder: StandIn, where: Path) -> None:
        self.twin = made
        self.today = made.policy.today
        self.stand_ins = stand_ins
        self.recorder = recorder
        self.where = where
        if made.settings.deployment.gate_user is not None:
            where.chmod(0o711)  # another user has to find the data directory below it
        self.mint = Mint(0)
        self.tally = Tally()
        self.news: Callable[[str], None] = lambda area: None
        self.planted: list[tuple[str, Trial]] = []
        environment = hostile(f"http://127.0.0.1:{recorder.port}", where)
        self.instance = Instance(where, made.settings, environment)
        self._looked = dict.fromkeys(stand_ins, 0)
        self._numbers = count()
        self._seen: set[tuple[str, str]] = set()

    @property
    def caller(self) -> Caller:
        """Who asks the second instance."""
        return self.instance.caller

    @property
    def clouds(self) -> list[StandIn]:
        """Doubles of cloud destinations."""
        return [each for each in self.stand_ins.values() if each.outside]

    @property
    def homes(self) -> list[StandIn]:
        """Doubles of on-prem destinations."""
        return [each for each in self.stand_ins.values() if not each.outside]

    def models(self) -> list[str]:
        """Names to ask for in turn: those of the configuration, then each destination's first model by name."""
        named = [f"{place.name}/{place.models[0]}" for place in self.twin.policy.destinations.values()]
        return [*self.twin.settings.models, *named]

    def next_model(self) -> str:
        """Each name in turn."""
        names = self.models()
        return names[next(self._numbers) % len(names)]

    def allowed(self, canary: Canary, place: str, body: bytes = b"") -> bool:
        """Whether policy clears this canary, as it stands and asked for as in `body`, for this destination."""
        known = canary.kind in self.mint.kinds or canary.kind == "unreadable"
        kinds = frozenset({canary.kind}) if known else frozenset()
        needs = oracle.asked(body)
        return oracle.may_arrive(kinds, canary.level, place, self.twin.live, self.today, needs)

    def ordinary(
        self, text: str = "다음 문장을 영어로 번역해줘: 오늘은 날씨가 좋다. {}"
    ) -> tuple[Canary, str]:
        """A request that everybody makes, with a word to know it by."""
        canary = self.mint.word(ORDINARY, Level.INTERNAL)
        return canary, text.format(canary.value)

    async def send(
        self, area: str, trial: Trial, patience: float = PATIENCE, *, fresh: bool = False
    ) -> Reply:
        """Ask the second instance."""
        self.note(area, trial)
        return await self.caller.post(trial.body, trial.path, *trial.headers, patience=patience, fresh=fresh)

    def note(self, area: str, trial: Trial) -> None:
        """Count a trial, and remember what it planted."""
        self.planted.append((area, trial))
        self.tally.tried[trial.canary.kind] += 1
        self.tally.area(area).tried += 1
        self.news(area)

    async def all(
        self, area: str, trials: Iterable[Trial], patience: float = PATIENCE, *, fresh: bool = False
    ) -> list[Reply]:
        """Ask for all of them, some at once, in order of start."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(trial: Trial) -> Reply:
            async with gate:
                return await self.send(area, trial, patience, fresh=fresh)

        return list(await asyncio.gather(*map(one, trials)))

    def judge(self, area: str, *, silent: Sequence[StandIn] = ()) -> None:
        """Look at what arrived since the last look. Those in `silent` may have heard nothing at all."""
        for stand_in in self.stand_ins.values():
            came = stand_in.since(self._looked[stand_in.name])
            self._looked[stand_in.name] = len(stand_in.heard)
            stand_in.forget()
            if came and stand_in in silent:
                self.leak(area, "anything", "any", stand_in.name, "bytes")
            if came:
                self._look(area, stand_in, came)
            for owner, key in self.twin.keys.items():  # a provider's key goes to that provider alone
                if owner != stand_in.name and key.encode() in came:
                    self.leak(area, f"the key of {owner}", "provider-key", stand_in.name, "plain")
        self._elsewhere(area)

    def _look(self, area: str, stand_in: StandIn, came: bytes) -> None:
        """Look for every canary outside; at home, which may have them all, for those of requests that want more
        than an answer."""
        looked_for = (
            self.planted
            if stand_in.outside
            else [each for each in self.planted if each[0] == area == SERVICES]
        )
        by_canary = {trial.canary.value: (place, trial) for place, trial in looked_for}
        canaries = [trial.canary for _, trial in by_canary.values()]
        for canary, form in Haystack(came).canaries(canaries):
            place, trial = by_canary[canary.value]
            if trial.never or not self.allowed(canary, stand_in.name, trial.body):
                self.leak(place, trial.name, canary.kind, stand_in.name, form)

    def _elsewhere(self, area: str) -> None:
        """Nobody connects where only the environment or a caller points."""
        if self.recorder.connections:
            self.recorder.connections = 0
            self.leak(area, "an address from the environment or a request", "any", "elsewhere", "connection")
        for name in TRAPS:
            if (trapped(self.where) / name).exists():
                self.leak(area, "a file that the environment names", "any", name, "file")

    def leak(self, area: str, trial: str, kind: str, where: str, form: str) -> None:
        """Write down what may not be; the same trial at the same place counts once."""
        if (mark := (f"{area} {trial} {kind}", where)) not in self._seen:
            self._seen.add(mark)
            self.tally.leaks.append(Leak(area, trial, kind, where, form))
            self.tally.area(area).leaks += 1

    def doubt(self, what: str) -> None:
        """Write down that something did not happen without which no leak means nothing."""
        if what not in self.tally.doubts:
            self.tally.doubts.append(what)

    @asynccontextmanager
    async def part(self, area: str, *, silent: Sequence[StandIn] = ()) -> AsyncIterator[None]:
        """One part of the proof, timed, and judged at its end."""
        began = time.monotonic()
        yield
        self.judge(area, silent=silent)
        self.tally.area(area).milliseconds += int((time.monotonic() - began) * 1000)


@asynccontextmanager
async def standing(live: Settings, today: date, where: Path) -> AsyncIterator[Ground]:
    """Stand-ins and the second instance, up; on the way out everything is ended again."""
    zones = {
        name: "onprem" if entry.engine is not None else entry.zone or "cloud"
        for name, entry in live.destinations.items()
    }
    stand_ins = {name: StandIn(name, zone) for name, zone in zones.items()}
    recorder = StandIn("elsewhere", "cloud")
    try:
        for each in (*stand_ins.values(), recorder):
            await each.open()
        ports = {name: each.port for name, each in stand_ins.items()}
        ground = Ground(twin(live, ports, today), stand_ins, recorder, where)
        try:
            await ground.instance.start()
            yield ground
        finally:
            await ground.instance.stop()
    finally:
        for each in (*stand_ins.values(), recorder):
            await each.close(for_good=True)


def chat(text: str, model: str = "auto", **more: Any) -> bytes:
    """A request with one message."""
    return conversation(("user", text), model=model, **more)


def conversation(*said: tuple[str, str], model: str = "auto", **more: Any) -> bytes:
    """A request with messages of (role, text)."""
    messages = [{"role": role, "content": text} for role, text in said]
    return orjson.dumps({"model": model, "max_tokens": SAID, "messages": messages, **more})
