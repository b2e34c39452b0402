"""Values out and home through the API: nothing leaves, any worker opens what another one sealed, no other key does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journey.site import Cloud, Reply, Site, call

CONFIG = """
destinations:
  cloud: {provider: openai, base_url: "%s/v1", key: k-1, contract: openai-api-standard, models: [cloud-model]}
"""
TEXT = "김민수는 010-1234-5678로, PERSON_1 은 그대로"
SENT = "PERSON_1은 PHONE_1로, TEXT_1 은 그대로"


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


@pytest.fixture(scope="module")
def other(site: Site) -> str:
    made = json.loads(site.cli("keys", "create", "other", "--json").stdout)
    key, heard = str(made["key"]), 0
    while heard < 8:  # a worker hears of it within a second
        heard = heard + 1 if post(site, "deidentify", {"text": ""}, key).status == 200 else 0
    return key


def post(site: Site, which: str, body: Any, key: str | None = None) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = site.url.removesuffix("/v1") + f"/haechi/v1/{which}"
    return call(url, raw, {"authorization": f"Bearer {site.key if key is None else key}"})


def test_out_and_home_on_any_worker(site: Site, cloud: Cloud) -> None:
    assert len(site.workers()) == 2
    made = [post(site, "deidentify", {"text": TEXT}).json() for _ in range(6)]
    assert {one["text"] for one in made} == {SENT}
    assert made[0]["counts"] == {"lookalike": 1, "person": 1, "phone": 1}
    assert made[0]["left"] == {}
    for one in made:  # a connection each: they come to either worker
        home = post(
            site, "reidentify", {"text": "PERSON_1은 https://evil.example/PHONE_1", "mapping": one["mapping"]}
        )
        assert home.json()["text"] == "김민수는 https://evil.example/PHONE_1"
        assert home.json()["tokens"]["refused"] == 1
    assert cloud.received == []


def test_a_long_body_of_any_form_and_an_answer_of_any_form(site: Site) -> None:
    body = {"system": TEXT, "messages": [{"role": "user", "content": "가나다 " * 8000 + TEXT}], "n": 1}
    made = post(site, "deidentify", {"body": body}).json()
    assert made["body"]["system"] == SENT
    assert made["body"]["messages"][0]["content"].endswith(SENT)
    answer = {"candidates": [{"content": {"parts": [{"text": "PHONE_1로"}]}}]}
    home = post(site, "reidentify", {"answer": answer, "mapping": made["mapping"]}).json()
    assert home["answer"] == {"candidates": [{"content": {"parts": [{"text": "010-1234-5678로"}]}}]}
    spoken = post(site, "deidentify", {"messages": body["messages"]}).json()
    assert set(spoken["body"]) == {"messages"}


def test_another_key_a_changed_sign_and_no_mapping(site: Site, other: str) -> None:
    mapping = post(site, "deidentify", {"text": TEXT}).json()["mapping"]
    changed = mapping[:50] + ("A" if mapping[50] != "A" else "B") + mapping[51:]
    refused = [
        post(site, "reidentify", {"text": "PERSON_1", "mapping": mapping}, other),
        post(site, "reidentify", {"text": "PERSON_1", "mapping": changed}),
    ]
    assert {one.status for one in refused} == {403}
    assert len({one.json()["error"]["message"] for one in refused}) == 1
    assert refused[0].json()["error"]["code"] == "mapping_not_yours"
    assert post(site, "reidentify", {"text": "PERSON_1", "mapping": "x"}).status == 400


@pytest.mark.parametrize("deep", [200, 400, 900])
def test_what_is_deep_is_done_or_refused(site: Site, deep: int) -> None:
    body = b'{"body": ' + b"[" * deep + b'"010-1234-5678"' + b"]" * deep + b"}"
    made = post(site, "deidentify", body)
    assert made.status in (200, 400)
    assert (b"PHONE_1" in made.body) == (made.status == 200)
    assert b"1234-5678" not in made.body
    if made.status == 200:
        nested = b'{"answer": ' + b"[" * deep + b'"PHONE_1"' + b"]" * deep
        home = post(site, "reidentify", nested + b', "mapping": "%s"}' % made.json()["mapping"].encode())
        assert home.status in (200, 400)


def test_what_may_never_go_is_removed_and_told(site: Site) -> None:
    made = post(site, "deidentify", {"text": "주민번호 900101-1234568"}).json()
    assert made["text"] == "주민번호 [RRN]"
    assert made["left"] == {"kr.rrn": 1}


@pytest.mark.parametrize("which", ["deidentify", "reidentify"])
@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        ({"text": "a", "mapping": "hm1.x"}, "", 401),
        ({"text": "a", "mapping": "hm1.x"}, "hk_wrong", 401),
        ({}, None, 400),
        ({"text": 1}, None, 400),
        ({"text": "a", "body": {}, "answer": {}, "mapping": "x"}, None, 400),
        (b'{"text": "\xff"}', None, 400),
        (b'{"body": ' + b"[" * 100_000, None, 400),
        (
            b'{"mapping": "hm1.x", "answer": 1, "body": '
            + b"[" * 900
            + b'"010-1234-5678"'
            + b"]" * 900
            + b"}",
            None,
            400,
        ),
    ],
)
def test_what_is_no_such_request_is_refused(
    site: Site, which: str, body: Any, key: str | None, status: int
) -> None:
    assert post(site, which, body, key).status == status
