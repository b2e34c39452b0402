"""The door: the one module that opens outward connections.

What goes through is a `Releasable`, intact, for the destination it was released for. Every address is checked
just before it is connected to, and it is that address which is connected to: a name is resolved once per
connection, never a second time behind the check's back.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Final, NamedTuple

from haechi.adapters.backends.addresses import Address, allowed, literal
from haechi.adapters.backends.client import DEFAULT_LIMITS, Connection, Dial, Limits, Pool, Response
from haechi.adapters.backends.proxy import Proxy, noted, tunnel
from haechi.adapters.backends.upstream import LOOPBACK_NAMES, Headers, Origin, Upstream
from haechi.adapters.backends.wires import WIRES
from haechi.domain.destination import NEVER_OUTSIDE, Zone
from haechi.domain.errors import (
    BackendFault,
    ConfigurationError,
    Misconfigured,
    NotCleared,
    TimedOut,
    Unreachable,
)
from haechi.domain.label import UNREADABLE
from haechi.domain.releasable import Releasable
from haechi.domain.text import Text

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Name and port to addresses, as text. Raises `OSError`."""

log = logging.getLogger("haechi.door")

MAX_HEADS: Final = 1024
"""Request heads kept ready, one per model: models are few, but their names must not grow memory without end."""


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of `host` as this machine resolves it, in the order it prefers."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found))


def check(release: Releasable, destination: str, *, outside: bool) -> None:
    """Raise `NotCleared` unless `release` is what it claims to be, and was released for `destination`.

    A subclass could answer `intact()` as it likes, so only the very type will do.
    """
    if type(release) is not Releasable:
        raise NotCleared(destination, UNREADABLE)
    if release.call.destination != destination or not release.intact():
        raise NotCleared(destination, release.label)
    if outside and release.label.kinds & NEVER_OUTSIDE:
        raise NotCleared(destination, release.label)


class Door:
    """Sends what was released, to the upstream it was released for, and to nobody else."""

    def __init__(
        self,
        upstreams: Iterable[Upstream],
        limits: Limits = DEFAULT_LIMITS,
        resolve: Resolve = system_resolve,
    ) -> None:
        self._ways = {upstream.name: _Way(upstream, limits, resolve) for upstream in upstreams}

    async def send(self, release: Releasable, *, streaming: bool) -> Response:
        """POST the released body to the destination it was released for, and wait for the answer's head.

        Raises `NotCleared` where `release` is not what it claims to be or its destination is not known here, and
        `BackendFault`s.
        """
        if type(release) is not Releasable:
            raise NotCleared("–", UNREADABLE)
        destination = release.call.destination
        way = self._ways.get(destination)
        if way is None:
            raise NotCleared(destination, release.label)
        check(release, destination, outside=way.outside)
        head = way.head(release.call.model, streaming=streaming)
        try:
            return await way.pool.send(head % len(release.body) + release.body)
        except BackendFault as fault:
            for note in getattr(
                fault, "__notes__", ()
            ):  # for whoever runs haechi: they name hosts of the site
                log.warning(f"destination {destination}: {note}")
            raise

    def retire(self) -> None:
        """Let what is under way come to its end, and keep no connection after it: a newer door has opened."""
        for way in self._ways.values():
            way.pool.retire()

    async def aclose(self) -> None:
        """Close every connection; what is under way ends as `Unreachable`."""
        for way in self._ways.values():
            await way.pool.aclose()


class _Way:
    """What the door keeps for one upstream: its pool, and request heads that were written once."""

    def __init__(self, upstream: Upstream, limits: Limits, resolve: Resolve) -> None:
        self.outside = upstream.zone == "cloud"
        self._origin = upstream.origin
        self._wire = WIRES[upstream.wire](upstream)
        self._heads: dict[tuple[str, bool], bytes] = {}
        self.pool = Pool(upstream.name, _dial(upstream, resolve), upstream.timeouts, limits)

    def head(self, model: str, *, streaming: bool) -> bytes:
        """The request head, key included, with a place left for the length of the body."""
        head = self._heads.get((model, streaming))
        if head is None:
            if len(self._heads) >= MAX_HEADS:
                self._heads.clear()
            path = self._wire.path(model, streaming=streaming)
            head = self._heads[model, streaming] = _head(self._origin, path, self._wire.headers)
        return head


