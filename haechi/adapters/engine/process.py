"""The local engine as its supervisor sees it: start, alive, restart, stop."""

import asyncio
import contextlib
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

import haechi
from haechi.adapters.engine.serve import Order
from haechi.catalogue.local_models import LocalModel
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

Progress = Callable[[Text], None]
Launch = Callable[[int], tuple[Sequence[str], Sequence[int]]]
"""For the port of the engine: what stands before its module on the command line, and descriptors handed down."""

INHERITED: Final = frozenset(
    {
        "CUDA_VISIBLE_DEVICES",
        "DYLD_LIBRARY_PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "PATH",
        "TMPDIR",
    }
)
"""All that the engine gets of our environment: no keys, no proxies, no switches of llama.cpp."""

OPENMP: Final = Path(sys.prefix) / "lib" / "openmp"
"""Where `make up` puts libgomp.so.1 on a system that has none; llama.cpp needs it and its package brings none."""

PATIENCE: Final = 600.0
"""Seconds a model may take to load: 20 GB from a slow disk at 50 MB/s are 400 s."""

GOODBYE: Final = 1.5
"""Seconds between asking the process to end and ending it."""


class Spec(Struct, frozen=True):
    """What to serve and how. `context` is tokens per slot; `need_bytes` is what must be free to begin."""

    model: str
    file: Path
    plumbing: bool = False
    max_output: int | None = None
    context: int = 4096
    slots: int = 2
    threads: int | None = None
    port: int = 0
    need_bytes: int = 0


def spec_of(model: LocalModel, file: Path, *, threads: int | None = None, port: int = 0) -> Spec:
    """How a curated model is served."""
    return Spec(
        model=model.name,
        file=file,
        plumbing=model.plumbing,
        max_output=model.max_output,
        context=model.context,
        slots=model.slots,
        threads=threads,
        port=port,
        need_bytes=int(model.min_free_gb * 1e9),
    )


class Running(Struct, frozen=True):
    """An engine that answers. `seconds` is how long it took from the start to the first healthy answer."""

    base_url: str
    key: str
    model: str
    pid: int
    seconds: float
    plumbing: bool
    max_output: int | None


def default_threads(cores: int | None = None) -> int:
    """One core is left to the gate: llama.cpp's threads spin, and two spinning sets on busy cores starve."""
    return max(1, (cores or os.cpu_count() or 1) - 1)


