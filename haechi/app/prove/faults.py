"""One thing broken after the other, on the running processes, and the same questions each time.

| scenario | what is wrong                                   | the fault                        |
|----------|-------------------------------------------------|----------------------------------|
| M1       | home is down, and a cloud is configured         | `home …`                         |
| M2       | the same, and the caller asks for the cloud     | `home …`: names and fields       |
| M3       | home is down, and home alone was asked for      | `home …`: home by name, by header |
| M4       | home is up, and the conversation has no name    | the area `turns`                 |
| M5, M6   | the detector fails; whole, streamed             | `detector …`                     |
| M7       | the detector is not there                       | `detector …`                     |

Whatever is broken, no canary goes where it may not go, and while the ledger cannot be written nothing goes
anywhere at all.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import cycle
from typing import Final, NamedTuple

import orjson

from haechi.app.prove.caller import PATIENCE
from haechi.app.prove.ground import Ground, Trial, chat, conversation
from haechi.app.prove.instance import disk_full, may_limit
from haechi.app.prove.standins import StandIn
from haechi.app.prove.trials import WAYS

AREA: Final = "faults"
IMPATIENT: Final = 0.5
"""Seconds after which a caller gives up where nothing is ever going to answer."""

WORDS: Final = (
    "status:429",
    "status:500",
    "status:401",
    "redirect",
    "reset",
    "reset-mid",
    "garbage",
    "truncate",
    "error-mid",
    "stall",
    "stall-mid",
    "slow:0.02",
)
"""Ways in which a service fails; `fake_faults` says what each does."""

LEDGER_WAITS: Final = 3.0
"""Seconds: longer than a worker waits for its ledger."""

Break = Callable[[Ground], AbstractAsyncContextManager[None]]


class Fault(NamedTuple):
    """What is broken and how; who must then hear nothing, and how long callers wait. `wakes`: what lay before it while
    it was broken may still be sent afterwards, and is then judged like anything else."""

    name: str
    broken: Break
    silent: Sequence[StandIn] = ()
    patience: float = PATIENCE
    wakes: bool = False


async def faults(ground: Ground) -> None:
    """Every fault in turn."""
    for fault in _faults(ground):
        await under(ground, fault)


async def under(ground: Ground, fault: Fault) -> None:
    """Ask everything under `fault`, and wait until all is well again."""
    area = f"{AREA}/{fault.name}"
    async with ground.part(area, silent=() if fault.wakes else fault.silent), fault.broken(ground):
        await ground.all(area, _questions(ground), fault.patience, fresh=True)
        ground.judge(area, silent=fault.silent)
    await ground.instance.ready()


def _faults(ground: Ground) -> Iterator[Fault]:
    everybody = list(ground.stand_ins.values())
    if ground.homes:
        yield Fault("home gone", _gone(ground.homes))
        for word in WORDS:
            yield Fault(f"home {word}", _failing(ground.homes, word), patience=_patience(word))
    for cloud in ground.clouds:
        for word in WORDS:
            yield Fault(f"{cloud.name} {word}", _failing([cloud], word), patience=_patience(word))
    yield Fault("network gone", _gone(everybody), everybody)
    if ground.instance.workers:
        yield Fault("a worker killed", _worker_killed)
    if ground.instance.writers:
        yield Fault("ledger silent", _ledger_silent, everybody, LEDGER_WAITS)
        yield Fault("ledger killed", _ledger_killed, patience=LEDGER_WAITS)
    if ground.instance.writers and may_limit([*ground.instance.writers, *ground.instance.workers]):
        yield Fault("ledger's disk full", _ledger_full, everybody, LEDGER_WAITS)
        yield Fault("labels' disk full", _labels_full)
    else:  # this system does not tell which processes are whose, or lets us take the disk from none
        ground.tally.skipped.append("a full disk for the ledger and the workers")
    if not ground.instance.writers:
        ground.tally.skipped.append("faults of the ledger's and the workers' processes")


def _patience(word: str) -> float:
    return IMPATIENT if word.startswith("stall") else PATIENCE


def _questions(ground: Ground) -> Iterator[Trial]:
    """What is asked under each fault: secrets, secrets with a caller who wants out, second turns, ordinary work."""
    mint = ground.mint
    home = [f"{each.name}/{_first_model(ground, each)}" for each in ground.homes]
    names = [*ground.twin.settings.models, *(f"{each.name}/any" for each in ground.clouds), *home]
    kinds = cycle(mint.kinds)
    for name in names:
        for way in WAYS:
            canary = mint.of(next(kinds))
            yield Trial(f"a secret for {name}", canary, chat(f"{canary.text} 심사 의견", name, **way))
    for way in WAYS:
        canary = mint.of("kr.rrn")
        said = (("user", f"{canary.text} 심사"), ("assistant", "네."), ("user", "이어서 써줘"))
        yield Trial("a second turn", canary, conversation(*said, model=names[0], **way))
        canary = mint.of("kr.rrn")
        body = orjson.loads(chat(canary.text, names[0], **way))
        fallbacks = {"models": [each.name for each in ground.clouds], "route": "fallback"}
        yield Trial("a secret with fallbacks", canary, orjson.dumps(body | fallbacks))
        canary, said_so = ground.ordinary()
        yield Trial(
            "home alone by header",
            canary,
            chat(said_so, names[0], **way),
            headers=(("x-haechi-zone", "onprem"),),
            never=True,
        )
        for name in home[:1]:
            canary, said_so = ground.ordinary()
            yield Trial("home alone by name", canary, chat(said_so, name, **way), never=True)
        for name in (names[0], *(f"{each.name}/{_first_model(ground, each)}" for each in ground.clouds)):
            canary, said_so = ground.ordinary()
            yield Trial("ordinary work", canary, chat(said_so, name, **way))


def _first_model(ground: Ground, home: StandIn) -> str:
    return ground.twin.policy.destinations[home.name].models[0]


def _gone(those: list[StandIn]) -> Break:
    @asynccontextmanager
    async def broken(ground: Ground) -> AsyncIterator[None]:
        for each in those:
            await each.close()
        yield
        for each in those:
            await each.open()

    return broken


def _failing(those: list[StandIn], word: str) -> Break:
    @asynccontextmanager
    async def broken(ground: Ground) -> AsyncIterator[None]:
        for each in those:
            each.fail(word)
        yield
        for each in those:
            each.fail()

    return broken


@asynccontextmanager
async def _worker_killed(ground: Ground) -> AsyncIterator[None]:
    """Requests are under way, home is silent, and their worker is killed; another one begins in its place."""
    for home in ground.homes:
        home.fail("stall")
    canaries = [ground.mint.of(kind) for kind in ground.mint.kinds]
    name = next(iter(ground.twin.settings.models), ground.models()[0])
    waiting = asyncio.create_task(
        ground.all(
            f"{AREA}/a worker killed",
            [Trial("a secret under way", canary, chat(canary.text, name)) for canary in canaries],
            IMPATIENT * 2,
            fresh=True,
        )
    )
    await asyncio.sleep(IMPATIENT / 2)
    signal_all(ground.instance.workers, signal.SIGKILL)
    for home in ground.homes:
        home.fail()
    await waiting
    await ground.instance.ready()
    yield


def signal_all(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to each."""
    for process in processes:
        os.kill(process, number)


@asynccontextmanager
async def _ledger_silent(ground: Ground) -> AsyncIterator[None]:
    """The writer takes rows and never answers."""
    writers = ground.instance.writers
    signal_all(writers, signal.SIGSTOP)
    try:
        yield
    finally:
        signal_all(writers, signal.SIGCONT)


@asynccontextmanager
async def _ledger_killed(ground: Ground) -> AsyncIterator[None]:
    signal_all(ground.instance.writers, signal.SIGKILL)
    yield


@asynccontextmanager
async def _ledger_full(ground: Ground) -> AsyncIterator[None]:
    with disk_full(ground.instance.writers):
        yield


@asynccontextmanager
async def _labels_full(ground: Ground) -> AsyncIterator[None]:
    """Workers cannot write: what an answer is cannot be remembered."""
    with disk_full(ground.instance.workers):
        yield
