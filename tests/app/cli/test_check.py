"""`haechi check` as a user types it: problems for people and programs, what may go, and the replay."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from typer.testing import CliRunner, Result

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.questions import questions
from haechi.adapters.stores.sqlite import SqliteStore
from haechi.app import replay as replaying
from haechi.app.cli.main import app
from haechi.app.cli.replay import between
from haechi.app.replay import Replay
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.wiring import today
from haechi.domain.decision import Reason
from haechi.domain.errors import ConfigurationError
from haechi.domain.record import Asked, Intent, Row, Settlement
from tests.adapters.stores.rows import intent
from tests.fresh import contract

Run = Callable[..., Result]

HOME = "destinations:\n  home: {provider: fake, zone: onprem, models: [local]}\n"
CLOUD = HOME + f"  gpt: {{provider: openai, key: k, contract: {contract('openai-api-standard')}}}\n"
PARTNERS = "rules:\n  - {name: no-partners, when: {kind: [kr.brn]}, then: stay-home, because: x}\n"
SECRETS = "rules:\n  - {name: no-cards, when: {kind: [card]}, then: refuse, because: x}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAECHI_DATA", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*words: str, **files: str) -> Result:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, ["check", *words])

    return invoke


def test_problems_for_people_and_for_programs(run: Run) -> None:
    bad = "profile: genral\nlisten: {prot: 1}\n"
    shown = run("--config", "bad.yaml", bad=bad)
    assert shown.exit_code == 1
    assert "bad.yaml:1: profile: " in shown.stderr
    assert "bad.yaml:2: listen: There is an unknown name here. Did you mean `port`?" in shown.stderr
    told = json.loads(run("--config", "bad.yaml", "--json").stdout)
    assert told["ok"] is False
    assert [(each["file"], each["line"]) for each in told["problems"]] == [("bad.yaml", 1), ("bad.yaml", 2)]
    assert all(set(each) == {"file", "line", "problem", "mend"} for each in told["problems"])
    assert "혹시 `port` 입니까?" in run("--config", "bad.yaml", "--lang", "ko").stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--config", "nowhere.yaml"], 2),
        (["--replay", "2026-01-01.."], 2),
        (["--policy", "haechi.yaml"], 2),
        (["--replay", "yesterday..", "--policy", "haechi.yaml"], 2),
        (["--replay", "2026-02-01..2026-01-01", "--policy", "haechi.yaml"], 2),
        (["--replay", "2026-01-01", "--policy", "haechi.yaml"], 2),
        (["--replay", "..", "--policy", "haechi.yaml"], 1),  # there is no ledger
        ([], 0),
    ],
)
def test_exit_codes(run: Run, words: list[str], code: int) -> None:
    for more in ([], ["--json"]):
        assert run(*words, *more, haechi=CLOUD).exit_code == code


def test_a_good_file_shows_what_may_go_and_why_not(run: Run) -> None:
    shown = run(haechi=CLOUD).stdout
    assert "home (onprem): answers every level on-prem\n" in shown
    assert "gpt (cloud)\n  ✓ public        goes out\n  ✓ internal      goes out\n" in shown
    assert "  – confidential  stays: destinations.gpt.contract.dpa_id · the number of" in shown
    assert "  – restricted    stays: Restricted text is cleared for no cloud" in shown
    rows = json.loads(run("--json").stdout)["may_go"]
    assert [row["goes"] for row in rows if row["zone"] == "cloud"] == [True, True, False, False]
    assert all(bool(row["why"]) != row["goes"] for row in rows)


def test_an_auditor_without_a_key_still_sees_what_may_go(run: Run, tmp_path: Path) -> None:
    (tmp_path / "haechi.yaml").write_text(CLOUD.replace("key: k", 'key: "${NOBODY_SET_THIS}"'))
    shown = json.loads(run("--json").stdout)
    assert not shown["ok"]
    assert [row["line"] for row in shown["problems"]] == [3]
    assert {row["destination"] for row in shown["may_go"]} == {"home", "gpt"}
    told = run("--lang", "en")
    assert told.exit_code == 1
    assert "gpt (cloud)" in told.stdout
    assert "NOBODY_SET_THIS is not set" in told.stderr
    (tmp_path / "haechi.yaml").write_text(CLOUD.replace("key: k", 'key: "${NOBODY_SET_THIS}", zone: onprem'))
    assert "may_go" not in json.loads(run("--json").stdout)


def test_warnings_and_what_is_due_are_told(run: Run) -> None:
    old = CLOUD.replace(
        contract("openai-api-standard"), "{preset: openai-api-standard, valid_until: 2020-01-01}"
    )
    told = json.loads(run("--json", haechi=old + PARTNERS + PARTNERS.partition("\n")[2]).stdout)
    assert told["ok"]
    assert [(each["file"], each["line"]) for each in told["warnings"]] == [("haechi.yaml", 6)]
    due = {each["what"]: each for each in told["due"]}
    assert due["destinations.gpt.contract.valid_until"]["state"] == "closed"
    assert "valid_until" in run().stderr


def recorded(number: int, level: str, *kinds: str, **more: Any) -> tuple[Intent, Settlement]:
    """One request of the past, answered by the cloud unless said otherwise."""
    route = more.pop("route", "cloud/gpt/flagship")
    row = structs.replace(
        intent(f"r-{number:06}", 1_790_000_000.0 + number * 3600),
        level=level,
        kinds=kinds,
        because=(),
        **more,
    )
    return row, Settlement(row.record, row.at + 1, more.get("outcome", "answered"), 200, route, None)


ROWS = [
    recorded(1, "internal"),
    recorded(2, "internal", "kr.brn"),
    recorded(3, "confidential", "phone", route="onprem/home/local"),
    recorded(4, "restricted", "card", route="onprem/home/local"),
    recorded(5, "internal", route="onprem/home/local"),  # the cloud had failed
]
HOME_ASKED = structs.replace(ROWS[4][0], record="r-000006", because=(Reason("home_only_asked"),))


@pytest.fixture
def ledger(tmp_path: Path) -> None:
    rows: list[list[Row]] = [[*pair] for pair in ROWS]
    with closing(SqliteStore(ledger_file(tmp_path))) as store:
        store.write([*rows, [HOME_ASKED]])


def replayed(run: Run, now: str, new: str, span: str = "..") -> dict[str, Any]:
    done = run("--replay", span, "--policy", "new.yaml", "--json", haechi=now, new=new)
    assert done.exit_code == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("now", "new", "change", "count", "rule", "examples"),
    [
        (CLOUD, CLOUD, None, 0, None, []),
        (CLOUD, CLOUD + PARTNERS, "newly_home", 1, "no-partners", ["r-000002"]),
        (CLOUD + PARTNERS, CLOUD, "newly_out", 1, "no-partners", ["r-000002"]),
        (CLOUD, CLOUD + SECRETS, "newly_refused", 1, "no-cards", ["r-000004"]),
        (CLOUD, HOME, "newly_home", 3, "clearance", ["r-000001", "r-000002", "r-000005"]),
        (HOME, CLOUD, "newly_out", 3, "clearance", ["r-000001", "r-000002", "r-000005"]),
        (CLOUD, CLOUD.replace("gpt", "gpt2"), "other_cloud", 3, "clearance", ["r-000001", "r-000002", "r-000005"]),
    ],
)  # fmt: skip
def test_a_replay_shows_what_moves_and_why(
    run: Run, now: str, new: str, change: str | None, count: int, rule: str | None, examples: list[str]
) -> None:
    answer = replayed(run, now, new)
    assert answer["records"] == 6
    assert {name: many for name, many in answer["counts"].items() if many} == (
        {change: count} if change else {}
    )
    assert bool(answer["warning"]) == (change == "newly_out")
    for move in answer["moves"]:
        assert (move["change"], move["rule"]) == (change, rule)
    assert sorted(record for move in answer["moves"] for record in move["examples"]) == examples


@pytest.mark.usefixtures("ledger")
def test_what_was_recorded_otherwise_is_not_blamed_on_the_policy(run: Run) -> None:
    answer = replayed(run, CLOUD, CLOUD)
    assert answer["moves"] == []
    told = {(each["recorded"], each["decides"]): each["count"] for each in answer["recorded_otherwise"]}
    assert told == {("onprem home", "cloud gpt"): 1, ("under way", "onprem home"): 1}
    assert answer["model_assumed"] == 3


@pytest.mark.usefixtures("ledger")
def test_the_missing_fact_behind_a_move_is_named(run: Run) -> None:
    bare = HOME + "  gpt: {provider: openai, key: k}\n"
    for move in replayed(run, CLOUD, bare)["moves"]:
        assert (move["missing"], move["to"]) == ("destinations.gpt.contract", "onprem home")


@pytest.mark.usefixtures("ledger")
def test_people_see_a_table_a_warning_and_what_is_assumed(run: Run) -> None:
    shown = run("--replay", "..", "--policy", "new.yaml", "--lang", "ko", haechi=CLOUD + PARTNERS, new=CLOUD)
    assert "새로 나감" in shown.stdout
    assert "지금은 막음: no-partners" in shown.stdout
    for said in ("r-000002", "주의: ", "1건(16.7%)", "보낸 것은 없습니다", "오늘 날짜로"):
        assert said in shown.stderr


@pytest.mark.usefixtures("ledger")
def test_nothing_is_written_by_a_replay(run: Run, tmp_path: Path) -> None:
    before = ledger_file(tmp_path).read_bytes()
    replayed(run, CLOUD, CLOUD + PARTNERS)
    assert ledger_file(tmp_path).read_bytes() == before


@pytest.mark.parametrize(
    ("span", "since", "until"),
    [
        ("2026-11-01..2026-11-30", "2026-11-01T00:00", "2026-12-01T00:00"),
        ("2026-11-01..2026-11-01", "2026-11-01T00:00", "2026-11-02T00:00"),
        ("2026-11-01T09:00..2026-11-01T18:30", "2026-11-01T09:00", "2026-11-01T18:30"),
    ],
)
def test_a_day_counts_whole_and_a_moment_as_it_is(span: str, since: str, until: str) -> None:
    assert [end.replace(tzinfo=None) for end in between(span)] == [
        *map(datetime.fromisoformat, (since, until))
    ]


@pytest.mark.parametrize(
    "span", ["", "2026-11-01", "..2026-13-01", "2026-11-02..2026-11-01", "9999-12-31..9999-12-31"]
)
def test_a_span_that_is_none(span: str) -> None:
    with pytest.raises(ConfigurationError, match=r"FROM\.\.TO"):
        between(span)


@pytest.mark.usefixtures("ledger")
def test_only_what_lies_between_is_asked_again(tmp_path: Path) -> None:
    first = 1_790_000_000.0 + 3600
    assert [each.record for each in questions(ledger_file(tmp_path), first, first + 7200)] == [
        "r-000001",
        "r-000002",
    ]


def test_memory_does_not_grow_with_what_callers_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "REMEMBERED", 10)
    monkeypatch.setattr(replaying, "MOVES", 3)
    now, new = (policy(parse(text, "t", {}), None, today()) for text in (CLOUD, HOME))
    found = Replay(now, new)
    for number in range(1000):
        route = f"cloud/{number}/m"
        found.add(Asked(f"r{number}", f"gpt/{number}", "internal", frozenset(), False, "answered", route))
        assert len(found._made) <= 10
    assert len(found._moves) + len(found.otherwise) <= 4 + 4
    assert sum(found.otherwise.values()) == 1000
    assert sum(found.counts().values()) == found.records == 1000
