"""The gate keeps to its own OpenAPI document, whatever is sent: schemathesis against two workers."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.site import ROOT, Site, call

CONFIG = "destinations: {home: {provider: fake, zone: onprem, models: [stand-in]}}\nmcp: {}\n"
HERE = ROOT / "tests" / "journey" / "clients"
EXAMPLES = 4
"""Bodies of each operation made up at random; those at the borders of every field come on top, over a thousand."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site") / "data", CONFIG)
    yield made
    made.stop()


def test_schemathesis_finds_nothing(site: Site, tmp_path: Path) -> None:
    program: Path = ROOT / ".venv" / "schemathesis" / "bin" / "st"
    assert program.exists(), "run `make test`, which installs it"
    address = site.url.removesuffix("/v1") + "/haechi/v1/openapi.json"
    command = [str(program), "--config-file", str(HERE / "schemathesis.toml"), "run", address, "--no-color"]
    command += ["-H", f"Authorization: Bearer {site.key}", "--generation-with-security-parameters", "false"]
    command += ["-n", str(EXAMPLES), "--seed", "20261201", "--generation-database", "none"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "19 passed" in ran.stdout  # every operation but the document itself
    assert site.said() == "", "nothing of ours broke on the way"


def test_it_is_given_in_the_language_of_the_caller(site: Site) -> None:
    address = site.url.removesuffix("/v1") + "/haechi/v1/openapi.json"
    korean = call(address, headers={"accept-language": "ko-KR"}).json()
    english = call(address).json()
    assert korean["paths"]["/healthz"]["get"]["summary"] == "프로세스가 돌고 있습니다."
    assert english["paths"]["/healthz"]["get"]["summary"] == "The process runs."


def test_a_wrong_method_is_told_the_right_ones(site: Site) -> None:
    answer = site.post({}, path="/models")
    assert (answer.status, answer.headers["allow"]) == (405, "GET")
    assert site.post({}, path="/models/auto").headers["allow"] == "GET"
