"""The systems that are compared, as processes on their cores: upstream, nginx, haechi. Each ends with its `with`."""

import contextlib
import getpass
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from benchmarks import machine

ROOT: Final = Path(__file__).parents[1]

_NGINX: Final = """\
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log warn; {user}
events {{ worker_connections 4096; }}
http {{
  access_log off; client_max_body_size 16m; client_body_buffer_size 512k; keepalive_requests 100000000;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
  upstream mock {{ server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{ proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }}
  }}
}}
"""

_HAECHI: Final = """\
destinations:
  home: {{provider: openai, zone: onprem, base_url: "http://127.0.0.1:{upstream}/v1", models: [bench]}}
  gpt:  {{provider: openai, base_url: "http://127.0.0.1:{upstream}/v1", key: bench, contract: openai-api-standard}}
keys: {{auth: required}}
workers: 1
"""


class System(Struct, frozen=True):
    """Something that answers on `port`. `parts` are the processes whose CPU counts, by what they are."""

    name: str
    port: int
    parts: dict[str, tuple[int, ...]] = {}
    key: str = "none"

    def cpu(self) -> dict[str, int]:
        """Nanoseconds of each part."""
        return {part: sum(map(machine.cpu_ns, members)) for part, members in self.parts.items()}


@contextlib.contextmanager
def upstream(core: int) -> Iterator[System]:
    """The mock, which is also the system `direct`."""
    command = [sys.executable, "-m", "benchmarks.mock"]
    with _process(command, core, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        port = int(_line(process).split()[1])
        yield System("direct", port, {"upstream": (process.pid,)})


@contextlib.contextmanager
def nginx(core: int, mock: System, home: Path) -> Iterator[System | None]:
    """nginx as a plain proxy with kept connections on both sides; `None` where it is not installed."""
    found = machine.nginx()
    if found is None:
        yield None
        return
    port = _free_port()
    user = f"user {getpass.getuser()};" if os.getuid() == 0 else ""
    file = home / "nginx.conf"
    file.write_text(_NGINX.format(home=home, user=user, upstream=mock.port, port=port))
    with _process([found, "-p", str(home), "-c", str(file)], core, stderr=subprocess.DEVNULL) as process:
        _until_open(port, process)
        yield System("nginx", port, {"nginx": tuple(machine.family(process.pid))})


@contextlib.contextmanager
def haechi(
    core: int, mock: System, home: Path, root: Path = ROOT, *, split: bool = False
) -> Iterator[System]:
    """A whole `haechi up` of the checkout at `root`: keys required, durable ledger, a cloud destination and a home,
    both the mock. With `split` the door is a process of its own."""
    home.mkdir(exist_ok=True)
    file, data = home / "haechi.yaml", home / "haechi"
    file.write_text(_HAECHI.format(upstream=mock.port) + ("deploy: split\n" if split else ""))
    data.mkdir(mode=0o700)
    command = [
        sys.executable,
        "-m",
        "haechi",
        "up",
        "--config",
        str(file),
        "--data",
        str(data),
        "--port",
        "0",
    ]
    command += ["--workers", "1", "--model", "none", "--lang", "en", "--json"]
    with _process(command, core, root, stdout=subprocess.PIPE, text=True) as process:
        url = json.loads(_line(process))["url"]
        parts: dict[str, tuple[int, ...]] = {}
        for member, words in machine.family(process.pid).items():
            part = next(
                (name for name in ("worker", "ledger", "door") if f"processes.{name}" in words), "supervisor"
            )
            parts[part] = (*parts.get(part, ()), member)
        key = (data / "keys" / "first.key").read_text().strip()
        yield System(
            "split" if split else "haechi", int(url.rpartition(":")[2].partition("/")[0]), parts, key
        )


@contextlib.contextmanager
def bare(core: int, mock: System) -> Iterator[System]:
    """The bare gate of `benchmarks.parts`."""
    command = [sys.executable, "-m", "benchmarks.parts", "--bare", str(mock.port)]
    with _process(command, core, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield System("bare", int(_line(process).split()[1]), {"bare": (process.pid,)})


@contextlib.contextmanager
def _process(
    command: Sequence[str], core: int, root: Path = ROOT, **how: Any
) -> Iterator["subprocess.Popen[Any]"]:
    """A process on one core, children too; ended politely, then by force. Ctrl-C is for us alone to hear."""
    process = subprocess.Popen(
        command, cwd=root, start_new_session=True, preexec_fn=lambda: os.sched_setaffinity(0, {core}), **how
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _line(process: "subprocess.Popen[Any]") -> str:
    assert process.stdout is not None
    line: str = process.stdout.readline()
    if not line:
        raise RuntimeError("a system did not start; what it said stands above")
    return line


def _until_open(port: int, process: "subprocess.Popen[Any]", seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.02)
    raise RuntimeError("nginx did not start")


def _free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
