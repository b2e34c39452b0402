"""A child process that is told by one line what to do, says `ready`, and is started again when it dies."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Final

from haechi.app.processes.guards import Launch
from haechi.app.processes.order import cleaned_environment
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

READY_WITHIN: Final = 30.0
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 10.0
STEADY_AFTER: Final = 30.0
"""Seconds after which a child counts as well again, and the next fall starts with the first pause."""


class Child:
    """One supervised process. `order` and `launch`, the guards it stands behind, are asked anew at every start;
    `descriptors` are handed down."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        order: Callable[[], bytes],
        descriptors: Sequence[int] = (),
        environment: dict[str, str] | None = None,
        grace: float = 5.0,
        launch: Callable[[], Launch] = Launch,
    ) -> None:
        self.name = name
        self.restarts = 0
        self._arguments = arguments
        self._order = order
        self._descriptors = descriptors
        self._environment = environment or {}
        self._grace = grace
        self._launch = launch
        self._process: asyncio.subprocess.Process | None = None
        self.stopping = False

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start it and wait until it says `ready`. Raises `ConfigurationError` where it does not."""
        try:
            process = await self._spawn()
        except OSError as error:  # too many processes or files: it may fit later
            raise ConfigurationError(
                Text(
                    ko=f"{self.name} 프로세스를 만들지 못했습니다 ({type(error).__name__}). 메모리와 프로세스 수를 확인하세요.",
                    en=f"The process {self.name} could not be made ({type(error).__name__}). Look at memory and the "
                    "number of processes.",
                )
            ) from None
        self._process = process
        assert process.stdin is not None  # noqa: S101  both were asked for above
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(self._order() + b"\n")
        try:
            async with asyncio.timeout(READY_WITHIN):
                line = await process.stdout.readline()
        except TimeoutError:
            line = b""
        if line.strip() != b"ready":
            await self._end()
            raise ConfigurationError(
                Text(
                    ko=f"{self.name} 프로세스가 시작하지 못했습니다. 바로 위의 메시지가 까닭을 알려 줍니다.",
                    en=f"The process {self.name} did not start. The message just above says why.",
                )
            )

    async def _spawn(self) -> asyncio.subprocess.Process:
        launch = self._launch()
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *launch.arguments,
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=cleaned_environment(**self._environment),
            pass_fds=(*self._descriptors, *launch.descriptors),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends the others in order
        )

    async def keep(self, fallen: Callable[[str], None]) -> None:
        """Start it again whenever it ends, with growing pauses, until `stop`."""
        pause = FIRST_PAUSE
        loop = asyncio.get_running_loop()
        while self._process is not None:
            since = loop.time()
            await self._process.wait()
            if self.stopping:
                return
            fallen(self.name)
            self.restarts += 1
            pause = FIRST_PAUSE if loop.time() - since > STEADY_AFTER else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)
            with contextlib.suppress(
                ConfigurationError, OSError
            ):  # a system short of something may have it later
                await self.start()

    async def restart(self) -> None:
        """End it on purpose; `keep` brings it back with a fresh order."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)

    async def stop(self) -> None:
        """End it for good: politely, and after the grace period by force."""
        self.stopping = True
        await self._end()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(self._grace):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
