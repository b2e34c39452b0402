"""What serves under one configuration: the workers, and with `deploy: split` the door that their requests leave by.

A new configuration brings a generation of its own, on the same listening sockets. Only when all of it stands does
the old one end, in good order; where one process of it does not start, all of it goes and the old one has never
stopped. So a configuration is in force everywhere or nowhere, and no caller notices the change.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from haechi.adapters.stores.layout import door_socket
from haechi.adapters.stores.writer import listen
from haechi.app.processes.children import Child
from haechi.app.processes.confinement import Confinement
from haechi.app.processes.order import DoorOrder, WorkerOrder
from haechi.app.processes.people import People
from haechi.app.settings.compile import LocalEngine
from haechi.app.settings.model import Settings
from haechi.app.settings.secrets import without_secrets

DRAIN: Final = 25.0
"""Seconds in which a generation that ends may finish its answers."""


class Ground(Struct, frozen=True):
    """What every generation stands on: it outlives them all."""

    data_dir: Path
    metrics: Path
    sockets: tuple[socket.socket, ...]
    receipt_key: bytes
    people: People
    confinement: Confinement
    engine: Callable[[], LocalEngine | None]
    as_owner: Callable[[], AbstractContextManager[None]]
    fallen: Callable[[str], None]


class Generation:
    """Door and workers of one configuration."""

    def __init__(self, number: int, settings: Settings, ground: Ground) -> None:
        self.number = number
        self.settings = settings
        self._ground = ground
        self._door_listener: socket.socket | None = None
        self._door: Child | None = None
        self._workers: list[Child] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Bring it up, the door first. Raises `ConfigurationError`; then nothing of it is left."""
        try:
            if self.settings.split:
                self._door = self._make_door()
                await self._begin(self._door)
            self._workers = [self._worker(number, each) for number, each in enumerate(self._ground.sockets)]
            await asyncio.gather(*map(self._begin, self._workers))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it, workers first: answers under way are finished and settled."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        if self._door is not None:
            await self._door.stop()
        if self._door_listener is not None:
            self._door_listener.close()
            with self._ground.as_owner():
                self._socket.unlink(missing_ok=True)
            self._door_listener = None

    async def meet_engine(self) -> None:
        """Let the workers learn where the engine is now, by starting anew."""
        for worker in self._workers:
            await worker.restart()

    @property
    def _socket(self) -> Path:
        return door_socket(self._ground.data_dir, self.number)

    async def _begin(self, child: Child) -> None:
        await child.start()
        self._tasks.append(asyncio.create_task(child.keep(self._ground.fallen)))

    def _make_door(self) -> Child:
        """Its socket is opened here, and outlives it: who calls while it starts again waits for a moment."""
        ground, engine = self._ground, self._ground.engine()
        with ground.as_owner():
            self._door_listener = listener = listen(self._socket)
        gate = ground.people.gate
        theirs = None if engine is None or engine.ours else engine
        reviewed = (
            None if gate else str(ground.data_dir)
        )  # what the gate's user can write is no review for the door
        caller = gate.uid if gate else os.geteuid()
        order = DoorOrder(self.settings, theirs, reviewed, ground.receipt_key, caller)
        metrics = {"PROMETHEUS_MULTIPROC_DIR": str(ground.metrics)}
        return Child(
            "door",
            ["haechi.app.processes.door", str(listener.fileno())],
            lambda: msgspec.json.encode(order),
            descriptors=(listener.fileno(),),
            environment={} if gate else metrics,  # the directory is the gate's, not the door's
            grace=DRAIN,
            launch=ground.confinement.door,
        )

    def _worker(self, number: int, listener: socket.socket) -> Child:
        ground, split = self._ground, self._door is not None
        settings = without_secrets(self.settings) if split else self.settings
        door = str(self._socket) if split else None
        reviewed = not (split and ground.people.gate)  # as the door, which would object
        order = partial(WorkerOrder, settings, data_dir=str(ground.data_dir), door=door, reviewed=reviewed)
        return Child(
            f"worker-{number}",
            ["haechi.app.processes.worker", str(listener.fileno())],
            lambda: msgspec.json.encode(order(engine=ground.engine())),
            descriptors=(listener.fileno(),),
            environment={"PROMETHEUS_MULTIPROC_DIR": str(ground.metrics)},
            grace=DRAIN,
            launch=lambda: ground.confinement.worker(self.settings, ground.engine()),
        )
