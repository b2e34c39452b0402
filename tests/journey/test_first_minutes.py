"""A newcomer's first minutes: the printed line is pasted, the ledger is read, a decision is explained."""

import json
import os
import re
import stat
import subprocess
from pathlib import Path

from tests import curl
from tests.journey.conftest import with_cloud
from tests.journey.site import ORDINARY, SENSITIVE, Cloud, Site, running


def paste(line: str, folder: Path) -> tuple[str, dict[str, str], dict[str, object]]:
    """Run the line as a shell does; status line, headers, body."""
    curl.provide(folder)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"PATH": path},
    )
    head, _, body = ran.stdout.replace("\r", "").partition("\n\n")
    status, *headers = head.splitlines()
    return status, dict(header.split(": ", 1) for header in headers), json.loads(body)


def test_the_printed_line_works_on_the_first_run_and_on_later_ones(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path / "data") as site:
            status, headers, body = paste(site.curl, tmp_path)
            assert "200" in status
            assert headers["x-haechi-route"].startswith("onprem/home/")
            assert headers["x-haechi-level"] == "restricted"
            assert headers["x-haechi-kinds"] == "kr.rrn,person"
            assert headers["x-haechi-rule"] == "general.unique-id"
            assert headers["x-haechi-record"]
            assert body["object"] == "chat.completion"
        assert site.process.returncode == 0


def test_the_first_key_is_private_and_nowhere_to_be_seen(home: Site) -> None:
    file = home.data / "keys" / "first.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700
    home.chat(ORDINARY)
    assert home.key not in home.said() + home.curl
    assert home.key.encode() not in b"".join(each.read_bytes() for each in home.data.glob("ledger.db*"))


def test_without_a_cloud_the_header_names_the_missing_fact(home: Site) -> None:
    reply = home.chat(ORDINARY)
    assert reply.headers["x-haechi-route"].startswith("onprem/")
    assert reply.headers["x-haechi-missing"].startswith("destinations (")


def test_a_cloud_without_a_contract_is_named_as_missing_it(tmp_path: Path, cloud: Cloud) -> None:
    gpt = f'{{provider: openai, zone: cloud, base_url: "{cloud.url}/v1", key: k}}'
    config = f"destinations: {{home: {{engine: auto}}, gpt: {gpt}}}"
    with running(tmp_path / "data", config) as site:
        reply = site.chat(ORDINARY)
        assert reply.headers["x-haechi-route"].startswith("onprem/")
        assert reply.headers["x-haechi-missing"].startswith("destinations.gpt.contract ")


def test_both_requests_are_in_the_ledger_and_explained_in_both_languages(site: Site) -> None:
    records = [site.chat(text).headers["x-haechi-record"] for text in (SENSITIVE, ORDINARY)]
    shown = json.loads(site.cli("ledger", "show", "--json").stdout)
    assert set(records) <= set(re.findall(r"r0[0-9a-z]{19}", json.dumps(shown)))
    korean = site.cli("explain", records[0], "--lang", "ko").stdout
    english = site.cli("explain", records[0], "--lang", "en").stdout
    assert "주민등록번호" in korean
    assert "resident registration number" in english
    facts = json.loads(site.cli("explain", records[0], "--json").stdout)
    assert facts["label"]["level"] == "restricted"
    assert facts["decision"]["rule"] == "general.unique-id"
    assert facts["attempts"][0]["destination"] == "home"
    for said in (korean, english, json.dumps(facts), json.dumps(shown)):
        assert "900101" not in said
        assert "홍길동" not in said
    assert site.cli("explain", "r000000").returncode == 1


def test_an_answer_keeps_its_label_in_the_next_turn_at_another_worker_and_after_a_restart(
    tmp_path: Path, cloud: Cloud
) -> None:
    before = len(cloud.received)
    with running(tmp_path / "data", with_cloud(cloud)) as site:
        first = site.chat(SENSITIVE, max_tokens=24)
        answer = first.json()["choices"][0]["message"]["content"]
        assert len(answer) >= 8
        cut = [{"role": "assistant", "content": answer}, {"role": "user", "content": "영어로 옮겨줘"}]
        for _ in range(6):  # a connection each, so that both workers are asked
            assert site.chat("", messages=cut).headers["x-haechi-level"] == "restricted"
    with running(tmp_path / "data", with_cloud(cloud)) as again:
        reply = again.chat("", messages=cut)
        assert reply.headers["x-haechi-route"].startswith("onprem/")
        record = reply.headers["x-haechi-record"]
        assert "known" in again.cli("explain", record, "--lang", "en").stdout
    assert len(cloud.received) == before
