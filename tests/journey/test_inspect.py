"""What the gate says of a text is what `haechi inspect` says, and the text goes nowhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.site import SENSITIVE, Cloud, Site, call

CONFIG = """
destinations:
  cloud: {provider: openai, base_url: "%s/v1", key: k-1, contract: openai-api-standard, models: [cloud-model]}
"""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("cloud") / "cloud.jsonl")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, cloud: Cloud) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site") / "data", CONFIG % cloud.url)
    yield made
    made.stop()


def address(site: Site) -> str:
    return site.url.removesuffix("/v1") + "/haechi/v1/inspect"


@pytest.mark.parametrize("text", ["오늘 날씨가 좋다", SENSITIVE, SENSITIVE + "\n가나다 " * 4000, "", "\x00"])
def test_the_gate_and_the_command_see_the_same(site: Site, cloud: Cloud, tmp_path: Path, text: str) -> None:
    body = json.dumps({"text": text}).encode()
    reply = call(address(site), body, {"authorization": f"Bearer {site.key}"})
    assert reply.status == 200
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "text": text}))
    said = site.cli("inspect", "--jsonl", str(tmp_path / "in.jsonl"))
    assert {"id": "a"} | reply.json() == json.loads(said.stdout)
    assert cloud.received == []


@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        (b'{"text": "a"}', "", 401),
        (b'{"text": "a"}', "hk_wrong", 401),
        (b'{"text": 1}', None, 400),
        (b'{"text": "a", "model": "auto"}', None, 400),
        (b'{"text": "\xff"}', None, 400),
        (b"[" * 100_000, None, 400),
    ],
)
def test_what_is_no_such_request_is_refused(site: Site, body: bytes, key: str | None, status: int) -> None:
    secret = site.key if key is None else key
    assert call(address(site), body, {"authorization": f"Bearer {secret}"}).status == status
