"""A whole haechi whose way out leads through a company's proxy, with the door in its workers and beside them."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.adapters.backends.company import Company
from tests.adapters.backends.kit import raw_server, read_request
from tests.certificates import Authority
from tests.journey.site import ORDINARY, SENSITIVE, running

ANSWER = b'{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"It is sunny."},"finish_reason":"stop"}]}'


class Outside:
    """A proxy and, behind it, a provider whose certificate is good for one name."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []
        self.company: Company
        self.proxy = self.provider = 0


@contextmanager
def outside(authority: Authority) -> Iterator[Outside]:
    """Both, on an event loop of their own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.cert, authority.key)
    made, ready = Outside(), threading.Event()
    loop = asyncio.new_event_loop()
    end = asyncio.Event()

    async def provider(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            made.arrived.append(head + body)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(ANSWER) + ANSWER)

    async def serve() -> None:
        async with raw_server(provider, tls=context) as made.provider:
            made.company = Company(made.provider)
            async with raw_server(made.company) as made.proxy:
                ready.set()
                await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield made
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        loop.close()


@pytest.mark.parametrize("deploy", ["in-process", "split"])
def test_ordinary_work_goes_through_the_proxy_and_the_rest_stays(tmp_path: Path, deploy: str) -> None:
    authority = Authority(tmp_path, "api.provider.example")
    with outside(authority) as found:
        config = f"""
deploy: {deploy}
proxy: {{url: "http://127.0.0.1:{found.proxy}"}}
destinations:
  home: {{provider: fake, zone: onprem, models: [home-model]}}
  gpt:
    provider: openai
    base_url: "https://api.provider.example:{found.provider}/v1"
    key: sk-of-the-provider
    ca_file: {authority.authority}
    contract: {{preset: openai-api-standard, attested_by: ciso, valid_until: 2099-12-31}}
"""
        with running(tmp_path / "data", config) as site:
            reply = site.chat(ORDINARY)
            assert reply.headers["x-haechi-route"].startswith("cloud/gpt/")
            assert "sunny" in reply.json()["choices"][0]["message"]["content"]
            assert site.chat(SENSITIVE).headers["x-haechi-route"].startswith("onprem/")
    (arrived,) = found.arrived
    assert b"sk-of-the-provider" in arrived
    (asked,) = found.company.asked
    assert asked.startswith(b"CONNECT api.provider.example:")
    assert b"sk-of-the-provider" not in asked + found.company.heard
