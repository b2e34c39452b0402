"""Through a company's proxy: a tunnel, TLS to the service itself, and a clear word for everything else."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import uvloop
from rich.pretty import pretty_repr

from haechi.adapters.backends.client import Timeouts
from haechi.adapters.backends.door import Door
from haechi.adapters.backends.proxy import LONGEST_ANSWER, Proxy, basic
from haechi.adapters.backends.upstream import Upstream
from haechi.domain.errors import (
    BackendFault,
    ConfigurationError,
    Garbled,
    Misconfigured,
    TimedOut,
    Unreachable,
)
from tests.adapters.backends.company import Company
from tests.adapters.backends.kit import cleared, raw_server, read_request
from tests.certificates import Authority

BODY = b'{"model":"m-1"}'
KEY = "sk-of-the-provider"
on_both_loops = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "api.provider.example")


def walk(
    authority: Authority,
    *answer: bytes,
    run: Callable[[Any], Any] = asyncio.run,
    host: str = "api.provider.example",
    proxy_host: str = "proxy.corp",
    addresses: Sequence[str] = ("127.0.0.1",),
    password: str = "",
    wants: str = "",
    attested: bool = False,
    trusted: bool = True,
    times: int = 1,
) -> tuple[Company, list[bytes], list[str]]:
    """Send `times` over a proxy; the proxy, what the service got, and the names that were looked up here."""
    arrived: list[bytes] = []
    looked_up: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.cert, authority.key)

    async def service(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            arrived.append(head + body)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    async def resolve(name: str, port: int) -> Sequence[str]:
        looked_up.append(name)
        return addresses

    async def journey() -> Company:
        async with raw_server(service, tls=context) as port:
            company = Company(port, *answer, authorization=wants)
            async with raw_server(company) as proxy_port:
                upstream = Upstream(
                    "cloud",
                    "cloud",
                    "openai",
                    f"https://{host}:{port}/v1",
                    KEY,
                    ca_file=str(authority.authority) if trusted else None,
                    timeouts=Timeouts(connect=0.5),
                    proxy=Proxy(proxy_host, proxy_port, password, attested),
                )
                door = Door([upstream], resolve=resolve)
                try:
                    for _ in range(times):
                        response = await door.send(cleared(BODY), streaming=False)
                        assert await response.read() == b"{}"
                finally:
                    await door.aclose()
            return company

    return run(journey()), arrived, looked_up


@on_both_loops
def test_the_proxy_sees_a_host_name_and_ciphertext(authority: Authority, run: Callable[[Any], Any]) -> None:
    company, arrived, looked_up = walk(authority, run=run, times=2)
    (asked,) = company.asked  # one tunnel for both
    assert asked.startswith(b"CONNECT api.provider.example:")
    assert b"authorization" not in asked
    assert [each.endswith(BODY) for each in arrived] == [True, True]
    assert KEY.encode() in arrived[0]
    assert KEY.encode() not in company.heard + asked
    assert BODY not in company.heard
    assert looked_up == ["proxy.corp"]  # the service's name is the proxy's to resolve


def test_user_and_password_are_for_the_proxy_alone(authority: Authority) -> None:
    password = basic("kim", "열쇠:1")
    company, arrived, _ = walk(authority, password=password, wants=password)
    assert f"proxy-authorization: {password}\r\n".encode() in company.asked[0]
    assert password.encode() not in arrived[0]


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        ((b"HTTP/1.1 407 Who?\r\n\r\n",), Misconfigured, "407: it does not accept proxy.user"),
        ((b"HTTP/1.1 403 No\r\ncontent-length: 3\r\n\r\nno!",), Misconfigured, "403: it does not let us"),
        ((b"HTTP/1.0 502 Bad\r\n\r\n",), Unreachable, "502: it cannot reach"),
        ((b"HTTP/1.1 503 Later\r\n\r\n",), Unreachable, "503"),
        ((b"HTTP/1.1 504 Late\r\n\r\n",), TimedOut, "504"),
        ((b"HTTP/1.1 302 Go\r\nlocation: https://evil.example\r\n\r\n",), Misconfigured, "302"),
        ((b"HTTP/1.1 404 Not\r\n\r\n",), Misconfigured, "404"),
        ((b"SSH-2.0-OpenSSH_9\r\n",), Garbled, "no HTTP"),
        ((b"HTTP/1.1 200 OK\r\n",), Garbled, "no HTTP"),
        ((b"HTTP/1.1 999 OK\r\n\r\n",), Garbled, "no HTTP"),
        ((b"\x00" * (LONGEST_ANSWER + 1),), Garbled, "no HTTP"),
        ((b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * LONGEST_ANSWER,), Garbled, "no HTTP"),
        ((b"HTTP/1.1 200 OK\r\n\r\nhello",), Garbled, "spoke into its own tunnel"),
        ((b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",), Garbled, "spoke into its own tunnel"),
        ((b"HTTP/1.1 20", b"0 OK\r\n\r", b"\n", b"no TLS at all"), Unreachable, "proxy.corp"),
    ],
)
def test_what_a_proxy_answers_has_its_name(
    authority: Authority,
    caplog: pytest.LogCaptureFixture,
    answer: tuple[bytes, ...],
    kind: type[BackendFault],
    says: str,
) -> None:
    with pytest.raises(BackendFault) as raised:
        walk(authority, *answer)
    assert type(raised.value) is kind
    assert says in " ".join(raised.value.__notes__)
    assert says in caplog.text  # for whoever runs haechi
    assert says not in str(raised.value)  # and not for callers


def test_a_wrong_password_is_the_407_of_a_real_proxy(authority: Authority) -> None:
    with pytest.raises(Misconfigured) as raised:
        walk(authority, password=basic("kim", "wrong"), wants=basic("kim", "right"))
    assert "407" in raised.value.__notes__[0]
    assert basic("kim", "wrong") not in repr(raised.value.__notes__)


@on_both_loops
def test_a_proxy_that_is_slow_does_not_hold_us_up(authority: Authority, run: Callable[[Any], Any]) -> None:
    with pytest.raises(TimedOut) as raised:
        walk(authority, b"HTTP/1.1 200", *[b" "] * 100, run=run)
    assert "through the proxy proxy.corp" in raised.value.__notes__[0]


@on_both_loops
@pytest.mark.parametrize(
    ("host", "trusted"), [("api.provider.example", False), ("other.provider.example", True)]
)
def test_behind_the_proxy_the_service_must_prove_its_name(
    authority: Authority, run: Callable[[Any], Any], host: str, trusted: bool
) -> None:
    with pytest.raises(Misconfigured) as raised:
        walk(authority, run=run, host=host, trusted=trusted)
    assert "certificate" in raised.value.__notes__[0]


@pytest.mark.parametrize(
    ("addresses", "attested"),
    [(["8.8.8.8"], False), (["169.254.169.254"], True), (["169.254.169.254"], False), ([], True)],
)
def test_the_proxy_stands_in_the_building_or_somebody_vouches_for_it(
    authority: Authority, addresses: list[str], attested: bool
) -> None:
    with pytest.raises(Misconfigured) as raised:
        walk(authority, addresses=addresses, attested=attested)
    assert "no address of proxy.corp" in raised.value.__notes__[0]


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "100.100.100.200"])
def test_a_proxy_is_not_asked_for_what_we_would_not_connect_to(authority: Authority, host: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        walk(authority, host=host)
    assert "no address of zone cloud" in raised.value.__notes__[0]


def test_plain_http_does_not_go_through_a_proxy() -> None:
    with pytest.raises(ConfigurationError) as raised:
        Upstream("cloud", "cloud", "openai", "http://localhost:1", KEY, proxy=Proxy("proxy.corp", 3128))
    assert "proxy.for" in str(raised.value)


def test_a_password_is_not_shown() -> None:
    shown = Proxy("proxy.corp", 3128, basic("kim", "geheim"))
    upstream = Upstream("cloud", "cloud", "openai", "https://api.openai.com", KEY, proxy=shown)
    secret = basic("kim", "geheim").split()[1]
    assert secret not in f"{shown!r} {shown} {pretty_repr(shown)} {upstream!r} {pretty_repr(upstream)}"
