import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.prices import Price, Rates
from haechi.domain.chat import Usage
from haechi.domain.destination import Zone
from haechi.domain.record import Attempt
from haechi.gateway.record.cost import cost, total

PRICE = Price(Rates(3_000_000, 300_000, 15_000_000), ((200_000, Rates(6_000_000, 600_000, 22_500_000)),))


@pytest.mark.parametrize(
    ("usage", "price", "nano"),
    [
        (Usage(input=1000, output=200), PRICE, 6_000_000),
        (Usage(input=1000, output=200, cached=400), PRICE, 4_920_000),
        (Usage(input=200_001), PRICE, 1_200_006_000),
        (Usage(input=1000, output=200, reasoning=150), PRICE, 6_000_000),
        (Usage(input=10, cached=99), PRICE, 3_000),  # a provider that counts wrong is not paid a negative sum
        (Usage(input=1), Price(Rates(37_500, 0, 0)), 38),
        (Usage(), PRICE, 0),
        (None, PRICE, None),
        (Usage(input=1000), None, None),
    ],
)
def test_cost(usage: Usage | None, price: Price | None, nano: int | None) -> None:
    assert cost(usage, price) == nano


tokens = st.integers(0, 10**9)


@given(tokens, tokens, tokens)
def test_cost_is_a_whole_number_and_grows_with_the_output(taken: int, written: int, cached: int) -> None:
    less = cost(Usage(input=taken, output=written, cached=cached), PRICE)
    more = cost(Usage(input=taken, output=written + 1, cached=cached), PRICE)
    assert isinstance(less, int)
    assert isinstance(more, int)
    assert 0 <= less < more


def attempt(zone: Zone, nano: int | None) -> Attempt:
    return Attempt("r", 1, 0.0, "d", zone, "m", "answered", None, None, 1.0, 0, 0, 0, 0, False, nano)


@pytest.mark.parametrize(
    ("attempts", "nano"),
    [
        ([], None),
        ([attempt("cloud", 5), attempt("cloud", 7)], 12),
        ([attempt("cloud", None), attempt("cloud", 7)], None),
        ([attempt("cloud", 5), attempt("onprem", None)], 5),
        ([attempt("onprem", None)], None),
        ([attempt("onprem", 3)], 3),
    ],
)
def test_total(attempts: list[Attempt], nano: int | None) -> None:
    assert total(attempts) == nano
