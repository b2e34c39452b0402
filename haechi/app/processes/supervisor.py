"""What `haechi up` runs: ledger writer, engine, door and workers, in that order, and again whatever of them falls.

    supervisor ──> ledger writer     one a node: rows become durable here
               ──> engine            llama.cpp, unless one was found or configured
               ──> door              with `deploy: split`: alone with the providers' keys
               ──> worker × cores    the gate, each on its own listening socket

It ends them in the opposite order: answers under way are finished and settled first.
"""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import msgspec

from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.process import LocalEngine as EngineProcess
from haechi.adapters.engine.process import Spec
from haechi.adapters.stores.labels import prepare_labels
from haechi.adapters.stores.layout import door_socket, ledger_file, ledger_socket
from haechi.adapters.stores.private import private_directory
from haechi.adapters.stores.writer import listen
from haechi.app.processes import presence
from haechi.app.processes.children import Child
from haechi.app.processes.confinement import Confinement
from haechi.app.processes.engine import described
from haechi.app.processes.order import DoorOrder, WorkerOrder
from haechi.app.processes.people import People, people, take_data_directory
from haechi.app.processes.sockets import listeners
from haechi.app.processes.undumpable import undumpable
from haechi.app.processes.users import acting_as
from haechi.app.settings.compile import LocalEngine
from haechi.app.settings.model import Settings
from haechi.app.settings.secrets import without_secrets
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

Say = Callable[[Text], None]
DRAIN: Final = 25.0


