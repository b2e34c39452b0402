"""A whole haechi as processes, and a cloud that records what reaches it: what the journeys walk through."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
SENSITIVE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"
ORDINARY = "다음 문장을 영어로 번역해줘: 오늘 날씨가 좋다"
HOSTILE = {
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "LANGSMITH_TRACING": "true",
}


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Cloud:
    """The fake service in its own process; `received` is what really came in over its socket. With a `key` it
    answers nobody without it."""

    def __init__(self, record: Path, *faults: str, key: str | None = None) -> None:
        self._record = record
        command = [
            sys.executable,
            "-m",
            "haechi.adapters.backends.fake_server",
            "--wire",
            "all",
            "--port",
            "0",
        ]
        command += ["--record", str(record), "--die-with-parent", *(f"--fault={fault}" for fault in faults)]
        command += ["--key", key] if key else []
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | HOSTILE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().removeprefix("ready ").strip()

    @property
    def received(self) -> list[dict[str, Any]]:
        return (
            [json.loads(line) for line in self._record.read_text().splitlines()]
            if self._record.exists()
            else []
        )

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


class Site:
    """One running `haechi up`."""

    def __init__(
        self, data: Path, config: str = "", *options: str, workers: int = 2, environment: Any = None
    ) -> None:
        self.data = data
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = data.parent / f"{data.name}.yaml"
        file.write_text(config or "profile: general\n")
        self.log = (data.parent / f"{data.name}.log").open("w+")
        command = [
            sys.executable,
            "-m",
            "haechi",
            "up",
            "--data",
            str(data),
            "--config",
            str(file),
            "--port",
            "0",
        ]
        command += ["--workers", str(workers), "--json", "--lang", "en", *(options or ("--model", "none"))]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=self.log,
            cwd=ROOT,
            env=os.environ | HOSTILE | (environment or {}),
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        facts = json.loads(line) if line else {}
        if "url" not in facts:
            self.process.wait(30)
            said = f"{line}{self.said()}"
            self.stop()
            raise RuntimeError(said)
        self.url: str = facts["url"]
        self.curl: str = facts["curl"]

    def said(self) -> str:
        """What it wrote to standard error."""
        self.log.flush()
        return Path(self.log.name).read_text()

    @property
    def key(self) -> str:
        return (self.data / "keys" / "first.key").read_text().strip()

    def post(self, body: Any, path: str = "/chat/completions", **headers: str) -> Reply:
        """POST JSON with the first key."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return call(self.url + path, raw, {"authorization": f"Bearer {self.key}"} | headers)

    def chat(self, text: str, **more: Any) -> Reply:
        return self.post(
            {"model": "auto", "max_tokens": 8, "messages": [{"role": "user", "content": text}], **more}
        )

    def cli(
        self, *words: str, environment: Any = None, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of haechi's on this site's data, with `given` on its standard input."""
        command = [sys.executable, "-m", "haechi", *words, "--data", str(self.data)]
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment,
            check=False,
            timeout=60,
        )

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        return children(self.process.pid, "haechi.app.processes.worker")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(40)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.log.close()
        return code


def call(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Reply:
    """One HTTP request, whatever its status."""
    request = urllib.request.Request(
        url, data=body, headers={"content-type": "application/json"} | (headers or {})
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def children(parent: int, module: str) -> list[int]:
    """Direct children of a process that run `module`, by /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
            if int(status[1]) == parent and module in command:
                found.append(int(entry.name))
    return found


@contextlib.contextmanager
def running(data: Path, config: str = "", *options: str, **more: Any) -> Iterator[Site]:
    """A site for the length of a `with`."""
    site = Site(data, config, *options, **more)
    try:
        yield site
    finally:
        site.stop()


def until(true: Any, seconds: float = 15.0) -> None:
    """Wait until `true()`, or fail."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)
