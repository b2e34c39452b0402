"""The oracle and the gate are two people who have read the same tables: they agree, or one of them is wrong."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert, json

from haechi.app.prove.canaries import Mint
from haechi.app.prove.oracle import asked, floors, may_arrive
from haechi.app.settings.compile import LocalEngine, policy
from haechi.app.settings.load import parse
from haechi.domain.chat import Chat
from haechi.domain.destination import NEVER_OUTSIDE, Service
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
READ = "verified_on: 2026-11-01"
SECLUDED = f"{READ}, {KOREA}, zero_retention: true, private_network: true, fsi_evaluated: true, csap: low"
CONTRACTS = [
    "",
    ", contract: openai-api-standard",
    f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2099-12-31}}",
    f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2026-11-21}}",
    (
        ", contract: {preset: openai-api-standard, attested_by: kim, valid_until: 2099-12-31, "
        f"facts: {{{READ}, fsi_evaluated: true, csap: low}}}}"
    ),
    f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2099-12-31, baa: B-1, facts: {{{SECLUDED}}}}}",
    ", services: {web_search: internal, fetch: public}",
    ", contract: openai-api-standard, services: {web_search: public, storage: internal}",
    (
        f", contract: {{preset: openai-api-standard, {SIDE}, valid_until: 2099-12-31, facts: {{{SECLUDED}}}}}"
        ", services: {web_search: confidential}"
    ),
]
SITES = [
    "profile: general",
    "profile: general\nsite: {classes: [credit]}",
    "profile: general\nsite: {classes: [genome, phi]}",
    "profile: general\nsite: {classes: [genome, phi], basis: [irb]}",
    "profile: general\nsite: {classes: [emr, health], basis: [sensitive]}",
    "profile: general\nsite: {subjects: [eu]}",
    "profile: general\nsite: {subjects: [eu], basis: [gdpr_transfer]}",
    "profile: finance-kr",
    "profile: finance-kr\nsite: {sandbox: {id: S-1, valid_until: 2099-12-31}}",
    "profile: finance-kr\nsite: {sandbox: {id: S-1, valid_until: 2020-12-31}}",
    "profile: medical-kr",
    "profile: public-kr\nsite: {nis_review: N-1}",
    "profile: general\nrules: [{when: {level: internal}, then: stay-home, because: t}]",
    "profile: general\nrules: [{when: {kind: [kr.brn]}, then: refuse, because: t}]",
    "profile: general\nrules: [{when: {kind: [kr.brn, phone], level: confidential}, then: stay-home, because: t}]",
]


NEEDS: list[frozenset[Service]] = [
    frozenset(),
    frozenset({"web_search"}),
    frozenset({"fetch"}),
    frozenset({"storage", "web_search"}),
]


def part(content: dict[str, Any]) -> dict[str, Any]:
    """A request with this part."""
    return {"messages": [{"role": "user", "content": [content]}]}


def compare(text: str, environment: Any = None, today: date = TODAY) -> int:
    """Ask both about every label, destination and service; how often they said yes."""
    settings = parse(text, "t", environment or {})
    compiled = policy(settings, ENGINE, today)
    yes = 0
    for place, label, needs in product(compiled.destinations.values(), LABELS, NEEDS):
        if not place.outside:
            continue
        wanted = (Target(place.name, place.models[0]),)
        decision = decide(label, wanted, Narrowing(needs=needs), compiled)
        calls = [call for call in decision.calls if call.destination == place.name]
        goes = any(call.transform == "raw" for call in calls)
        if (
            calls and not goes
        ):  # the oracle speaks of text as it stands; without its values it is never more than this
            assert label.level is Level.CONFIDENTIAL
            assert not label.kinds & floors()
        may = may_arrive(label.kinds, label.level, place.name, settings, today, needs)
        assert goes == may, f"{place.name} {label} {needs}: gate {goes}, oracle {may}\n{text}"
        yes += goes
    return yes


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("contract", CONTRACTS, ids=range(len(CONTRACTS)))
def test_gate_and_oracle_agree(site: str, contract: str) -> None:
    compare(f"{site}\ndestinations: {{home: {{engine: auto}}, c: {{provider: openai, key: k{contract}}}}}")


@pytest.mark.parametrize(
    "today", [date(2027, 1, 1), date(2027, 1, 2), date(2027, 3, 1), date(2028, 6, 1)], ids=str
)
@pytest.mark.parametrize("contract", [1, 2, 4, 5, 7])
def test_they_agree_when_facts_and_law_have_aged(contract: int, today: date) -> None:
    for site in SITES:
        place = f"c: {{provider: openai, key: k{CONTRACTS[contract]}}}"
        compare(f"{site}\ndestinations: {{home: {{engine: auto}}, {place}}}", today=today)


BODIES: list[tuple[dict[str, Any], set[str]]] = [
    ({"messages": []}, set()),
    ({"web_search_options": {}}, {"web_search"}),
    ({"web_search_options": None}, set()),
    (part({"type": "image_url", "image_url": {"url": "https://x.example/a.png"}}), {"fetch"}),
    (part({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}), set()),
    (part({"type": "file", "file": {"file_id": "f-1"}}), {"storage"}),
    (part({"type": "file", "file": {"file_data": "AAAA"}}), set()),
    (part({"type": "text", "text": "https://x.example"}), set()),
]


@pytest.mark.parametrize(("body", "needs"), BODIES)
def test_it_reads_services_off_a_request_as_the_gate_does(body: dict[str, Any], needs: set[str]) -> None:
    whole = {"model": "auto", "messages": [], **body}
    assert asked(json.encode(whole)) == needs == convert(whole, Chat).services


def test_what_is_no_request_asks_for_nothing() -> None:
    assert (
        asked(b"") == asked(b"[1]") == asked(b'{"messages": 1}') == asked(b'{"messages": [1]}') == frozenset()
    )


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
