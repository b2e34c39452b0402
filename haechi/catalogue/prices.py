"""What a token costs, from the snapshot that the `genai-prices` package carries; nothing is fetched.

Rates are whole pico-dollars (10⁻¹² USD) per token, which is the same as micro-dollars per million tokens: price
lists go down to a hundredth of a nano-dollar per token ($0.00255 per million), and rounding each rate to
nano-dollars would put some costs wrong by a tenth. Costs are rounded once, to nano-dollars.
"""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

PICO_PER_TOKEN: Final = 1_000_000
"""Dollars per million tokens times this are pico-dollars per token."""

_LIST_NAMES: Final = {"gemini": "google"}
"""Where a provider of ours has another name in the list."""


class Rates(Struct, frozen=True):
    """Pico-dollars per token. `cached` is for input read from the provider's cache."""

    input: int
    cached: int
    output: int


class Price(Struct, frozen=True):
    """Rates of one model. `above` holds, in ascending order, rates for requests with more input tokens than
    the number before them; such a request pays them for all its tokens."""

    base: Rates
    above: tuple[tuple[int, Rates], ...] = ()

    def rates(self, input_tokens: int) -> Rates:
        """The rates for a request of `input_tokens`."""
        valid = self.base
        for start, rates in self.above:
            if input_tokens > start:
                valid = rates
        return valid


def price(provider: str, model: str, at: datetime | None = None) -> Price | None:
    """The price of `model` at `provider`, today or `at` another time; `None` where the list does not know it.

    The first call imports the list (0.25 s): ask while starting, not while a request waits.
    """
    return _price(provider, model, (at or datetime.now(tz=UTC)).date().isoformat())


@lru_cache(maxsize=1024)
def _price(provider: str, model: str, day: str) -> Price | None:
    from genai_prices.data_snapshot import get_snapshot

    try:
        _, known = get_snapshot().find_provider_model(model, None, _LIST_NAMES.get(provider, provider), None)
    except LookupError:
        return None
    listed = known.get_prices(datetime.fromisoformat(day).replace(tzinfo=UTC))
    if listed.input_mtok is None or listed.output_mtok is None:
        return None  # priced by request, image or second: not a matter of tokens
    given = (listed.input_mtok, listed.output_mtok, listed.cache_read_mtok)
    starts = sorted({tier.start for each in given for tier in getattr(each, "tiers", ())})
    return Price(_rates(listed, 0), tuple((start, _rates(listed, start + 1)) for start in starts))


def _rates(listed: Any, input_tokens: int) -> Rates:
    cached = listed.input_mtok if listed.cache_read_mtok is None else listed.cache_read_mtok
    dollars = (_at(each, input_tokens) for each in (listed.input_mtok, cached, listed.output_mtok))
    return Rates(*(round(each * PICO_PER_TOKEN) for each in dollars))


def _at(listed: Any, input_tokens: int) -> Decimal:
    """The dollars per million tokens that hold for a request of `input_tokens`."""
    if isinstance(listed, Decimal):
        return listed
    valid: Decimal = listed.base
    for tier in listed.tiers:
        if input_tokens > tier.start:
            valid = tier.price
    return valid
