"""Rules are judged by what they do to labels: what widens, what never applies, what is already so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.settings.compile import policy, profile_rules, site_of, warnings
from haechi.app.settings.labels import every_label, found_kinds, level_of, reach
from haechi.app.settings.load import parse
from haechi.app.settings.model import Profile, Settings
from haechi.app.settings.problems import Problems
from haechi.app.settings.rules import strength
from haechi.domain.destination import Site
from haechi.domain.label import Label, Level
from haechi.gateway.decide.policy import Rule

TODAY = date(2026, 11, 22)
KINDS = sorted(found_kinds())
HOME, REFUSE = "then: stay-home", "then: refuse"
CONFIDENTIAL, PHONE, PARTNER = (
    "when: {level: confidential}",
    "when: {kind: [phone]}",
    "when: {kind: [kr.brn]}",
)
DEIDENTIFY = f"{CONFIDENTIAL}, then: {{deidentify: [phone, email]}}"


def noted(*rules: str, profile: str = "general") -> list[tuple[str, str]]:
    text = f"profile: {profile}\nrules:\n" + "".join(f"  - {{{rule}, because: x}}\n" for rule in rules)
    settings = parse(text, "haechi.yaml", {})
    policy(settings, None, TODAY)
    return [(each.where, each.problem.en) for each in warnings(settings)]


@pytest.mark.parametrize(
    ("rules", "where", "says"),
    [
        (["when: {kind: [kr.rrn]}, then: stay-home"], "rules[0]", "`general.unique-id` already is as strict"),
        ([DEIDENTIFY], "rules[0]", None),
        ([f"{CONFIDENTIAL}, {HOME}", f"{PHONE}, {HOME}"], "rules[1]", "`rules[0]` already"),
        ([f"{PHONE}, {HOME}", f"{CONFIDENTIAL}, {HOME}"], "rules[0]", "`rules[1]` already"),
        ([f"{PARTNER}, {HOME}", f"name: twice, {PARTNER}, {HOME}"], "rules[1]", "`rules[0]` already"),
        (
            [f"{PARTNER}, {REFUSE}", f"{PHONE}, {REFUSE}", "when: {kind: [kr.brn, phone]}, then: refuse"],
            "rules[2]", "`rules[0]`, `rules[1]` already",
        ),
        (["when: {kind: [secret]}, then: refuse"], "rules[0]", None),
        (["when: {kind: [kr.brn], level: restricted}, then: refuse"], "rules[0].when", "matches only beside something higher"),
        (["when: {kind: [card], level: restricted}, then: refuse"], "rules[0]", None),
        (
            [DEIDENTIFY, f"name: no-phones, {PHONE}, {HOME}"],
            "rules[0].then.deidentify", "out de-identified, no-phones keeps it home. The stricter wins",
        ),
    ],
)  # fmt: skip
def test_what_is_without_effect_is_a_warning(rules: list[str], where: str, says: str | None) -> None:
    found = noted(*rules)
    if says is None:
        assert where not in [place for place, _ in found]
    else:
        assert [place for place, problem in found if says in problem] == [where], found


subsets = st.frozensets(st.sampled_from(KINDS), max_size=5)
rules = st.builds(
    Rule,
    st.just("r"),
    st.just("x"),
    st.sampled_from(["stay-home", "refuse"]),
    st.none() | st.sampled_from(Level),
    subsets,
    st.none() | subsets,
)
sites = st.builds(Site, st.sampled_from(["general", "finance", "medical", "public"]))


@given(st.lists(rules, max_size=3), sites, subsets, st.sampled_from(Level))
def test_two_kinds_at_a_time_stand_for_all(
    given_rules: list[Rule], site: Site, kinds: frozenset[str], level: Level
) -> None:
    """The theory at the head of labels.py: what is decided about many kinds is the strictest about each two."""
    known = set(every_label())
    if any(level_of(kind) > level for kind in kinds):
        return
    pairs = [Label(level, frozenset({one, two})) for one in kinds for two in kinds] or [Label(level)]
    assert known.issuperset(pairs)
    chosen = tuple(given_rules)
    assert reach(Label(level, kinds), chosen, site) == min(reach(pair, chosen, site) for pair in pairs)
    for rule in chosen:
        assert strength(rule, Label(level, kinds)) == max(strength(rule, pair) for pair in pairs)


settings_rules = st.lists(
    st.builds(
        lambda kind, level, then, list_: (
            f"  - {{when: {{{f'kind: [{kind}], ' if kind else ''}level: {level}}}, "
            f"then: {then if then != 'list' else '{deidentify: [' + ', '.join(list_) + ']}'}, because: x}}\n"
        ),
        st.none() | st.sampled_from(KINDS),
        st.sampled_from(["public", "internal", "confidential", "restricted"]),
        st.sampled_from(["stay-home", "refuse", "list"]),
        st.lists(st.sampled_from(KINDS), max_size=4, unique=True),
    ),
    min_size=1,
    max_size=3,
)


@given(settings_rules, st.sampled_from(["general", "finance-kr", "medical-kr", "public-kr"]))
def test_what_passes_the_check_never_lets_out_more_than_its_profile(
    lines: list[str], profile: Profile
) -> None:
    settings = parse(f"profile: {profile}\nrules:\n" + "".join(lines), "t", {})
    try:
        whole = policy(settings, None, TODAY).rules
    except Problems:
        return
    alone, site = profile_rules(Settings(profile=profile)), site_of(settings)
    assert all(reach(label, whole, site) <= reach(label, alone, site) for label in every_label())
    warnings(settings)


def test_a_policy_that_would_reach_further_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rule can do this today; should one ever be able to, the check says so and names it."""
    from haechi.app.settings import rules as judged

    monkeypatch.setattr(judged, "reach", lambda label, rules, site: 2 if len(rules) > 3 else 0)
    with pytest.raises(Problems, match="goes further out than under the profile alone"):
        noted(f"{PARTNER}, {REFUSE}")
