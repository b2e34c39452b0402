"""Which guards a host has is found by trying them, and never by believing them."""

import subprocess
import sys
import time

import pytest

from haechi.app.processes import guards, kernel, landlock, namespace, seccomp
from haechi.app.processes.confinement import Confinement
from haechi.app.processes.guards import Guards, Launch
from haechi.app.processes.namespace import Namespace
from haechi.app.processes.order import cleaned_environment
from haechi.app.processes.people import People
from haechi.app.processes.users import User
from haechi.app.settings.compile import LocalEngine
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError

on_linux = pytest.mark.skipif(not kernel.LINUX, reason="guards are Linux's")


@on_linux
def test_guards_are_found_by_trying() -> None:
    spaces = namespace.create()
    began = time.monotonic()
    found = guards.find()
    try:
        expected = {
            "namespace": spaces is not None,
            "landlock": landlock.version() >= landlock.FIRST_WITH_NETWORK,
            "seccomp": seccomp.machine() is not None,
        }
        assert found.names == tuple(name for name, there in expected.items() if there)
        assert time.monotonic() - began < 10
    finally:
        found.close()
        if spaces is not None:
            spaces.close()


def test_a_guard_that_lets_through_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guards, "launch", lambda self, **_: Launch((guards.LAUNCHER, "--")))
    found = guards.find()
    assert found.names == ()
    with pytest.raises(ConfigurationError, match="no way to take the network"):
        guards.required(found)


def test_no_guard_is_found_where_nothing_would_have_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_reachable", lambda _: False)
    assert guards.find().names == ()


@pytest.mark.parametrize(
    ("held", "whole"),
    [
        (Guards(), False),
        (Guards(landlock=True), False),
        (Guards(seccomp=True), False),
        (Guards(landlock=True, seccomp=True), True),
        (Guards(firewall=True), True),
        (Guards(namespace=Namespace(0, None)), True),
    ],
)
def test_which_guards_leave_no_road(held: Guards, whole: bool) -> None:
    assert held.whole is whole


def test_a_user_is_named_to_the_launcher() -> None:
    launch = Guards(seccomp=True, user=User("haechi", 990, 991)).launch(connect=(7, 8), names=True)
    assert launch.arguments[1:] == ("connect=7,8", "seccomp", "names", "uid=990", "gid=991", "--")


def test_elsewhere_there_is_none() -> None:
    """On macOS everything can be imported, and no guard is found."""
    code = (
        "import sys; sys.platform = 'darwin'\n"
        "from haechi.app.processes import confined, guards, landlock, namespace, seccomp, users\n"
        "print(guards.find().names, landlock.version(), seccomp.machine())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=cleaned_environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "() 0 None\n"


def test_split_mode_does_not_start_without_a_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "find", lambda user=None: Guards(seccomp=True))
    with pytest.raises(ConfigurationError, match="no way to take the network"):
        Confinement(Settings(deploy="split")).put_up(People())


@pytest.mark.parametrize(
    ("settings", "held", "says"),
    [
        (Settings(), Guards(landlock=True, seccomp=True), []),
        (Settings(airgap=True), Guards(), ["no guard that takes the network away"]),
        (Settings(airgap=True), Guards(landlock=True, seccomp=True), ["Guards: landlock, seccomp"]),
        (Settings(deploy="split"), Guards(landlock=True, seccomp=True), ["Guards: landlock, seccomp"]),
    ],
)
def test_what_a_start_says_of_its_guards(
    settings: Settings, held: Guards, says: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "find", lambda user=None: held)
    confinement = Confinement(settings)
    confinement.put_up(People())
    said = [news.en for news in confinement.news(None)]
    assert len(said) == len(says)
    assert all(expected in text for expected, text in zip(says, said, strict=True))


@pytest.mark.parametrize(
    ("held", "open_to_any"),
    [
        (Guards(landlock=True, seccomp=True), True),
        (Guards(landlock=True, seccomp=True, firewall=True), False),
    ],
)
def test_a_port_that_stays_open_is_said(
    held: Guards, open_to_any: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "find", lambda user=None: held)
    confinement = Confinement(Settings(deploy="split"))
    confinement.put_up(People())
    ours = LocalEngine("http://127.0.0.1:4000/v1", ("m",), ours=True)
    said = " ".join(news.en for news in confinement.news(ours))
    assert ("TCP port 4000 stays open" in said) == open_to_any


def test_each_process_may_reach_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else: a table of the words that the launcher is given."""
    monkeypatch.setattr(guards, "find", lambda user=None: Guards(landlock=True, seccomp=True))
    settings = Settings(deploy="split")
    confinement = Confinement(settings)
    confinement.put_up(People())
    ours = LocalEngine("http://127.0.0.1:4000/v1", ("m",), ours=True)
    found = LocalEngine("http://127.0.0.1:11434/v1", ("m",))
    assert [
        launch.arguments[1:-1]
        for launch in (
            confinement.worker(settings, ours),
            confinement.worker(settings, found),  # the door's
            confinement.worker(settings, None),
            confinement.ledger(),
            confinement.engine(4000),
            confinement.door(),
        )
    ] == [
        ("connect=4000", "landlock", "seccomp"),
        ("landlock", "seccomp"),
        ("landlock", "seccomp"),
        ("landlock", "seccomp"),
        ("connect=4000", "bind=4000", "landlock", "seccomp"),
        (),
    ]
