"""What goes wrong on ordinary days, each with a clear word, the right status, and nothing lost or leaked."""

import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteReader
from haechi.app.processes.tuning import METER_EVERY
from tests.certificates import Authority
from tests.journey.conftest import with_cloud
from tests.journey.site import ORDINARY, ROOT, SENSITIVE, Cloud, Site, call, children, running, until

HELLO = {"model": "auto", "messages": [{"role": "user", "content": "안녕"}]}

DEPLOY = pytest.mark.parametrize("deploy", ["in-process", "split"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b'{"model":"auto","model":"auto","messages":[]}', 400, "duplicate_key"),
        (json.dumps(HELLO | {"n": "two"}).encode(), 400, None),
        (json.dumps(HELLO | {"model": "gpt-0"}).encode(), 404, "model_not_found"),
        (
            b'{"model":"auto","messages":[{"role":"user","content":"' + b"x" * (20 << 20) + b'"}]}',
            413,
            "request_too_large",
        ),
        (b"[" * 100_000, 400, "invalid_json"),
    ],
    ids=["not json", "key twice", "wrong type", "unknown model", "20 MB", "too deep"],
)
def test_a_bad_body_is_refused_in_openai_s_shape(
    site: Site, body: bytes, status: int, code: str | None
) -> None:
    if (
        status == 413
    ):  # refused before all of it was sent: whether the caller can still read why depends on TCP
        with contextlib.suppress(OSError):
            assert site.post(body).status == status
        return
    reply = site.post(body)
    assert reply.status == status
    assert reply.json()["error"]["code"] == code
    assert reply.headers["x-request-id"]


def test_a_body_over_the_limit_is_refused_at_once(site: Site) -> None:
    host, port = site.url.removeprefix("http://").removesuffix("/v1").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as caller:
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {site.key}\r\n"
        caller.sendall((head + "content-length: 20971520\r\n\r\n").encode())
        answer = caller.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")


def test_without_a_key_nobody_is_served(site: Site) -> None:
    for path in ("/chat/completions", "/models"):
        reply = call(site.url + path, json.dumps(HELLO).encode() if path.startswith("/chat") else None)
        assert reply.status == 401
        assert reply.json()["error"]["code"] == "invalid_api_key"


@pytest.mark.parametrize(
    ("name", "values"),
    [("x-haechi-level", ("internal", "restricted")), ("x-haechi-zone", ("onprem", "onprem"))],
)
def test_a_narrowing_that_stands_twice_is_refused(site: Site, name: str, values: tuple[str, str]) -> None:
    host, port = site.url.removeprefix("http://").removesuffix("/v1").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    connection.putrequest("POST", "/v1/chat/completions")
    body = json.dumps(HELLO).encode()
    fields = [
        ("authorization", f"Bearer {site.key}"),
        ("content-length", str(len(body))),
        *((name, value) for value in values),
    ]
    for field, value in fields:
        connection.putheader(field, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    assert answer.status == 400
    assert json.loads(answer.read())["error"]["param"] == name
    connection.close()


def test_a_long_text_is_read_beside_other_requests(site: Site, cloud: Cloud) -> None:
    text = "고객 명단을 요약해줘. " * 20_000
    assert site.chat(text).headers["x-haechi-route"].startswith("cloud/")
    reply = site.chat(text + "900101-1234568", stream=True)
    assert reply.headers.get("x-haechi-level") == "restricted"
    assert "900101" not in json.dumps(cloud.received[-1], ensure_ascii=False)


def test_korean_callers_read_korean_errors(site: Site) -> None:
    reply = site.post(b"{", **{"accept-language": "ko-KR,ko;q=0.9"})
    assert "JSON" in reply.json()["error"]["message"]
    assert "아닙니다" in reply.json()["error"]["message"]


def test_health_readiness_and_metrics_summed_over_workers(site: Site) -> None:
    base = site.url.removesuffix("/v1")
    assert call(base + "/healthz").status == 200
    assert call(base + "/readyz").json()["ready"] is True
    before = counted(base)
    for _ in range(12):  # more connections than workers, so that both of them count
        site.chat(ORDINARY)
    assert counted(base) == before + 12
    text = call(base + "/metrics").body.decode()
    assert "홍길동" not in text
    assert "900101" not in text


def counted(base: str) -> float:
    time.sleep(3 * METER_EVERY)  # workers sum up for a moment before others see it
    lines = call(base + "/metrics").body.decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("haechi_requests_total"))


