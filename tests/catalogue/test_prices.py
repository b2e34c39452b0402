import subprocess
import sys
from datetime import UTC, datetime

import pytest

from haechi.catalogue.prices import Price, Rates, price

THEN = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("provider", "model", "base"),
    [  # dollars per million tokens as the providers published them, times a million
        ("anthropic", "claude-opus-4-1", Rates(15_000_000, 1_500_000, 75_000_000)),
        ("openai", "gpt-4o", Rates(2_500_000, 1_250_000, 10_000_000)),
        ("openai", "gpt-4o-2024-08-06", Rates(2_500_000, 1_250_000, 10_000_000)),
        ("gemini", "gemini-2.5-pro", Rates(1_250_000, 125_000, 10_000_000)),
    ],
)
def test_known_models(provider: str, model: str, base: Rates) -> None:
    found = price(provider, model, THEN)
    assert found
    assert found.base == base


def test_long_requests_may_pay_more() -> None:
    found = price("gemini", "gemini-2.5-pro", THEN)
    assert found
    assert found.rates(200_000) == found.base
    assert found.rates(200_001) == Rates(2_500_000, 250_000, 15_000_000)


@pytest.mark.parametrize(
    ("provider", "model"), [("openai", "our-70b"), ("nobody", "gpt-4o"), ("fake", "fake")]
)
def test_unknown_is_none_and_not_zero(provider: str, model: str) -> None:
    assert price(provider, model) is None


def test_a_rate_below_a_nano_dollar_is_kept_exactly() -> None:
    found = price("cohere", "command-r7b", THEN)
    assert found
    assert found.base.input == 37_500


def test_the_highest_threshold_passed_holds() -> None:
    tiers = Price(Rates(1, 1, 1), ((10, Rates(2, 2, 2)), (20, Rates(3, 3, 3))))
    assert [tiers.rates(tokens).input for tokens in (10, 11, 20, 21)] == [1, 2, 2, 3]


def test_importing_the_module_does_not_import_the_list() -> None:
    code = "import sys, haechi.catalogue.prices; sys.exit('genai_prices' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
