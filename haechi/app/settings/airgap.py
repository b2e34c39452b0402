"""`airgap: true`: nothing that leads out of the building can be configured.

It is stricter than `zone: onprem`: nobody's word makes a public address one of the building's.
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from msgspec import structs

from haechi.app.settings.model import DestinationSettings, Settings
from haechi.catalogue.models import of_a_provider, providers
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text


def keep_inside(settings: Settings) -> None:
    """Refuse what an air gap has no place for. Raises `ConfigurationError` that names the destination."""
    if not settings.airgap:
        return
    if settings.proxy is not None:
        raise ConfigurationError(PROXY, "proxy")
    for name, entry in settings.destinations.items():
        where = f"destinations.{name}"
        if entry.provider is not None and (entry.zone or "cloud") == "cloud":
            raise ConfigurationError(_cloud(where), where)
        if _public(entry):
            raise ConfigurationError(_outside(where), f"{where}.base_url")


def destinations(settings: Settings) -> dict[str, DestinationSettings]:
    """The destinations as the door may take them: in an air gap nobody vouches for a public address, whatever a name
    turns out to lead to."""
    if not settings.airgap:
        return settings.destinations
    return {name: structs.replace(entry, attested=None) for name, entry in settings.destinations.items()}


def _public(entry: DestinationSettings) -> bool:
    """Whether the address is the internet's or a provider's."""
    if entry.provider is None or entry.provider == "fake":
        return False
    host = urlsplit(entry.base_url or providers()[entry.provider].base_url).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return of_a_provider(host)


PROXY: Final = Text(
    ko="proxy: 에어갭에는 밖으로 나가는 프록시가 없습니다. proxy 를 지우거나 airgap 을 끄세요.",
    en="proxy: an air gap has no proxy to the outside. Remove it, or turn airgap off.",
)


def _cloud(where: str) -> Text:
    return Text(
        ko=f"{where}: 에어갭에서는 클라우드 목적지를 둘 수 없습니다. 이 목적지를 지우거나, 사내 서버라면 zone: onprem 을 적거나, "
        "airgap 을 끄세요.",
        en=f"{where}: an air gap has no cloud destinations. Remove this one, write zone: onprem if it stands in your "
        "building, or turn airgap off.",
    )


def _outside(where: str) -> Text:
    return Text(
        ko=f"{where}: 에어갭에서는 attested 가 있어도 공인 주소를 쓸 수 없습니다. 사내 주소를 적거나 airgap 을 끄세요.",
        en=f"{where}: in an air gap nobody can attest a public address. Give an address in your building, or turn airgap "
        "off.",
    )
