"""`haechi allow` as two people type it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from haechi.adapters.stores import keys
from haechi.adapters.stores.labels import prepare_labels
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.private import data_directory
from haechi.app.cli.main import app

Run = Callable[..., Result]
SWITCHBOARD = "대표 전화는 010-1234-5678 입니다"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("HAECHI_DATA", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    data_directory(tmp_path)
    for name in ("kim", "lee"):
        (tmp_path / name).write_text(keys.create(ledger_file(tmp_path), name))
    prepare_labels(tmp_path)
    return lambda *words, text="": CliRunner().invoke(
        app, [str(tmp_path / word[1:]) if word.startswith("@") else word for word in words], input=text
    )


def request(run: Run, text: str, *more: str, reason: str = "the switchboard", by: str = "@kim") -> Result:
    return run("allow", "request", "--reason", reason, "--key-file", by, *more, text=text)


def test_two_people(run: Run) -> None:
    asked = request(run, SWITCHBOARD, "--json")
    name = json.loads(asked.stdout)["id"]
    own = run("allow", "approve", name, "--key-file", "@kim")
    assert own.exit_code == 1
    assert "his own request" in own.stderr
    assert run("allow", "approve", name, "--key-file", "@lee").exit_code == 0
    [row] = json.loads(run("allow", "list", "--json").stdout)["exceptions"]
    assert (row["state"], row["requested_by"], row["approved_by"]) == ("in force", "kim", "lee")
    assert (row["scope"], row["kinds"], row["reason"]) == ("value", ["phone"], "the switchboard")
    assert run("allow", "revoke", name, "--key-file", "@kim").exit_code == 0
    assert "revoked" in run("allow", "list").stdout
    again = run("allow", "approve", name, "--key-file", "@lee")
    assert again.exit_code == 1
    assert "revoked" in again.stderr


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        ("오늘 날씨가 좋다", (), "Nothing is found"),
        ("", (), "standard input"),
        ("주민번호 900101-1234568", (), "law itself names kr.rrn"),
        (f"{SWITCHBOARD}, 900101-1234568", ("--document",), "law itself names kr.rrn"),
        (f"{SWITCHBOARD}, mail a.b@hanbit-corp.co.kr", (), "email, phone"),
        (f"{SWITCHBOARD}, mail a.b@hanbit-corp.co.kr", ("--kind", "card"), "email, phone"),
        (f"{SWITCHBOARD}, 010-1234-5679", (), "several values"),
        ('{"tel": "010\\u002d1234\\u002d5678"}', (), "escapes"),
    ],
)
def test_what_cannot_be_excepted(run: Run, text: str, more: tuple[str, ...], said: str) -> None:
    refused = request(run, text, *more)
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert "1234568" not in refused.stderr
    assert json.loads(run("allow", "list", "--json").stdout) == {"exceptions": []}


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "1 to 300"), ("x" * 301, "1 to 300"), ("it is 010-1234-5678", "Leave the value out")],
)
def test_a_reason_is_short_and_holds_no_value(run: Run, reason: str, said: str) -> None:
    refused = request(run, SWITCHBOARD, reason=reason)
    assert refused.exit_code == 1
    assert said in refused.stderr


@pytest.mark.parametrize(
    ("key", "said"), [("hk_nobody", "not valid"), ("", "not valid"), (None, "cannot be read")]
)
def test_nobody_acts_without_a_key_of_his_own(run: Run, tmp_path: Path, key: str | None, said: str) -> None:
    if key is not None:
        (tmp_path / "stranger").write_text(key)
    refused = request(run, SWITCHBOARD, by="@stranger")
    assert refused.exit_code == 1
    assert said in refused.stderr


def test_a_whole_document(run: Run) -> None:
    asked = request(run, f"{SWITCHBOARD}\n문의 sales.kim@hanbit-corp.co.kr\n", "--document", "--json")
    found = json.loads(asked.stdout)
    assert (found["scope"], found["kinds"]) == ("document", ["email", "phone"])


def test_an_unknown_id(run: Run) -> None:
    for what in ("approve", "revoke"):
        assert "no such exception" in run("allow", what, "x00000000", "--key-file", "@lee").stderr
