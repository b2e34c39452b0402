"""Only the process that holds the lock is told to end: never whoever has its number today."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from haechi.app.processes import presence
from haechi.domain.errors import ConfigurationError

HOLDS = """
import signal, sys, time
from pathlib import Path
from haechi.app.processes import presence
presence.take(Path(sys.argv[1]))
presence.announce(Path(sys.argv[1]), host="h", port=1, tls=False)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def holding(site: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(site)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


def test_who_holds_the_lock_runs_and_ends_when_told(site: Path) -> None:
    process = holding(site)
    assert presence.running(site) == {"pid": process.pid, "host": "h", "port": 1, "tls": False}
    with pytest.raises(ConfigurationError):
        presence.take(site)
    assert presence.end(site, process.pid, 20)  # although nobody has waited for it yet
    assert process.wait(10) == -15
    assert presence.running(site) is None


def test_a_stranger_with_the_number_of_a_killed_haechi_is_left_alone(site: Path) -> None:
    process = holding(site)
    process.kill()
    process.wait()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        facts = {"pid": stranger.pid, "host": "h", "port": 1, "tls": False}
        (site / "run" / "haechi.json").write_bytes(msgspec.json.encode(facts))
        (site / "run" / "haechi.lock").write_text(str(stranger.pid))
        assert presence.running(site) is None
        assert presence.end(site, stranger.pid, 5)
        assert stranger.poll() is None
        stranger.kill()


def test_a_file_of_an_earlier_haechi_does_not_speak_for_the_one_that_starts(site: Path) -> None:
    process = holding(site)
    process.kill()
    process.wait()
    lock = presence.take(site)  # it starts, and has announced nothing
    assert presence.running(site) is None
    presence.announce(site)
    asks = f"from haechi.app.processes.presence import *; print(holder(Path({str(site)!r})))"
    other = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert int(other.stdout) == os.getpid()
    os.close(lock)


@pytest.mark.parametrize("text", ["", "[]", "{}", "nonsense", '{"pid": null}'])
def test_a_broken_file_is_nobody(site: Path, text: str) -> None:
    lock = presence.take(site)
    (site / "run" / "haechi.json").write_text(text)
    assert presence.running(site) is None
    os.close(lock)


@pytest.mark.skipif(not presence.LOCKS.exists(), reason="this kernel does not say who holds a lock")
def test_a_stranger_whose_number_was_forged_is_left_alone(site: Path) -> None:
    """The gate's own user may write both files, and it is root who says `haechi down`."""
    process = holding(site)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        facts = {"pid": stranger.pid, "host": "h", "port": 1, "tls": False}
        (site / "run" / "haechi.json").write_bytes(msgspec.json.encode(facts))
        (site / "run" / "haechi.lock").write_text(str(stranger.pid))
        assert presence.running(site) is None
        assert presence.end(site, stranger.pid, 5)
        assert stranger.poll() is None
        stranger.kill()
    process.kill()
    process.wait()
