"""Callers who leave, who never read and who send nonsense: nobody else notices, and standard error stays short."""

import contextlib
import json
import random
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteReader
from tests.journey.conftest import with_cloud
from tests.journey.site import ORDINARY, Cloud, Site, running, until


@pytest.fixture
def crowded(tmp_path: Path, cloud: Cloud) -> Iterator[Site]:
    with running(tmp_path / "data", with_cloud(cloud)) as made:
        yield made


def address(site: Site) -> tuple[str, int]:
    host, port = site.url.removeprefix("http://").removesuffix("/v1").split(":")
    return host, int(port)


def request(site: Site, *, streamed: bool, text: str = ORDINARY) -> bytes:
    body = json.dumps(
        {"model": "auto", "stream": streamed, "messages": [{"role": "user", "content": text}]}
    ).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {site.key}\r\n"
    return head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body


def quiet(site: Site) -> None:
    said = site.said()
    assert "Traceback" not in said
    assert "Invalid HTTP" not in said
    assert ORDINARY not in said
    assert len(said.splitlines()) < 40


def settled(site: Site) -> bool:
    return all(record.settlement for record in SqliteReader(ledger_file(site.data)).recent(1000))


def test_callers_who_leave_cause_no_traceback(crowded: Site) -> None:
    chance = random.Random(1)
    for number in range(150):
        sent = request(crowded, streamed=number % 2 == 0)
        if number % 5 == 4:
            sent = sent[: chance.randrange(1, len(sent))]
        with contextlib.suppress(OSError), socket.create_connection(address(crowded), timeout=10) as caller:
            caller.sendall(sent)
            caller.settimeout(chance.choice([0.0001, 0.005, 0.03]))
            caller.recv(chance.choice([1, 100]))
    assert crowded.chat(ORDINARY).status == 200
    until(lambda: settled(crowded))
    quiet(crowded)


def test_callers_who_never_read_and_are_closed_cause_no_traceback(crowded: Site) -> None:
    with contextlib.ExitStack() as callers:
        for _ in range(50):
            caller = callers.enter_context(socket.create_connection(address(crowded), timeout=10))
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            caller.sendall(request(crowded, streamed=True, text=ORDINARY * 200))
        assert crowded.chat(ORDINARY).status == 200
    until(lambda: settled(crowded))
    quiet(crowded)


def test_nonsense_is_not_logged_request_by_request(crowded: Site) -> None:
    for _ in range(200):
        with socket.create_connection(address(crowded), timeout=10) as caller:
            caller.sendall(b"\x00nonsense\r\n\r\n")
            assert caller.recv(65536).startswith(b"HTTP/1.1 400")
    quiet(crowded)
    assert re.search("nonsense", crowded.said()) is None


def test_an_offer_of_http2_is_declined(crowded: Site) -> None:
    """As the JDK's HttpClient and `curl --http2` send it."""
    offer = (
        b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAAB\r\nhost:"
    )
    with socket.create_connection(address(crowded), timeout=30) as caller:
        caller.sendall(request(crowded, streamed=False).replace(b"host:", offer, 1))
        assert caller.recv(65536).startswith(b"HTTP/1.1 200")
