"""`deploy: split`, walked through: who has the keys, what a forged gate gets, and what happens when the door ends."""

import asyncio
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
import pytest

from haechi.adapters.backends.client import Timeouts
from haechi.adapters.backends.distant_door import DistantDoor
from haechi.adapters.stores.client import LedgerClient
from haechi.adapters.stores.layout import door_socket, ledger_file, ledger_socket
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.adapters.stores.wire import connected
from haechi.domain.decision import Call
from haechi.domain.errors import NotCleared
from haechi.domain.label import Label, Level
from haechi.domain.record import Intent
from haechi.domain.releasable import Receipt, Releasable
from tests.canaries import resident_number
from tests.journey.site import ORDINARY, SENSITIVE, Cloud, Site, call, children, running, until

KEY: Final = "sk-provider-4f1d9c7ab2"
DOOR: Final = "haechi.app.processes.door"
OUT: Final = Call("gpt", "gpt-6.1-sol")
LABEL: Final = Label(Level.INTERNAL)


def config(cloud: Cloud, deploy: str = "split") -> str:
    return f"""
deploy: {deploy}
destinations:
  home:  {{engine: auto}}
  gpt:   {{provider: openai, base_url: "{cloud.url}/v1", key: "${{PROVIDER_KEY}}", contract: openai-api-standard}}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Cloud]]:
    """A split haechi of this module's own, which is mistreated."""
    where = tmp_path_factory.mktemp("own")
    cloud = Cloud(where / "cloud.jsonl", key=KEY)
    with running(where / "data", config(cloud), environment={"PROVIDER_KEY": KEY}) as site:
        yield site, cloud
    cloud.stop()


def door_of(site: Site) -> int:
    (pid,) = children(site.process.pid, DOOR)
    return pid


def holds(pid: int, secret: str) -> bool:
    """Whether `secret` stands anywhere in the memory of a process. Asked as root, who may look."""
    wanted = secret.encode()
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            first, last = (int(edge, 16) for edge in line.split()[0].split("-"))
            if "r" not in line.split()[1] or line.rstrip().endswith(
                ("[vvar]", "[vsyscall]", "[vvar_vclock]")
            ):
                continue
            try:
                memory.seek(first)
                if wanted in memory.read(last - first):
                    return True
            except (OSError, ValueError, OverflowError):
                continue
    return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into the memory of the door")
def test_nobody_but_the_door_and_who_starts_it_has_the_key(own: tuple[Site, Cloud]) -> None:
    site, cloud = own
    before = len(cloud.received)
    assert site.chat(ORDINARY).headers["x-haechi-route"].startswith("cloud/gpt/")
    assert len(cloud.received) == before + 1
    others = [pid for pid in children(site.process.pid, "haechi") if pid != door_of(site)]
    assert len(others) >= 4  # two workers, ledger writer, engine
    assert [pid for pid in others if holds(pid, KEY)] == []
    assert holds(door_of(site), KEY)  # the search does find what is there


def test_in_one_process_the_workers_have_the_key(tmp_path: Path) -> None:
    cloud = Cloud(tmp_path / "cloud.jsonl", key=KEY)
    with running(tmp_path / "data", config(cloud, "in-process"), environment={"PROVIDER_KEY": KEY}) as site:
        assert children(site.process.pid, DOOR) == []
        assert site.chat(ORDINARY).headers["x-haechi-route"].startswith("cloud/gpt/")
        assert all(holds(pid, KEY) for pid in site.workers())
    cloud.stop()


def test_the_door_and_who_starts_it_cannot_be_dumped(own: tuple[Site, Cloud]) -> None:
    site, _ = own
    for pid, owner in ((door_of(site), 0), (site.process.pid, 0), (site.workers()[0], os.geteuid())):
        assert (
            Path(f"/proc/{pid}/environ").stat().st_uid == owner
        )  # the kernel takes over what is not dumpable
    from_outside = Path(f"/proc/{door_of(site)}/status").read_text()
    assert "CoreDumping:\t0" in from_outside


def test_the_socket_is_private(own: tuple[Site, Cloud]) -> None:
    path = door_socket(own[0].data)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


# ── a forged gate ───────────────────────────────────────────────────────────────────────────────────────────


def intent(record: str, label: Label = LABEL, *calls: Call) -> Intent:
    return Intent(
        record=record,
        at=time.time(),
        key="k",
        surface="chat",
        model="auto",
        stream=False,
        level=label.level.word,
        kinds=tuple(sorted(label.kinds)),
        findings={},
        calls=calls or (OUT,),
        rule="clearance",
        because=(),
        missing=None,
        policy="",
    )


def says(text: str) -> bytes:
    body = {"model": OUT.model, "messages": [{"role": "user", "content": text}]}
    return msgspec.json.encode(body)


