"""An upstream: where a destination is really found, with what key, and what its address may be.

`base_url` is taken apart once, strictly, when the configuration is read: a form that two parsers could read in
two ways (credentials in it, a backslash, a query, dot segments) is refused, not interpreted.
"""

import re
from typing import Any, Final, NamedTuple

from msgspec import Struct

from haechi.adapters.backends.client import DEFAULT_TIMEOUTS, Timeouts
from haechi.adapters.backends.proxy import Proxy
from haechi.domain.destination import Wire, Zone
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

_URL: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?))"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)/?",
)
_KEY: Final = re.compile(r"[!-~]*")
Headers = tuple[tuple[str, str], ...]

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Origin(NamedTuple):
    """A base URL taken apart. `path` has no slash at its end."""

    tls: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"

    @property
    def with_port(self) -> str:
        """Host and port, as CONNECT asks for them."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether it names this machine in so many words."""
        return self.host in LOOPBACK_NAMES


def origin(base_url: str, where: str = "base_url") -> Origin:
    """Take `base_url` apart. Raises `ConfigurationError` for anything but http(s)://host[:port][/path]."""
    match = _URL.fullmatch(base_url)
    port = int(match["port"]) if match and match["port"] else None
    if match is None or (port is not None and not 0 < port < 65536):
        raise ConfigurationError(
            Text(
                ko="주소는 http(s)://호스트[:포트][/경로] 형식이어야 합니다. 사용자 정보, 질의, 조각은 쓸 수 없습니다.",
                en="The address must be http(s)://host[:port][/path], without credentials, query or fragment.",
            ),
            where,
        )
    tls = match["scheme"] == "https"
    host = (match["v6"] or match["name"]).lower()
    return Origin(tls, host, port or (443 if tls else 80), match["path"])


class Upstream(Struct, frozen=True):
    """A destination's address and key. `attested`: somebody answers for an address that its zone would forbid.

    `max_output` caps the tokens of an answer; `ca_file` adds a certificate authority to the system's; `proxy` stands
    on the way there. Raises `ConfigurationError` when it is made of what cannot be.
    """

    name: str
    zone: Zone
    wire: Wire
    base_url: str
    key: str = ""
    attested: bool = False
    ca_file: str | None = None
    timeouts: Timeouts = DEFAULT_TIMEOUTS
    max_output: int | None = None
    proxy: Proxy | None = None

    def __post_init__(self) -> None:
        place = origin(self.base_url, f"destinations.{self.name}.base_url")
        if not _KEY.fullmatch(self.key):
            raise ConfigurationError(
                Text(
                    ko="키에 공백이나 ASCII 가 아닌 문자가 있습니다. 파일 끝의 줄바꿈인지 확인하세요.",
                    en="The key contains a space, a line break or a non-ASCII character. Check the end of its file.",
                ),
                f"destinations.{self.name}.key",
            )
        if self.zone == "cloud" and not place.tls and not place.loopback:
            raise ConfigurationError(
                Text(
                    ko="클라우드 목적지는 https 여야 합니다. 평문 http 는 이 컴퓨터(localhost)로만 허용됩니다.",
                    en="A cloud destination must use https; plain http is allowed to this machine (localhost) only.",
                ),
                f"destinations.{self.name}.base_url",
            )

        if self.proxy is not None and not place.tls:
            raise ConfigurationError(
                Text(
                    ko="프록시로는 https 만 지나갑니다: 평문이면 프록시가 제공사 키를 읽게 됩니다. 이 목적지를 빼고 프록시로 갈 "
                    "목적지만 proxy.for 에 적으세요.",
                    en="Only https goes through the proxy: it could read the provider's key otherwise. Name in proxy.for "
                    "the destinations that go through it, and leave this one out.",
                ),
                f"destinations.{self.name}.base_url",
            )

    def __repr__(self) -> str:
        key = "set" if self.key else "none"
        return f"Upstream({self.name}, {self.zone}, {self.wire}, {self.base_url}, key {key})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("name", self.name), ("base_url", self.base_url), ("key", "set" if self.key else "none")]

    @property
    def origin(self) -> Origin:
        """`base_url` taken apart."""
        return origin(self.base_url)
