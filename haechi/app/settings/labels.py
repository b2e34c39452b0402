"""Every label that matters to rules, and what a policy without missing facts would do with it.

Rules and law look at a label's level, at single kinds (does it hold this one?) and at single kinds outside of a list
(does it hold another one?). So what is decided about many kinds at one level is the strictest of what is decided
about each two of them, and labels of at most two kinds stand for all (a property in the tests).
"""

from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import chain, combinations
from typing import Final, Literal

from msgspec import structs

from haechi.catalogue.editions import editions
from haechi.catalogue.identifiers import identifiers
from haechi.catalogue.obligations import obligations
from haechi.catalogue.studied import studied
from haechi.domain.decision import Decision
from haechi.domain.destination import Contract, Destination, ProviderFacts, Site
from haechi.domain.label import Label, Level
from haechi.gateway.decide.clearance import clearance
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.policy import Policy, Rule, Target

STUDIED: Final = {each.kind: Level.of(each.level) for each in studied()}
"""Kinds that are found without a rule, by the lowest level at which they are."""

Own = tuple[tuple[str, Level], ...]
"""Kinds that the site itself brings, each with the lowest level at which it is found."""

Reach = Literal[0, 1, 2]
"""How far a text may go: 0 nowhere outside, 1 out de-identified, 2 out as it is."""

_READ: Final = editions()["obligations"].verified_on
_OPEN: Final = Destination(
    "open",
    "cloud",
    "fake",
    ("m",),
    Contract(
        "open",
        ProviderFacts(
            "given", _READ, trains=False, retention_days=0, zero_retention=True, country_rest="KR",
            country_inference="KR", country_logs="KR", private_network=True, fsi_evaluated=True, csap="상",
        ),
        "given", "consent", "given", _READ + timedelta(days=1), "given",
    ),
)  # fmt: skip
"""A cloud of which every fact is known and good: what it does not get, no fact lets out."""


@cache
def found_kinds(own: Own = ()) -> frozenset[str]:
    """The kinds that a detector of this version, or of the site, finds."""
    return (
        frozenset(identifier.kind for identifier in identifiers())
        | STUDIED.keys()
        | {kind for kind, _ in own}
    )


@cache
def level_of(kind: str, own: Own = ()) -> Level:
    """The lowest level at which `kind` is found by itself."""
    for name, level in own:
        if name == kind:
            return level
    for identifier in identifiers():
        if identifier.kind == kind:
            return min(map(identifier.level_of, identifier.rule))
    return STUDIED.get(kind, Level.CONFIDENTIAL)


def alone(kind: str, least: Level | None = None, own: Own = ()) -> Label:
    """The label of a text that holds nothing but `kind`, at `least` where it is raised that far."""
    return Label(max(level_of(kind, own), least or Level.PUBLIC), frozenset({kind}))


@cache
def every_label(own: Own = ()) -> tuple[Label, ...]:
    """Labels of at most two kinds that can occur: a kind has its own level or a higher one."""
    kinds = sorted(found_kinds(own))
    groups = chain.from_iterable(combinations(kinds, count) for count in range(3))
    return tuple(
        Label(level, frozenset(group))
        for group in groups
        for level in Level
        if all(level_of(kind, own) <= level for kind in group)
    )


def reach(label: Label, rules: tuple[Rule, ...], site: Site) -> Reach:
    """How far `label` may go under `rules`, were every fact on file."""
    return how_far(ideally(label, rules, site))


def ideally(label: Label, rules: tuple[Rule, ...], site: Site) -> Decision:
    """What is decided about `label` under `rules`, were every fact on file."""
    return decide(label, (Target("open", "m"),), Narrowing(), _ideal(rules, site))


def how_far(decision: Decision) -> Reach:
    """Where the first call of a decision about the open cloud leads."""
    outward = next((call for call in decision.calls if call.destination == "open"), None)
    if outward is None:
        return 0
    return 2 if outward.transform == "raw" else 1


@lru_cache(maxsize=64)
def _ideal(rules: tuple[Rule, ...], site: Site) -> Policy:
    """The law is asked as of the day it was last read, so that an answer does not change over night."""
    granted = structs.replace(
        site,
        basis=frozenset({"sensitive", "irb", "gdpr_transfer"}),
        sandbox_id="given",
        sandbox_until=date.max,
        sandbox_overseas=True,
        nis_review="given",
        stop_order=False,
    )
    return Policy(
        "", {"open": _OPEN}, {"open": clearance(_OPEN, _READ)}, rules, {}, {}, obligations(), granted, _READ
    )
