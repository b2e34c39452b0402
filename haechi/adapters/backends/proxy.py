"""The company's proxy: a tunnel by CONNECT, through which TLS runs from the door to the service itself.

    door ── CONNECT host:port ──> proxy        door <══ TLS, the service's own certificate ══> service

The proxy sees a host name and ciphertext. What it answers is read for its status and for nothing else; a tunnel that
says more than that, before we have spoken, is none. It is configured in `haechi.yaml`, never by the environment.
"""

import asyncio
import re
import socket
from base64 import b64encode
from ipaddress import IPv6Address
from typing import Any, Final

from msgspec import Struct

from haechi.adapters.backends.addresses import Address
from haechi.domain.errors import BackendFault, Garbled, Misconfigured, TimedOut, Unreachable

LONGEST_ANSWER: Final = 16 * 1024
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([2-5][0-9]{2})[ \r]")
_END: Final = b"\r\n\r\n"

_REFUSALS: Final[dict[int, tuple[type[BackendFault], str]]] = {
    403: (Misconfigured, "it does not let us through to this host: have the host allowed there"),
    407: (Misconfigured, "it does not accept proxy.user and its password"),
    502: (Unreachable, "it cannot reach the host"),
    503: (Unreachable, "it is not available"),
    504: (TimedOut, "the host did not answer it in time"),
}


class Proxy(Struct, frozen=True):
    """Where it is and what it asks for. `authorization` is the whole value of that header, or empty."""

    host: str
    port: int
    authorization: str = ""
    attested: bool = False

    def __repr__(self) -> str:
        return f"Proxy({self.host}:{self.port}, password {'set' if self.authorization else 'none'})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [
            ("host", self.host),
            ("port", self.port),
            ("password", "set" if self.authorization else "none"),
        ]


def basic(user: str, password: str) -> str:
    """The header's value for a user and a password (RFC 7617).

    >>> basic("kim", "열쇠")
    'Basic a2ltOuyXtOyHoA=='
    """
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


async def tunnel(proxy: Proxy, address: Address, destination: str, target: str) -> socket.socket:
    """A connection through `proxy`, which stands at `address`, to `target` (`host:port`).

    Raises `BackendFault`s of `destination`, each with a note that says what the proxy did, and `OSError`.
    """
    family = socket.AF_INET6 if isinstance(address, IPv6Address) else socket.AF_INET
    peer = socket.socket(family, socket.SOCK_STREAM)
    peer.setblocking(False)
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_connect(peer, (str(address), proxy.port))
        await loop.sock_sendall(peer, _request(proxy, target))
        answer = b""
        while _END not in answer and len(answer) <= LONGEST_ANSWER:
            piece = await loop.sock_recv(peer, LONGEST_ANSWER)
            if not piece:
                break
            answer += piece
    except BaseException:
        peer.close()
        raise
    if (refusal := _refusal(answer, destination)) is not None:
        peer.close()
        raise refusal
    return peer


def _request(proxy: Proxy, target: str) -> bytes:
    authorization = f"proxy-authorization: {proxy.authorization}\r\n" if proxy.authorization else ""
    return f"CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n{authorization}\r\n".encode("ascii")


def _refusal(answer: bytes, destination: str) -> BackendFault | None:
    """What an answer to CONNECT means; `None` where the tunnel stands."""
    status = _STATUS.match(answer)
    if status is None or _END not in answer:
        return noted(Garbled(destination), "the proxy's answer is no HTTP")
    code = int(status[1])
    if code // 100 == 2:
        spoke = not answer.endswith(_END) or answer.count(_END) > 1
        return noted(Garbled(destination), "the proxy spoke into its own tunnel") if spoke else None
    kind, why = _REFUSALS.get(code, (Misconfigured, "it does not make a tunnel for us"))
    return noted(kind(destination), f"the proxy answered {code}: {why}")


def noted(fault: BackendFault, note: str) -> BackendFault:
    """`fault` with a note for the log: what an operator needs and a caller must not read."""
    fault.add_note(note)
    return fault
