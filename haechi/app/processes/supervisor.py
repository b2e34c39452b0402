"""What `haechi up` runs: ledger writer, readers, engine, door and workers, in that order, and again whatever of them falls.

    supervisor ──> ledger writer     one a node: rows become durable here
               ──> readers           files become text here, each in a process of its own
               ──> engine            llama.cpp, unless one was found or configured
               ──> generation        what serves under one configuration:
                   ──> door              with `deploy: split`: alone with the providers' keys
                   ──> worker × cores    the gate, each on its own listening socket

It ends them in the opposite order: answers under way are finished and settled first. A new configuration is a new
generation; ledger and engine stay.
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

import msgspec

from haechi.adapters.engine.memory import free_memory
from haechi.adapters.engine.process import LocalEngine as EngineProcess
from haechi.adapters.engine.process import Spec
from haechi.adapters.stores.company import prepare_company
from haechi.adapters.stores.keys import ensure_first_key
from haechi.adapters.stores.labels import prepare_labels
from haechi.adapters.stores.layout import ledger_file, ledger_socket, readers_socket
from haechi.adapters.stores.private import private_directory
from haechi.adapters.stores.responses import prepare_responses
from haechi.adapters.stores.writer import listen
from haechi.app.processes import presence
from haechi.app.processes.children import Child
from haechi.app.processes.confinement import Confinement
from haechi.app.processes.engine import described
from haechi.app.processes.generation import Generation, Ground
from haechi.app.processes.people import People, people, take_data_directory
from haechi.app.processes.reading import order
from haechi.app.processes.reload import RELOADED, kept, refuse_to_restart, short_of
from haechi.app.processes.sockets import listeners
from haechi.app.processes.undumpable import undumpable
from haechi.app.processes.users import acting_as
from haechi.app.settings.compile import LocalEngine
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

Say = Callable[[Text], None]


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
        self._ledger: Child | None = None
        self._readers: Child | None = None
        self._readers_listener: socket.socket | None = None
        self._serving: Generation | None = None
        self._engine_process: EngineProcess | None = None
        self._receipt_key = secrets.token_bytes(32) if settings.split else b""
        self._tasks: list[asyncio.Task[None]] = []
        self._told, self._changed = asyncio.Event(), asyncio.Event()
        self._confinement = Confinement(settings, ledger_socket(data_dir).parent)
        self._people = People()
        self._begun = self._reloads = 0
        self._problem: dict[str, str] | None = None

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
            prepare_company(self.data_dir)
            prepare_responses(self.data_dir)
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
            self._ledger, self._readers = self._writer(), self._reader_pool()
            children = (self._begin(self._ledger), self._begin(self._readers))
            await asyncio.gather(*children, self._start_engine(engine))
            first = Generation(1, self.settings, self._ground())
            await first.start()
            self._serving = first
        except BaseException:
            await self.stop()
            raise
        self._heed_signals()
        self._announce()
        self._news()

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
                begun=self._begun,
                reloads=self._reloads,
                problem=self._problem,
            )

    def _news(self) -> None:
        for news in self._confinement.news(self.engine):
            self._say(news)

    async def run(self, reread: Callable[[], Settings]) -> None:
        """Keep everything up until SIGTERM or Ctrl-C; bring what `reread` gives into force at each SIGHUP."""
        ending = asyncio.create_task(self._told.wait())
        while not ending.done():
            changing = asyncio.create_task(self._changed.wait())
            await asyncio.wait((ending, changing), return_when=asyncio.FIRST_COMPLETED)
            changing.cancel()
            if self._changed.is_set() and not ending.done():
                self._changed.clear()
                await self._reload(reread)

    def _heed_signals(self) -> None:
        """Take orders from now on, before anybody learns the address. After one to stop, all are ignored to the very
        end of the process: an end that is interrupted would lose what it was about to finish."""
        loop = asyncio.get_running_loop()
        ends = (signal.SIGTERM, signal.SIGINT)

        def told(*_: object) -> None:
            for number in (*ends, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            loop.call_soon_threadsafe(self._told.set)

        for number in ends:
            signal.signal(number, told)
        signal.signal(signal.SIGHUP, lambda *_: loop.call_soon_threadsafe(self._changed.set))

    async def _reload(self, reread: Callable[[], Settings]) -> None:
        """Bring another configuration into force, or keep the one that is, and say which. That it begins is said
        before the file is read: who changed the file after that waits for the next one."""
        self._begun += 1
        self._announce()
        problem: Text | None = None
        where = ""
        try:
            settings = await asyncio.to_thread(reread)
            refuse_to_restart(self.settings, settings)
            await self._replace(settings)
        except ConfigurationError as error:
            problem, where = error.text, error.where
        except OSError as error:  # a full disk, too many processes: no reason to end what serves
            problem, where = short_of(error), str(error.filename or self.data_dir)
        self._reloads = self._begun
        self._problem = None if problem is None else {"ko": problem.ko, "en": problem.en, "where": where}
        self._announce()
        self._say(RELOADED if problem is None else kept(problem, where))

    async def _replace(self, settings: Settings) -> None:
        """All of the new generation, then the end of the old one."""
        if settings.keys.auth == "required":
            with self.as_owner():
                ensure_first_key(self.data_dir)
        old = self._serving
        fresh = Generation(old.number + 1 if old else 1, settings, self._ground())
        await fresh.start()
        self._serving, self.settings = fresh, settings
        if old is not None:
            await old.stop()

    def _ground(self) -> Ground:
        return Ground(
            data_dir=self.data_dir,
            metrics=self._metrics,
            sockets=tuple(self._sockets),
            receipt_key=self._receipt_key,
            people=self._people,
            confinement=self._confinement,
            engine=lambda: self.engine,
            as_owner=self.as_owner,
            fallen=self._fallen,
        )

    async def stop(self) -> None:
        """End everything, workers first."""
        for task in self._tasks:
            task.cancel()
        if self._serving is not None:
            await self._serving.stop()
        if self._engine_process is not None:
            await self._engine_process.stop()
        for child in (self._readers, self._ledger):
            if child is not None:
                await child.stop()

    def release(self) -> None:
        """Give back the address and the data directory."""
        for each in filter(None, (*self._sockets, self._readers_listener)):
            each.close()
        self._confinement.close()
        with self.as_owner():
            if self._lock >= 0:
                presence.withdraw(self.data_dir)
                os.close(self._lock)
                self._lock = -1

    @property
    def _metrics(self) -> Path:
        return self.data_dir / "run" / "metrics"

    async def _begin(self, child: Child) -> None:
        await child.start()
        self._tasks.append(asyncio.create_task(child.keep(self._fallen)))

    def _fallen(self, name: str) -> None:
        self._say(
            Text(
                ko=f"{with_particle(name, '이/가')} 끝나서 다시 시작합니다.",
                en=f"{name} has ended and is started again.",
            )
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

    def _reader_pool(self) -> Child:
        """Its socket is opened here, and outlives it: who hands over a file while it starts again waits for a moment."""
        told = msgspec.json.encode(order(self.settings))
        with self.as_owner():
            self._readers_listener = listen(readers_socket(self.data_dir))
        return Child(
            "readers",
            ["haechi.app.processes.readers", str(self._readers_listener.fileno())],
            lambda: told,
            descriptors=(self._readers_listener.fileno(),),
            launch=self._confinement.readers,
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
            with contextlib.suppress(ConfigurationError, OSError):
                found = described(await process.restart())
                pause = 0.5
                if found != self.engine:
                    self.engine = found
                    if self._serving is not None:
                        await self._serving.meet_engine()
