"""A changed configuration comes into force everywhere or nowhere, and nobody who is being answered notices."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from haechi.adapters.stores.layout import door_socket
from tests.journey.site import ORDINARY, Cloud, Site, children, running, until

CONFIG = """
profile: %s
deploy: %s
limits: {first_byte_s: 20}
destinations:
  house: {provider: fake, zone: onprem, models: [home-model]}
  cloud: {provider: openai, base_url: "%s/v1", key: k-1, contract: openai-api-standard, models: [cloud-model]}
"""
MODES = pytest.mark.parametrize("deploy", ["in-process", "split"])


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    made = Cloud(tmp_path / "cloud.jsonl", "slow:0.15")
    yield made
    made.stop()


@pytest.fixture
def site(tmp_path: Path, cloud: Cloud, deploy: str) -> Iterator[Site]:
    made = Site(tmp_path / "data", CONFIG % ("general", deploy, cloud.url))
    yield made
    made.stop()


def write(site: Site, text: str) -> None:
    (site.data.parent / f"{site.data.name}.yaml").write_text(text)


def zones(site: Site) -> set[str]:
    """Where ordinary work goes, asked often enough that every worker is."""
    return {site.chat(ORDINARY).headers["x-haechi-route"].partition("/")[0] for _ in range(8)}


@MODES
def test_what_is_under_way_is_finished_and_what_comes_next_obeys_the_new_rules(
    site: Site, cloud: Cloud, deploy: str
) -> None:
    answers: list[bytes] = []
    ask = threading.Thread(
        target=lambda: answers.append(site.chat(ORDINARY, stream=True, max_tokens=30).body)
    )
    ask.start()
    while not cloud.received:
        pass
    before = site.workers()
    write(site, CONFIG % ("finance-kr", deploy, cloud.url))
    done = site.cli("reload", "--lang", "en")
    assert (done.returncode, done.stderr.strip()) == (0, "The new configuration is in force.")
    ask.join()
    assert answers[0].endswith(b"data: [DONE]\n\n")
    assert zones(site) == {"onprem"}
    assert not set(before) & set(site.workers())
    assert len(children(site.process.pid, "haechi.app.processes.door")) == (deploy == "split")
    write(site, CONFIG % ("general", deploy, cloud.url))
    assert json.loads(site.cli("reload", "--json").stdout)["in_force"]
    assert zones(site) == {"cloud"}


@pytest.mark.parametrize("deploy", ["in-process"])
def test_who_reloads_while_another_reload_is_under_way_hears_of_his_own_file(
    site: Site, cloud: Cloud, deploy: str
) -> None:
    words = [sys.executable, "-m", "haechi", "reload", "--data", str(site.data)]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as first:
        until(lambda: len(site.workers()) > 2)  # it has read the file, and its processes are starting
        write(site, CONFIG % ("finance-kr", deploy, cloud.url))
        assert site.cli("reload").returncode == 0
        assert zones(site) == {"onprem"}
        assert first.wait() == 0


@pytest.mark.parametrize("deploy", ["split"])
def test_where_there_is_no_room_for_new_processes_the_old_ones_go_on(
    site: Site, cloud: Cloud, deploy: str
) -> None:
    before = site.workers()
    (door_socket(site.data, 2) / "in the way").mkdir(parents=True)
    write(site, CONFIG % ("finance-kr", deploy, cloud.url))
    refused = site.cli("reload", "--lang", "en")
    assert (refused.returncode, "the old one stays in force" in refused.stderr) == (1, True)
    assert site.workers() == before
    assert zones(site) == {"cloud"}


@pytest.mark.parametrize("deploy", ["in-process"])
def test_who_asks_for_keys_from_now_on_finds_the_first_one(tmp_path: Path, cloud: Cloud, deploy: str) -> None:
    text = CONFIG % ("general", deploy, cloud.url)
    with running(tmp_path / "open", f"{text}keys: {{auth: loopback-open}}\n") as site:
        assert not (site.data / "keys" / "first.key").exists()
        write(site, text)
        assert site.cli("reload").returncode == 0
        assert site.chat(ORDINARY).status == 200


BAD = [
    ("destinations: {house: {provider: fake", "data.yaml:"),
    ("profile: generous", "data.yaml:1"),
    ("listen: {tls: {cert: haechi/py.typed, key: haechi/py.typed}}", "listen.tls"),
    ("airgap: true", "airgap"),
    ("profile: general", "destinations"),
    ("destinations: {g: {provider: openai, key_file: /nowhere/at/all}}", "key_file"),
]


@pytest.mark.parametrize("deploy", ["in-process"])
def test_a_configuration_that_is_wrong_changes_nothing_and_is_named(site: Site, deploy: str) -> None:
    before = site.workers()
    for text, where in BAD:
        write(site, text)
        refused = site.cli("reload", "--lang", "en")
        assert refused.returncode == 1
        assert "the old one stays in force" in refused.stderr
        assert where in refused.stderr.replace("\n", "")
    assert zones(site) == {"cloud"}
    assert site.workers() == before


@pytest.mark.parametrize("deploy", ["in-process"])
def test_a_new_configuration_whose_processes_do_not_start_leaves_the_old_ones(
    site: Site, cloud: Cloud, deploy: str
) -> None:
    before = site.workers()
    key = site.data / "keys" / "labels.key"
    key.rename(key.with_suffix(".aside"))  # no worker starts without it
    write(site, CONFIG % ("finance-kr", deploy, cloud.url))
    refused = site.cli("reload", "--lang", "en")
    assert (refused.returncode, "did not start" in refused.stderr) == (1, True)
    assert site.workers() == before
    assert zones(site) == {"cloud"}
    key.with_suffix(".aside").rename(key)
    assert site.cli("reload").returncode == 0
    assert zones(site) == {"onprem"}


@pytest.mark.parametrize("deploy", ["split"])
def test_a_system_that_refuses_leaves_the_old_ones(site: Site, cloud: Cloud, deploy: str) -> None:
    before = site.workers()
    in_the_way = site.data / "run" / "door-2.sock"
    in_the_way.mkdir()  # as a full disk, the socket of the new door cannot be made
    write(site, CONFIG % ("finance-kr", deploy, cloud.url))
    refused = site.cli("reload", "--lang", "en")
    assert (refused.returncode, "The system refused" in refused.stderr) == (1, True)
    assert site.workers() == before
    assert zones(site) == {"cloud"}
    in_the_way.rmdir()
    assert site.cli("reload").returncode == 0
    assert zones(site) == {"onprem"}


def test_without_a_haechi_there_is_nothing_to_reload(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "haechi", "reload", "--data", str(tmp_path), "--lang", "en"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, "haechi up" in done.stderr) == (1, True)
