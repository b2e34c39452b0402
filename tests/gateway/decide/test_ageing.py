"""Facts age: what was read long ago is not known any more, and no later day ever clears more."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from haechi.app.settings.compile import LocalEngine, policy
from haechi.app.settings.load import parse
from haechi.catalogue.editions import LIMIT_DAYS, editions
from haechi.catalogue.obligations import hard_limits, obligations
from haechi.catalogue.reasons import say
from haechi.domain.destination import Contract, Destination, Missing, ProviderFacts, Site
from haechi.domain.label import ORDINARY, Label, Level
from haechi.gateway.decide.ageing import freshness, known
from haechi.gateway.decide.clearance import clearance
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.obligations import Question, denials
from haechi.gateway.decide.policy import Policy, Target

READ = date(2026, 7, 5)
KOREAN = ProviderFacts(
    "T; D", READ, trains=False, country_rest="KR", country_inference="KR", country_logs="KR",
    zero_retention=True, private_network=True, fsi_evaluated=True, csap="중",
)  # fmt: skip
CONTRACT = Contract("p", KOREAN, "D-1", "policy_notice", "ciso", date(2099, 1, 1), "B-1")


def after(days: int, read: date = READ) -> date:
    return read + timedelta(days=days)


def cloud(contract: Contract = CONTRACT) -> Destination:
    return Destination("c", "cloud", "openai", ("m",), contract)


@pytest.mark.parametrize(
    ("days", "is_"), [(0, "fresh"), (90, "fresh"), (91, "stale"), (180, "stale"), (181, "unknown")]
)
def test_ninety_days_fresh_then_stale_then_unknown(days: int, is_: str) -> None:
    assert freshness(KOREAN, after(days)) == is_


def test_after_180_days_a_cloud_is_closed_and_the_missing_fact_says_what_to_read_again() -> None:
    assert clearance(cloud(), after(180)).raw is Level.CONFIDENTIAL
    closed = clearance(cloud(), after(181))
    assert (closed.raw, closed.deidentified) == (Level.PUBLIC, Level.PUBLIC)
    assert closed.raw_missing is not None
    assert closed.raw_missing.path == "destinations.c.contract.facts.verified_on"
    for word in ("T; D", "2026-07-05", "verified_on", "attested_by"):
        assert word in closed.raw_missing.what.en
        assert word in closed.raw_missing.what.ko


def test_what_the_customer_reads_again_counts_from_the_day_of_reading() -> None:
    again = ProviderFacts("ciso", after(170), trains=False)
    renewed = structs.replace(CONTRACT, stated=again)
    assert clearance(cloud(renewed), after(181)).raw is Level.INTERNAL
    assert clearance(cloud(renewed), after(170 + 180)).raw is Level.INTERNAL
    assert clearance(cloud(renewed), after(170 + 181)).raw is Level.PUBLIC
    assert known(renewed, after(181)).country_rest is None  # it was not read again


def test_a_fact_of_the_law_that_is_too_old_is_missing_and_named() -> None:
    site, row = Site(sector="public", nis_review="N-1"), next(r for r in obligations() if r.id == "PUB-CSAP")
    asked = Question(ORDINARY, cloud(), "raw", site, after(180))
    assert denials(asked, (row,)) == ()
    (denial,) = denials(structs.replace(asked, today=after(181)), (row,))
    assert denial.missing.path == "destinations.c.contract.facts.verified_on"


def test_a_fact_that_was_never_known_is_not_blamed_on_its_age() -> None:
    bare = structs.replace(CONTRACT, facts=ProviderFacts("T", READ, trains=None))
    missing = clearance(cloud(bare), after(181)).raw_missing
    assert missing is not None
    assert missing.path == "destinations.c.contract.facts.trains"


def test_what_the_customer_denied_does_not_come_back_with_age() -> None:
    fresh = structs.replace(KOREAN, verified_on=after(100))
    denied = structs.replace(CONTRACT, facts=fresh, stated=ProviderFacts("ciso", READ, zero_retention=False))
    for days in (180, 181):
        assert clearance(cloud(denied), after(days)).raw is Level.INTERNAL


maybe = st.none() | st.booleans()
country = st.none() | st.sampled_from(["KR", "US", "FR"])
days = st.dates(date(2024, 1, 1), date(2030, 1, 1))
facts = st.builds(
    ProviderFacts, st.just("s"), days, st.sampled_from([None, False]), st.none(), maybe, country, country, country,
    maybe, maybe, st.none() | st.just("중"),
)  # fmt: skip
contracts = st.builds(
    Contract, st.just("p"), facts, st.none() | st.just("D"),
    st.none() | st.sampled_from(["consent", "equivalence"]), st.none() | st.just("a"), st.none() | days,
    st.none() | st.just("B"), st.none() | facts,
)  # fmt: skip
sites = st.builds(
    Site, st.sampled_from(["general", "finance", "medical", "public"]), st.frozensets(st.just("credit")),
    st.frozensets(st.just("eu")), st.frozensets(st.sampled_from(["sensitive", "gdpr_transfer"])), st.just("S"),
    days, st.booleans(), st.just("N"),
)  # fmt: skip
labels = st.builds(
    Label, st.sampled_from(Level), st.frozensets(st.sampled_from(["phone", "kr.brn", "kr.health_insurance"]))
)
ROWS = tuple(row for row in (*hard_limits(), *obligations()) if row.effective < date(2024, 1, 1))


@given(contracts, days, days)
def test_a_later_day_never_clears_more(contract: Contract, one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    then, now = clearance(cloud(contract), earlier), clearance(cloud(contract), later)
    assert now.raw <= then.raw
    assert (now.deidentified or 0) <= (then.deidentified or 0)


@given(contracts, sites, labels, st.sampled_from(["raw", "deidentified"]), days, days)
def test_a_later_day_never_silences_the_law(
    contract: Contract, site: Site, label: Label, transform: str, one: date, other: date
) -> None:
    earlier, later = sorted((one, other))
    asked = Question(label, cloud(contract), transform, site, earlier)  # type: ignore[arg-type]
    if denials(asked, ROWS):
        assert denials(structs.replace(asked, today=later), ROWS)


FULL = (
    "destinations: {home: {engine: auto}, gpt: {provider: openai, key: k, contract: {preset: openai-api-standard, "
    "dpa_id: D-1, transfer_basis: policy_notice, attested_by: ciso, valid_until: 2099-12-31, "
    "facts: {trains: false, verified_on: %s}}}}"
)


def compiled(read: date, today: date) -> Policy:
    return policy(parse(FULL % read, "t", {}), LocalEngine("http://127.0.0.1:1", ("local",)), today)


def where(rules: Policy, label: Label = ORDINARY) -> tuple[str, str, Missing | None]:
    decision = decide(label, (Target("gpt", "m"),), Narrowing(), rules)
    return decision.calls[0].destination, decision.rule, decision.missing


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("table", sorted(editions()))
def test_a_catalogue_past_its_hard_limit_lets_nothing_out(table: str, level: Level) -> None:
    last = editions()[table].until
    assert (last - editions()[table].verified_on).days == LIMIT_DAYS
    if level is Level.INTERNAL:
        assert where(compiled(last, last))[0] == "gpt"
    place, rule, missing = where(compiled(last, last + timedelta(days=1)), Label(level))
    assert place == "home"
    if level < Level.CONFIDENTIAL:
        assert rule.startswith("CATALOGUE-")
        assert missing is not None
        assert missing.path == f"obligations.{rule}.review"


def test_the_hard_limit_is_said_in_words() -> None:
    last = editions()["identifiers"].until
    rules = compiled(last, last + timedelta(days=1))
    because = decide(ORDINARY, (Target("gpt", "m"),), Narrowing(), rules).because
    for language, words in (("ko", "식별자 표"), ("en", "table of identifiers")):
        assert any(words in say(reason, language) for reason in because)  # type: ignore[arg-type]
