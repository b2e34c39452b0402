"""The second instance: `haechi up` in a directory of its own, in the worst environment that a shell could hand it."""

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

import haechi
from haechi.adapters.stores.layout import first_key_file
from haechi.app.prove.caller import Caller
from haechi.app.prove.twin import written
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

START_WITHIN: Final = 60.0
STOP_WITHIN: Final = 15.0
PACKAGE_HOME: Final = Path(haechi.__file__).resolve().parents[1]
KEPT: Final = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV")


_ADDRESSES: Final = """
HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy
OPENAI_BASE_URL OPENAI_API_BASE ANTHROPIC_BASE_URL GOOGLE_GEMINI_BASE_URL AWS_ENDPOINT_URL HF_ENDPOINT
LANGSMITH_ENDPOINT LANGCHAIN_ENDPOINT LANGFUSE_HOST DD_TRACE_AGENT_URL SENTRY_DSN
OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_TRACES_ENDPOINT OTEL_EXPORTER_OTLP_METRICS_ENDPOINT
"""


def hostile(recorder: str, where: Path) -> dict[str, str]:
    """What other people's shells set: proxies, tracers, telemetry, other addresses of providers, start-up files,
    all leading to a recorder that must hear nothing, or to files below `where` that must not appear."""
    traps = trapped(where)
    traps.mkdir()
    traps.chmod(0o777)  # whoever the processes are, they could step in
    trap = traps / "startup.py"
    trap.write_text(f"open({str(traps / TRAPS[0])!r}, 'w').close()\n", encoding="utf-8")
    return {
        **dict.fromkeys(_ADDRESSES.split(), recorder),
        "NO_PROXY": "",
        "no_proxy": "",
        "SSLKEYLOGFILE": str(traps / TRAPS[1]),
        "PYTHONSTARTUP": str(trap),
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_API_KEY": "k",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "otlp",
        "DD_TRACE_ENABLED": "true",
        "OPENAI_LOG": "debug",
        "LOG_LEVEL": "DEBUG",
        "DEBUG": "1",
    }


TRAPS: Final = ("startup-was-run", "tls-keys-were-written")
"""Files that appear where the environment was obeyed."""


def trapped(where: Path) -> Path:
    """The directory in which they would appear."""
    return where / "traps"


class Instance:
    """One `haechi up` below `where`. It can be ended and started again on the same data."""

    def __init__(self, where: Path, settings: Settings, environment: Mapping[str, str]) -> None:
        self.where = where
        self.data = where / "data"
        self.log = where / "haechi.log"
        self.caller = Caller("127.0.0.1", 0, "")
        self._settings = settings
        home = where / "home"
        home.mkdir()
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._environment = (
            kept | dict(environment) | {"HOME": str(home), "PYTHONPATH": str(PACKAGE_HOME), "PYTHONUTF8": "1"}
        )
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Bring it up and wait until callers may come. Raises `ConfigurationError`."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        file = self.where / "haechi.yaml"
        file.write_bytes(written(self._settings))
        command = [sys.executable, "-m", "haechi", "up", "--config", str(file), "--data", str(self.data)]
        command += ["--port", "0", "--model", "none", "--json", "--lang", "en"]
        self._process = process = self._spawn(command)
        try:
            async with asyncio.timeout(START_WITHIN):
                line = await asyncio.to_thread(process.stdout.readline) if process.stdout else b""
        except TimeoutError:
            line = b""
        url = urlsplit(str(_fact(line, "url")))
        if not url.port:
            raise self._not_up()
        keyed = self._settings.keys.auth == "required"
        key = first_key_file(self.data).read_text(encoding="ascii").strip() if keyed else "none"
        told = self.caller.told
        self.caller = Caller(url.hostname or "127.0.0.1", url.port, key)
        self.caller.told = told

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own command line, no caller's word in it
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=self.where,
                env=self._environment,
                start_new_session=True,  # Ctrl-C reaches the proof alone, which ends what it started
            )

    async def stop(self) -> None:
        """End it, politely and then by force, with all its children."""
        await self.caller.close()
        process, self._process = self._process, None
        if process is None:
            return
        # Ctrl-C first: it ends a start under way in good order, children first; the next one only ends the parent.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None:
                process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    await asyncio.to_thread(process.wait, STOP_WITHIN)
        if process.stdout is not None:
            process.stdout.close()

    def children(self, module: str) -> list[int]:
        """Ids of the direct children that run `module`; none where the system does not tell."""
        if self._process is None:
            return []
        return [pid for pid in _processes_of(self._process.pid) if module in _command(pid)]

    @property
    def workers(self) -> list[int]:
        """The workers' ids."""
        return self.children("haechi.app.processes.worker")

    @property
    def writers(self) -> list[int]:
        """The ledger writer's id."""
        return self.children("haechi.app.processes.ledger")

    @property
    def doors(self) -> list[int]:
        """The id of the door that is a process of its own; none where there is no such door."""
        return self.children("haechi.app.processes.door")

    async def ready(self, within: float = 20.0) -> None:
        """Wait until it says so itself. Raises `ConfigurationError`."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if (await self.caller.get("/readyz")).status == 200:
                return
            await asyncio.sleep(0.05)
        raise self._not_up()

    def kept(self) -> dict[str, bytes]:
        """Everything that it wrote down: files of the data directory, and its log."""
        files = [self.log, *(path for path in self.data.rglob("*") if path.is_file())]
        return {str(path.relative_to(self.where)): path.read_bytes() for path in files if path.exists()}

    def _not_up(self) -> ConfigurationError:
        last = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        said = f" ({last[0][:300]})" if last else ""
        return ConfigurationError(
            Text(
                ko=f"사본이 시작되지 않았습니다.{said} `haechi check` 로 설정을 확인하세요.",
                en=f"The second instance did not start.{said} Check the configuration with `haechi check`.",
            )
        )


def may_limit(processes: Iterable[int]) -> bool:
    """Whether this system lets us take the disk from `processes`; from another user's, only a full root may."""
    if sys.platform != "linux":
        return False
    try:
        return all(resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes)
    except PermissionError:
        return False


@contextlib.contextmanager
def disk_full(processes: Iterable[int]) -> Iterator[None]:
    """Let every write of `processes` to a file fail, as on a full disk. Linux only."""
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


def _fact(line: bytes, name: str) -> object:
    """A field of the line with which `haechi up` says that it is there."""
    try:
        return msgspec.json.decode(line, type=dict[str, object]).get(name, "")
    except msgspec.DecodeError:
        return ""


def _processes_of(parent: int) -> list[int]:
    """Direct children, by /proc; nothing where there is none."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.name))
    return found


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return ""