@pytest.mark.parametrize(("streamed", "deploy"), [(False, "split"), (True, "in-process")])
def test_with_the_engine_down_the_sensitive_request_is_refused_and_nothing_leaves(
    tmp_path: Path, cloud: Cloud, streamed: bool, deploy: str
) -> None:
    before = len(cloud.received)
    with running(tmp_path / "data", f"deploy: {deploy}{with_cloud(cloud)}") as site:
        for pid in children(site.process.pid, "haechi.adapters.engine.serve"):
            os.kill(pid, signal.SIGSTOP if streamed else signal.SIGKILL)
            os.kill(pid, signal.SIGKILL)
        reply = site.chat(SENSITIVE, stream=streamed)
        assert reply.status == 503
        error = reply.json()["error"]
        assert error["code"] == "onprem_unavailable"
        assert "Nothing has left" in error["message"]
        assert "haechi doctor" in error["message"]
        assert int(reply.headers["retry-after"]) > 0
        assert reply.headers["x-haechi-level"] == "restricted"
        record = reply.headers["x-haechi-record"]
        assert site.chat(ORDINARY).headers["x-haechi-route"].startswith("cloud/")
        until(lambda: site.chat(SENSITIVE).status == 200)  # the supervisor brings the engine back
    assert all("900101" not in json.dumps(one) for one in cloud.received[before:])
    found = SqliteReader(ledger_file(tmp_path / "data")).find(record)
    assert found is not None
    assert found.settlement is not None
    assert found.settlement.status == 503


@DEPLOY
def test_a_worker_that_dies_is_replaced_and_its_requests_are_settled(tmp_path: Path, deploy: str) -> None:
    slow = Cloud(tmp_path / "slow.jsonl", "stall")
    try:
        with running(tmp_path / "data", f"deploy: {deploy}{with_cloud(slow)}") as site:
            host, port = site.url.removeprefix("http://").removesuffix("/v1").split(":")
            body = json.dumps(
                {"model": "gpt/flagship", "messages": [{"role": "user", "content": ORDINARY}]}
            ).encode()
            with socket.create_connection((host, int(port))) as caller:
                head = (
                    f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {site.key}\r\n"
                )
                caller.sendall(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
                until(lambda: slow.received)
                for pid in site.workers():
                    os.kill(pid, signal.SIGKILL)
            until(lambda: len(site.workers()) == 2)
            reader = SqliteReader(ledger_file(site.data))
            until(lambda: all(record.settlement for record in reader.recent(10)))
            assert {record.settlement.outcome for record in reader.recent(10) if record.settlement} == {
                "interrupted"
            }
            until(lambda: call(site.url.removesuffix("/v1") + "/healthz").status == 200)
    finally:
        slow.stop()


def test_a_ledger_writer_that_dies_is_replaced(tmp_path: Path) -> None:
    with running(tmp_path / "data") as site:
        for pid in children(site.process.pid, "haechi.app.processes.ledger"):
            os.kill(pid, signal.SIGKILL)

        def answered() -> bool:
            with contextlib.suppress(ConnectionError):  # what is under way at that moment may be cut
                return site.chat(ORDINARY).status == 200
            return False

        until(answered)


def started(data: Path, *options: str, config: str | None = None) -> subprocess.CompletedProcess[str]:
    """`haechi up` that is expected to end by itself."""
    command = [
        sys.executable,
        "-m",
        "haechi",
        "up",
        "--data",
        str(data),
        "--model",
        "none",
        "--lang",
        "en",
        *options,
    ]
    if config is not None:
        data.mkdir(mode=0o700, exist_ok=True)
        (data / "c.yaml").write_text(config)
        command += ["--config", str(data / "c.yaml")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("profil: general", "Did you mean `profile`?"),
        ("destinations: {gpt: {provider: openai, key: '${HAECHI_NOT_SET}'}}", "HAECHI_NOT_SET"),
        ("listen: {host: 0.0.0.0}", "TLS"),
    ],
)
def test_a_configuration_that_is_wrong_does_not_start(tmp_path: Path, config: str, says: str) -> None:
    ran = started(tmp_path / "data", config=config)
    assert ran.returncode == 1
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = started(tmp_path / "data", "--port", str(taken.getsockname()[1]))
    assert ran.returncode == 1
    assert "already in use" in ran.stderr
    assert "--port" in ran.stderr


def test_a_second_haechi_on_the_same_data_is_refused(home: Site) -> None:
    ran = started(home.data, "--port", "0")
    assert ran.returncode == 1
    assert "already runs" in ran.stderr


@DEPLOY
def test_ctrl_c_ends_everything(tmp_path: Path, deploy: str) -> None:
    site = Site(tmp_path / "data", f"deploy: {deploy}")
    everyone = [*site.workers(), *children(site.process.pid, "haechi")]
    assert len(everyone) >= 4
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(30) == 0
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everyone))
    site.stop()


