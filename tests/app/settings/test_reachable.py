"""What `check` says about a level is true: the missing fact is one that helps, and where none helps none is named."""

from datetime import date

import pytest

from haechi.app.cli.configuration import PRETEND
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.settings.reachable import clearances

TODAY = date(2026, 11, 22)
BARE = "contract: openai-api-standard"
SIDE = "dpa_id: D, transfer_basis: consent, attested_by: c, valid_until: 2027-06-30"
KOREA = (
    "country_rest: KR, country_inference: KR, country_logs: KR, zero_retention: true, private_network: true"
)
SIGNED = f"contract: {{preset: openai-api-standard, {SIDE}}}"
SECLUDED = f"contract: {{preset: openai-api-standard, {SIDE}, facts: {{verified_on: 2026-11-01, {KOREA}}}}}"
EVALUATED = SECLUDED.replace("zero_", "fsi_evaluated: true, zero_")
WHERE = "destinations.gpt.contract"
SANDBOX = "{sandbox: {id: S, valid_until: 2027-01-01}}"


def told(profile: str, contract: str, site: str) -> dict[str, tuple[bool, str | None, str]]:
    text = (
        f"profile: {profile}\nsite: {site}\ndestinations:\n  home: {{engine: auto}}\n"
        f"  gpt: {{provider: openai, key: k, {contract}}}\n"
    )
    rows = clearances(policy(parse(text, "t", {}), PRETEND, TODAY), "en")
    return {
        row["level"]: (row["goes"], row["missing"], row["why"] or "")
        for row in rows
        if row["destination"] == "gpt"
    }


@pytest.mark.parametrize(
    ("profile", "contract", "site", "level", "goes", "missing", "why"),
    [
        ("general", "zone: cloud", "{}", "public", True, None, ""),
        ("general", "zone: cloud", "{}", "internal", False, WHERE, ""),
        ("general", BARE, "{}", "internal", True, None, ""),
        ("general", BARE, "{}", "confidential", False, f"{WHERE}.dpa_id", ""),
        ("general", SIGNED, "{}", "confidential", True, None, ""),
        ("general", SECLUDED, "{}", "restricted", False, None, "Restricted text is cleared for no cloud"),
        ("finance-kr", BARE, "{}", "internal", False, "site.sandbox", ""),
        ("finance-kr", SIGNED, SANDBOX, "internal", False, f"{WHERE}.facts.fsi_evaluated", ""),
        ("finance-kr", EVALUATED, SANDBOX, "internal", True, None, ""),
        ("medical-kr", BARE, "{}", "internal", True, None, ""),
        ("medical-kr", BARE, "{classes: [emr]}", "internal", False, f"{WHERE}.facts.country_rest", ""),
        ("medical-kr", SECLUDED, "{classes: [emr]}", "internal", True, None, ""),
        ("medical-kr", SECLUDED, "{}", "confidential", False, None, "medical.personal"),
        ("public-kr", BARE, "{}", "internal", False, f"{WHERE}.facts.csap", ""),
        ("public-kr", BARE, "{}", "confidential", False, None, "grade S: Grade S stays inside"),
        ("general", SIGNED, "{classes: [nct]}", "internal", False, None, "Industrial Technology Protection Act"),
    ],
)  # fmt: skip
def test_each_profile_names_what_would_help(
    profile: str, contract: str, site: str, level: str, goes: bool, missing: str | None, why: str
) -> None:
    found = told(profile, contract, site)[level]
    assert found[:2] == (goes, missing)
    assert why in found[2]
