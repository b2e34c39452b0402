"""An exception for what the law names: recorded, approved, in force, and without effect.

`haechi allow` refuses to record one. Here it stands in the second instance's own database all the same, as if somebody
had written it there by hand.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

from haechi.adapters.stores.exceptions import Scope, approve, request
from haechi.app.processes.people import people
from haechi.app.processes.users import acting_as
from haechi.app.prove.canaries import Canary
from haechi.app.prove.ground import Ground, Trial, chat
from haechi.app.prove.oracle import floors
from haechi.app.prove.trials import WAYS
from haechi.catalogue.obligations import legal_floor
from haechi.domain.label import Level

AREA: Final = "exceptions"
NOTICED: Final = 1.0
"""Seconds after which every worker has read the table anew."""


async def exceptions(ground: Ground) -> None:
    """Excuse canaries of every kind by value and by document. Comes after all other parts, whose canaries it may
    excuse, too."""
    excused = list(_canaries(ground))
    with acting_as(people(ground.twin.settings).gate):
        for scope, canary in excused:
            _excuse(ground, scope, canary)
    await asyncio.sleep(NOTICED)
    async with ground.part(AREA):
        for scope, canary in excused:
            for way in WAYS:
                body = chat(canary.text, ground.next_model(), **way)
                trial = Trial(f"an exception for the {scope}", canary, body)
                if canary.kind in legal_floor():
                    await ground.send(AREA, trial)
                else:
                    await _control(ground, trial)


async def _control(ground: Ground, trial: Trial) -> None:
    """What the law does not name is excused. Asked at home: what an exception lets out is no leak."""
    kind = trial.canary.kind
    reply = await ground.send(AREA, trial._replace(headers=(("x-haechi-zone", "onprem"),)))
    alone = (
        ground.twin.settings.deployment.gate_user is None
    )  # a gate with a user of its own has no exceptions
    if alone and kind in reply.headers.get("x-haechi-kinds", ""):
        ground.doubt(f"an exception for {kind} had no effect")


def _canaries(ground: Ground) -> Iterator[tuple[Scope, Canary]]:
    scopes: tuple[Scope, ...] = ("value", "document")
    for kind in ground.mint.kinds:
        for scope in scopes:
            canary = ground.mint.of(kind)
            if kind in floors() or canary.level >= Level.CONFIDENTIAL:
                yield scope, canary


def _excuse(ground: Ground, scope: Scope, canary: Canary) -> None:
    text = canary.value if scope == "value" else canary.text
    name = request(ground.instance.data, scope, text, frozenset({canary.kind}), "proof", "one", 1)
    approve(ground.instance.data, name, "another")