class Site:
    """One running haechi over one data directory."""

    def __init__(self, settings: Settings, data_dir: Path, say: Say) -> None:
        self.settings = settings
        self.data_dir = data_dir
        self.engine: LocalEngine | None = None
        self.port = settings.listen.port
        self._say = say
        self._lock = -1
        self._sockets: list[socket.socket] = []
        self._children: list[Child] = []
        self._workers: list[Child] = []
        self._engine_process: EngineProcess | None = None
        self._door_listener: socket.socket | None = None
        self._receipt_key = secrets.token_bytes(32) if settings.split else b""
        self._tasks: list[asyncio.Task[None]] = []
        self._told = asyncio.Event()
        self._confinement = Confinement(settings)
        self._people = People()

    def as_owner(self) -> AbstractContextManager[None]:
        """For whatever touches the data directory: done as the user whose it is."""
        return acting_as(self._people.gate)

    def reserve(self) -> None:
        """Take the data directory and the address, before anything slow begins."""
        if self.settings.split:
            undumpable()  # it fills in the keys that nobody but the door is to have
        address = self.settings.listen
        self._people = people(self.settings)
        take_data_directory(self.data_dir, self._people.gate)
        with self.as_owner():
            self._lock = presence.take(self.data_dir)
            prepare_labels(self.data_dir)
            # Counters of the last run belong to the last run.
            shutil.rmtree(self._metrics, ignore_errors=True)
            private_directory(self._metrics)
        count = self.settings.workers or max(1, os.cpu_count() or 1)
        self._sockets = listeners(address.host, address.port, count)
        self.port = self._sockets[0].getsockname()[1]
        self._confinement.put_up(self._people)

    async def start(self, engine: LocalEngine | Spec | None) -> None:
        """Bring everything up; on any failure what was started is ended again."""
        try:
            await asyncio.gather(self._begin(self._writer()), self._start_engine(engine))
            if self.settings.split:
                await self._begin(self._door())
            self._workers = [self._worker(number, each) for number, each in enumerate(self._sockets)]
            await asyncio.gather(*(self._begin(worker) for worker in self._workers))
        except BaseException:
            await self.stop()
            raise
        self._heed_signals()
        self._announce()

    def _announce(self) -> None:
        address, guards = self.settings.listen, list(self._confinement.names)
        with self.as_owner():
            presence.announce(
                self.data_dir,
                host=address.host,
                port=self.port,
                tls=address.tls is not None,
                deploy=self.settings.deployment.mode,
                airgap=self.settings.airgap,
                guards=guards,
            )
        for news in self._confinement.news(self.engine):
            self._say(news)

    async def run(self) -> None:
        """Keep everything up until SIGTERM or Ctrl-C."""
        await self._told.wait()

    def _heed_signals(self) -> None:
        """Take orders to stop from now on, before anybody learns the address. Further ones are ignored to the very
        end of the process: an end that is interrupted would lose what it was about to finish."""
        loop = asyncio.get_running_loop()
        signals = (signal.SIGTERM, signal.SIGINT)

        def told(*_: object) -> None:
            for number in signals:
                signal.signal(number, signal.SIG_IGN)
            loop.call_soon_threadsafe(self._told.set)

        for number in signals:
            signal.signal(number, told)

    async def stop(self) -> None:
        """End everything, workers first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(child.stop() for child in self._workers))
        if self._engine_process is not None:
            await self._engine_process.stop()
        await asyncio.gather(*(child.stop() for child in self._children))

    def release(self) -> None:
        """Give back the address and the data directory."""
        for each in self._sockets:
            each.close()
        self._confinement.close()
        with self.as_owner():
            if self._door_listener is not None:
                self._door_listener.close()
                door_socket(self.data_dir).unlink(missing_ok=True)
            if self._lock >= 0:
                presence.withdraw(self.data_dir)
                os.close(self._lock)
                self._lock = -1

    @property
    def _metrics(self) -> Path:
        return self.data_dir / "run" / "metrics"

    async def _begin(self, child: Child) -> None:
        self._children.append(child)
        await child.start()
        self._tasks.append(asyncio.create_task(child.keep(self._fallen)))

    def _fallen(self, name: str) -> None:
        self._say(
            Text(ko=f"{name} 이(가) 끝나서 다시 시작합니다.", en=f"{name} has ended and is started again.")
        )

    def _writer(self) -> Child:
        order = {
            "database": str(ledger_file(self.data_dir)),
            "socket": str(ledger_socket(self.data_dir)),
            "receipt_key": self._receipt_key,
        }
        return Child(
            "ledger",
            ["haechi.app.processes.ledger"],
            lambda: msgspec.json.encode(order),
            launch=self._confinement.ledger,
        )

    def _door(self) -> Child:
        """Its socket is opened here, and outlives it: who calls while it starts again waits for a moment."""
        with self.as_owner():
            self._door_listener = listener = listen(door_socket(self.data_dir))
        gate = self._people.gate
        theirs = None if self.engine is None or self.engine.ours else self.engine
        data = (
            None if gate else str(self.data_dir)
        )  # what the gate's user can write is no review for the door
        caller = gate.uid if gate else os.geteuid()
        order = DoorOrder(self.settings, theirs, data, self._receipt_key, caller)
        return Child(
            "door",
            ["haechi.app.processes.door", str(listener.fileno())],
            lambda: msgspec.json.encode(order),
            descriptors=(listener.fileno(),),
            environment={}
            if gate
            else {"PROMETHEUS_MULTIPROC_DIR": str(self._metrics)},  # the gate's, not the door's
            grace=DRAIN,
            launch=self._confinement.door,
        )

    def _worker(self, number: int, listener: socket.socket) -> Child:
        split = self._door_listener is not None
        settings = without_secrets(self.settings) if split else self.settings
        door = str(door_socket(self.data_dir)) if split else None
        return Child(
            f"worker-{number}",
            ["haechi.app.processes.worker", str(listener.fileno())],
            lambda: msgspec.json.encode(WorkerOrder(settings, self.engine, str(self.data_dir), door)),
            descriptors=(listener.fileno(),),
            environment={"PROMETHEUS_MULTIPROC_DIR": str(self._metrics)},
            grace=DRAIN,
            launch=lambda: self._confinement.worker(self.engine),
        )

    async def _start_engine(self, engine: LocalEngine | Spec | None) -> None:
        if not isinstance(engine, Spec):
            self.engine = engine
            return
        launch = self._confinement.engine if self._confinement.names else None
        self._engine_process = EngineProcess(engine, free_memory=free_memory, launch=launch)
        self.engine = described(await self._engine_process.start(self._say))
        self._tasks.append(asyncio.create_task(self._keep_engine(self._engine_process)))

    async def _keep_engine(self, process: EngineProcess) -> None:
        """Start the engine again when it falls; workers learn its new address by starting anew."""
        pause = 0.5
        while True:
            await process.wait()
            self._fallen("engine")
            await asyncio.sleep(pause)
            pause = min(pause * 2, 30.0)
            with contextlib.suppress(ConfigurationError):
                found = described(await process.restart())
                pause = 0.5
                if found != self.engine:
                    self.engine = found
                    for worker in self._workers:
                        await worker.restart()
