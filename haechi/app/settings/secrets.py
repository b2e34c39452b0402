"""Settings without what is secret in them: for processes that have no business with it, and for digests."""

from typing import Final

from msgspec import structs

from haechi.app.settings.model import DestinationSettings, ProxySettings, Settings

ELSEWHERE: Final = "held-elsewhere"
"""Stands for a secret that another process holds: that there is one, the policy may still ask."""


def without_secrets(settings: Settings) -> Settings:
    """`settings` without keys and passwords, and without the names of files that hold some."""
    return structs.replace(
        settings,
        destinations={name: _keyless(entry) for name, entry in settings.destinations.items()},
        proxy=_nameless(settings.proxy) if settings.proxy else None,
    )


def _keyless(entry: DestinationSettings) -> DestinationSettings:
    held = entry.key or entry.key_file
    return structs.replace(entry, key=ELSEWHERE if held else None, key_file=None)


def _nameless(proxy: ProxySettings) -> ProxySettings:
    return structs.replace(proxy, user=None, password=None, password_file=None)
