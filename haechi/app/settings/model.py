"""The types of `haechi.yaml`. Every field here does something; unknown ones are refused.

The JSON Schema that `haechi check --schema` prints is made from these.
"""

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct, field

from haechi.domain.destination import Service, TransferBasis, Wire, Zone
from haechi.domain.taking import Strategy

Profile = Literal["general", "finance-kr", "medical-kr", "public-kr"]
LevelWord = Literal["public", "internal", "confidential", "restricted"]

# Patterns also stand in the JSON Schema, where `\Z` is not known; `$` alone would let a line break pass in Python.
_UNSEEN: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u115f\u1160\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0"
)
NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}(?!\n)$"
WORDS: Final = rf"^[^{_UNSEEN}]*[^\s{_UNSEEN}][^{_UNSEEN}]*(?!\n)$"
MODEL: Final = r"^[!-~]{1,128}(?!\n)$"
TOOL: Final = r"^[A-Za-z0-9_.:/\-]{1,128}(?!\n)$"
VARIABLE: Final = r"^[A-Za-z_][A-Za-z0-9_]{0,63}(?!\n)$"
USER: Final = r"^[a-z_][a-z0-9_\-]{0,31}(?!\n)$"
COUNTRY: Final = r"^[A-Z]{2}(?!\n)$"
KIND: Final = r"^[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]{0,31}){1,3}(?!\n)$"

Name = Annotated[str, Meta(pattern=NAME)]
Words = Annotated[str, Meta(pattern=WORDS)]
"""Something that a person can read: blank text states nothing, and nobody may vouch by it."""

ModelId = Annotated[str, Meta(pattern=MODEL)]
Country = Annotated[str, Meta(pattern=COUNTRY)]
Kind = Annotated[str, Meta(pattern=KIND)]
ToolName = Annotated[str, Meta(pattern=TOOL)]
UserName = Annotated[str, Meta(pattern=USER)]
DeployMode = Literal["in-process", "split"]
Port = Annotated[int, Meta(ge=0, le=65535)]


class Section(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of the file. Unknown keys are refused with the nearest name."""


class StatedFacts(Section, frozen=True):
    """Facts of the provider that the customer's own contract states beyond the preset; `attested_by` vouches for
    them, as read on `verified_on`: from that day they age. Countries are ISO 3166-1 alpha-2."""

    verified_on: date | None = None
    trains: Literal[False] | None = None
    country_rest: Country | None = None
    country_inference: Country | None = None
    country_logs: Country | None = None
    zero_retention: bool | None = None
    private_network: bool | None = None
    fsi_evaluated: bool | None = None
    csap: Words | None = None


class ContractSettings(Section, frozen=True):
    """A contract: a preset for the provider's side, and the customer's own side."""

    preset: str
    dpa_id: Words | None = None
    transfer_basis: TransferBasis | None = None
    attested_by: Words | None = None
    valid_until: date | None = None
    baa: Words | None = None
    facts: StatedFacts = StatedFacts()


class SandboxSettings(Section, frozen=True):
    """A designation as innovative financial service (혁신금융서비스)."""

    id: Words
    valid_until: date
    overseas: bool = False


class SiteSettings(Section, frozen=True):
    """Who runs haechi, as far as the law asks. The sector follows from the profile."""

    classes: tuple[
        Literal["credit", "emr", "genome", "nct", "phi", "health", "biometric", "criminal", "belief"], ...
    ] = ()
    subjects: tuple[Literal["eu"], ...] = ()
    basis: tuple[Literal["sensitive", "irb", "gdpr_transfer"], ...] = ()
    sandbox: SandboxSettings | None = None
    nis_review: Words | None = None
    stop_order: bool = False


class DestinationSettings(Section, frozen=True):
    """Where requests may go: the local engine (`engine: auto`), or a service by its wire and address."""

    engine: Literal["auto"] | None = None
    provider: Wire | None = None
    base_url: Words | None = None
    zone: Zone | None = None
    key: Words | None = None
    key_file: Words | None = None
    models: tuple[ModelId, ...] = ()
    contract: str | ContractSettings | None = None
    attested: Words | None = None
    ca_file: Words | None = None
    services: dict[Service, LevelWord] = {}
    deidentify: tuple[str, ...] | None = None
    """The kinds that may go there de-identified, where not all may that the rules let out."""


class ModelSettings(Section, frozen=True):
    """A model name of the site's own. `route: true`: the best cleared destination, home last."""

    route: Literal[True]


class When(Section, frozen=True):
    """What a rule matches: labels of at least `level`, or with one of these kinds; both where both are given."""

    kind: tuple[str, ...] = ()
    level: LevelWord | None = None


class Deidentify(Section, frozen=True, rename={"otherwise": "else"}):
    """These kinds may leave de-identified; what else matches stays home or is refused."""

    deidentify: tuple[str, ...]
    otherwise: Literal["stay-home", "refuse"] = "stay-home"


class RuleSettings(Section, frozen=True):
    """A rule. It only narrows."""

    when: When
    then: Literal["stay-home", "refuse"] | Deidentify
    because: Words
    name: Name | None = None


class IdentifierSettings(Section, frozen=True):
    """An identifier of the company's own. `pattern` is RE2; where `context` names words, one must stand near.
    `examples` must be found by it, `counter_examples` must not."""

    kind: Kind
    name: Words
    pattern: Words
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...] = ()
    context: tuple[Words, ...] = ()
    level: Literal["internal", "confidential", "restricted"] = "confidential"


