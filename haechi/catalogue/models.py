"""Providers' addresses and model aliases of `models.toml`, typed."""

from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from haechi.domain.destination import Service, Wire


class Provider(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a provider's API stands, under which domains it or others serve its models, which alias means which exact
    model id, and which models act on their own."""

    base_url: str
    aliases: dict[str, str]
    hosts: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    acts: dict[str, Service] = {}

    def serves_at(self, host: str) -> bool:
        """Whether `host` is the provider's own."""
        return _under(host, self.hosts)


@cache
def providers() -> dict[str, Provider]:
    """Every provider by the name of its wire."""
    text = (files("haechi.catalogue") / "models.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Provider])


def acting(wire: Wire, model: str) -> Service | None:
    """What `model` does on its own whether asked or not; `None` where nothing is known of it.

    >>> acting("openai", "gpt-4o-search-preview-2025-03-11"), acting("openai", "gpt-6-luna")
    ('web_search', None)
    """
    low = model.lower()
    return next((does for form, does in providers()[wire].acts.items() if fnmatchcase(low, form)), None)


def of_a_provider(host: str) -> bool:
    """Whether cloud models are served at `host`, by whomever. A private line changes nothing about that.

    >>> of_a_provider("corp.openai.azure.com"), of_a_provider("openai.com.corp.example")
    (True, False)
    """
    return any(_under(host, (*each.hosts, *each.elsewhere)) for each in providers().values())


def _under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
