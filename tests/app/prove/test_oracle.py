"""The oracle and the gate are two people who have read the same tables: they agree, or one of them is wrong."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from haechi.app.prove.canaries import Mint
from haechi.app.prove.oracle import floors, may_arrive
from haechi.app.settings.compile import LocalEngine, policy
from haechi.app.settings.load import parse
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.label import Label, Level
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.policy import Target
from tests.docs.kit import EXAMPLES, SECRETS

TODAY = date(2026, 11, 22)
ENGINE = LocalEngine("http://127.0.0.1:1", ("local",))
MINT = Mint(0)
LABELS = [Label(Level.PUBLIC), Label(Level.INTERNAL), Label(Level.CONFIDENTIAL), Label(Level.RESTRICTED)]
LABELS += [Label(MINT.of(kind).level, frozenset({kind})) for kind in MINT.kinds]
LABELS += [Label(Level.RESTRICTED, frozenset({"unreadable"}))]

KOREA = "country_rest: KR, country_inference: KR, country_logs: KR"
SIDE = "dpa_id: D-1, transfer_basis: policy_notice, attested_by: kim"
SECLUDED = f"{KOREA}, zero_retention: true, private_network: true, fsi_evaluated: true, csap: low"
CONTRACTS = [
    "",
    ", contract: openai-api-standard",
    f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2099-12-31}}",
    f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2026-11-21}}",
    ", contract: {preset: openai-api-standard, attested_by: kim, facts: {fsi_evaluated: true, csap: low}}",
    f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2099-12-31, baa: B-1, facts: {{{SECLUDED}}}}}",
]
SITES = [
    "profile: general",
    "profile: general\nsite: {classes: [credit]}",
    "profile: general\nsite: {classes: [genome, phi]}",
    "profile: general\nsite: {classes: [genome, phi], basis: [irb]}",
    "profile: general\nsite: {classes: [emr, health], basis: [sensitive]}",
    "profile: finance-kr",
    "profile: finance-kr\nsite: {sandbox: {id: S-1, valid_until: 2099-12-31}}",
    "profile: finance-kr\nsite: {sandbox: {id: S-1, valid_until: 2020-12-31}}",
    "profile: medical-kr",
    "profile: public-kr\nsite: {nis_review: N-1}",
    "profile: general\nrules: [{when: {level: internal}, then: stay-home, because: t}]",
    "profile: general\nrules: [{when: {kind: [kr.brn]}, then: refuse, because: t}]",
    "profile: general\nrules: [{when: {kind: [kr.brn, phone], level: confidential}, then: stay-home, because: t}]",
]


def compare(text: str, environment: Any = None) -> int:
    """Ask both about every label and destination; how often they said yes."""
    settings = parse(text, "t", environment or {})
    compiled = policy(settings, ENGINE, TODAY)
    yes = 0
    for place, label in product(compiled.destinations.values(), LABELS):
        if not place.outside:
            continue
        decision = decide(label, (Target(place.name, place.models[0]),), Narrowing(), compiled)
        goes = any(call.destination == place.name for call in decision.calls)
        may = may_arrive(label.kinds, label.level, place.name, settings, TODAY)
        assert goes == may, f"{place.name} {label}: gate {goes}, oracle {may}\n{text}"
        yes += goes
    return yes


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("contract", CONTRACTS, ids=range(len(CONTRACTS)))
def test_gate_and_oracle_agree(site: str, contract: str) -> None:
    compare(f"{site}\ndestinations: {{home: {{engine: auto}}, c: {{provider: openai, key: k{contract}}}}}")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_they_agree_about_the_examples(example: Path) -> None:
    compare(example.read_text(encoding="utf-8"), SECRETS)


def test_something_is_allowed_somewhere() -> None:
    contract = CONTRACTS[1]
    assert compare(f"destinations: {{c: {{provider: openai, key: k{contract}}}}}") >= 2


def test_the_floors_are_those_of_the_law() -> None:
    assert floors() == NEVER_OUTSIDE


def test_what_is_at_home_may_have_everything() -> None:
    settings = parse("destinations: {home: {engine: auto}}", "t", {})
    assert may_arrive(frozenset({"kr.rrn"}), Level.RESTRICTED, "home", settings, TODAY)
