"""The policy in force: destinations with their clearances, rules, and the names that models go by."""

from datetime import date
from typing import Literal

from msgspec import Struct

from haechi.catalogue.obligations import Obligation
from haechi.domain.destination import Clearance, Destination, Site
from haechi.domain.label import Label, Level
from haechi.domain.taking import AS_TOKENS, Taking

Effect = Literal["stay-home", "refuse"]


class Rule(Struct, frozen=True):
    """A rule narrows where a request may go; it can never widen.

    It matches labels of at least `level`, or with one of `kinds`. `deidentify` names the kinds that may leave
    de-identified; `effect` holds for everything else that matches.
    """

    name: str
    because: str
    effect: Effect
    level: Level | None = None
    kinds: frozenset[str] = frozenset()
    deidentify: frozenset[str] | None = None

    def matches(self, label: Label) -> bool:
        """Whether this rule speaks of `label`."""
        if self.kinds and not self.kinds & label.kinds:
            return False
        return self.level is None or label.level >= self.level

    def deidentifies(self, label: Label) -> bool:
        """Whether a `label` that matches may leave de-identified, as far as this rule goes."""
        return self.deidentify is not None and bool(label.kinds) and label.kinds <= self.deidentify


class Target(Struct, frozen=True):
    """One model at one destination."""

    destination: str
    model: str


class Policy(Struct, frozen=True):
    """Everything that `decide` looks at, compiled once. `version` is a digest of the configuration.

    `names` maps what callers may write as `model` to targets in order of preference; `aliases` maps an alias
    to an exact id per destination (`claude` → `opus` → `claude-opus-5-5`).
    """

    version: str
    destinations: dict[str, Destination]
    clearances: dict[str, Clearance]
    rules: tuple[Rule, ...]
    names: dict[str, tuple[Target, ...]]
    aliases: dict[str, dict[str, str]]
    obligations: tuple[Obligation, ...] = ()
    site: Site = Site()
    today: date = date.min
    taking: Taking = AS_TOKENS

    @property
    def has_cloud(self) -> bool:
        """Whether any cloud destination is configured."""
        return any(place.outside for place in self.destinations.values())

    @property
    def home(self) -> tuple[Target, ...]:
        """The default model of every on-prem destination."""
        places = self.destinations.values()
        return tuple(
            Target(place.name, place.models[0]) for place in places if not place.outside and place.models
        )
