"""One running haechi for all pages, in a directory of its own, as a reader would have it after `make up`."""

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from msgspec import Struct, json

from docs.make_reference import COLUMNS, ROOT
from tests import curl
from tests.docs.kit import SECRETS

SENTENCE = "고객 홍길동 900101-1234568 의 대출 심사 의견을 써줘"


class Site(Struct, frozen=True):
    """Where a reader stands: the directory, the environment, the gate's host and port, a record to ask for."""

    here: Path
    environment: dict[str, str]
    host: str
    record: str

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run a script as the reader would, in bash, both outputs together."""
        return subprocess.run(
            ["bash", "-euc", script],
            cwd=self.here,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A haechi with the plumbing model on a free port; `haechi` is on the path."""
    here = tmp_path_factory.mktemp("reader")
    commands = tmp_path_factory.mktemp("commands")
    script = commands / "haechi"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m haechi "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    curl.provide(commands)
    environment = SECRETS | {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(here),
        "LANG": "C.UTF-8",
        "COLUMNS": COLUMNS,
        "NO_COLOR": "1",
    }
    command = "haechi up --data .haechi --port 0 --model none --workers 2 --json --lang en"
    running = subprocess.Popen(
        ["bash", "-c", f"exec {command} 2>up.log"],
        cwd=here,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    try:
        assert running.stdout is not None
        with running.stdout as said:
            started = said.readline()
        assert started, (here / "up.log").read_text(encoding="utf-8")
        host = urlsplit(json.decode(started)["url"]).netloc
        yield Site(here, environment, host, _asked(host, here / ".haechi" / "keys" / "first.key"))
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=40)


def _asked(host: str, key: Path) -> str:
    """Send the sentence of the pages, and return its record."""
    connection = http.client.HTTPConnection(host, timeout=30)
    body = json.encode(
        {"model": "auto", "max_tokens": 1, "messages": [{"role": "user", "content": SENTENCE}]}
    )
    headers = {"authorization": f"Bearer {key.read_text(encoding='ascii').strip()}"}
    connection.request("POST", "/v1/chat/completions", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    record = answer.headers["x-haechi-record"]
    assert record, answer.status
    return record
