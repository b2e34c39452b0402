"""Where a request may go, as a table; and the properties that no table can list."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.settings.compile import LocalEngine, policy
from haechi.app.settings.load import parse
from haechi.catalogue.reasons import say
from haechi.domain.destination import NEVER_OUTSIDE
from haechi.domain.label import Label, Level
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.targets import targets

TODAY = date(2026, 11, 22)
ENGINE = LocalEngine("http://127.0.0.1:1", ("local",))
CLOUD = "gpt: {provider: openai, key: k, contract: openai-api-standard}"
FULL = (
    "gpt: {provider: openai, key: k, contract: {preset: openai-api-standard, dpa_id: D-1, "
    "transfer_basis: policy_notice, attested_by: ciso, valid_until: 2027-06-30}}"
)
EXPIRED = FULL.replace("2027-06-30", "2026-11-21")
NO_CONTRACT = "gpt: {provider: openai, key: k}"


def compiled(destinations: str = CLOUD, more: str = "") -> Policy:
    text = f"destinations: {{home: {{engine: auto}}, {destinations}}}\n{more}"
    return policy(parse(text, "t", {}), ENGINE, TODAY)


def label(level: str, *kinds: str) -> Label:
    return Label(Level.of(level), frozenset(kinds))


@pytest.mark.parametrize(
    ("destinations", "level", "kinds", "goes_to", "missing"),
    [
        (CLOUD, "internal", [], "gpt", None),
        (CLOUD, "public", [], "gpt", None),
        (CLOUD, "internal", ["kr.brn"], "gpt", None),
        (CLOUD, "confidential", ["phone"], "home", "destinations.gpt.contract.dpa_id"),
        (FULL, "confidential", ["phone"], "gpt", None),
        (FULL, "confidential", ["phone", "bank_account"], "home", None),
        (CLOUD, "confidential", ["bank_account"], "home", None),
        (CLOUD, "confidential", ["phone", "bank_account"], "home", None),
        (CLOUD, "restricted", ["kr.rrn"], "home", None),
        (CLOUD, "restricted", ["kr.rrn", "phone"], "home", None),
        (CLOUD, "restricted", ["card"], "home", None),
        (CLOUD, "restricted", ["unreadable"], "home", None),
        (NO_CONTRACT, "internal", [], "home", "destinations.gpt.contract"),
        (NO_CONTRACT, "public", [], "gpt", None),
        (NO_CONTRACT, "internal", ["kr.ci"], "home", "never"),  # no contract would help
        (EXPIRED, "internal", [], "home", "destinations.gpt.contract.valid_until"),
        (FULL, "internal", [], "gpt", None),
        (FULL, "restricted", ["kr.passport"], "home", None),
        ("", "internal", [], "home", "destinations"),
    ],
)
def test_where_it_goes(
    destinations: str, level: str, kinds: list[str], goes_to: str, missing: str | None
) -> None:
    now = compiled(destinations)
    decision = decide(label(level, *kinds), targets("auto", now), Narrowing(), now)
    assert decision.calls[0].destination == goes_to
    assert (decision.missing and decision.missing.path) == missing


TWO_RULES = "rules: [{when: {kind: [phone]}, then: stay-home, because: x}]"


@pytest.mark.parametrize(
    ("kinds", "more", "inseparable", "transform"),
    [
        (["phone"], "", False, "deidentified"),
        (["phone", "person", "email", "address"], "", False, "deidentified"),
        (["phone", "bank_account"], "", False, None),  # a kind that no rule lets be transformed
        (["phone"], TWO_RULES, False, None),  # the stricter rule wins
        (["phone"], "", True, None),  # what is taken out is not all that makes it sensitive
        ([], "", False, None),  # a caller's word, and nothing to take out
    ],
)
def test_what_leaves_without_its_values(
    kinds: list[str], more: str, inseparable: bool, transform: str | None
) -> None:
    now = compiled(FULL, more)
    narrowing = Narrowing(inseparable=inseparable)
    decision = decide(label("confidential", *kinds), targets("auto", now), narrowing, now)
    outside = [call.transform for call in decision.calls if call.destination == "gpt"]
    assert outside == ([transform] if transform else [])
    assert [call.transform for call in decision.calls if call.destination == "home"] == ["raw"]
    assert (decision.because[-1].code == "sent_deidentified") is bool(transform)


def test_ordinary_text_is_not_transformed() -> None:
    now = compiled(FULL)
    assert decide(label("internal"), targets("auto", now), Narrowing(), now).calls[0].transform == "raw"


def test_a_failed_cloud_call_may_come_home_but_not_the_other_way() -> None:
    now = compiled()
    out = decide(label("internal"), targets("auto", now), Narrowing(), now)
    assert [call.destination for call in out.calls] == ["gpt", "home"]
    kept = decide(label("restricted", "kr.rrn"), targets("auto", now), Narrowing(), now)
    assert [call.destination for call in kept.calls] == ["home"]


def test_a_cloud_model_by_name_is_not_replaced_when_cleared_and_answered_at_home_when_not() -> None:
    now = compiled()
    named = targets("gpt/flagship", now)
    assert [call.destination for call in decide(label("internal"), named, Narrowing(), now).calls] == ["gpt"]
    assert [
        call.destination for call in decide(label("restricted", "kr.rrn"), named, Narrowing(), now).calls
    ] == ["home"]


def test_a_caller_may_ask_for_home() -> None:
    now = compiled()
    decision = decide(label("internal"), targets("auto", now), Narrowing(home_only=True), now)
    assert [call.destination for call in decision.calls] == ["home"]
    assert decision.rule == "caller"


def test_a_rule_may_refuse() -> None:
    more = "rules: [{when: {kind: [card]}, then: refuse, because: PCI DSS}]"
    now = compiled(more=more)
    decision = decide(label("restricted", "card"), targets("auto", now), Narrowing(), now)
    assert decision.refused
    assert decision.rule == "rules[0]"


def test_without_a_home_there_is_no_call() -> None:
    now = policy(parse(f"destinations: {{{CLOUD}}}", "t", {}), None, TODAY)
    decision = decide(label("restricted", "kr.rrn"), targets("auto", now), Narrowing(), now)
    assert decision.refused
    assert decision.because[-1].code == "no_home"


def test_finance_keeps_everything_home_and_cites_the_law() -> None:
    now = compiled(more="profile: finance-kr")
    decision = decide(label("internal"), targets("auto", now), Narrowing(), now)
    assert decision.calls[0].destination == "home"
    assert decision.rule == "FIN-NET"
    assert decision.missing is not None
    assert decision.missing.path == "site.sandbox"
    assert any("Art. 21" in say(reason, "en") for reason in decision.because)


labels = st.builds(
    Label,
    st.sampled_from(Level),
    st.frozensets(
        st.sampled_from(["kr.rrn", "kr.passport", "phone", "email", "card", "secret", "unreadable"])
    ),
)
configurations = st.sampled_from([CLOUD, FULL, EXPIRED, NO_CONTRACT])
profiles = st.sampled_from(["general", "finance-kr", "medical-kr", "public-kr"])


@given(labels, labels, configurations, profiles)
def test_a_higher_label_never_opens_a_door(low: Label, more: Label, destinations: str, profile: str) -> None:
    now = compiled(destinations, f"profile: {profile}")
    high = low.join(more)

    def out(of: Label) -> set[str]:
        calls = decide(of, targets("auto", now), Narrowing(), now).calls
        return {call.destination for call in calls if now.destinations[call.destination].outside}

    assert out(high) <= out(low)


@given(labels, configurations, profiles)
def test_legal_floors_and_restricted_text_never_go_out(found: Label, destinations: str, profile: str) -> None:
    now = compiled(destinations, f"profile: {profile}")
    calls = decide(found, targets("gpt/flagship", now), Narrowing(), now).calls
    outside = [call for call in calls if now.destinations[call.destination].outside]
    if found.level is Level.RESTRICTED or found.kinds & NEVER_OUTSIDE:
        assert outside == []


@given(labels, configurations, profiles, st.booleans())
def test_every_decision_gives_its_reasons(
    found: Label, destinations: str, profile: str, home_only: bool
) -> None:
    now = compiled(destinations, f"profile: {profile}")
    decision = decide(found, targets("auto", now), Narrowing(home_only), now)
    assert len(decision.because) >= 2
    assert decision.rule
    assert decision == decide(found, targets("auto", now), Narrowing(home_only), now)
