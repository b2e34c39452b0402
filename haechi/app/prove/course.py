"""The course of a proof: its parts in order, each of which can also be run alone."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator
from typing import Final

from haechi.app.prove import trials
from haechi.app.prove.broken import broken
from haechi.app.prove.canaries import Haystack
from haechi.app.prove.door import door
from haechi.app.prove.excepted import exceptions
from haechi.app.prove.faults import faults
from haechi.app.prove.forged import AREA as DOOR
from haechi.app.prove.ground import SERVICES, Ground, Trial
from haechi.app.prove.guards import guards
from haechi.app.prove.pairs import pairs
from haechi.app.prove.places import SURFACES, routes_that_take_content
from haechi.app.prove.services import services
from haechi.app.prove.turns import turns
from haechi.app.prove.widening import widening

EVERYDAY: Final = "everyday"
WRITTEN: Final = "written"
METERED: Final = 0.4
"""Seconds after which workers have written down what they counted."""


def _table(name: str, table: Callable[[Ground], Iterator[Trial]]) -> Callable[[Ground], Awaitable[None]]:
    async def walk(ground: Ground) -> None:
        async with ground.part(name):
            await ground.all(name, table(ground))

    return walk


async def written(ground: Ground) -> None:
    """What the second instance wrote down and said about requests: metrics, errors, headers, log, every file."""
    await asyncio.sleep(METERED)
    exposition = (await ground.caller.get("/metrics")).body
    told = bytes(ground.caller.told)
    await ground.instance.stop()
    async with ground.part(WRITTEN):
        planted = {trial.canary.value: trial for _, trial in ground.planted}
        canaries = [trial.canary for trial in planted.values()]
        seen = {"metrics": exposition, "errors and headers": told} | ground.instance.kept()
        for where, content in seen.items():
            for canary, form in Haystack(content).canaries(canaries):
                ground.leak(WRITTEN, planted[canary.value].name, canary.kind, where, form)
            for owner, key in ground.twin.keys.items():
                if key.encode() in content:
                    ground.leak(WRITTEN, f"the key of {owner}", "provider-key", where, "plain")
        ground.tally.area(WRITTEN).tried = len(seen)


PARTS: Final[dict[str, Callable[[Ground], Awaitable[None]]]] = {
    EVERYDAY: _table(EVERYDAY, trials.everyday),
    "surfaces": _table("surfaces", trials.surfaces),
    "encodings": _table("encodings", trials.encodings),
    "channels": _table("channels", trials.channels),
    "widening": _table("widening", widening),
    SERVICES: _table(SERVICES, services),
    "turns": turns,
    "pairs": pairs,
    "guards": guards,
    "broken": broken,
    "faults": faults,
    DOOR: door,
    "exceptions": exceptions,
    WRITTEN: written,
}
"""Every part. `everyday` always runs: where nothing ordinary arrives, it means nothing that nothing else does."""


class Useful:
    """Whether ordinary work arrived at each cloud stand-in that policy clears for it."""

    def __init__(self, ground: Ground) -> None:
        words = [trial.canary for area, trial in ground.planted if area == EVERYDAY]
        self.arrived = {
            cloud.name: sum(1 for _ in Haystack(cloud.since(0)).canaries(words)) for cloud in ground.clouds
        }
        self.cleared = {
            cloud.name: bool(words) and ground.allowed(words[0], cloud.name) for cloud in ground.clouds
        }

    @property
    def conclusive(self) -> bool:
        """Every destination that is cleared was reached."""
        return all(self.arrived[name] for name, cleared in self.cleared.items() if cleared)


def untried() -> set[str]:
    """Routes that take content and that no trial knows."""
    return routes_that_take_content() - SURFACES.keys()


def chosen(only: Collection[str]) -> list[str]:
    """The parts to walk: all, or those named with the two that every proof has."""
    return [name for name in PARTS if not only or name in only or name in (EVERYDAY, WRITTEN)]


async def run(ground: Ground, only: Collection[str] = ()) -> Useful:
    """Walk the course, or the named parts of it."""
    await PARTS[EVERYDAY](ground)
    useful = Useful(ground)
    for name in chosen(only)[1:]:
        await PARTS[name](ground)
    return useful