def cleaned(environment: Mapping[str, str], threads: int) -> dict[str, str]:
    """The environment of the engine's process."""
    kept = {name: value for name, value in environment.items() if name in INHERITED}
    if OPENMP.is_dir():
        kept["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, (kept.get("LD_LIBRARY_PATH"), str(OPENMP))))
    return kept | {
        "PYTHONPATH": str(Path(haechi.__file__).parent.parent),
        "OMP_NUM_THREADS": str(threads),
    }


def free_port() -> int:
    """A port of loopback that nobody uses now: the guards of a process name its ports before it starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class LocalEngine:
    """One llama.cpp server in its own process. It never outlives this one: its stdin is our lifeline."""

    def __init__(
        self,
        spec: Spec,
        *,
        key: str | None = None,
        free_memory: Callable[[], int | None] = lambda: None,
        launch: Launch | None = None,
    ) -> None:
        self.spec = spec
        self.running: Running | None = None
        self._key = key or secrets.token_urlsafe(32)
        self._free_memory = free_memory
        self._launch = launch
        self._process: asyncio.subprocess.Process | None = None

    def alive(self) -> bool:
        """Whether the process is up and was ready once."""
        return self.running is not None and self._process is not None and self._process.returncode is None

    async def start(self, progress: Progress = lambda _: None, patience: float = PATIENCE) -> Running:
        """Start and wait until it answers. Raises `ConfigurationError` that says what to mend."""
        return await self._start(self.spec.port, progress, patience)

    async def restart(self, progress: Progress = lambda _: None, patience: float = PATIENCE) -> Running:
        """Stop what is left and start anew, with the same key and, where it is still free, the same port."""
        port = self.spec.port
        if self.running is not None:
            port = int(self.running.base_url.rsplit(":", 1)[1].partition("/")[0])
        await self.stop()
        try:
            return await self._start(port, progress, patience)
        except PortTaken:
            if self.spec.port:
                raise
            return await self._start(0, progress, patience)

    async def wait(self) -> None:
        """Return when the process has ended, by whatever cause."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """End the process, within two seconds even in the middle of an answer."""
        process, self._process, self.running = self._process, None, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(GOODBYE):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _start(self, port: int, progress: Progress, patience: float) -> Running:
        if self.alive():
            raise RuntimeError("the engine is already running")
        spec, began = self.spec, time.monotonic()
        threads = spec.threads or default_threads()
        self._look_before()
        before: Sequence[str] = ()
        descriptors: Sequence[int] = ()
        if self._launch is not None:
            port = port or free_port()
            before, descriptors = self._launch(port)
        order = Order(
            file=str(spec.file),
            alias=spec.model,
            key=self._key,
            port=port,
            threads=threads,
            context=spec.context,
            slots=spec.slots,
            max_output=spec.max_output,
        )
        progress(loading(spec))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            *before,
            "haechi.adapters.engine.serve",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=cleaned(os.environ, threads),
            pass_fds=descriptors,
            start_new_session=True,  # without a terminal: what is confined could type commands into it (TIOCSTI)
        )
        try:
            async with asyncio.timeout(patience):
                word, argument = await hand_over(self._process, order)
        except TimeoutError:
            await self.stop()
            raise ConfigurationError(too_slow(spec, patience), spec.model) from None
        except BaseException:
            await self.stop()
            raise
        if word != "ready":
            await self.stop()
            raise refusal(argument, spec, port)
        self.running = Running(
            base_url=f"http://127.0.0.1:{argument}/v1",
            key=self._key,
            model=spec.model,
            pid=self._process.pid,
            seconds=time.monotonic() - began,
            plumbing=spec.plumbing,
            max_output=spec.max_output,
        )
        progress(ready(self.running))
        return self.running

    def _look_before(self) -> None:
        """Say what is missing before a process is spent on it."""
        if not self.spec.file.is_file():
            raise ConfigurationError(no_file(self.spec), self.spec.model)
        free = self._free_memory()
        if free is not None and free < self.spec.need_bytes:
            raise ConfigurationError(no_memory(self.spec, free), self.spec.model)


async def hand_over(process: asyncio.subprocess.Process, order: Order) -> tuple[str, str]:
    """Give the order and wait for the answer: `ready PORT` or `failed REASON`."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the engine was started without pipes")
    with contextlib.suppress(ConnectionError):  # it died before reading: the empty answer says so
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        await process.stdin.drain()
    word, _, argument = (await process.stdout.readline()).decode().strip().partition(" ")
    return (word, argument) if word in ("ready", "failed") else ("failed", "died")


class PortTaken(ConfigurationError):
    """Another program listens on the port that was asked for."""


def refusal(reason: str, spec: Spec, port: int) -> ConfigurationError:
    """The engine's one word, as a sentence."""
    match reason:
        case "package":
            return ConfigurationError(NO_PACKAGE, "xllamacpp")
        case "library":
            return ConfigurationError(NO_LIBRARY, "xllamacpp")
        case "port":
            return PortTaken(
                Text(
                    ko=f"로컬 엔진을 시작하지 못했습니다: 포트 {with_particle(port, '을/를')} 다른 프로그램이 쓰고 있습니다. "
                    "그 프로그램을 끝내거나 다른 포트를 지정하세요.",
                    en=f"The local engine did not start: another program uses port {port}. "
                    "End that program or choose another port.",
                ),
                spec.model,
            )
        case "file" | "load":
            return ConfigurationError(damaged(spec), spec.model)
        case _:
            return ConfigurationError(died(spec), spec.model)


NO_PACKAGE: Final = Text(
    ko="로컬 엔진을 시작하지 못했습니다: xllamacpp 패키지가 없습니다. `pip install 'haechi[engine]'` 로 설치하거나, "
    "haechi.yaml 의 destinations 에 사내 서버의 base_url 을 적으세요.",
    en="The local engine did not start: the package xllamacpp is not installed. Install it with "
    "`pip install 'haechi[engine]'`, or name the base_url of a server in your building under destinations in haechi.yaml.",
)

