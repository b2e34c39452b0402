"""Files with a request: their text is judged and travels, and the files go nowhere."""

import base64
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haechi.app.processes.presence import running as described
from tests.adapters.readers import documents
from tests.journey.site import Cloud, Reply, Site, children, running, until

CONFIG = """
destinations:
  home: {{provider: openai, zone: onprem, base_url: "{home}/v1", models: [house]}}
  gpt: {{provider: openai, zone: cloud, base_url: "{gpt}/v1", models: [gpt-x],
        contract: {{preset: openai-api-standard, dpa_id: D-1, attested_by: ciso@corp.example, valid_until: 2030-01-01}}}}
workers: 2
"""


class Town:
    """A home, a cloud, and a haechi between them and the caller."""

    def __init__(self, where: Path, site: Site, home: Cloud, gpt: Cloud) -> None:
        self.where, self.site, self.home, self.gpt = where, site, home, gpt

    def ask(self, content: bytes, name: str) -> Reply:
        data = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
        parts = [
            {"type": "text", "text": "요약해줘"},
            {"type": "file", "file": {"filename": name, "file_data": data}},
        ]
        return self.site.chat("", messages=[{"role": "user", "content": parts}])

    def explained(self, reply: Reply) -> Any:
        return json.loads(self.site.cli("explain", reply.headers["x-haechi-record"], "--json").stdout)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    where = tmp_path_factory.mktemp("files")
    home, gpt = Cloud(where / "home.jsonl"), Cloud(where / "gpt.jsonl")
    try:
        with running(where / "data", CONFIG.format(home=home.url, gpt=gpt.url)) as site:
            yield Town(where, site, home, gpt)
    finally:
        home.stop()
        gpt.stop()


def last(cloud: Cloud) -> str:
    return json.dumps(cloud.received[-1], ensure_ascii=False)


def test_an_ordinary_document_goes_out_as_text(town: Town) -> None:
    reply = town.ask(documents.pdf("오늘 날씨가 좋다"), "날씨.pdf")
    assert (reply.status, reply.headers["x-haechi-level"]) == (200, "internal")
    assert reply.headers["x-haechi-route"] == "cloud/gpt/gpt-x"
    assert "날씨.pdf" in last(town.gpt)
    assert "오늘 날씨가 좋다" in last(town.gpt)
    assert "file_data" not in last(town.gpt)
    assert "file_read" in [reason["code"] for reason in town.explained(reply)["decision"]["because"]]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (documents.word(), "a.docx"),
        (documents.book(), "a.xlsx"),
        (documents.pdf("홍길동 900101-1234568"), "a.pdf"),
    ],
)
def test_what_a_document_holds_decides(town: Town, content: bytes, name: str) -> None:
    before = len(town.gpt.received)
    reply = town.ask(content, name)
    assert (reply.status, reply.headers["x-haechi-route"]) == (200, "onprem/home/house")
    assert "kr.rrn" in reply.headers["x-haechi-kinds"]
    assert len(town.gpt.received) == before
    assert "900101-1234568" in last(town.home)
    assert "file_data" not in last(town.home), "only what was looked at travels, at home too"


def test_what_cannot_be_read_stays_home_and_says_why(town: Town) -> None:
    before = len(town.gpt.received)
    reply = town.ask(documents.encrypted_pdf("비밀", "password"), "a.pdf")
    assert (reply.headers["x-haechi-route"], reply.headers["x-haechi-kinds"]) == (
        "onprem/home/house",
        "unreadable",
    )
    assert len(town.gpt.received) == before
    said = [reason["en"] for reason in town.explained(reply)["decision"]["because"]]
    assert "The file at /messages/0/content/1 was not read: encrypted." in said


def test_readers_come_back_and_nobody_waits_in_vain(town: Town) -> None:
    found = described(town.site.data)
    assert found is not None
    (pool,) = children(found["pid"], "haechi.app.processes.readers")
    os.kill(pool, signal.SIGKILL)
    reply = town.ask(documents.pdf("좋다"), "a.pdf")
    assert reply.headers["x-haechi-route"] in ("cloud/gpt/gpt-x", "onprem/home/house")
    until(lambda: town.ask(documents.pdf("좋다"), "a.pdf").headers["x-haechi-route"] == "cloud/gpt/gpt-x")


def test_nothing_of_a_file_is_written_down(town: Town) -> None:
    town.ask(documents.pdf("주민번호 900101-1234568"), "홍길동.pdf")
    kept = [path.read_bytes() for path in town.site.data.rglob("*") if path.is_file()] + [
        town.site.said().encode()
    ]
    assert not [one for one in kept if b"900101-1234568" in one or "홍길동.pdf".encode() in one]
