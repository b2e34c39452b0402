"""A whole haechi behind guards: it works end to end, and its own processes have no way out but the door."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haechi.app.processes import guards, kernel
from tests.journey.conftest import with_cloud
from tests.journey.site import ORDINARY, SENSITIVE, Cloud, Site, children, running, until

pytestmark = pytest.mark.skipif(not kernel.LINUX, reason="guards are Linux's")
MODULES = ("haechi.app.processes.worker", "haechi.app.processes.ledger", "haechi.adapters.engine.serve")


@pytest.fixture(scope="module")
def names() -> tuple[str, ...]:
    """The guards of this host."""
    found = guards.find()
    found.close()
    if not found.whole:
        pytest.skip("this host has no guard that takes the network away")
    return found.names


@pytest.fixture(scope="module")
def split(names: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Site]:
    """A site whose door is apart; `names` are its guards."""
    with running(tmp_path_factory.mktemp("split") / "data", "deploy: split\n" + with_cloud(cloud)) as made:
        yield made


def doctor(site: Site, *words: str) -> dict[str, dict[str, Any]]:
    """The findings by name."""
    config = str(site.data.parent / f"{site.data.name}.yaml")
    done = site.cli("doctor", "--config", config, "--json", "--lang", "en", *words)
    return {each["name"]: each for each in json.loads(done.stdout)["findings"]}


def status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def devices(pid: int) -> set[str]:
    """Of the network that a process sees."""
    lines = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    return {line.partition(":")[0].strip() for line in lines}


def assert_confined(site: Site, names: tuple[str, ...]) -> None:
    for module in MODULES:
        found = children(site.process.pid, module)
        assert found, module
        for pid in found:
            assert (status(pid)["NoNewPrivs"], status(pid)["CapEff"]) == ("1", "0" * 16)
            assert os.getsid(pid) == pid  # no terminal of whoever started haechi, to type commands into
            assert "namespace" not in names or devices(pid) == {"lo"}
            assert "seccomp" not in names or status(pid)["Seccomp"] == "2"


def test_sensitive_stays_and_ordinary_leaves_by_the_door(split: Site, cloud: Cloud) -> None:
    before = len(cloud.received)
    assert split.chat(SENSITIVE).headers["x-haechi-route"].startswith("onprem/home/")
    assert len(cloud.received) == before
    assert split.chat(ORDINARY).headers["x-haechi-route"].startswith("cloud/gpt/")
    assert len(cloud.received) == before + 1


def test_every_process_but_the_door_is_confined(split: Site, names: tuple[str, ...]) -> None:
    assert_confined(split, names)
    (door,) = children(split.process.pid, "haechi.app.processes.door")
    assert devices(door) == devices(os.getpid())


def test_what_is_started_again_is_confined_again(split: Site, names: tuple[str, ...], cloud: Cloud) -> None:
    fallen = [pid for module in MODULES for pid in children(split.process.pid, module)]
    for pid in fallen:
        os.kill(pid, signal.SIGKILL)

    def back() -> bool:
        found = [pid for module in MODULES for pid in children(split.process.pid, module)]
        return len(found) == len(fallen) and not set(found) & set(fallen)

    until(back, 30)
    until(lambda: split.chat(SENSITIVE).headers.get("x-haechi-route", "").startswith("onprem/home/"), 30)
    until(lambda: split.chat(ORDINARY).headers.get("x-haechi-route", "").startswith("cloud/gpt/"))
    assert_confined(split, names)


def test_doctor_looks_at_the_processes_that_run(split: Site, names: tuple[str, ...]) -> None:
    found = doctor(split)
    assert found["deploy"]["mode"] == "split"
    assert found["guards"]["used"] == list(names)
    assert found["users"]["own"] is False
    assert found["processes"]["ok"] is True
    assert [each["is"] for each in found["processes"]["processes"]].count("worker") == 2
    assert found["engine"]["route"].startswith("onprem/home/")


@pytest.fixture
def airgap(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "data", "", "--airgap", "--model", "none") as made:
        yield made


def test_an_air_gap_is_confined_and_fetches_nothing(airgap: Site, names: tuple[str, ...]) -> None:
    assert airgap.chat(ORDINARY).headers["x-haechi-route"].startswith("onprem/home/")
    assert_confined(airgap, names)
    pulled = airgap.cli("model", "pull", "qwen3-4b-instruct", "--json", "--lang", "en")
    assert (pulled.returncode, "an air gap fetches nothing" in pulled.stdout) == (1, True)
    assert doctor(airgap)["processes"]["ok"] is True


def test_a_worker_that_asks_another_engine_itself_is_kept_to_its_port(
    tmp_path: Path, cloud: Cloud, names: tuple[str, ...]
) -> None:
    lab = f'{{provider: openai, base_url: "{cloud.url}/v1", zone: onprem, models: [ours]}}'
    config = f"airgap: true\ndestinations:\n  home: {{engine: auto}}\n  lab: {lab}\n"
    with running(tmp_path / "data", config) as site:
        assert site.chat(ORDINARY, model="lab/ours").headers["x-haechi-route"] == "onprem/lab/ours"
        port = cloud.url.rsplit(":", 1)[1]
        assert f"TCP port {port} stays open" in site.said()
        for pid in site.workers():
            assert devices(pid) == devices(os.getpid())
            assert "seccomp" not in names or status(pid)["Seccomp"] == "2"
        (ledger,) = children(site.process.pid, "haechi.app.processes.ledger")
        assert "namespace" not in names or devices(ledger) == {"lo"}
        assert (
            site.chat(ORDINARY, model="home/smollm2-135m-instruct")
            .headers["x-haechi-route"]
            .startswith("onprem/home/")
        )