NO_LIBRARY: Final = Text(
    ko="로컬 엔진을 시작하지 못했습니다: xllamacpp 가 쓰는 시스템 라이브러리가 없습니다. "
    "데비안과 우분투에서는 `apt install libgomp1` 로 설치합니다.",
    en="The local engine did not start: a system library that xllamacpp uses is missing. "
    "On Debian and Ubuntu, `apt install libgomp1` installs it.",
)


def loading(spec: Spec) -> Text:
    """What is happening while nothing seems to."""
    return Text(
        ko=f"로컬 모델 {with_particle(spec.model, '을/를')} 읽는 중입니다.",
        en=f"Loading the local model {spec.model}.",
    )


def ready(running: Running) -> Text:
    """The engine answers; a plumbing model is announced as what it is."""
    if running.plumbing:
        return Text(
            ko=f"로컬 엔진이 준비되었습니다: {running.model}. 배관 점검용 작은 모델이라 답의 내용은 믿을 수 없고, "
            f"답은 {running.max_output} 토큰까지입니다. 쓸 만한 모델은 `haechi model pull` 로 받으세요.",
            en=f"The local engine is ready: {running.model}. It is a plumbing model: it shows that the pipes work, "
            f"its answers are not to be trusted and end after {running.max_output} tokens. "
            "Get a useful one with `haechi model pull`.",
        )
    return Text(
        ko=f"로컬 엔진이 준비되었습니다: {running.model}.", en=f"The local engine is ready: {running.model}."
    )


def no_file(spec: Spec) -> Text:
    """There is nothing to load."""
    return Text(
        ko=f"로컬 엔진을 시작하지 못했습니다: 모델 {spec.model} 의 파일 {with_particle(spec.file, '이/가')} 없습니다. "
        f"`haechi model pull {spec.model}` 로 받으세요.",
        en=f"The local engine did not start: the file {spec.file} of model {spec.model} does not exist. "
        f"Get it with `haechi model pull {spec.model}`.",
    )


def damaged(spec: Spec) -> Text:
    """The file is not what llama.cpp can read."""
    return Text(
        ko=f"로컬 엔진을 시작하지 못했습니다: 모델 {spec.model} 의 파일 {with_particle(spec.file, '을/를')} "
        "읽을 수 없습니다. 손상되었거나 "
        "이 엔진이 모르는 형식이거나 메모리가 모자랍니다. 파일을 지우고 "
        f"`haechi model pull {spec.model}` 로 다시 받거나 더 작은 모델을 고르세요.",
        en=f"The local engine did not start: the file {spec.file} of model {spec.model} cannot be loaded. It is damaged, "
        "of a kind this engine does not know, or larger than the memory. Delete it and run "
        f"`haechi model pull {spec.model}` again, or choose a smaller model.",
    )


def no_memory(spec: Spec, free: int) -> Text:
    """It would not fit."""
    need, have = spec.need_bytes / 1e9, free / 1e9
    return Text(
        ko=f"로컬 엔진을 시작하지 않았습니다: 모델 {spec.model} 에 메모리 약 {need:.1f} GB 가 필요한데 {have:.1f} GB 가 "
        "비어 있습니다. 다른 프로그램을 끝내거나 `haechi model list` 에서 더 작은 모델을 고르세요.",
        en=f"The local engine was not started: model {spec.model} needs about {need:.1f} GB of memory and {have:.1f} GB "
        "are free. End other programs or choose a smaller model from `haechi model list`.",
    )


def too_slow(spec: Spec, patience: float) -> Text:
    """It did not answer in time."""
    return Text(
        ko=f"로컬 엔진이 {patience:.0f}초 안에 준비되지 않아 멈췄습니다: 모델 {spec.model}. "
        "더 작은 모델을 고르거나 다시 시도하세요.",
        en=f"The local engine was not ready within {patience:.0f} seconds and was stopped: model {spec.model}. "
        "Choose a smaller model or try again.",
    )


def died(spec: Spec) -> Text:
    """The process ended without a word; the system may have ended it for want of memory."""
    return Text(
        ko=f"로컬 엔진이 모델 {with_particle(spec.model, '을/를')} 읽다가 끝났습니다. 메모리가 모자라 "
        "운영체제가 끝냈을 수 있습니다. "
        "더 작은 모델을 고르거나 `haechi doctor` 를 실행하세요.",
        en=f"The local engine ended while loading model {spec.model}. The system may have ended it for want of memory. "
        "Choose a smaller model or run `haechi doctor`.",
    )
