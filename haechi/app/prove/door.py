"""The door as a process of its own (`deploy: split`): before a gate that lies, killed, and silent."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from haechi.app.prove.faults import AREA as FAULTS
from haechi.app.prove.faults import IMPATIENT, Fault, signal_all, under
from haechi.app.prove.forged import AREA, forged
from haechi.app.prove.ground import Ground, Trial, chat

TRIES: Final = 60
"""Looks for a door that was killed: it is back after a second, in the worst case after ten."""


async def door(ground: Ground) -> None:
    """Everything that only such a door can go through; where there is none, nothing is tried, and that is said."""
    if not ground.twin.settings.split:
        ground.tally.area(AREA)
        return
    async with ground.part(AREA):
        await forged(ground)
    if ground.instance.doors:
        await under(ground, Fault("the door killed", _killed))
        everybody = list(ground.stand_ins.values())
        await under(ground, Fault("the door silent", _silent, everybody, IMPATIENT, wakes=True))
    else:  # this system does not tell which processes are whose
        ground.tally.skipped.append("faults of the door's process")


@asynccontextmanager
async def _killed(ground: Ground) -> AsyncIterator[None]:
    """Requests are under way behind the door, and it is killed; another one begins in its place."""
    clouds = ground.clouds or ground.homes
    for each in clouds:
        each.fail("stall")
    trials = []
    for model in ground.models():
        canary, said = ground.ordinary()
        trials.append(Trial("ordinary work under way", canary, chat(said, model)))
    under_way = ground.all(f"{FAULTS}/the door killed", trials, IMPATIENT * 2, fresh=True)
    waiting = asyncio.create_task(under_way)
    await asyncio.sleep(IMPATIENT / 2)
    signal_all(ground.instance.doors, signal.SIGKILL)
    for each in clouds:
        each.fail()
    await waiting
    yield
    await _reached(ground, f"{FAULTS}/the door killed")


@asynccontextmanager
async def _silent(ground: Ground) -> AsyncIterator[None]:
    """The door takes letters and never answers."""
    doors = ground.instance.doors
    signal_all(doors, signal.SIGSTOP)
    try:
        yield
    finally:
        signal_all(doors, signal.SIGCONT)
    await _reached(ground, f"{FAULTS}/the door silent")


async def _reached(ground: Ground, area: str) -> None:
    """Wait until something can be asked for again."""
    for _ in range(TRIES):
        canary, said = ground.ordinary()
        trial = Trial("ordinary work afterwards", canary, chat(said, ground.models()[0]))
        if (await ground.send(area, trial)).status == 200:
            return
        await asyncio.sleep(IMPATIENT / 2)
    ground.doubt("the door did not come back")
