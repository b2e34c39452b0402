"""A part of wiring: the section `proxy` of `haechi.yaml`, as the door takes it, and files in which secrets lie."""

from pathlib import Path

from haechi.adapters.backends.addresses import allowed, literal
from haechi.adapters.backends.proxy import Proxy, basic
from haechi.adapters.backends.upstream import origin
from haechi.app.settings.model import ProxySettings, Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import particle
from haechi.domain.text import Text


def company_proxy(settings: Settings) -> Proxy | None:
    """The proxy that cloud destinations are reached through, if there is one. Raises `ConfigurationError`."""
    given = settings.proxy
    if given is None:
        return None
    clouds = {
        name
        for name, entry in settings.destinations.items()
        if entry.engine is None and entry.zone != "onprem"
    }
    if strangers := sorted(set(given.destinations) - clouds):
        raise _wrong(
            "proxy.for",
            f"`{strangers[0]}`{particle(strangers[0], '은/는')} 클라우드 목적지가 아닙니다. 프록시로는 클라우드 목적지만 갑니다.",
            f"`{strangers[0]}` is no cloud destination, and no other goes through the proxy.",
        )
    place = origin(given.url, "proxy.url")
    if place.tls or place.path:
        raise _wrong(
            "proxy.url",
            "http://호스트:포트 로 적으세요. 프록시까지는 평문이고, 그 안으로 제공사까지 TLS 가 이어집니다.",
            "Write http://host:port. The way to the proxy is plain, and inside it TLS reaches to the provider.",
        )
    vouched = bool(given.attested)
    address = literal(place.host)
    if address is not None and not allowed(address, "onprem", attested=vouched, explicit=True):
        raise _wrong(
            "proxy.url",
            "이 주소는 사내가 아닙니다. 회사 프록시임을 확인한 사람을 proxy.attested 에 적으세요.",
            "This address is not inside. Name in proxy.attested who vouches that it is the company's proxy.",
        )
    return Proxy(place.host, place.port, _authorization(given), vouched)


def secret_in(file: str, where: str) -> str:
    """The one line of a file that holds a secret. Raises `ConfigurationError`, which names `where`."""
    try:
        secret = Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(
            where,
            f"파일을 읽을 수 없습니다 ({type(error).__name__}).",
            f"The file cannot be read ({type(error).__name__}).",
        ) from None
    if not secret:
        raise _wrong(
            where,
            "파일이 비어 있습니다. 한 줄로 넣으세요.",
            "The file is empty. Put the secret there, in one line.",
        )
    return secret


def _authorization(given: ProxySettings) -> str:
    if given.password and given.password_file:
        raise _wrong(
            "proxy",
            "password 와 password_file 가운데 하나만 적으세요.",
            "Give password or password_file, not both.",
        )
    if given.user is None:
        if given.password or given.password_file:
            raise _wrong("proxy.user", "암호만 있고 user 가 없습니다.", "There is a password, but no user.")
        return ""
    if ":" in given.user:
        raise _wrong(
            "proxy.user", "user 에는 쌍점을 쓸 수 없습니다 (RFC 7617).", "A user has no colon (RFC 7617)."
        )
    password = given.password or ""
    if given.password_file:
        password = secret_in(given.password_file, "proxy.password_file")
    return basic(given.user, password)


def _wrong(where: str, ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(Text(ko=f"{where}: {ko}", en=f"{where}: {en}"), where)
