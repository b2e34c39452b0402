"""Settings in, policy out: what the gate enforces, and what a reader of the file should be warned about.

Everything that is wrong is an error that names its place in `haechi.yaml`; what is merely without effect is a
warning.
"""

import difflib
import hashlib
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from haechi.app.settings.airgap import keep_inside
from haechi.app.settings.deployment import keep_apart
from haechi.app.settings.model import (
    ContractSettings,
    Deidentify,
    DestinationSettings,
    RuleSettings,
    Settings,
)
from haechi.app.settings.secrets import without_secrets
from haechi.catalogue.contracts import presets
from haechi.catalogue.identifiers import identifiers
from haechi.catalogue.models import providers
from haechi.catalogue.obligations import Sector, obligations
from haechi.domain.destination import NEVER_OUTSIDE, Contract, Destination, Service, Site, Zone
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.decide.clearance import clearance
from haechi.gateway.decide.policy import Policy, Rule, Target

UPCOMING: Final = frozenset({"person", "address", "fingerprint", "term", "marking", "unreadable"})
"""Kinds that rules may name although no identifier rule finds them (`unreadable`) or none does yet."""


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
    """The policy of `settings` on `today`. Raises `ConfigurationError`."""
    destinations = {
        name: _destination(name, entry, engine)
        for name, entry in settings.destinations.items()
        if entry.engine is None or engine is not None
    }
    _listen(settings)
    keep_inside(settings)
    keep_apart(settings)
    return Policy(
        version=hashlib.sha256(msgspec.json.encode(without_secrets(settings))).hexdigest()[:16],
        destinations=destinations,
        clearances={name: clearance(destination, today) for name, destination in destinations.items()},
        rules=tuple(
            _rule(rule.name or f"rules[{number}]", rule)
            for rules in (profiles()[settings.profile].rules, settings.rules)
            for number, rule in enumerate(rules)
        ),
        names={name: _route(destinations) for name in settings.models},
        aliases={
            name: providers()[entry.provider].aliases
            for name, entry in settings.destinations.items()
            if entry.provider
        },
        obligations=obligations(),
        site=_site(settings),
        today=today,
    )


def _site(settings: Settings) -> Site:
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


def warnings(settings: Settings) -> list[Text]:
    """What the file says without effect."""
    known = {identifier.kind for identifier in identifiers()}
    return [
        Text(
            ko=f"rules[{number}]: `{kind}` 을(를) 찾는 탐지기가 이 판에는 없습니다.",
            en=f"rules[{number}]: no detector of this version finds `{kind}`.",
        )
        for number, rule in enumerate(settings.rules)
        for kind in sorted(_named(rule) - known)
    ]


def _named(rule: RuleSettings) -> set[str]:
    return {*rule.when.kind, *(rule.then.deidentify if isinstance(rule.then, Deidentify) else ())}


def attested(entry: DestinationSettings) -> bool:
    """Whether somebody vouches for the zone of `entry`. Blank text is nobody."""
    return bool(entry.attested and entry.attested.strip())


def base_url(entry: DestinationSettings) -> str:
    """Where a destination stands: as configured, else its provider's own address."""
    return entry.base_url or (providers()[entry.provider].base_url if entry.provider else "")


def _destination(name: str, entry: DestinationSettings, engine: LocalEngine | None) -> Destination:
    where = f"destinations.{name}"
    if (entry.engine is None) == (entry.provider is None):
        raise _wrong(
            where,
            "`engine: auto` 와 `provider:` 가운데 하나만 적으세요.",
            "Say either `engine: auto` or `provider:`, and only one.",
        )
    if entry.engine is not None:
        if engine is None:
            raise AssertionError("an engine destination is compiled only where an engine is")
        _alone(where, entry)
        return Destination(
            name, "onprem", "openai", engine.models, plumbing=engine.plumbing, max_output=engine.max_output
        )
    zone = entry.zone or "cloud"
    if zone == "onprem":
        _really_inside(where, entry)
    if (
        zone == "cloud"
        and entry.base_url is None
        and not entry.key
        and not entry.key_file
        and entry.provider != "fake"
    ):
        raise _wrong(
            f"{where}.key",
            "제공사 키가 없습니다: key 나 key_file 을 적으세요.",
            "The provider's key is missing: give key or key_file.",
        )
    if entry.key and entry.key_file:
        raise _wrong(where, "key 와 key_file 가운데 하나만 적으세요.", "Give key or key_file, not both.")
    models = entry.models or (
        () if zone == "onprem" else tuple(providers()[entry.provider or "fake"].aliases)[:1]
    )
    if not models:
        raise _wrong(f"{where}.models", "모델 이름을 하나는 적으세요.", "Name at least one model.")
    aliases = providers()[entry.provider or "fake"].aliases
    exact = tuple(aliases.get(model, model) for model in models)
    contract, services = _contract(where, entry), _services(where, zone, entry)
    return Destination(name, zone, entry.provider or "fake", exact, contract, services=services)


def _services(where: str, zone: Zone, entry: DestinationSettings) -> dict[Service, Level]:
    """What the service may do on its own, each up to a level. At a cloud it may never see restricted text."""
    for service, word in entry.services.items():
        if zone == "cloud" and word == "restricted":
            raise _wrong(
                f"{where}.services.{service}",
                "클라우드에서 실행되는 기능에는 제한 등급을 허용할 수 없습니다. confidential 이하로 적으세요.",
                "A service that runs in a cloud cannot be allowed restricted text. Write confidential or lower.",
            )
    return {service: Level.of(word) for service, word in entry.services.items()}


