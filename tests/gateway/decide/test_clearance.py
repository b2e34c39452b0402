"""The clearance table of the design, row by row."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from haechi.domain.destination import Contract, Destination, ProviderFacts
from haechi.domain.label import Level
from haechi.gateway.decide.clearance import clearance

TODAY = date(2026, 11, 22)
PLAIN = ProviderFacts("test", TODAY, trains=False)
KOREAN = structs.replace(
    PLAIN,
    country_rest="KR",
    country_inference="KR",
    country_logs="KR",
    zero_retention=True,
    private_network=True,
)
SIGNED: dict[str, Any] = {
    "dpa_id": "D-1", "transfer_basis": "policy_notice", "attested_by": "ciso", "valid_until": date(2027, 1, 1),
}  # fmt: skip


def cloud(facts: ProviderFacts | None, **customers_side: Any) -> Destination:
    contract = Contract("p", facts, **customers_side) if facts else None
    return Destination("c", "cloud", "openai", ("m",), contract)


@pytest.mark.parametrize(
    ("destination", "raw", "deidentified", "missing"),
    [
        (Destination("h", "onprem", "openai", ("m",)), Level.RESTRICTED, None, None),
        (cloud(None), Level.PUBLIC, Level.PUBLIC, "destinations.c.contract"),
        (cloud(structs.replace(PLAIN, trains=None)), Level.PUBLIC, Level.PUBLIC, "destinations.c.contract.facts.trains"),
        (cloud(structs.replace(PLAIN, trains=True)), Level.PUBLIC, Level.PUBLIC, "destinations.c.contract.facts.trains"),
        (cloud(PLAIN), Level.INTERNAL, Level.INTERNAL, "destinations.c.contract.dpa_id"),
        (cloud(PLAIN, **SIGNED), Level.INTERNAL, Level.CONFIDENTIAL, "destinations.c.contract.facts.country_rest"),
        (cloud(KOREAN), Level.INTERNAL, Level.INTERNAL, "destinations.c.contract.dpa_id"),
        (cloud(KOREAN, **SIGNED), Level.CONFIDENTIAL, Level.CONFIDENTIAL, None),
        (cloud(KOREAN, **{**SIGNED, "valid_until": date(2026, 11, 22)}), Level.CONFIDENTIAL, Level.CONFIDENTIAL, None),
        (
            cloud(KOREAN, **{**SIGNED, "valid_until": date(2026, 11, 21)}),
            Level.PUBLIC, Level.PUBLIC, "destinations.c.contract.valid_until",
        ),
    ],
)  # fmt: skip
def test_clearance(
    destination: Destination, raw: Level, deidentified: Level | None, missing: str | None
) -> None:
    found = clearance(destination, TODAY)
    assert (found.raw, found.deidentified) == (raw, deidentified)
    assert (found.raw_missing and found.raw_missing.path) == missing


@pytest.mark.parametrize(
    "fact", ["country_rest", "country_inference", "country_logs", "zero_retention", "private_network"]
)
def test_an_unknown_fact_never_allows(fact: str) -> None:
    unknown = structs.replace(KOREAN, **{fact: None})
    assert clearance(cloud(unknown, **SIGNED), TODAY).raw is Level.INTERNAL


@pytest.mark.parametrize("said", [None, "", " ", "\u3000"])
@pytest.mark.parametrize("fact", sorted(SIGNED))
def test_a_missing_or_blank_word_of_the_customer_is_the_missing_fact(fact: str, said: str | None) -> None:
    if fact == "valid_until":
        said = None
    found = clearance(cloud(PLAIN, **{**SIGNED, fact: said}), TODAY)
    assert found.deidentified is Level.INTERNAL
    assert found.deidentified_missing is not None
    assert found.deidentified_missing.path == f"destinations.c.contract.{fact}"
