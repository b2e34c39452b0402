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
| whatever wants more than an answer           | only where a line under `services` allows it, at home too   |

Facts of a provider are forgotten after half a year, and nothing is allowed by a law that was due to be read again.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

import msgspec
from msgspec import structs

from haechi.app.settings.compile import profiles
from haechi.app.settings.model import ContractSettings, DestinationSettings, RuleSettings, Settings
from haechi.catalogue.contracts import presets
from haechi.catalogue.editions import editions
from haechi.catalogue.identifiers import identifiers
from haechi.catalogue.obligations import When, obligations
from haechi.domain.label import Level

Facts = Mapping[str, Any]
_COUNTRIES: Final = ("country_rest", "country_inference", "country_logs")
REMEMBERED_DAYS: Final = 180
NOBODYS: Final = frozenset({"kr.brn", "kr.crn", "secret", "marking", "term", "fingerprint", "ip"})
"""Kinds that concern no person."""

_HELD: Final = re.compile(r"data:", re.IGNORECASE)
_CUSTOMERS: Final = ("dpa_id", "transfer_basis", "attested_by", "valid_until")


def floors() -> frozenset[str]:
    """Kinds that the catalogue calls a legal floor."""
    return frozenset(identifier.kind for identifier in identifiers() if identifier.floor)


def may_arrive(
    kinds: frozenset[str],
    level: Level,
    name: str,
    settings: Settings,
    today: date,
    needs: Collection[str] = (),
) -> bool:
    """Whether text with these `kinds` and this `level`, in a request that needs these services, may arrive, as it
    stands, at the destination `name`."""
    entry = settings.destinations[name]
    if not may_serve(needs, level, entry):
        return False
    if entry.engine is not None or entry.zone == "onprem":
        return True
    if _overdue(settings, kinds, level, today):
        return False
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
    if level is Level.CONFIDENTIAL and not (_secluded(facts) and _persons_may(settings, kinds)):
        return False
    return _law_allows(settings, facts, today)


def may_serve(needs: Collection[str], level: Level, entry: DestinationSettings) -> bool:
    """Whether a line under `services` allows each of `needs` for text of that level."""
    allowed = {str(service): Level[word.upper()] for service, word in entry.services.items()}
    return all(need in allowed and level <= allowed[need] for need in needs)


def asked(body: bytes) -> frozenset[str]:
    """What a request, as it came in, wants a model service to do besides answering."""
    try:
        read = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return frozenset()
    found = {"web_search"} if read.get("web_search_options") is not None else set()
    for part in _parts(read.get("messages")):
        address = part["image_url"].get("url") if isinstance(part.get("image_url"), dict) else None
        if isinstance(address, str) and not _HELD.match(address):
            found.add("fetch")
        if isinstance(part.get("file"), dict) and part["file"].get("file_id") is not None:
            found.add("storage")
    return frozenset(found)


def _parts(messages: Any) -> Iterator[dict[str, Any]]:
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, dict) else None
        yield from (part for part in content or () if isinstance(part, dict))


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
    preset = structs.asdict(presets()[given.preset].facts)
    stated = {key: value for key, value in structs.asdict(given.facts).items() if value is not None}
    if _forgotten(preset["verified_on"], today):
        preset = {}
    if _forgotten(given.facts.verified_on or today, today):
        stated = {key: None for key, value in stated.items() if preset.get(key) != value}
    return preset | stated | structs.asdict(given)


def _forgotten(read_on: date, today: date) -> bool:
    return (today - read_on).days > REMEMBERED_DAYS


def _overdue(settings: Settings, kinds: frozenset[str], level: Level, today: date) -> bool:
    """Whether the catalogue, or a row of law that speaks of such a text, was to be read again before today."""
    if any(edition.until < today for edition in editions().values()):
        return True
    late = (row for row in obligations() if row.effective <= today and row.review < today)
    return any(_speaks(row.when, settings, kinds, level) for row in late)


def _speaks(when: When, settings: Settings, kinds: frozenset[str], level: Level) -> bool:
    site, sector = settings.site, profiles()[settings.profile].sector
    if when.sector not in (None, sector) or when.subjects not in (None, *site.subjects):
        return False
    if when.level is not None and level < Level[when.level.upper()]:
        return False
    if not (when.kinds or when.classes or when.personal):
        return True
    touched = kinds & set(when.kinds) or set(when.classes) & set(site.classes)
    return bool(touched or (when.personal and level >= Level.CONFIDENTIAL and kinds - NOBODYS))


def _persons_may(settings: Settings, kinds: frozenset[str]) -> bool:
    """Data of people under European law leaves on a basis of its own, also to Korea."""
    site = settings.site
    return not kinds - NOBODYS or "eu" not in site.subjects or "gdpr_transfer" in site.basis


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
