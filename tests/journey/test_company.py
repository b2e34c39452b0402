"""A list and a document of the company, in a running haechi: recognised within a second, forgotten at once."""

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.detection.development.excerpts import documents, edited
from haechi.adapters.stores.company import company_file
from tests.journey.site import ORDINARY, Cloud, running, until

DESTINATIONS = """
profile: general
destinations:
  house: {provider: fake, zone: onprem, models: [home-model]}
  cloud: {provider: openai, base_url: %s, key: k-1, contract: openai-api-standard, models: [cloud-model]}
"""
NAME = "다음 문장을 다듬어줘: 달빛마루 쪽에서 지난주에 다녀갔다"
BEFORE = "아래 문단의 맞춤법을 고쳐 줘.\n"


@pytest.mark.parametrize("deploy", ["in-process", "split"])
def test_what_the_company_knows_stays_home_for_as_long_as_it_is_kept(tmp_path: Path, deploy: str) -> None:
    cloud = Cloud(tmp_path / "cloud.jsonl")
    document = documents()["coating"]
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "deal.txt").write_text(document, encoding="utf-8")
    (tmp_path / "customers.csv").write_text("번호,이름\n1,달빛마루\n2,이유\n3,-\n", encoding="utf-8")
    excerpt = BEFORE + edited(document[200:320], 0.05, random.Random(7))
    assert document[200:320] not in excerpt
    try:
        with running(tmp_path / "data", f"deploy: {deploy}{DESTINATIONS % f'{cloud.url}/v1'}") as site:

            def told(text: str) -> set[tuple[str, str, str]]:
                """Zone, level and kinds, as several requests saw it: of both workers."""
                heads = [site.chat(text).headers for _ in range(4)]
                return {
                    (head["x-haechi-route"].partition("/")[0], head["x-haechi-level"], head["x-haechi-kinds"])
                    for head in heads
                }

            ordinary = {("cloud", "internal", "")}
            assert told(NAME) == told(excerpt) == ordinary
            added = site.cli(
                "docs",
                "add",
                "--exact",
                str(tmp_path / "customers.csv"),
                "--column",
                "이름",
                "--kind",
                "term",
                "--json",
            )
            said = json.loads(added.stdout)
            assert (said["collection"], said["added"], said["doubtful"]) == ("customers", 2, 1)
            assert said["skipped_rows"] == {"empty": [3]}
            until(lambda: told(NAME) == {("onprem", "confidential", "term")}, 5)
            deals = site.cli("docs", "add", str(tmp_path / "deals"), "--level", "restricted", "--json")
            assert json.loads(deals.stdout)["files"] == {"added": 1}
            until(lambda: told(excerpt) == {("onprem", "restricted", "fingerprint")}, 5)
            assert told("이 문장을 다듬어줘: 그 이유가 무엇인지 궁금하다") == ordinary
            assert site.cli("docs", "remove", "customers").returncode == 0
            until(lambda: told(NAME) == ordinary, 5)
            assert site.cli("docs", "remove", "deals").returncode == 0
            until(lambda: told(excerpt) == ordinary, 5)
            sent = json.dumps(cloud.received, ensure_ascii=False)
            assert "달빛마루" in sent
    finally:
        cloud.stop()


def test_an_index_that_cannot_be_read_keeps_everything_home(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path / "cloud.jsonl")
    try:
        with running(tmp_path / "data", DESTINATIONS % f"{cloud.url}/v1") as site:

            def zones() -> set[str]:
                return {site.chat(ORDINARY).headers["x-haechi-route"].partition("/")[0] for _ in range(4)}

            assert zones() == {"cloud"}
            with closing(sqlite3.connect(company_file(site.data), isolation_level=None)) as database:
                database.execute("UPDATE company SET in_force = 7")  # there is no such file
                until(lambda: zones() == {"onprem"}, 5)
                database.execute("UPDATE company SET in_force = 0")
                until(lambda: zones() == {"cloud"}, 5)
    finally:
        cloud.stop()