def _head(origin: Origin, path: str, headers: Headers) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"host: {origin.authority}",
        "user-agent: haechi",
        "content-type: application/json",
        "accept-encoding: identity",
        *(f"{name}: {value}" for name, value in headers),
    ]
    if any(not line.isascii() or not line.isprintable() for line in lines) or " " in path:
        raise ValueError("a request head holds printable ASCII only")
    return "\r\n".join(lines).replace("%", "%%").encode() + b"\r\ncontent-length: %d\r\n\r\n"


def _dial(upstream: Upstream, resolve: Resolve) -> Dial:
    """How connections to `upstream` are opened: resolve once, check, connect to what was checked."""
    origin, name, proxy = upstream.origin, upstream.name, upstream.proxy
    context = _tls(upstream) if origin.tls else None
    entrance = _Entrance(origin.host, origin.port, upstream.zone, upstream.attested)
    if proxy is not None:  # it resolves the service's name; what is checked here is where it stands itself
        entrance = _Entrance(proxy.host, proxy.port, "onprem", proxy.attested)

    async def dial(connection: Callable[[], Connection]) -> Connection:
        try:
            async with asyncio.timeout(upstream.timeouts.connect):
                if proxy is not None and not _may_be_asked_for(upstream):
                    raise noted(Misconfigured(name), f"{origin.host} is no address of zone {upstream.zone}")
                open_to = await entrance.addresses(resolve)
                if not open_to:
                    raise noted(
                        Misconfigured(name),
                        f"no address of {entrance.host} is allowed in zone {entrance.zone}",
                    )
                return await _first_open(connection, open_to)
        except TimeoutError:
            raise _on_the_way(TimedOut(name), proxy) from None
        except ssl.SSLCertVerificationError:
            raise noted(
                Misconfigured(name),
                f"the certificate of {origin.host} is not trusted; a proxy that opens TLS needs its authority in ca_file",
            ) from None
        except (OSError, UnicodeError):  # a name that is none fails to encode
            raise _on_the_way(Unreachable(name), proxy) from None

    async def _first_open(connection: Callable[[], Connection], open_to: list[Address]) -> Connection:
        share = upstream.timeouts.connect / len(open_to)
        for address in open_to[:-1]:
            try:
                async with asyncio.timeout(share):
                    return await _connect(connection, address)
            except OSError:  # TimeoutError is one
                continue
        return await _connect(connection, open_to[-1])

    async def _connect(connection: Callable[[], Connection], address: Address) -> Connection:
        loop = asyncio.get_running_loop()
        hostname = origin.host if context else None
        if proxy is None:
            _, protocol = await loop.create_connection(
                connection, str(address), origin.port, ssl=context, server_hostname=hostname
            )
            return protocol
        peer = await tunnel(proxy, address, name, origin.with_port)
        try:
            _, protocol = await loop.create_connection(
                connection, sock=peer, ssl=context, server_hostname=hostname
            )
        except BaseException:
            peer.close()
            raise
        return protocol

    return dial


class _Entrance(NamedTuple):
    """What is connected to: the service, or the proxy before it."""

    host: str
    port: int
    zone: Zone
    attested: bool

    async def addresses(self, resolve: Resolve) -> list[Address]:
        """Its addresses that its zone may have."""
        address = literal(self.host)
        names = () if address is not None else await resolve(self.host, self.port)
        found = [address] if address is not None else [ip_address(text) for text in names]
        if self.host == "localhost":
            found = [each for each in found if each.is_loopback]
        explicit = address is not None or self.host in LOOPBACK_NAMES
        return [each for each in found if allowed(each, self.zone, attested=self.attested, explicit=explicit)]


def _may_be_asked_for(upstream: Upstream) -> bool:
    """Whether a proxy may be asked for the service: a literal address is checked as if we connected to it."""
    address = literal(upstream.origin.host)
    return address is None or allowed(address, upstream.zone, attested=upstream.attested, explicit=True)


def _on_the_way(fault: BackendFault, proxy: Proxy | None) -> BackendFault:
    return fault if proxy is None else noted(fault, f"on the way through the proxy {proxy.host}:{proxy.port}")


def _tls(upstream: Upstream) -> ssl.SSLContext:
    """The system's authorities, and one more where configured. Made by hand: `create_default_context` would
    write session keys to a file that the environment names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if upstream.ca_file is not None:
        try:
            context.load_verify_locations(upstream.ca_file)
        except OSError:  # ssl.SSLError is one
            raise ConfigurationError(
                Text(ko="ca_file 을 읽을 수 없습니다.", en="The ca_file cannot be read."),
                f"destinations.{upstream.name}.ca_file",
            ) from None
    return context
