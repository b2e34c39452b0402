"""Settings in, policy out: what the gate enforces, and what a reader of the file should be warned about.

Everything that is wrong is an error that names its place in `haechi.yaml`; what is merely without effect is a
warning.
"""

import hashlib
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct, structs

from haechi.app.settings import own, rules, taking
from haechi.app.settings.airgap import keep_inside
from haechi.app.settings.deployment import keep_apart
from haechi.app.settings.meaning import attested, base_url, contract_of, contradictions, stated
from haechi.app.settings.model import DestinationSettings, ListenSettings, RuleSettings, Settings
from haechi.app.settings.problems import Problem, Problems, placed
from haechi.app.settings.secrets import without_secrets
from haechi.catalogue.contracts import presets
from haechi.catalogue.models import providers
from haechi.catalogue.obligations import Sector, hard_limits, obligations
from haechi.domain.destination import Contract, Destination, ProviderFacts, Site
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.decide.clearance import clearance
from haechi.gateway.decide.policy import Policy, Rule, Target

__all__ = ["LocalEngine", "attested", "base_url", "policy", "problems", "profiles", "warnings"]


class LocalEngine(Struct, frozen=True):
    """What `engine: auto` turned out to be: an OpenAI-compatible server on loopback with local weights. `ours`:
    haechi started it."""

    base_url: str
    models: tuple[str, ...]
    key: str | None = None
    plumbing: bool = False
    max_output: int | None = None
    ours: bool = False


class _Profile(Struct, frozen=True, forbid_unknown_fields=True):
    name: Text
    sector: Sector
    rules: tuple[RuleSettings, ...] = ()


@cache
def profiles() -> dict[str, _Profile]:
    """Each profile with its sector and its default rules, those of everybody first."""
    table = tomllib.loads((files("haechi.catalogue") / "profiles.toml").read_text(encoding="utf-8"))
    everybody = table.pop("everybody")
    filled = {name: entry | {"rules": everybody + entry.get("rules", [])} for name, entry in table.items()}
    return msgspec.convert(filled, dict[str, _Profile])


def policy(settings: Settings, engine: LocalEngine | None, today: date) -> Policy:
    """The policy of `settings` on `today`. Raises `Problems`, all of them at once."""
    if found := problems(settings, today):
        raise Problems(found)
    destinations = {
        name: _destination(name, entry, engine)
        for name, entry in settings.destinations.items()
        if entry.engine is None or engine is not None
    }
    return Policy(
        version=version(settings),
        destinations=destinations,
        clearances={name: clearance(destination, today) for name, destination in destinations.items()},
        rules=(
            *profile_rules(settings),
            *(rules.compiled(number, rule) for number, rule in enumerate(settings.rules)),
        ),
        names={name: _route(destinations) for name in settings.models},
        aliases={
            name: providers()[entry.provider].aliases
            for name, entry in settings.destinations.items()
            if entry.provider
        },
        obligations=(*hard_limits(), *obligations()),
        site=site_of(settings),
        today=today,
        taking=taking.compiled(settings),
    )


def version(settings: Settings) -> str:
    """A digest of what decides: the same whatever the secrets are, on which port and with how many workers haechi
    serves."""
    deciding = structs.replace(without_secrets(settings), listen=ListenSettings(), workers=None)
    return hashlib.sha256(msgspec.json.encode(deciding)).hexdigest()[:16]


def site_of(settings: Settings) -> Site:
    """The facts that the law asks of the site."""
    given = settings.site
    sandbox = given.sandbox
    return Site(
        sector=profiles()[settings.profile].sector,
        classes=frozenset(given.classes),
        subjects=frozenset(given.subjects),
        basis=frozenset(given.basis),
        sandbox_id=sandbox.id if sandbox else None,
        sandbox_until=sandbox.valid_until if sandbox else None,
        sandbox_overseas=bool(sandbox and sandbox.overseas),
        nis_review=given.nis_review,
        stop_order=given.stop_order,
    )


def problems(settings: Settings, today: date) -> list[Problem]:
    """Everything that makes `settings` unusable, in the order of the file's sections."""
    site, profile = site_of(settings), profile_rules(settings)
    found = [
        *contradictions(settings, today),
        *rules.wrong(settings.rules, profile, site, own.kinds(settings)),
        *own.wrong(settings),
        *taking.wrong(settings, own.kinds(settings)),
    ]
    for look in (keep_inside, keep_apart):
        try:
            look(settings)
        except ConfigurationError as error:
            found.append(placed(error))
    return found


def warnings(settings: Settings) -> list[Problem]:
    """What `settings` say without effect."""
    return [*rules.without_effect(settings.rules, profile_rules(settings), own.kinds(settings))]


def profile_rules(settings: Settings) -> tuple[Rule, ...]:
    """The rules that the profile brings."""
    given = profiles()[settings.profile].rules
    return tuple(rules.compiled(number, rule) for number, rule in enumerate(given))


def _destination(name: str, entry: DestinationSettings, engine: LocalEngine | None) -> Destination:
    """A destination of settings in which nothing is wrong."""
    if entry.engine is not None and engine is not None:
        models, capped = engine.models, engine.max_output
        return Destination(name, "onprem", "openai", models, plumbing=engine.plumbing, max_output=capped)
    aliases = providers()[entry.provider or "fake"].aliases
    models = entry.models or tuple(aliases)[:1]
    exact = tuple(aliases.get(model, model) for model in models)
    services = {service: Level.of(word) for service, word in entry.services.items()}
    kinds = None if entry.deidentify is None else frozenset(entry.deidentify)
    zone, wire = entry.zone or "cloud", entry.provider or "fake"
    return Destination(name, zone, wire, exact, _contract(entry), services=services, deidentified=kinds)


def _contract(entry: DestinationSettings) -> Contract | None:
    given = contract_of(entry)
    if given is None:
        return None
    read, said = given.facts.verified_on, stated(given.facts)
    vouched = ProviderFacts(given.attested_by or "", read, **said) if read and said else None  # type: ignore[arg-type]
    return Contract(
        given.preset,
        presets()[given.preset].facts,
        given.dpa_id,
        given.transfer_basis,
        given.attested_by,
        given.valid_until,
        given.baa,
        vouched,
    )


def _route(destinations: dict[str, Destination]) -> tuple[Target, ...]:
    """Cloud destinations in the order of the file, then home: clearance decides which of them are open."""
    ordered = sorted(destinations.values(), key=lambda destination: not destination.outside)
    return tuple(
        Target(destination.name, destination.models[0]) for destination in ordered if destination.models
    )