def _alone(where: str, entry: DestinationSettings) -> None:
    """`engine: auto` takes no other field: nothing that is written may be without effect."""
    if entry != DestinationSettings(engine=entry.engine):
        raise _wrong(
            where,
            "`engine: auto` 옆의 다른 항목은 쓰이지 않습니다. 지우거나 `provider:` 로 적으세요.",
            "Nothing beside `engine: auto` has an effect. Leave it out, or write a `provider:` destination.",
        )


def _really_inside(where: str, entry: DestinationSettings) -> None:
    """`zone: onprem` needs an address inside, or somebody who attests it; and it needs no contract."""
    if entry.contract is not None:
        raise _wrong(
            f"{where}.contract",
            "사내 목적지에는 계약이 필요 없습니다.",
            "An on-prem destination takes no contract.",
        )
    if entry.provider == "fake" or attested(entry):
        return
    host = urlsplit(base_url(entry)).hostname or ""
    official = {urlsplit(provider.base_url).hostname for provider in providers().values()}
    try:
        outside = ip_address(host).is_global
    except ValueError:
        outside = host in official
    if outside or not entry.base_url:
        raise _wrong(
            f"{where}.zone",
            "이 주소는 사내가 아닙니다. zone: cloud 로 바꾸거나, 사내임을 확인한 사람을 attested 에 적으세요.",
            "This address is not inside. Use zone: cloud, or name in `attested` who vouches that it is.",
        )


def _contract(where: str, entry: DestinationSettings) -> Contract | None:
    if entry.contract is None:
        return None
    given = ContractSettings(entry.contract) if isinstance(entry.contract, str) else entry.contract
    preset = presets().get(given.preset)
    if preset is None:
        near = difflib.get_close_matches(given.preset, presets(), 1)
        raise _wrong(
            f"{where}.contract",
            "모르는 계약 프리셋입니다." + (f" 혹시 `{near[0]}` 입니까?" if near else ""),
            "This contract preset is not known." + (f" Did you mean `{near[0]}`?" if near else ""),
        )
    if entry.provider not in (preset.provider, "fake"):  # a fake cloud may stand in for any provider
        raise _wrong(
            f"{where}.contract",
            f"이 프리셋은 {preset.provider} 의 것입니다.",
            f"This preset belongs to provider {preset.provider}.",
        )
    stated = {name: value for name, value in structs.asdict(given.facts).items() if value is not None}
    if stated and not given.attested_by:
        raise _wrong(
            f"{where}.contract.attested_by",
            "facts 에 적은 사실을 확인한 사람을 attested_by 에 적으세요.",
            "Name in attested_by who vouches for what `facts` states.",
        )
    return Contract(
        given.preset,
        structs.replace(preset.facts, **stated),
        given.dpa_id,
        given.transfer_basis,
        given.attested_by,
        given.valid_until,
        given.baa,
    )


def _rule(name: str, rule: RuleSettings) -> Rule:
    if not rule.when.kind and rule.when.level is None:
        raise _wrong(
            name, "규칙의 when 에 kind 나 level 을 적으세요.", "The rule's `when` needs a kind or a level."
        )
    known = {identifier.kind for identifier in identifiers()} | UPCOMING
    level = Level.of(rule.when.level) if rule.when.level else None
    deidentify = frozenset(rule.then.deidentify) if isinstance(rule.then, Deidentify) else None
    for kind in _named(rule) - known:
        near = difflib.get_close_matches(kind, known, 1)
        raise _wrong(
            name,
            f"모르는 종류 `{kind}` 입니다." + (f" 혹시 `{near[0]}` 입니까?" if near else ""),
            f"Kind `{kind}` is not known." + (f" Did you mean `{near[0]}`?" if near else ""),
        )
    if floor := sorted((deidentify or frozenset()) & NEVER_OUTSIDE):
        raise _wrong(
            name,
            f"`{floor[0]}` 은(는) 가명으로도 나갈 수 없습니다 (개인정보 보호법 제24조, 제24조의2). 규칙은 좁힐 수만 있습니다.",
            f"`{floor[0]}` may not leave, not even as a token (PIPA Art. 24, 24-2). A rule can only narrow.",
        )
    effect = rule.then.otherwise if isinstance(rule.then, Deidentify) else rule.then
    return Rule(name, rule.because, effect, level, frozenset(rule.when.kind), deidentify)


def _route(destinations: dict[str, Destination]) -> tuple[Target, ...]:
    """Cloud destinations in the order of the file, then home: clearance decides which of them are open."""
    ordered = sorted(destinations.values(), key=lambda destination: not destination.outside)
    return tuple(
        Target(destination.name, destination.models[0]) for destination in ordered if destination.models
    )


def _listen(settings: Settings) -> None:
    listen = settings.listen
    if listen.host in ("127.0.0.1", "::1", "localhost"):
        return
    if listen.tls is None:
        raise _wrong(
            "listen.tls",
            "이 컴퓨터 밖에서 접속하려면 TLS 가 필요합니다: tls 에 cert 와 key 파일을 적으세요.",
            "Callers from outside this machine need TLS: give the files cert and key under tls.",
        )
    if settings.keys.auth != "required":
        raise _wrong(
            "keys.auth",
            "이 컴퓨터 밖에서 접속하려면 키가 필요합니다: auth: required 로 바꾸세요.",
            "Callers from outside this machine need keys: set auth: required.",
        )


def _wrong(where: str, ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(Text(ko=f"{where}: {ko}", en=f"{where}: {en}"), where)
