"""The commands that read the ledger and keep the keys, as a user types them."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from haechi.adapters.stores.keys import SqliteKeyRing
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteStore
from haechi.app.cli.main import app
from tests.adapters.stores.rows import attempt, intent, settlement

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("HAECHI_DATA", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return lambda *words: CliRunner().invoke(app, words)


@pytest.fixture
def recorded(tmp_path: Path) -> None:
    with closing(SqliteStore(ledger_file(tmp_path))) as store:
        store.write([[intent("r-000001"), attempt("r-000001"), settlement("r-000001")], [intent("r-000002")]])


@pytest.mark.usefixtures("recorded")
def test_show_as_json_is_one_object(run: Run) -> None:
    records = json.loads(run("ledger", "show", "--json").stdout)["records"]
    assert [record["record"] for record in records] == ["r-000002", "r-000001"]
    assert (records[0]["outcome"], records[1]["route"]) == (None, "cloud/claude/opus")
    assert len(json.loads(run("ledger", "show", "--json", "--limit", "1").stdout)["records"]) == 1


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("lang", "read"), [("ko", ["등급", "기밀", "응답함"]), ("en", ["Level", "confidential", "answered"])]
)
def test_show_as_a_table(run: Run, lang: str, read: list[str]) -> None:
    shown = run("ledger", "show", "--lang", lang)
    assert shown.exit_code == 0
    assert all(each in shown.stdout for each in ["r-000001", "cloud/claude/opus", *read])


@pytest.mark.usefixtures("recorded")
def test_explain(run: Run) -> None:
    assert json.loads(run("explain", "r-000001", "--json").stdout)["decision"]["route"] == "cloud/claude/opus"
    assert "결과: 응답함" in run("explain", "r-000001", "--lang", "ko").stdout


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("record", ["r-0000", "r-00000", "r-nobody", ""])
def test_what_is_not_found_ends_with_1_and_a_way_on(run: Run, record: str) -> None:
    missed = run("explain", record)
    assert missed.exit_code == 1
    assert "haechi ledger show" in missed.stderr


def test_without_a_ledger_it_says_how_to_get_one(run: Run) -> None:
    for words in (
        ["ledger", "show"],
        ["explain", "r-000001"],
        ["keys", "list"],
        ["keys", "revoke", "x"],
        ["keys", "rotate", "x"],
    ):
        missed = run(*words)
        assert missed.exit_code == 1
        assert "haechi up" in missed.stderr


def test_wrong_usage_ends_with_2(run: Run) -> None:
    for words in (
        ["ledger", "show", "--limit", "0"],
        ["explain"],
        ["keys", "create"],
        ["ledger", "show", "--lang", "fr"],
    ):
        assert run(*words).exit_code == 2


def test_a_key_from_creation_to_revocation(run: Run, tmp_path: Path) -> None:
    made = run("keys", "create", "app")
    secret = made.stdout.strip()
    assert secret.startswith("hk_")
    assert "only now" in made.stderr
    with closing(SqliteKeyRing(ledger_file(tmp_path))) as ring:
        assert ring.name_of(secret) == "app"
    assert run("keys", "create", "app").exit_code == 1
    fresh = json.loads(run("keys", "rotate", "app", "--json").stdout)["key"]
    assert fresh != secret
    assert json.loads(run("keys", "revoke", "app", "--json").stdout) == {"name": "app", "revoked": True}
    assert run("keys", "revoke", "app").exit_code == 1
    listed = run("keys", "list", "--json").stdout
    assert len(json.loads(listed)["keys"]) == 2
    assert secret not in listed
    assert "app" in run("keys", "list").stdout


def test_words_of_a_caller_do_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    with closing(SqliteStore(ledger_file(tmp_path))) as store:
        store.write([[msgspec.structs.replace(intent("r-000001"), key="\x1b[2J[red]k")]])
    shown = run("ledger", "show").stdout
    assert "\x1b[2J" not in shown
    assert "[red]k" in shown


@pytest.mark.parametrize(
    ("environment", "read"),
    [
        ("ko_KR.UTF-8", "없거나"),
        ("en_US.UTF-8", "No record"),
        ("de_DE.UTF-8", "없거나"),
        ("C.UTF-8", "없거나"),
    ],
)
@pytest.mark.usefixtures("recorded")
def test_the_language_is_that_of_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, environment: str, read: str
) -> None:
    monkeypatch.setenv("LC_ALL", environment)
    assert read in run("explain", "r-nobody").stderr


@pytest.mark.parametrize(
    "command", ["ledger show", "explain", "keys create", "keys list", "keys revoke", "keys rotate"]
)
def test_help_has_an_example(run: Run, command: str) -> None:
    assert f"haechi {command}" in run(*command.split(), "--help").stdout


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    "odd", ["aaaaaa\udcff", "aaaaaa\ud7ff", "aaaaaa\U0010ffff", "\x1b[31mred", "aaaaaa\0"]
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_name_breaks_explain_or_steers_the_terminal(run: Run, odd: str, options: tuple[str, ...]) -> None:
    ran = run("explain", odd, *options)
    assert ran.exit_code == 1
    assert "\x1b" not in ran.output
    assert isinstance(ran.exception, SystemExit)
