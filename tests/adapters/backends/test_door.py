"""What the door lets out, and where to."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import uvloop
from msgspec.structs import replace
from rich.pretty import pretty_repr

from haechi.adapters.backends.addresses import allowed, kind
from haechi.adapters.backends.build import backend
from haechi.adapters.backends.client import Timeouts
from haechi.adapters.backends.door import Door, _head
from haechi.adapters.backends.upstream import Origin, Upstream, origin
from haechi.domain.decision import Call
from haechi.domain.destination import Zone
from haechi.domain.errors import (
    BackendFault,
    ConfigurationError,
    Misconfigured,
    NotCleared,
    TimedOut,
    Unreachable,
)
from haechi.domain.label import Label, Level
from haechi.domain.releasable import Releasable
from tests.adapters.backends.kit import cleared, raw_server, read_request
from tests.certificates import Authority

BODY = b'{"model":"m"}'
PATH = "/v1/chat/completions"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("8.8.8.8", "public"),
        ("2606:4700::1111", "public"),
        ("10.0.0.1", "private"),
        ("172.16.0.1", "private"),
        ("172.32.0.1", "public"),
        ("192.168.1.1", "private"),
        ("100.64.0.1", "private"),
        ("100.128.0.1", "public"),
        ("fd12:3456::1", "private"),
        ("127.0.0.1", "loopback"),
        ("127.8.9.10", "loopback"),
        ("::1", "loopback"),
        ("169.254.169.254", "never"),
        ("169.254.1.1", "never"),
        ("fe80::1", "never"),
        ("0.0.0.0", "never"),
        ("::", "never"),
        ("224.0.0.1", "never"),
        ("ff02::1", "never"),
        ("240.0.0.1", "never"),
        ("255.255.255.255", "never"),
        ("192.0.2.1", "never"),
        ("100.100.100.200", "never"),
        ("168.63.129.16", "never"),
        ("192.0.0.192", "never"),
        ("fd00:ec2::254", "never"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("::ffff:169.254.169.254", "never"),
        ("64:ff9b::a9fe:a9fe", "never"),
        ("64:ff9b::808:808", "public"),
        ("64:ff9b:1::a9fe:a9fe", "never"),
        ("64:ff9b:1:2:3::a00:1", "private"),
        ("64:ff9b:1::7f00:1", "loopback"),
        ("64:ff9b:1::808:808", "public"),
        ("64:ff9b:1:a83f:81:1000::", "never"),  # 168.63.129.16 behind a prefix of 48 bits
        ("2002:0a00:0001::1", "private"),
        ("2002:a9fe:a9fe::1", "never"),
    ],
)
def test_what_sort_of_place_an_address_is(address: str, place: str) -> None:
    assert kind(ip_address(address)) == place


@pytest.mark.parametrize(
    ("zone", "attested", "explicit", "places"),
    [
        ("onprem", False, False, {"loopback", "private"}),
        ("onprem", True, False, {"loopback", "private", "public"}),
        ("onprem", False, True, {"loopback", "private"}),
        ("cloud", False, False, {"public"}),
        ("cloud", True, False, {"public", "private"}),
        ("cloud", False, True, {"loopback", "private", "public"}),
    ],
)
def test_where_a_zone_may_be(zone: Zone, attested: bool, explicit: bool, places: set[str]) -> None:
    tried = {"loopback": "127.0.0.1", "private": "10.1.2.3", "public": "8.8.8.8", "never": "169.254.169.254"}
    found = {
        name
        for name, address in tried.items()
        if allowed(ip_address(address), zone, attested=attested, explicit=explicit)
    }
    assert found == places


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://api.openai.com/v1", Origin(True, "api.openai.com", 443, "/v1")),
        ("https://api.anthropic.com", Origin(True, "api.anthropic.com", 443, "")),
        ("https://api.anthropic.com/", Origin(True, "api.anthropic.com", 443, "")),
        ("http://10.0.0.5:8000/v1/", Origin(False, "10.0.0.5", 8000, "/v1")),
        ("http://[fd12::1]:8000/v1", Origin(False, "fd12::1", 8000, "/v1")),
        ("https://Corp.openai.azure.com/openai/v1", Origin(True, "corp.openai.azure.com", 443, "/openai/v1")),
        ("http://vllm_0:8000", Origin(False, "vllm_0", 8000, "")),
    ],
)
def test_a_base_url_is_taken_apart(url: str, parts: Origin) -> None:
    assert origin(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.openai.com",
        "ftp://api.openai.com",
        "file:///etc/passwd",
        "https://",
        "https:///v1",
        "https://user:secret@api.openai.com",
        "https://api.openai.com@evil.example",
        "https://api.openai.com\\@evil.example",
        "https://api.openai.com/v1?key=1",
        "https://api.openai.com/v1#x",
        "https://api.openai.com/../v1",
        "https://api.openai.com//v1",
        "https://api.openai.com/v1 ",
        " https://api.openai.com/v1",
        "https://api.openai.com/v1\r\nx: y",
        "https://api.openai.com/%2e%2e",
        "https://api.openai.com:0",
        "https://api.openai.com:99999",
        "https://api.openai.com.",
        "https://해치.example",
    ],
)
def test_a_base_url_with_two_readings_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Upstream("cloud", "cloud", "openai", url)


@pytest.mark.parametrize(
    ("zone", "url", "fits"),
    [
        ("cloud", "http://api.openai.com/v1", False),
        ("cloud", "http://10.0.0.5/v1", False),
        ("cloud", "http://localhost.evil.example/v1", False),
        ("cloud", "http://localhost:9000/v1", True),
        ("cloud", "http://127.0.0.1:9000/v1", True),
        ("cloud", "http://[::1]:9000/v1", True),
        ("onprem", "http://10.0.0.5:8000/v1", True),
    ],
)
def test_plain_http_stays_in_the_building(zone: Zone, url: str, fits: bool) -> None:
    if fits:
        Upstream("x", zone, "openai", url)
        return
    with pytest.raises(ConfigurationError):
        Upstream("x", zone, "openai", url)


@pytest.mark.parametrize("key", ["sk 1", "sk-1\n", "sk-1\r\nx: y", "열쇠"])
def test_a_key_that_cannot_be_one_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError):
        Upstream("x", "cloud", "openai", "https://api.openai.com/v1", key)


def test_a_key_is_not_shown() -> None:
    shown = Upstream("x", "cloud", "openai", "https://api.openai.com/v1", "sk-secret")
    assert "sk-secret" not in f"{shown!r} {shown} {[shown]} {pretty_repr(shown)}"


def test_a_ca_file_that_is_not_there_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError):
        Door([Upstream("x", "cloud", "openai", "https://api.openai.com/v1", ca_file="/nowhere.pem")])


def resolving(*addresses: str) -> Callable[[str, int], Any]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


def knock(
    base: str,
    *addresses: str,
    release: object = None,
    zone: Zone = "cloud",
    attested: bool = False,
    key: str = "",
    answer: bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
) -> list[bytes]:
    """Send through a door to `base`, whose name resolves to `addresses`; every head and body that arrived."""
    arrived: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            arrived.append(head + body)
            writer.write(answer)

    async def journey() -> None:
        async with raw_server(handler) as port:
            timeouts = Timeouts(connect=0.5)
            upstream = Upstream(
                "cloud",
                zone,
                "openai",
                base.replace("PORT", str(port)),
                key,
                attested=attested,
                timeouts=timeouts,
            )
            door = Door([upstream], resolve=resolving(*addresses))
            sent: Any = cleared(BODY, zone=zone) if release is None else release
            try:
                response = await door.send(sent, streaming=False)
                response.close()
            finally:
                await door.aclose()

    asyncio.run(journey())
    return arrived


def test_what_was_released_arrives_as_it_was() -> None:
    (arrived,) = knock("http://127.0.0.1:PORT/v1")
    head, _, body = arrived.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert body == BODY
    assert lines[0] == f"POST {PATH} HTTP/1.1"
    assert lines[1].startswith("host: 127.0.0.1:")
    assert lines[2:] == [
        "user-agent: haechi",
        "content-type: application/json",
        "accept-encoding: identity",
        f"content-length: {len(BODY)}",
    ]


class Liar(Releasable, frozen=True):
    def intact(self) -> bool:
        return True


def test_only_an_intact_release_for_this_destination_passes() -> None:
    good = cleared(BODY)
    forged = [
        BODY,
        object(),
        replace(good, body=b'{"model":"other"}'),
        replace(good, call=Call("elsewhere", "m-1")),
        cleared(BODY, name="elsewhere"),
        Liar(b"secret", good.call, good.label, good.receipt, good.policy, good.digest),
        replace(good, label=Label(Level.RESTRICTED, frozenset({"kr.rrn"}))),
    ]
    for release in forged:
        with pytest.raises(NotCleared):
            knock("http://127.0.0.1:PORT/v1", release=release)
    assert len(knock("http://127.0.0.1:PORT/v1", release=good)) == 1


@pytest.mark.parametrize(
    ("base", "zone", "attested", "addresses"),
    [
        ("http://home.corp:PORT/v1", "onprem", False, ["127.0.0.1"]),
        ("http://localhost:PORT/v1", "onprem", False, ["127.0.0.1"]),
        ("http://localhost:PORT/v1", "cloud", False, ["127.0.0.1"]),
        (
            "http://localhost:PORT/v1",
            "cloud",
            False,
            ["8.8.8.8", "127.0.0.1"],
        ),  # the loopback one is tried only
        ("http://home.corp:PORT/v1", "onprem", False, ["169.254.169.254", "8.8.8.8", "127.0.0.1"]),
        ("http://home.corp:PORT/v1", "onprem", False, ["::1", "127.0.0.1"]),  # nobody at the first
    ],
)
def test_addresses_that_fit_are_connected_to(
    base: str, zone: Zone, attested: bool, addresses: list[str]
) -> None:
    assert len(knock(base, *addresses, zone=zone, attested=attested)) == 1


@pytest.mark.parametrize(
    ("base", "zone", "attested", "addresses"),
    [
        ("https://api.openai.com:PORT/v1", "cloud", False, ["127.0.0.1"]),
        ("https://api.openai.com:PORT/v1", "cloud", False, ["10.0.0.5"]),
        ("https://api.openai.com:PORT/v1", "cloud", True, ["127.0.0.1"]),
        ("https://api.openai.com:PORT/v1", "cloud", True, ["169.254.169.254"]),
        ("https://api.openai.com:PORT/v1", "cloud", False, ["::ffff:127.0.0.1"]),
        ("https://169.254.169.254:PORT/v1", "cloud", True, []),
        ("http://home.corp:PORT/v1", "onprem", False, ["8.8.8.8"]),
        ("http://home.corp:PORT/v1", "onprem", True, ["169.254.169.254"]),
        ("http://169.254.169.254:PORT/v1", "onprem", True, []),
        ("http://[fe80::1]:PORT/v1", "onprem", True, []),
        ("http://home.corp:PORT/v1", "onprem", False, []),
        ("http://localhost:PORT/v1", "cloud", False, ["8.8.8.8"]),
    ],
)
def test_addresses_that_do_not_fit_are_not_connected_to(
    base: str, zone: Zone, attested: bool, addresses: list[str]
) -> None:
    with pytest.raises(Misconfigured):
        knock(base, *addresses, zone=zone, attested=attested)


def test_a_name_is_resolved_once_for_a_connection() -> None:
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async def journey() -> None:
        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await read_request(reader)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        async with raw_server(handler) as port:
            door = Door([Upstream("cloud", "onprem", "openai", f"http://home.corp:{port}")], resolve=resolve)
            for _ in range(3):
                response = await door.send(cleared(BODY, zone="onprem"), streaming=False)
                await response.read()
            await door.aclose()

    asyncio.run(journey())
    assert asked == ["home.corp"]


@pytest.mark.parametrize(
    ("trouble", "fault"), [(OSError("no such host"), Unreachable), (TimeoutError(), TimedOut)]
)
def test_a_name_that_does_not_resolve(trouble: OSError, fault: type[BackendFault]) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise trouble

    async def journey() -> None:
        door = Door([Upstream("cloud", "onprem", "openai", "http://home.corp")], resolve=resolve)
        await door.send(cleared(BODY, zone="onprem"), streaming=False)

    with pytest.raises(fault):
        asyncio.run(journey())


@pytest.mark.parametrize(
    ("name", "trusted", "fault"),
    [
        ("home.corp", True, None),
        ("home.corp", False, Misconfigured),  # an authority that nobody trusts
        ("other.corp", True, Misconfigured),  # a certificate for another name
    ],
)
def test_a_service_must_prove_its_name(
    tmp_path: Path, name: str, trusted: bool, fault: type[BackendFault] | None
) -> None:
    arrived: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made = Authority(tmp_path, "home.corp")
    context.load_cert_chain(made.cert, made.key)

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            arrived.append((await read_request(reader))[1])
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    async def journey() -> None:
        async with raw_server(handler, tls=context) as port:
            upstream = Upstream(
                "cloud",
                "onprem",
                "openai",
                f"https://{name}:{port}",
                ca_file=str(made.authority) if trusted else None,
            )
            door = Door([upstream], resolve=resolving("127.0.0.1"))
            try:
                for _ in range(2):
                    response = await door.send(cleared(BODY, zone="onprem"), streaming=False)
                    assert await response.read() == b"{}"
            finally:
                await door.aclose()

    if fault is None:
        asyncio.run(journey())
        uvloop.run(journey())
        assert arrived == [BODY] * 4
        return
    with pytest.raises(fault):
        asyncio.run(journey())
    with pytest.raises(fault):
        uvloop.run(journey())
    assert arrived == []


@pytest.mark.parametrize("path", ["/v1/a b", "/v1/a\r\nx: y", "/v1/한"])
def test_a_path_cannot_smuggle(path: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        _head(origin("http://127.0.0.1:1"), path, ())


def test_the_door_alone_knows_the_key() -> None:
    upstream = Upstream("cloud", "cloud", "openai", "http://127.0.0.1:1/v1", "sk-secret")
    remote: Any = backend(upstream, Door([upstream]))
    assert remote._wire.headers == ()
    (arrived,) = knock("http://127.0.0.1:PORT/v1", key="sk-secret")
    assert b"authorization: Bearer sk-secret\r\n" in arrived
