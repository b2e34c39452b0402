"""The law, row by row: one text that it lets out, one that it keeps, and one unknown fact, which keeps it too."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from haechi.catalogue.obligations import Obligation, obligations
from haechi.domain.destination import Contract, Destination, ProviderFacts, Site
from haechi.domain.label import Label, Level
from haechi.gateway.decide.obligations import FACTS, Question, denials

TODAY = date(2026, 11, 22)
ROWS = {row.id: row for row in obligations()}
KOREA = {"country_rest": "KR", "country_inference": "KR", "country_logs": "KR"}
FRANCE = {"country_rest": "FR", "country_inference": "FR", "country_logs": "FR"}
SIGNED: dict[str, Any] = {
    "dpa_id": "D-1", "transfer_basis": "policy_notice", "attested_by": "ciso", "valid_until": date(2027, 6, 30),
}  # fmt: skip
PHONE = Label(Level.CONFIDENTIAL, frozenset({"phone"}))
ORDINARY = Label(Level.INTERNAL)
NOBODY: dict[str, Any] = {}


def asked(
    label: Label = ORDINARY,
    facts: dict[str, Any] = NOBODY,
    contract: dict[str, Any] = NOBODY,
    site: Site | None = None,
    transform: Any = "deidentified",
) -> Question:
    known = ProviderFacts("test", TODAY, trains=False, **facts)
    return Question(
        label,
        Destination("c", "cloud", "openai", ("m",), Contract("p", known, **contract)),
        transform,
        site or Site(),
        TODAY,
    )


def label(level: str, *kinds: str) -> Label:
    return Label(Level.of(level), frozenset(kinds))


def holds(data: str, *basis: str) -> Site:
    """A site that declares to hold such data, with these legal bases on file."""
    return Site(classes=frozenset({data}), basis=frozenset(basis))


def europe(*basis: str) -> Site:
    """A site with data subjects in the European Union."""
    return Site(subjects=frozenset({"eu"}), basis=frozenset(basis))


FINANCE, PUBLIC = Site(sector="finance"), Site(sector="public")
SANDBOX = structs.replace(FINANCE, sandbox_id="S-1", sandbox_until=date(2027, 1, 1))
EVALUATED = {"fsi_evaluated": True}
CERTIFIED = {"csap": "중"}
EQUIVALENCE = SIGNED | {"transfer_basis": "equivalence"}
RRN, PASSPORT = label("restricted", "kr.rrn"), label("restricted", "kr.passport")
HEALTH = label("restricted", "kr.health_insurance")

CASES: list[tuple[str, Question | None, Question, Question]] = [
    # row, let out, kept, a fact unknown
    ("KR-RRN", asked(PHONE), asked(RRN, KOREA, SIGNED), asked(RRN)),
    ("KR-UID", asked(PHONE), asked(PASSPORT, KOREA, SIGNED), asked(PASSPORT)),
    (
        "KR-SENS",
        asked(HEALTH, site=Site(basis=frozenset({"sensitive"}))),
        asked(HEALTH),
        asked(site=holds("health")),
    ),
    (
        "KR-XFER",
        asked(PHONE, contract=SIGNED),
        asked(PHONE, contract=SIGNED, site=Site(stop_order=True)),
        asked(PHONE),
    ),
    (
        "KR-EU",
        asked(PHONE, FRANCE, EQUIVALENCE),
        asked(PHONE, {**FRANCE, "country_logs": "US"}, EQUIVALENCE),
        asked(PHONE, {**FRANCE, "country_logs": None}, EQUIVALENCE),
    ),
    ("KR-OUT", asked(PHONE, contract=SIGNED), asked(PHONE, contract={"dpa_id": ""}), asked(PHONE)),
    ("KR-PSEUDO", asked(PHONE), asked(PHONE, transform="raw"), asked(PHONE, KOREA, transform="raw")),
    (
        "KR-CI",
        asked(PHONE),
        asked(label("restricted", "kr.ci"), KOREA, SIGNED),
        asked(label("restricted", "kr.ci")),
    ),
    (
        "FIN-NET",
        asked(site=SANDBOX, facts=EVALUATED),
        asked(site=FINANCE, facts=EVALUATED),
        asked(site=SANDBOX),
    ),
    (
        "FIN-CREDIT",
        asked(facts=KOREA, site=holds("credit")),
        asked(facts=KOREA, site=holds("credit"), transform="raw"),
        asked(site=holds("credit")),
    ),
    (
        "MED-EMR",
        asked(facts=KOREA, site=holds("emr")),
        asked(facts=FRANCE, site=holds("emr")),
        asked(site=holds("emr")),
    ),
    (
        "MED-BIO",
        asked(site=holds("genome", "irb")),
        asked(site=holds("genome")),
        asked(site=holds("genome", "sensitive")),
    ),
    ("PUB-N2SF-C", asked(PHONE, site=PUBLIC), asked(RRN, KOREA, SIGNED, PUBLIC), asked(RRN, site=PUBLIC)),
    (
        "PUB-N2SF-S",
        asked(ORDINARY, site=PUBLIC),
        asked(PHONE, KOREA, SIGNED, PUBLIC),
        asked(PHONE, site=PUBLIC),
    ),
    (
        "PUB-CSAP",
        asked(facts=CERTIFIED, site=structs.replace(PUBLIC, nis_review="N-1")),
        asked(facts=CERTIFIED, site=PUBLIC),
        asked(site=structs.replace(PUBLIC, nis_review="N-1")),
    ),
    ("NCT", asked(site=Site()), asked(facts=KOREA, site=holds("nct")), asked(site=holds("nct"))),
    (
        "SECRET",
        asked(ORDINARY),
        asked(label("confidential", "fingerprint"), KOREA, SIGNED),
        asked(label("confidential", "topic.trade_secret")),
    ),
    (
        "EU-XFER",
        asked(PHONE, contract=SIGNED, site=europe("gdpr_transfer")),
        asked(PHONE, contract=SIGNED, site=europe()),
        asked(PHONE, {**FRANCE, "country_rest": None}, SIGNED, europe()),
    ),
    (
        "US-HIPAA",
        asked(contract={"baa": "B-1"}, site=holds("phi")),
        asked(site=holds("phi")),
        asked(contract={"baa": ""}, site=holds("phi")),
    ),
]


def forbids(row: str, question: Question) -> bool:
    return bool(denials(question, (ROWS[row],)))


@pytest.mark.parametrize(("row", "out", "kept", "unknown"), CASES, ids=[case[0] for case in CASES])
def test_each_row_lets_out_keeps_and_does_not_guess(
    row: str, out: Question, kept: Question, unknown: Question
) -> None:
    assert not forbids(row, out)
    assert forbids(row, kept)
    assert forbids(row, unknown)


def test_every_row_has_its_three_cases() -> None:
    assert [case[0] for case in CASES] == list(ROWS)


@pytest.mark.parametrize("row", obligations(), ids=lambda row: row.id)
def test_every_row_says_where_it_stands_and_until_when(row: Obligation) -> None:
    assert row.source
    assert row.cite.ko
    assert row.cite.en
    assert row.demands.ko
    assert row.demands.en
    assert row.effective < row.review
    assert set(row.requires) | set(row.unless) <= set(FACTS)
    assert row.requires


@pytest.mark.parametrize("row", obligations(), ids=lambda row: row.id)
def test_a_row_past_its_review_lets_nothing_out_and_says_so(row: Obligation) -> None:
    question = next(out for name, out, _, _ in CASES if name == row.id)
    assert question is not None
    late = structs.replace(question, today=row.review + timedelta(days=1))
    speaks = denials(
        structs.replace(
            question, label=label("restricted", "kr.rrn", "kr.ci", "fingerprint"), today=late.today
        ),
        (row,),
    )
    for denial in (*denials(late, (row,)), *speaks):
        assert denial.stale
        assert denial.missing.path == f"obligations.{row.id}.review"


def test_home_is_never_asked() -> None:
    home = structs.replace(asked(RRN), destination=Destination("h", "onprem", "openai", ("m",)))
    assert denials(home, obligations()) == ()


def test_an_expired_contract_gives_no_fact() -> None:
    ended = asked(PHONE, KOREA, SIGNED | {"valid_until": date(2026, 11, 21)})
    assert {denial.obligation.id for denial in denials(ended, obligations())} >= {"KR-XFER", "KR-OUT"}


kinds = st.frozensets(
    st.sampled_from(["kr.rrn", "phone", "kr.ci", "kr.brn", "fingerprint", "kr.health_insurance"])
)
sites = st.builds(
    Site,
    st.sampled_from(["general", "finance", "medical", "public"]),
    st.frozensets(st.sampled_from(["credit", "emr", "genome", "nct", "phi", "health"])),
    st.frozensets(st.just("eu")),
    st.frozensets(st.sampled_from(["sensitive", "irb", "gdpr_transfer"])),
    st.none() | st.just("S-1"),
    st.none() | st.sampled_from([date(2026, 1, 1), date(2028, 1, 1)]),
    st.booleans(),
    st.none() | st.just("N-1"),
    st.booleans(),
)
countries = st.none() | st.sampled_from(["KR", "US", "FR"])
provided = st.fixed_dictionaries(
    {"country_rest": countries, "country_inference": countries, "country_logs": countries},
    optional={
        "fsi_evaluated": st.booleans(),
        "csap": st.just("중"),
        "zero_retention": st.booleans(),
        "private_network": st.booleans(),
    },
)
contracts = st.fixed_dictionaries(
    {},
    optional={
        "dpa_id": st.just("D"), "transfer_basis": st.sampled_from(["consent", "policy_notice", "equivalence"]),
        "attested_by": st.just("c"), "valid_until": st.just(date(2027, 6, 30)), "baa": st.just("B"),
    },
)  # fmt: skip
questions = st.builds(
    asked,
    st.builds(Label, st.sampled_from(Level), kinds),
    provided,
    contracts,
    sites,
    st.sampled_from(["raw", "deidentified"]),
)


@given(questions, st.builds(Label, st.sampled_from(Level), kinds))
def test_one_finding_more_never_lets_out(question: Question, more: Label) -> None:
    if denials(question, obligations()):
        assert denials(structs.replace(question, label=question.label.join(more)), obligations())


@given(questions, st.sampled_from(["dpa_id", "transfer_basis", "attested_by", "valid_until", "baa"]))
def test_one_word_of_the_contract_less_never_lets_out(question: Question, field: str) -> None:
    contract = question.destination.contract
    assert contract is not None
    poorer = structs.replace(question.destination, contract=structs.replace(contract, **{field: None}))
    if denials(question, obligations()):
        assert denials(structs.replace(question, destination=poorer), obligations())


@given(
    questions,
    st.sampled_from(
        ["country_rest", "country_inference", "country_logs", "fsi_evaluated", "csap", "zero_retention"]
    ),
)
def test_one_fact_of_the_provider_less_never_lets_out(question: Question, field: str) -> None:
    contract = question.destination.contract
    assert contract is not None
    facts = structs.replace(contract.facts, **{field: None})
    poorer = structs.replace(question.destination, contract=structs.replace(contract, facts=facts))
    if denials(question, obligations()):
        assert denials(structs.replace(question, destination=poorer), obligations())


@given(questions)
def test_a_denial_names_its_law_and_one_missing_fact(question: Question) -> None:
    for denial in denials(question, obligations()):
        assert denial.obligation.id in ROWS
        assert denial.missing.path
        assert denial.missing.what.ko
