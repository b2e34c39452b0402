"""What a call cost, in whole nano-dollars.

`None` means *not known*, never *nothing*: no price, or no usage. It is also the cost of a call on-prem, where
no fee is metered per token and electricity and hardware are not in this ledger (the planner counts those);
a site that charges for its own models gives them a price like any other.
"""

from collections.abc import Iterable
from typing import Final

from haechi.catalogue.prices import Price
from haechi.domain.chat import Usage
from haechi.domain.record import Attempt

PICO_PER_NANO: Final = 1000


def cost(usage: Usage | None, price: Price | None) -> int | None:
    """The fee for `usage` at `price`, rounded half up. Reasoning tokens are a share of the output."""
    if usage is None or price is None:
        return None
    rates = price.rates(usage.input)
    cached = min(usage.cached, usage.input)
    pico = (usage.input - cached) * rates.input + cached * rates.cached + usage.output * rates.output
    return (pico + PICO_PER_NANO // 2) // PICO_PER_NANO


def total(attempts: Iterable[Attempt]) -> int | None:
    """The fee for all attempts together; unknown as soon as one that left the building is unknown.

    Calls that stayed on-prem add what is configured for them, if anything.
    """
    known: list[int] = []
    for attempt in attempts:
        if attempt.cost_nano_usd is not None:
            known.append(attempt.cost_nano_usd)
        elif attempt.zone == "cloud":
            return None
    return sum(known) if known else None
