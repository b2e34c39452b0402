"""The gate's side of a door that is a process of its own: it holds no key and opens no outward connection.

One pool of connections for each destination, so that faults name the one they speak of. A door that is away is an
unreachable destination; a letter that was on its way then is not sent twice, since it may have gone out.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Final

from haechi.adapters.backends.client import DEFAULT_LIMITS, Connection, Dial, Limits, Pool, Response, Timeouts
from haechi.adapters.backends.letter import FAULT, NOT_CLEARED, WELCOME, reported, written
from haechi.domain.errors import BackendFault, NotCleared, Rejected, Unreachable
from haechi.domain.label import UNREADABLE
from haechi.domain.releasable import Releasable

Connect = Callable[[], socket.socket]
"""A connection to the door's socket that blocks nobody. Raises `OSError`."""

WELCOME_WITHIN: Final = 2.0
"""Seconds. The listening socket outlives a door, so that a connection alone does not mean that somebody is there."""

LATER: Final = 5.0
"""Seconds that the door is given to say itself that an upstream took too long."""


class DistantDoor:
    """The `Door` of a gate whose door stands in another process."""

    def __init__(
        self,
        destinations: Iterable[str],
        connect: Connect,
        *,
        timeouts: Timeouts,
        largest: int,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        patience = Timeouts(
            connect=WELCOME_WITHIN,
            first_byte=timeouts.connect + timeouts.first_byte + LATER,
            idle=timeouts.idle + LATER,
            total=timeouts.total + LATER,
        )
        self._largest = largest
        self._pools = {name: _Pool(name, _dial(name, connect), patience, limits) for name in destinations}

    async def send(self, release: Releasable, *, streaming: bool) -> Response:
        """Hand `release` to the door, and wait for the answer's head. Raises `NotCleared` and `BackendFault`s."""
        if type(release) is not Releasable:
            raise NotCleared("–", UNREADABLE)
        name = release.call.destination
        pool = self._pools.get(name)
        if pool is None:
            raise NotCleared(name, release.label)
        letter = written(release, streaming=streaming)
        if len(letter) > self._largest:
            raise Rejected(name)
        response = await pool.send(letter)
        if FAULT not in response.headers:
            return response
        response.close()
        if response.headers[FAULT] == NOT_CLEARED:
            raise NotCleared(name, release.label)
        raise reported(name, response.headers) or Unreachable(name)

    async def aclose(self) -> None:
        """Close every connection; what is under way ends as `Unreachable`."""
        for pool in self._pools.values():
            await pool.aclose()


class _Pool(Pool):
    """Connections to the door on behalf of one destination."""

    says_it_again = False

    def broken_off(self, trailers: dict[bytes, bytes]) -> BackendFault | None:
        return reported(self.name, trailers)


def _dial(name: str, connect: Connect) -> Dial:
    """How connections to the door are opened: nothing is sent before it has said that it is there."""

    async def dial(connection: Callable[[], Connection]) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            peer = connect()
        except OSError:
            raise Unreachable(name) from None
        try:
            async with asyncio.timeout(WELCOME_WITHIN):
                if await loop.sock_recv(peer, len(WELCOME)) == WELCOME:
                    _, protocol = await loop.create_unix_connection(connection, sock=peer)
                    return protocol
        except OSError:  # TimeoutError is one
            pass
        except BaseException:
            peer.close()
            raise
        peer.close()
        raise Unreachable(name)

    return dial
