"""One table of everything a template may ask for: values of every kind, people, look-alikes.

`kind` draws one of its spellings by weight, `kind/spelling` that one, `~what` a look-alike.
"""

import random
from collections.abc import Callable

from benchmarks.detection.development.contacts import CONTACTS
from benchmarks.detection.development.keys import COMPANY
from benchmarks.detection.development.lookalikes import LOOKALIKES
from benchmarks.detection.development.names import PEOPLE
from benchmarks.detection.development.national import NATIONAL

Draw = Callable[[random.Random], str]


def _by_weight(spellings: tuple[tuple[str, Draw, int], ...]) -> Draw:
    draws, weights = [draw for _, draw, _ in spellings], [weight for *_, weight in spellings]
    return lambda chance: chance.choices(draws, weights)[0](chance)


def _table() -> dict[str, Draw]:
    table: dict[str, Draw] = dict(PEOPLE)
    for kind, spellings in (NATIONAL | CONTACTS | COMPANY).items():
        table[kind] = _by_weight(spellings)
        table.update({f"{kind}/{name}": draw for name, draw, _ in spellings})
    return table


VALUES = _table()
"""Slot → how its value is drawn."""
KINDS = tuple(sorted({slot.split("/")[0] for slot in VALUES}))
"""Every kind of which this corpus has values."""
SPELLINGS = {
    slot.split("/")[0]: tuple(sorted(name for name in VALUES if name.startswith(slot.split("/")[0] + "/")))
    for slot in VALUES
}
"""Kind → its spellings."""


def draw(slot: str, chance: random.Random) -> str:
    """A value for a slot of a template; a tilde asks for a look-alike."""
    return LOOKALIKES[slot[1:]](chance) if slot.startswith("~") else VALUES[slot](chance)
