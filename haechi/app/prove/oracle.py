"""What may arrive where, worked out a second time from the configuration alone.

This page shares no code with the gate's decision, only the tables of the catalogue: if both were one, a mistake
in it would prove itself right. It is simple rather than fine: it answers for text as it stands, never for text that
was de-identified, and where it is in doubt it says no.

| label                                        | may arrive at a cloud destination                           |
|----------------------------------------------|-------------------------------------------------------------|
| restricted, unreadable, unique identifiers   | never                                                       |
| anything that a rule names                   | never as it stands                                          |
| confidential                                 | under a full contract, all in Korea, nothing kept, own line |
| internal                                     | under a contract in force that rules out training           |
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from msgspec import structs

from haechi.app.settings.compile import profiles
from haechi.app.settings.model import ContractSettings, DestinationSettings, RuleSettings, Settings
from haechi.catalogue.contracts import presets
from haechi.catalogue.identifiers import identifiers
from haechi.domain.label import Level

Facts = Mapping[str, Any]
_COUNTRIES: Final = ("country_rest", "country_inference", "country_logs")
_CUSTOMERS: Final = ("dpa_id", "transfer_basis", "attested_by", "valid_until")


def floors() -> frozenset[str]:
    """Kinds that the catalogue calls a legal floor."""
    return frozenset(identifier.kind for identifier in identifiers() if identifier.floor)


def may_arrive(kinds: frozenset[str], level: Level, name: str, settings: Settings, today: date) -> bool:
    """Whether text with these `kinds` and this `level` may arrive, as it stands, at the destination `name`."""
    entry = settings.destinations[name]
    if entry.engine is not None or entry.zone == "onprem":
        return True
    if level is Level.RESTRICTED or kinds & (floors() | {"unreadable"}):
        return False
    rules = (*profiles()[settings.profile].rules, *settings.rules)
    if any(_names(rule, kinds, level) for rule in rules):
        return False
    facts = _facts(entry, today)
    if level is Level.PUBLIC:
        return _law_allows(settings, facts, today)
    if facts.get("trains") is not False:
        return False
    if level is Level.CONFIDENTIAL and not _secluded(facts):
        return False
    return _law_allows(settings, facts, today)


def _names(rule: RuleSettings, kinds: frozenset[str], level: Level) -> bool:
    """Whether `rule` speaks of such a text."""
    if rule.when.kind and not kinds & set(rule.when.kind):
        return False
    return rule.when.level is None or level >= Level[rule.when.level.upper()]


def _facts(entry: DestinationSettings, today: date) -> Facts:
    """Everything that the contract states, provider's and customer's side in one; nothing once it has ended."""
    if entry.contract is None:
        return {}
    given = ContractSettings(entry.contract) if isinstance(entry.contract, str) else entry.contract
    if given.valid_until is not None and given.valid_until < today:
        return {}
    stated = {key: value for key, value in structs.asdict(given.facts).items() if value is not None}
    return structs.asdict(presets()[given.preset].facts) | stated | structs.asdict(given)


def _secluded(facts: Facts) -> bool:
    whole = all(str(facts.get(name) or "").strip() for name in _CUSTOMERS)
    return whole and _korean(facts) and bool(facts.get("zero_retention") and facts.get("private_network"))


def _korean(facts: Facts) -> bool:
    return all(facts.get(name) == "KR" for name in _COUNTRIES)


def _law_allows(settings: Settings, facts: Facts, today: date) -> bool:
    """The law's side for text as it stands: what the sector asks, and what the declared classes of data ask."""
    site = settings.site
    sandbox = site.sandbox is not None and site.sandbox.valid_until >= today
    sector = profiles()[settings.profile].sector
    if sector == "finance" and not (sandbox and facts.get("fsi_evaluated")):
        return False
    if sector == "public" and not (facts.get("csap") and site.nis_review):
        return False
    demands: dict[str, Callable[[], bool]] = {
        "credit": lambda: False,
        "nct": lambda: False,
        "emr": lambda: _korean(facts),
        "genome": lambda: "irb" in site.basis,
        "phi": lambda: bool(facts.get("baa")),
    } | dict.fromkeys(("health", "biometric", "criminal", "belief"), lambda: "sensitive" in site.basis)
    return all(demands[each]() for each in site.classes)
