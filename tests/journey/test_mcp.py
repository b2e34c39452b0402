"""The official client of the Model Context Protocol over a gate with two workers: in its newest version and in the one
before, which shakes hands first."""

import asyncio
import contextlib
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from tests.journey.site import SENSITIVE, Reply, Site, call

CONFIG = """
destinations: {home: {provider: fake, zone: onprem, models: [stand-in]}}
mcp: {ceiling: internal, keys: {reader: confidential}}
"""
TEXT = "김민수는 010-1234-5678로, PERSON_1 은 그대로"
MARKED = "대외비\n김민수 님께 드리는 2027년 사업 계획"
Age = Literal["auto", "legacy"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site") / "data", CONFIG)
    yield made
    said = made.said()
    assert made.stop() == 0
    assert said == "", "nothing of ours broke, and nothing of a caller's was logged"


@pytest.fixture(scope="module")
def reader(site: Site) -> str:
    """The key of somebody who may read more."""
    key = str(json.loads(site.cli("keys", "create", "reader", "--json").stdout)["key"])
    heard = 0
    while heard < 8:  # a worker hears of it within a second
        heard = heard + 1 if post(site, {"jsonrpc": "2.0", "method": "x"}, key).status == 202 else 0
    return key


def address(site: Site) -> str:
    return site.url.removesuffix("/v1") + "/haechi/mcp"


def post(site: Site, body: Any, key: str | None = None, **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"authorization": f"Bearer {site.key if key is None else key}"}
    return call(address(site), raw, named | {name.replace("_", "-"): each for name, each in headers.items()})


def asked(
    site: Site, tool: str, arguments: Any, key: str | None = None, age: Age = "auto", lang: str = "en"
) -> CallToolResult:
    """A tool, called by the official client."""

    async def calling() -> CallToolResult:
        headers = {"authorization": f"Bearer {key or site.key}", "accept-language": lang}
        async with httpx2.AsyncClient(headers=headers, timeout=30) as web:
            transport = streamable_http_client(address(site), http_client=web)
            async with Client(transport, mode=age) as client:
                return await client.call_tool(tool, arguments)

    return asyncio.run(calling())


def said(result: CallToolResult) -> str:
    assert isinstance(result.content[0], TextContent)
    return result.content[0].text


@pytest.mark.parametrize("age", ["auto", "legacy"])
def test_the_tools_are_told_in_both_ages_of_the_protocol(site: Site, age: Age) -> None:
    async def listing() -> tuple[str, list[Any]]:
        async with httpx2.AsyncClient(headers={"authorization": f"Bearer {site.key}"}) as web:
            transport = streamable_http_client(address(site), http_client=web)
            async with Client(transport, mode=age) as client:
                return client.protocol_version, (await client.list_tools()).tools

    version, tools = asyncio.run(listing())
    assert version == {"auto": "2026-07-28", "legacy": "2025-11-25"}[age]
    assert [tool.name for tool in tools] == ["inspect", "deidentify", "explain"]
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.input_schema["additionalProperties"] is False


@pytest.mark.parametrize("age", ["auto", "legacy"])
def test_what_is_found_is_told_without_a_word_of_it(site: Site, age: Age) -> None:
    result = asked(site, "inspect", {"text": SENSITIVE}, age=age)
    assert result.structured_content["label"] == {"level": "restricted", "kinds": ["kr.rrn", "person"]}
    assert json.loads(said(result)) == result.structured_content
    assert not any(value in result.model_dump_json() for value in ("홍길동", "900101", "1234568"))


def test_values_go_out_and_come_home_by_the_program_and_its_key_alone(site: Site, reader: str) -> None:
    result = asked(site, "deidentify", {"text": TEXT})
    assert result.structured_content == {
        "text": "PERSON_1은 PHONE_1로, TEXT_1 은 그대로",
        "counts": {"lookalike": 1, "person": 1, "phone": 1},
        "left": {},
        "level": "internal",
        "withheld": None,
    }
    assert result.meta is not None
    mapping = result.meta["haechi/mapping"]
    assert mapping not in said(result), "what a model reads does not hold it"
    home = {"text": result.structured_content["text"], "mapping": mapping}
    url = site.url.removesuffix("/v1") + "/haechi/v1/reidentify"
    own = call(url, json.dumps(home).encode(), {"authorization": f"Bearer {site.key}"})
    assert own.json()["text"] == TEXT
    other = call(url, json.dumps(home).encode(), {"authorization": f"Bearer {reader}"})
    assert other.status == 403


def test_above_the_ceiling_of_the_key_it_is_withheld_with_the_reason(site: Site, reader: str) -> None:
    withheld = asked(site, "deidentify", {"text": MARKED}).structured_content
    assert withheld["text"] is None
    assert withheld["level"] == "confidential"
    assert "above internal" in withheld["withheld"]
    assert "mcp.ceiling" in withheld["withheld"]
    korean = asked(site, "deidentify", {"text": MARKED}, lang="ko").structured_content
    assert "internal을 넘습니다" in korean["withheld"]
    given = asked(site, "deidentify", {"text": MARKED}, key=reader)
    assert given.structured_content["text"].startswith("대외비\nPERSON_1")
    assert given.structured_content["withheld"] is None
    assert "haechi/mapping" not in (asked(site, "deidentify", {"text": MARKED}).meta or {})


def test_what_a_text_was_declared_to_be_is_not_forgotten(site: Site) -> None:
    text = "다음 분기 가격표 초안은 담당자만 봅니다."
    assert asked(site, "deidentify", {"text": text}).structured_content["text"] == text
    body = {"model": "auto", "messages": [{"role": "user", "content": text}]}
    assert site.post(body, **{"x-haechi-level": "confidential"}).status == 200
    assert asked(site, "deidentify", {"text": text}).structured_content["text"] is None


def test_a_record_is_explained_to_its_own_key_alone(site: Site, reader: str) -> None:
    record = site.chat(SENSITIVE).headers["x-haechi-record"]
    told = asked(site, "explain", {"record": record}).structured_content
    assert told["record"] == record
    assert told["label"]["level"] == "restricted"
    assert told["decision"]["route"].startswith("onprem/home/")
    strangers = [
        asked(site, "explain", {"record": record}, key=reader),
        asked(site, "explain", {"record": "r" + "0" * 20}, key=reader),
        asked(site, "explain", {"record": record[:-1]}),
        asked(site, "explain", {"record": "%' OR 1=1"}),
        asked(site, "explain", {"record": "r" * 100_000}),
    ]
    assert all(each.is_error for each in strangers)
    assert len({said(each) for each in strangers}) == 1, "nobody learns whether there is one"


@pytest.mark.parametrize(
    "arguments",
    [{}, {"text": 1}, {"text": "canary-77"} | {"more": 1}, {"record": "canary-77"}, {"text": None}],
)
def test_wrong_arguments_are_an_error_that_the_model_can_mend(site: Site, arguments: Any) -> None:
    result = asked(site, "inspect", arguments)
    assert result.is_error
    assert "Give: text" in said(result)
    assert "canary-77" not in result.model_dump_json()


def test_an_unknown_tool_is_an_error_of_the_protocol(site: Site) -> None:
    params = {"name": "canary-77", "arguments": {"query": "x"}}
    answer = post(site, {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}).json()
    assert answer["id"] == 7
    assert answer["error"] == {"code": -32602, "message": "There is no such tool. See tools/list."}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (
            {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            {"authorization": "Bearer hk_wrong"},
            401,
            "invalid_api_key",
        ),
        (
            {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            {"origin": "https://evil.example"},
            403,
            "refused_by_policy",
        ),
        ({"jsonrpc": "1.0", "id": 1, "method": "canary-77"}, {}, 400, "invalid_message"),
        ({"jsonrpc": "2.0", "id": [1], "method": "canary-77"}, {}, 400, "invalid_message"),
        ({"jsonrpc": "2.0", "id": 1, "result": {"canary-77": 1}}, {}, 400, "invalid_message"),
        ([{"jsonrpc": "2.0", "id": 1, "method": "canary-77"}], {}, 400, "invalid_json"),
        (b'{"jsonrpc":"2.0","id":1,"method":"a","method":"canary-77"}', {}, 400, "duplicate_key"),
        (b'{"jsonrpc":"2.0","id":1,"method":"\xff canary-77"}', {}, 400, "invalid_json"),
        (b'{"jsonrpc":"2.0","params":' + b"[" * 100_000, {}, 400, "invalid_json"),
    ],
)
def test_what_is_no_message_of_a_caller_is_refused_in_the_words_of_the_protocol(
    site: Site, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    answer = post(site, body, **headers)
    assert answer.status == status
    told = answer.json()
    assert told["jsonrpc"] == "2.0"
    assert told["error"]["data"]["code"] == code
    assert b"canary-77" not in answer.body


def test_a_message_is_bounded_before_it_is_read(site: Site) -> None:
    """By its declared length: nothing more is sent, so nothing has to be taken."""
    host, path = address(site).removeprefix("http://").split("/", 1)
    connection = http.client.HTTPConnection(host, timeout=30)
    with contextlib.closing(connection):
        connection.putrequest("POST", f"/{path}")
        connection.putheader("authorization", f"Bearer {site.key}")
        connection.putheader("content-length", str((1 << 20) + 1))
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 413
        assert "over 1 MiB" in json.loads(answer.read())["error"]["message"]


def test_a_stream_from_here_is_not_offered(site: Site) -> None:
    answer = call(address(site), headers={"authorization": f"Bearer {site.key}"})
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_nothing_is_started_for_a_request(site: Site) -> None:
    asked(site, "inspect", {"text": "x"})
    asked(site, "deidentify", {"text": "가나다 " * 8000 + TEXT})
    for worker in site.workers():
        assert Path(f"/proc/{worker}/task/{worker}/children").read_text() == ""


def test_where_it_is_off_it_says_how_to_turn_it_on(tmp_path: Path) -> None:
    site = Site(tmp_path / "data", "destinations: {home: {provider: fake, zone: onprem, models: [a]}}\n")
    try:
        answer = post(site, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        assert answer.status == 404
        assert "Write `mcp:" in answer.json()["error"]["message"]
        assert post(site, {}, "hk_wrong").status == 401
    finally:
        assert site.stop() == 0
