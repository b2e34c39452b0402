"""Stand-ins for every destination: haechi's own fake service on a socket, with an ear for each raw byte.

What is kept is what came over the socket, before anybody parsed it: heads with their keys, bodies, and what is no
HTTP at all. A stand-in can fail on command, be gone, and come back at the same address.
"""

import asyncio
import contextlib
import logging
import socket
from functools import partial
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.backends.fake_model import FakeModel
from haechi.adapters.backends.fake_server import FakeService
from haechi.domain.destination import Zone

WELL: Final = Fault()
RETRIES: Final = 200

logging.getLogger("uvicorn").addHandler(logging.NullHandler())  # faults on command are no news


class Switch(Faults):
    """The same fault for every request until another is set."""

    def __init__(self) -> None:
        super().__init__()
        self.now = WELL

    def next(self) -> Fault:
        """The fault that is set."""
        return self.now


class StandIn:
    """One destination's double. `heard` holds every piece that came in, in order."""

    def __init__(self, name: str, zone: Zone) -> None:
        self.name = name
        self.zone = zone
        self.heard: list[bytes] = []
        self.connections = 0
        self.switch = Switch()
        self._service = FakeService(model=FakeModel(), faults=self.switch)
        self._config = uvicorn.Config(
            self._answer,
            http="httptools",
            ws="none",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        self._config.load()
        self._state = ServerState()
        self._listener: asyncio.Server | None = None
        self._held: socket.socket | None = None
        self.port = 0

    @property
    def outside(self) -> bool:
        """Whether it stands for a cloud destination."""
        return self.zone == "cloud"

    def since(self, mark: int) -> bytes:
        """What came in after the first `mark` pieces."""
        return b"".join(self.heard[mark:])

    def fail(self, word: str = "none") -> None:
        """From now on every request fails like this."""
        self.switch.now = Fault.of(word)

    async def _answer(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """The service as an application; to be closed in the middle of an answer is no error."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._service(scope, receive, send)

    async def open(self) -> None:
        """Listen, at the same port as before."""
        if self._listener is not None:
            return
        listening = self._held or _bound(self.port)
        self._held = None
        self.port = listening.getsockname()[1]
        protocol = partial(_Ear, self, config=self._config, server_state=self._state, app_state={})
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(protocol, sock=listening, backlog=1024)

    async def close(self, *, for_good: bool = False) -> None:
        """Be gone: no listener, and every connection broken. Unless for good the port stays taken, so that nobody
        else answers there in between."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
            for connection in tuple(self._state.connections):
                if connection.transport is not None:
                    connection.transport.abort()
            for task in tuple(self._state.tasks):
                task.cancel()
            await asyncio.gather(*self._state.tasks, return_exceptions=True)
            self._held = None if for_good else await self._hold()
        if for_good and self._held is not None:
            self._held.close()

    async def _hold(self) -> socket.socket:
        """The port without a listener, as soon as the last one has let go of it."""
        for _ in range(RETRIES):
            with contextlib.suppress(OSError):
                return _bound(self.port)
            await asyncio.sleep(0.01)
        return _bound(self.port)

    def forget(self) -> None:
        """Let go of the service's own notes; what was heard stays."""
        self._service.received.clear()


def _bound(port: int) -> socket.socket:
    """A socket at a port of this machine that takes no connections yet."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
    except OSError:
        made.close()
        raise
    return made


class _Ear(HttpToolsProtocol):
    """uvicorn's protocol, which writes down what it is fed."""

    def __init__(self, stand_in: StandIn, **more: Any) -> None:
        super().__init__(**more)
        self._stand_in = stand_in

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Called by the event loop."""
        self._stand_in.connections += 1
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        self._stand_in.heard.append(data)
        super().data_received(data)
