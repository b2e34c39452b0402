"""The process of the door, where something it would like to have is not to be had."""

import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from haechi.app.processes.door import reviewed
from haechi.app.processes.order import DoorOrder
from haechi.app.settings.load import parse


def test_without_a_readable_ledger_no_exception_holds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert reviewed(tmp_path / "nowhere") is None
    assert "refused here" in caplog.text


def test_a_key_file_that_it_may_not_read_is_named(tmp_path: Path) -> None:
    settings = parse("destinations: {gpt: {provider: openai, key_file: /nowhere/key}}", "t", {})
    order = msgspec.json.encode(DoorOrder(settings, None, str(tmp_path), b"k", 0)) + b"\n"
    with socket.socket(socket.AF_UNIX) as listener:
        ran = subprocess.run(
            [sys.executable, "-m", "haechi.app.processes.door", str(listener.fileno())],
            input=order,
            pass_fds=(listener.fileno(),),
            capture_output=True,
            check=False,
            timeout=30,
        )
    assert ran.returncode == 2
    assert b"The file cannot be read" in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert ran.stdout == b""
