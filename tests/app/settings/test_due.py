"""What has to be read again is shown with its date and source, before it closes and after."""

from datetime import date, timedelta

import pytest

from haechi.app.settings.due import due
from haechi.app.settings.load import parse
from haechi.app.settings.model import Settings
from haechi.catalogue.contracts import presets
from haechi.catalogue.editions import editions
from haechi.catalogue.obligations import obligations

READ = presets()["openai-api-standard"].facts.verified_on
ROWS = {row.id: row for row in obligations()}


def settings(contract: str = "openai-api-standard", more: str = "") -> Settings:
    text = f"destinations: {{gpt: {{provider: openai, key: k, contract: {contract}}}}}\n{more}"
    return parse(text, "haechi.yaml", {})


def states(given: Settings, today: date) -> dict[str, str]:
    return {each.what: each.state for each in due(given, today)}


@pytest.mark.parametrize(("days", "state"), [(90, None), (91, "stale"), (180, "stale"), (181, "closed")])
def test_provider_facts(days: int, state: str | None) -> None:
    found = states(settings(), READ + timedelta(days=days))
    assert found.get("destinations.gpt.contract.preset") == state


def test_a_fact_that_is_due_names_its_date_and_source() -> None:
    (preset,) = [each for each in due(settings(), READ + timedelta(days=100)) if "preset" in each.what]
    assert preset.source == presets()["openai-api-standard"].facts.source
    for said in (preset.text.ko, preset.text.en):
        assert str(READ) in said
        assert preset.source in said


def test_what_the_customer_read_again_stands_for_the_preset() -> None:
    today = READ + timedelta(days=200)
    given = "{preset: openai-api-standard, attested_by: c, valid_until: 2099-01-01, facts: {trains: false, verified_on: %s}}"
    assert "destinations.gpt.contract.preset" not in states(settings(given % today), today)
    assert states(settings(given % READ), today)["destinations.gpt.contract.facts"] == "closed"


@pytest.mark.parametrize(("left", "state"), [(31, None), (30, "soon"), (0, "soon"), (-1, "closed")])
def test_law_and_contracts_thirty_days_before(left: int, state: str | None) -> None:
    row = ROWS["KR-XFER"]
    found = states(settings(), row.review - timedelta(days=left))
    assert found.get("obligations.KR-XFER") == state
    ends = date(2027, 1, 31)
    found = states(
        settings(f"{{preset: openai-api-standard, valid_until: {ends}}}"), ends - timedelta(days=left)
    )
    assert found.get("destinations.gpt.contract.valid_until") == state


@pytest.mark.parametrize(("left", "state"), [(31, None), (30, "soon"), (0, "soon"), (-1, "closed")])
def test_the_sandbox_designation_thirty_days_before(left: int, state: str | None) -> None:
    ends = date(2027, 1, 31)
    more = f"profile: finance-kr\nsite: {{sandbox: {{id: S-1, valid_until: {ends}}}}}"
    found = states(settings(more=more), ends - timedelta(days=left))
    assert found.get("site.sandbox.valid_until") == state


def test_what_has_ended_is_not_told_as_what_will_end() -> None:
    ends = date(2026, 11, 1)
    given = settings(f"{{preset: openai-api-standard, valid_until: {ends}}}")
    (told,) = [each.text for each in due(given, ends + timedelta(days=1)) if "valid_until" in each.what]
    assert "ended on 2026-11-01" in told.en
    assert "끝나" in told.ko


@pytest.mark.parametrize(("profile", "shown"), [("general", False), ("finance-kr", True)])
def test_law_of_another_sector_is_not_shown(profile: str, shown: bool) -> None:
    found = states(settings(more=f"profile: {profile}"), ROWS["FIN-NET"].review)
    assert ("obligations.FIN-NET" in found) == shown


@pytest.mark.parametrize(("left", "state"), [(91, None), (90, "soon"), (0, "soon"), (-1, "closed")])
def test_the_catalogue_is_announced_ninety_days_before(left: int, state: str | None) -> None:
    found = states(Settings(), editions()["identifiers"].until - timedelta(days=left))
    assert found.get("catalogue.identifiers") == state


def test_what_has_closed_stands_first() -> None:
    found = due(settings(), editions()["identifiers"].until + timedelta(days=1))
    closed = [each.state == "closed" for each in found]
    assert closed == sorted(closed, reverse=True)
    assert closed[0]
