"""Where a request may go: a backend in a zone, under a contract, and what it is therefore cleared for."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from haechi.domain.label import Level
from haechi.domain.text import Text

Zone = Literal["onprem", "cloud"]
Wire = Literal["openai", "anthropic", "gemini", "fake"]
TransferBasis = Literal["consent", "law", "policy_notice", "certification", "equivalence"]
Service = Literal["web_search", "fetch", "storage"]
"""What a model service may do on its own besides answering: search the web, fetch a URL that the request names,
read or keep what is stored with it. Each leads somewhere else, and is a destination of its own."""


NO_SERVICES: Final = frozenset[Service]()


class ProviderFacts(Struct, frozen=True, forbid_unknown_fields=True):
    """What a contract preset knows of a provider. `None` is unknown, and unknown never allows anything.

    Countries are ISO 3166-1 alpha-2. `source` and `verified_on` say where and when the facts were read.
    """

    source: str
    verified_on: date
    trains: bool | None = None
    retention_days: int | None = None
    zero_retention: bool | None = None
    country_rest: str | None = None
    country_inference: str | None = None
    country_logs: str | None = None
    private_network: bool | None = None
    fsi_evaluated: bool | None = None
    csap: str | None = None


class Contract(Struct, frozen=True):
    """Provider facts from a preset, and the customer's side, which no preset can know.

    `stated` are facts of the provider that the customer attests beyond the preset, read on a day of their own.
    """

    preset: str
    facts: ProviderFacts
    dpa_id: str | None = None
    transfer_basis: TransferBasis | None = None
    attested_by: str | None = None
    valid_until: date | None = None
    baa: str | None = None
    stated: ProviderFacts | None = None

    @property
    def in_korea(self) -> bool:
        """Storage at rest, inference and abuse logs are three facts, and all must be Korea."""
        facts = self.facts
        return facts.country_rest == facts.country_inference == facts.country_logs == "KR"


class Site(Struct, frozen=True):
    """What the law asks of whoever runs this installation: who they are, what data they hold, what is on file.

    `classes` are data classes that the site declares to hold in its requests (credit, emr, genome, nct, phi …);
    `basis` are legal bases on file (sensitive, irb, gdpr_transfer).
    """

    sector: Literal["general", "finance", "medical", "public"] = "general"
    classes: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    basis: frozenset[str] = frozenset()
    sandbox_id: str | None = None
    sandbox_until: date | None = None
    sandbox_overseas: bool = False
    nis_review: str | None = None
    stop_order: bool = False


class Destination(Struct, frozen=True):
    """A backend in a zone. `models` are exact ids, the first is the default.

    `plumbing` marks an engine whose model only shows that the pipes work; `max_output` caps the tokens of an
    answer there. `services` are those a policy line allows, each up to a level; any other is closed. `deidentified` are
    the kinds that may go there de-identified (`None`: all that rules let out).
    """

    name: str
    zone: Zone
    wire: Wire
    models: tuple[str, ...]
    contract: Contract | None = None
    plumbing: bool = False
    max_output: int | None = None
    services: dict[Service, Level] = {}
    deidentified: frozenset[str] | None = None

    def closed_service(self, needs: Iterable[Service], level: Level) -> Service | None:
        """The first of `needs` that no policy line allows here for text of `level`; `None` where all are."""
        return next((need for need in sorted(needs) if self.services.get(need, -1) < level), None)

    @property
    def outside(self) -> bool:
        """Whether what is sent there leaves the building."""
        return self.zone == "cloud"


class Missing(Struct, frozen=True):
    """The one fact that would change a decision: where it belongs in `haechi.yaml`, and what it is."""

    path: str
    what: Text


class Clearance(Struct, frozen=True):
    """What a destination may receive: raw up to a level, de-identified up to a level (`None`: never).

    `raw_missing` and `deidentified_missing` name the fact that keeps the respective level from rising.
    """

    raw: Level
    deidentified: Level | None = None
    raw_missing: Missing | None = None
    deidentified_missing: Missing | None = None


NEVER_OUTSIDE: Final = frozenset({"kr.rrn", "kr.frn", "kr.passport", "kr.driver_license"})
"""Unique identifiers (PIPA Art. 24, 24-2): no cloud destination, not even as a token, whatever a policy says."""