class TermSettings(Section, frozen=True):
    """Names that are themselves confidential: projects, customers, products, paths of source code."""

    names: tuple[Words, ...]
    level: Literal["internal", "confidential", "restricted"] = "confidential"


class TlsSettings(Section, frozen=True):
    """TLS for callers: certificate chain and key as PEM files."""

    cert: Words
    key: Words


class ListenSettings(Section, frozen=True):
    """Where callers connect. Another host than loopback needs TLS and keys."""

    host: Words = "127.0.0.1"
    port: Port = 8484
    tls: TlsSettings | None = None


class KeySettings(Section, frozen=True):
    """Who may call: `required`, or anybody on this machine (`loopback-open`)."""

    auth: Literal["required", "loopback-open"] = "required"


class LimitSettings(Section, frozen=True):
    """Bounds on one request and on the calls it makes. Times in seconds, sizes in MiB."""

    body_mib: Annotated[int, Meta(ge=1, le=256)] = 16
    first_byte_s: Annotated[float, Meta(gt=0, le=3600)] = 120.0
    idle_s: Annotated[float, Meta(gt=0, le=3600)] = 60.0
    total_s: Annotated[float, Meta(gt=0, le=86400)] = 900.0


class DetectionSettings(Section, frozen=True):
    """How what comes with a request is looked at: `ocr: tesseract` reads words in images, `strict` keeps blocks at home
    that may hide text."""

    ocr: Literal[False, "tesseract"] = False
    strict: bool = False


class TakingSettings(Section, frozen=True, rename={"strategies": "as"}):
    """How values are taken out of what leaves. `as`: what stands for values of a kind; a kind without a line becomes a token.
    `never_into`: tools that never receive a value again. `mapping_h`: hours for which a sealed mapping holds that was handed
    out."""

    strategies: dict[str, Strategy] = {}
    never_into: tuple[ToolName, ...] = ()
    mapping_h: Annotated[float, Meta(gt=0, le=720)] = 24.0


class McpSettings(Section, frozen=True):
    """The tools for clients of the Model Context Protocol. `ceiling`: up to which level a key may read what they give out;
    `keys`: other ceilings, by the name of the key."""

    ceiling: LevelWord = "internal"
    keys: dict[Words, LevelWord] = {}


class DeploySettings(Section, frozen=True):
    """Where the door stands, `in-process` or `split`, and the users that gate and door then run as."""

    mode: DeployMode = "split"
    gate_user: UserName | None = None
    door_user: UserName | None = None


class ProxySettings(Section, frozen=True, rename={"destinations": "for"}):
    """The company's proxy, for cloud destinations only: all of them, or those that `for` names."""

    url: Words
    user: Words | None = None
    password: Words | None = None
    password_file: Words | None = None
    attested: Words | None = None
    destinations: tuple[Name, ...] = ()


def _home() -> dict[Name, DestinationSettings]:
    return {"home": DestinationSettings(engine="auto")}


def _auto() -> dict[Name, ModelSettings]:
    return {"auto": ModelSettings(route=True)}


class Settings(Section, frozen=True):
    """The whole of `haechi.yaml`."""

    profile: Profile = "general"
    site: SiteSettings = SiteSettings()
    destinations: dict[Name, DestinationSettings] = field(default_factory=_home)
    models: dict[Name, ModelSettings] = field(default_factory=_auto)
    rules: tuple[RuleSettings, ...] = ()
    identifiers: tuple[IdentifierSettings, ...] = ()
    terms: tuple[TermSettings, ...] = ()
    ledger: Literal["sqlite"] = "sqlite"
    keys: KeySettings = KeySettings()
    listen: ListenSettings = ListenSettings()
    limits: LimitSettings = LimitSettings()
    detection: DetectionSettings = DetectionSettings()
    deidentify: TakingSettings = TakingSettings()
    workers: Annotated[int, Meta(ge=1, le=256)] | None = None
    deploy: DeployMode | DeploySettings = "in-process"
    proxy: ProxySettings | None = None
    mcp: McpSettings | None = None
    airgap: bool = False
    """No destination outside can be configured, no model is fetched, and processes lose the network they do not need."""

    @property
    def deployment(self) -> DeploySettings:
        """`deploy`, written out."""
        return self.deploy if isinstance(self.deploy, DeploySettings) else DeploySettings(self.deploy)

    @property
    def split(self) -> bool:
        """Whether the door is a process of its own."""
        return self.deployment.mode == "split"
