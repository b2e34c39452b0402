"""A company's own identifier and term: in the file, in force in every worker, and gone again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.site import Cloud, Site

CONFIG = """
deploy: split
workers: 2
destinations:
  house: {provider: fake, zone: onprem, models: [home-model]}
  cloud: {provider: openai, base_url: "%s/v1", key: k-1, contract: openai-api-standard, models: [cloud-model]}
"""
OWN = r"""
identifiers:
  - {kind: corp.badge, name: 사원증, pattern: 'HB-\d{6}', level: restricted, examples: [HB-204817]}
terms:
  - {names: [프로젝트 은하수], level: restricted}
"""
BADGE = "사원증 HB-204817 재발급 안내문을 써 주세요"
TERM = "프로젝트은하수의 일정을 요약해 주세요"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    made = Cloud(tmp_path / "cloud.jsonl")
    yield made
    made.stop()


@pytest.fixture
def site(tmp_path: Path, cloud: Cloud) -> Iterator[Site]:
    made = Site(tmp_path / "data", CONFIG % cloud.url)
    yield made
    made.stop()


def kinds(site: Site, text: str) -> set[tuple[str, str]]:
    """Zone and kinds of what is said of `text`, asked often enough that every worker is."""
    answers = [site.chat(text).headers for _ in range(8)]
    return {(each["x-haechi-route"].partition("/")[0], each["x-haechi-kinds"]) for each in answers}


def test_a_reload_brings_them_into_force_and_takes_them_back(site: Site, cloud: Cloud) -> None:
    file = site.data.parent / f"{site.data.name}.yaml"
    before = file.read_text()
    assert {zone for zone, _ in kinds(site, BADGE)} == {"cloud"}
    file.write_text(before + OWN)
    assert site.cli("reload").returncode == 0
    assert kinds(site, BADGE) == {("onprem", "corp.badge")}
    assert kinds(site, TERM) == {("onprem", "term")}
    seen = len(cloud.received)
    file.write_text(before + OWN.replace("[HB-204817]", "[HB-20]"))
    assert site.cli("reload").returncode == 1
    assert kinds(site, BADGE) == {("onprem", "corp.badge")}
    assert len(cloud.received) == seen
    file.write_text(before)
    assert site.cli("reload").returncode == 0
    assert {zone for zone, _ in kinds(site, TERM)} == {"cloud"}