class Forger:
    """Whoever runs code in a gate: it has the way to the ledger and to the door, and hands over what it likes."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.records = 0

    def on_record(self, label: Label = LABEL, *calls: Call) -> Receipt:
        """A receipt as the ledger writer gives it to anybody who puts something on record."""

        async def journey() -> Receipt:
            ledger = LedgerClient(ledger_socket(self.site.data))
            try:
                return await ledger.open(intent(f"r{os.getpid()}{time.monotonic_ns()}", label, *calls))
            finally:
                await ledger.close()

        return asyncio.run(journey())

    def hands_over(self, body: bytes, receipt: Receipt, label: Label = LABEL, call: Call = OUT) -> int:
        """The status of the upstream's answer."""

        async def journey() -> int:
            way = partial(connected, door_socket(self.site.data))
            door = DistantDoor([call.destination], way, timeouts=Timeouts(), largest=1 << 20)
            try:
                release = Releasable(body, call, label, receipt, "p", sha256(body).digest())
                response = await door.send(release, streaming=False)
                await response.read()
                return response.status
            finally:
                await door.aclose()

        return asyncio.run(journey())


def test_a_gate_that_was_taken_over_gets_nothing_out_that_the_door_can_see(own: tuple[Site, Cloud]) -> None:
    site, cloud = own
    forger = Forger(site)
    assert forger.hands_over(says("좋은 아침"), forger.on_record()) == 200  # what is right does pass
    secret = resident_number(8)
    raised = Label(Level.RESTRICTED, frozenset({"kr.rrn"}))
    before = len(cloud.received)
    for body, receipt, label, to in (
        (says("좋은 아침"), Receipt("r-1", (OUT,), time.monotonic(), bytes(16)), LABEL, OUT),
        (says("좋은 아침"), forger.on_record(LABEL, Call("home", "m")), LABEL, OUT),
        (says("좋은 아침"), forger.on_record(raised), LABEL, OUT),
        (says(f"고객 {secret}"), forger.on_record(), LABEL, OUT),
        (says(f"고객 {secret}"), forger.on_record(raised), raised, OUT),
        (b'{"a":"%b","a":"x"}' % secret.encode(), forger.on_record(), LABEL, OUT),
        (says("x"), forger.on_record(LABEL, Call("evil", "m")), LABEL, Call("evil", "m")),
    ):
        with pytest.raises(NotCleared):
            forger.hands_over(body, receipt, label, to)
    assert len(cloud.received) == before
    assert secret not in site.said()
    assert '"refused at the door: ' in site.said()
    base = site.url.removesuffix("/v1")
    until(lambda: b'haechi_refusals_total{rule="door"} 7' in call(base + "/metrics").body)


# ── the door ends ───────────────────────────────────────────────────────────────────────────────────────────


def test_without_the_door_home_stays_home_and_the_cloud_is_away(own: tuple[Site, Cloud]) -> None:
    site, cloud = own
    before, pid = len(cloud.received), door_of(site)
    os.kill(site.process.pid, signal.SIGSTOP)  # nobody starts it again for a while
    os.kill(pid, signal.SIGKILL)
    try:
        sensitive = site.chat(SENSITIVE)
        assert (sensitive.status, sensitive.headers["x-haechi-route"].split("/")[0]) == (200, "onprem")
        for streamed in (False, True):
            by_name = site.chat(ORDINARY, model="gpt/flagship", stream=streamed)
            assert by_name.status == 502
            assert by_name.json()["error"]["code"] == "upstream_unreachable"
        assert (
            site.chat(ORDINARY).headers["x-haechi-route"].startswith("onprem/home/")
        )  # home is last in line
        assert len(cloud.received) == before
    finally:
        os.kill(site.process.pid, signal.SIGCONT)
    until(lambda: children(site.process.pid, DOOR) not in ([], [pid]))
    until(lambda: site.chat(ORDINARY).headers["x-haechi-route"].startswith("cloud/gpt/"))


def test_a_door_that_was_asked_to_end_is_followed_by_another(own: tuple[Site, Cloud]) -> None:
    site, _ = own
    pid = door_of(site)
    os.kill(pid, signal.SIGTERM)
    until(lambda: children(site.process.pid, DOOR) not in ([], [pid]))
    assert site.chat(ORDINARY).headers["x-haechi-route"].startswith("cloud/gpt/")  # the socket is still there


def test_answers_under_way_come_to_their_end_also_after_the_supervisor_was_killed(tmp_path: Path) -> None:
    slow = Cloud(tmp_path / "slow.jsonl", "slow:0.05")
    site = Site(tmp_path / "data", config(slow), environment={"PROVIDER_KEY": "k"})
    everyone = children(site.process.pid, "haechi")
    host, port = site.url.removeprefix("http://").removesuffix("/v1").split(":")
    body = json.dumps(
        {"model": "gpt/flagship", "stream": True, "messages": [{"role": "user", "content": ORDINARY}]}
    ).encode()
    with socket.create_connection((host, int(port))) as caller:
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {site.key}\r\n"
        caller.sendall(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
        until(lambda: slow.received)
        site.process.kill()
        site.process.wait()
        caller.settimeout(30)
        said = b""
        while b"[DONE]" not in said and (piece := caller.recv(65536)):
            said += piece
        assert re.search(rb"data: \[DONE\]", said)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everyone), 30)
    (record,) = SqliteReader(ledger_file(site.data)).recent(10)
    assert record.settlement is not None
    assert record.settlement.outcome == "answered"
    site.stop()
    slow.stop()
