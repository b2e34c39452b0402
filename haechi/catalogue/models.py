"""Providers' addresses and model aliases of `models.toml`, typed."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Provider(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a provider's API stands, under which domains it or others serve its models, and which alias means which
    exact model id."""

    base_url: str
    aliases: dict[str, str]
    hosts: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    def serves_at(self, host: str) -> bool:
        """Whether `host` is the provider's own."""
        return _under(host, self.hosts)


@cache
def providers() -> dict[str, Provider]:
    """Every provider by the name of its wire."""
    text = (files("haechi.catalogue") / "models.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Provider])


def of_a_provider(host: str) -> bool:
    """Whether cloud models are served at `host`, by whomever. A private line changes nothing about that.

    >>> of_a_provider("corp.openai.azure.com"), of_a_provider("openai.com.corp.example")
    (True, False)
    """
    return any(_under(host, (*each.hosts, *each.elsewhere)) for each in providers().values())


def _under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
