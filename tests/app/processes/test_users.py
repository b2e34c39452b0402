"""Gate and door as users of their own: refused where they could not be apart, and apart where they are."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from haechi.app.processes import kernel
from haechi.app.processes.people import People, people, take_data_directory
from haechi.app.processes.users import User, acting_as
from haechi.app.settings.model import DeploySettings, Settings
from haechi.domain.errors import ConfigurationError
from tests.journey.site import ROOT

NOBODY, DAEMON = "nobody", "daemon"


def known(name: str) -> bool:
    try:
        return pwd.getpwnam(name).pw_uid != 0
    except KeyError:
        return False


with_users = pytest.mark.skipif(
    not (kernel.LINUX and os.geteuid() == 0 and known(NOBODY) and known(DAEMON)),
    reason="only root can start processes as other users, here nobody and daemon",
)


def settings(gate: str | None, door: str | None) -> Settings:
    return Settings(deploy=DeploySettings("split", gate, door))


@pytest.mark.parametrize(
    ("gate", "door", "says"),
    [
        ("nobody-of-that-name", DAEMON, "no user nobody-of-that-name"),
        (NOBODY, "nobody-of-that-name", "useradd --system"),
        ("root", DAEMON, "root cannot be used"),
    ],
)
def test_users_that_cannot_be_had_are_refused(gate: str, door: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        people(settings(gate, door))


@pytest.mark.skipif(not (known(NOBODY) and known(DAEMON)), reason="needs the users nobody and daemon")
def test_only_root_can_have_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(ConfigurationError, match="start as root"):
        people(settings(NOBODY, DAEMON))
    assert people(Settings()) == People()


@with_users
def test_a_data_directory_is_handed_over_without_following_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("root's")
    data = tmp_path / "data"
    (data / "run").mkdir(parents=True)
    (data / "run" / "link").symlink_to(outside)
    user = User(NOBODY, pwd.getpwnam(NOBODY).pw_uid, pwd.getpwnam(NOBODY).pw_gid)
    take_data_directory(data, user)
    assert {each.lstat().st_uid for each in (data, data / "run", data / "run" / "link")} == {user.uid}
    assert outside.stat().st_uid == 0
    take_data_directory(data, user)


@with_users
def test_somebody_elses_directory_is_not_handed_over(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("private")
    with pytest.raises(ConfigurationError, match="not haechi's"):
        take_data_directory(tmp_path, User(NOBODY, 65534, 65534))
    assert tmp_path.stat().st_uid == 0


@with_users
def test_files_are_touched_as_their_owner(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.write_text("root's")
    tmp_path.chmod(0o755)
    with acting_as(User(NOBODY, 65534, 65534)), pytest.raises(PermissionError):
        locked.write_text("changed")
    assert (os.geteuid(), os.getegid()) == (0, 0)
    assert locked.read_text() == "root's"


@with_users
@pytest.mark.skipif(shutil.which("ip") is None, reason="needs the program ip")
def test_a_firewall_and_a_namespace_of_a_user_are_recognised() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.app.processes.own_user", NOBODY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == {"without": False, "with": True, "namespace": True}


@with_users
def test_gate_and_door_are_apart() -> None:
    """A whole site, started twice: the second time its data is the gate's already."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journey.apart", NOBODY, DAEMON],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert [[route.split("/")[0] for route in start] for start in seen["starts"]] == [["onprem", "cloud"]] * 2
    gate, door = ([pwd.getpwnam(name).pw_uid] for name in (NOBODY, DAEMON))
    for name in ("worker", "ledger", "engine", "door"):
        assert [each["uids"] for each in seen[name]] == [door if name == "door" else gate] * len(seen[name])
        assert {(tuple(each["groups"]), each["rights"]) for each in seen[name]} == {((), "0" * 16)}
    assert seen["strangers"] == []  # nothing in the data directory is root's
    assert seen["read"] == []  # neither the provider's key nor the door's memory
    assert (seen["doctor"]["users"], seen["doctor"]["processes"]) == (True, True)


@with_users
def test_root_touches_a_data_directory_as_its_owner_would() -> None:
    words = [sys.executable, "-m", "tests.app.processes.handed_over", NOBODY]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["made"], found["strangers"]) == ("one", [])  # the gate can open what root made for it
    assert found["asked"] > 0
    assert not found["secret"]  # a link leads root's commands nowhere
    assert "not one of this computer's" in found["192.0.2.1"]["what"]
