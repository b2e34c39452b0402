"""The two innermost guards, each asked alone: `release`, and the door behind every backend.

Before a byte leaves, several guards have to agree, so that one hole alone leaks nothing and a search for leaks
alone would not find it. Here each guard gets what all others should have stopped.
"""

import contextlib
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from msgspec import structs

from haechi.app.prove.broken import Bench
from haechi.app.prove.canaries import Canary
from haechi.app.prove.ground import ORDINARY, Ground, Trial, chat
from haechi.app.prove.oracle import floors, may_serve
from haechi.app.prove.standins import StandIn
from haechi.domain.decision import Call
from haechi.domain.destination import Service
from haechi.domain.errors import HaechiError
from haechi.domain.label import Label, Level
from haechi.domain.releasable import Receipt, Releasable, release

AREA: Final = "guards"
SERVICES: Final[tuple[Service, ...]] = ("web_search", "fetch", "storage")


async def guards(ground: Ground) -> None:
    """Ask both guards of every cloud destination."""
    bench = Bench(ground)
    async with ground.part(AREA):
        for cloud in ground.clouds:
            for kind in ground.mint.kinds:
                _release(ground, cloud, ground.mint.of(kind), kind)
            _release_with_services(ground, cloud)
            for kind in sorted(floors()):
                await _door(ground, bench, cloud, kind)
    await bench.close()


def _release(ground: Ground, cloud: StandIn, canary: Canary, kind: str) -> None:
    """Nothing is released that its clearance does not cover; a unique identifier never, however low its label."""
    policy = ground.twin.policy
    destination, clearance = policy.destinations[cloud.name], policy.clearances[cloud.name]
    labels = [Label(Level.RESTRICTED, frozenset({kind}))]
    if kind in floors():
        labels += [Label(level, frozenset({kind})) for level in (Level.PUBLIC, Level.INTERNAL)]
    if canary.level is Level.CONFIDENTIAL and clearance.raw < Level.CONFIDENTIAL:
        labels.append(Label(Level.CONFIDENTIAL, frozenset({kind})))
    call = Call(cloud.name, destination.models[0])
    for label in labels:
        trial = Trial(f"release {kind} as {label.level.word}", canary, chat(canary.text), never=True)
        ground.note(AREA, trial)
        try:
            release(trial.body, call, destination, clearance, label, Receipt("r-proof"), policy.version)
        except HaechiError:
            continue
        ground.leak(AREA, trial.name, kind, cloud.name, "released")


def _release_with_services(ground: Ground, cloud: StandIn) -> None:
    """Nothing is released that wants a service which no policy line allows."""
    policy = ground.twin.policy
    destination, clearance = policy.destinations[cloud.name], policy.clearances[cloud.name]
    for service in SERVICES:
        for level in (Level.PUBLIC, Level.INTERNAL):
            canary = ground.mint.word(ORDINARY, level)
            if may_serve({service}, level, ground.twin.live.destinations[cloud.name]):
                continue
            trial = Trial(f"release with {service}", canary, chat(canary.text), never=True)
            ground.note(AREA, trial)
            call, receipt = Call(cloud.name, destination.models[0]), Receipt("r-proof")
            with contextlib.suppress(HaechiError):
                release(
                    trial.body, call, destination, clearance, Label(level), receipt, policy.version, {service}
                )
                ground.leak(AREA, trial.name, canary.kind, cloud.name, "released")


async def _door(ground: Ground, bench: Bench, cloud: StandIn, kind: str) -> None:
    """The door takes nothing that is not what it claims to be. What it takes arrives, and is seen there."""
    model = ground.twin.policy.destinations[cloud.name].models[0]
    for name, forge in FORGERIES.items():
        canary = ground.mint.of(kind)
        body = chat(canary.text, model)
        honest = Releasable(
            body,
            Call(cloud.name, model),
            Label(Level.PUBLIC),
            Receipt("r-proof"),
            ground.twin.policy.version,
            sha256(body).digest(),
        )
        ground.note(AREA, Trial(f"door: {name}", canary, body, never=True))
        try:
            await bench.backends[cloud.name].complete(forge(honest, kind))
        except HaechiError:
            continue
        ground.leak(AREA, f"door: {name}", kind, cloud.name, "sent")


def _of_a_kind(honest: Releasable, kind: str) -> Releasable:
    return structs.replace(honest, label=Label(Level.INTERNAL, frozenset({kind})))


def _changed(honest: Releasable, kind: str) -> Releasable:
    return structs.replace(honest, body=honest.body + b" ")


def _elsewhere(honest: Releasable, kind: str) -> Releasable:
    return structs.replace(honest, call=Call("another", honest.call.model))


class _Confident(Releasable, frozen=True):
    """A subclass that vouches for itself."""

    def intact(self) -> bool:
        """Always."""
        return True


def _subclass(honest: Releasable, kind: str) -> Releasable:
    return _Confident(**(structs.asdict(honest) | {"digest": b""}))


FORGERIES: Final[dict[str, Callable[[Releasable, str], Releasable]]] = {
    "a unique identifier with a low label": _of_a_kind,
    "a body changed after its release": _changed,
    "a release for another destination": _elsewhere,
    "a type of its own": _subclass,
}