@DEPLOY
def test_children_do_not_outlive_a_killed_supervisor(tmp_path: Path, deploy: str) -> None:
    site = Site(tmp_path / "data", f"deploy: {deploy}")
    everyone = children(site.process.pid, "haechi")
    site.process.kill()
    site.process.wait()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everyone))
    with running(tmp_path / "data") as again:  # and the data directory is free again
        assert again.chat(ORDINARY).status == 200
    site.stop()


def test_readiness_ends_with_a_ledger_writer_that_hangs(home: Site) -> None:
    ready = home.url.removesuffix("/v1") + "/readyz"
    until(lambda: call(ready).status == 200)
    (writer,) = children(home.process.pid, "haechi.app.processes.ledger")
    os.kill(writer, signal.SIGSTOP)
    until(lambda: call(ready).status == 503)
    os.kill(writer, signal.SIGCONT)
    until(lambda: call(ready).status == 200)


def test_a_second_order_to_stop_changes_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    while site.process.poll() is None:
        site.process.send_signal(signal.SIGTERM)
        time.sleep(0.001)
    assert site.process.returncode == 0
    assert not (site.data / "run" / "haechi.json").exists()
    site.stop()


def test_down_leaves_a_stranger_alone(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    site.process.kill()
    site.process.wait()
    file = site.data / "run" / "haechi.json"
    facts = json.loads(file.read_text())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        file.write_text(json.dumps(facts | {"pid": stranger.pid}))
        assert json.loads(site.cli("down", "--json").stdout) == {"was_running": False, "stopped": True}
        assert stranger.poll() is None
        stranger.kill()
    site.stop()


def test_answers_under_way_are_settled_also_after_the_supervisor_was_killed(tmp_path: Path) -> None:
    slow = Cloud(tmp_path / "slow.jsonl", "stall")
    site = Site(tmp_path / "data", with_cloud(slow))
    everyone = children(site.process.pid, "haechi")
    body = json.dumps({"model": "gpt/flagship", "messages": [{"role": "user", "content": ORDINARY}]}).encode()
    host, port = site.url.removeprefix("http://").removesuffix("/v1").split(":")
    with socket.create_connection((host, int(port))) as caller:
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {site.key}\r\n"
        caller.sendall(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
        until(lambda: slow.received)
        site.process.kill()
        site.process.wait()
        slow.stop()  # the call under way fails, and that is what must go on record
        caller.settimeout(30)
        assert caller.recv(65536).startswith(b"HTTP/1.1 50")
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in everyone), 30)
    (record,) = SqliteReader(ledger_file(site.data)).recent(10)
    assert record.settlement is not None
    assert record.settlement.outcome == "failed"
    site.stop()


def test_haechi_down_ends_it(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    assert site.cli("down").returncode == 0
    assert site.process.wait(30) == 0
    site.stop()


def test_the_environment_of_the_user_has_no_effect_on_children(home: Site) -> None:
    for pid in children(home.process.pid, "haechi"):
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert b"PROXY" not in environment
        assert b"LANGSMITH" not in environment


def test_readers_of_stopped_sites_are_not_needed_for_an_answer(home: Site) -> None:
    begun = time.time()
    record = home.chat(ORDINARY).headers["x-haechi-record"]
    found: Any = SqliteReader(ledger_file(home.data)).find(record)
    assert found.intent.at >= begun - 1
    assert found.settlement.outcome == "answered"


def test_callers_may_come_by_tls(tmp_path: Path) -> None:
    made = Authority(tmp_path, "localhost", "127.0.0.1")
    listen = f"listen: {{tls: {{cert: {made.cert}, key: {made.key}}}}}"
    with running(tmp_path / "data", listen) as site:
        assert site.url.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(made.authority))
        host, port = site.url.removeprefix("https://").removesuffix("/v1").split(":")
        connection = http.client.HTTPSConnection(host, int(port), context=trusting, timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
        assert site.cli("doctor", "--lang", "en").stdout.count("✗") == 0


def test_a_gate_that_is_open_to_this_machine_is_not_open_to_its_browsers(tmp_path: Path) -> None:
    with running(tmp_path / "data", "keys: {auth: loopback-open}") as site:
        body = json.dumps(HELLO | {"max_tokens": 1}).encode()
        assert call(site.url + "/chat/completions", body).status == 200
        assert call(site.url + "/chat/completions", body, {"host": "evil.example"}).status == 401
        assert call(site.url + "/chat/completions", body, {"origin": "https://evil.example"}).status == 401
        assert not (site.data / "keys" / "first.key").exists()
