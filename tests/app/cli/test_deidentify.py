"""`haechi deidentify` as people and programs use it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from haechi.app.cli.main import app

Run = Callable[..., Result]
TEXT = "김민수는 010-1234-5678로, PERSON_1 은 그대로"
SENT = "PERSON_1은 PHONE_1로, TEXT_1 은 그대로"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    return lambda *words, text="": CliRunner().invoke(app, ["deidentify", *map(str, words)], input=text)


def test_out_and_home(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text(TEXT)
    done = run("mail.txt", "--mapping", "m")
    assert (done.exit_code, done.stdout) == (0, SENT)
    assert "Taken out:" in done.stderr
    assert "phone number × 1" in done.stderr
    kept = (tmp_path / "m").read_text()
    assert (tmp_path / "m").stat().st_mode & 0o777 == 0o600
    assert "김민수" not in kept
    assert kept.strip() not in done.stdout + done.stderr
    (tmp_path / "answer.txt").write_text("**PERSON_1**은 TEXT_1, PHONE_1, PERSON_9")
    home = run("--restore", "answer.txt", "--mapping", "m")
    assert (home.exit_code, home.stdout) == (0, "**김민수**는 PERSON_1, 010-1234-5678, PERSON_9")
    assert "Restored: 3, left because it was not sure: 1" in home.stderr


def test_the_same_from_a_text_a_file_and_standard_input(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mail.txt").write_text(TEXT)
    told = [run("--text", TEXT), run("mail.txt"), run("-", text=TEXT), run(text=TEXT)]
    assert {one.stdout for one in told} == {SENT}
    assert all("no way back" in one.stderr for one in told)


def test_json_holds_the_mapping_only_when_asked(run: Run) -> None:
    answer = json.loads(run("--text", TEXT, "--json").stdout)
    assert answer == {
        "text": SENT,
        "counts": {"lookalike": 1, "person": 1, "phone": 1},
        "kept": {},
        "left": {},
    }
    asked = json.loads(run("--text", TEXT, "--json", "--mapping", "-").stdout)
    assert asked.pop("mapping").startswith("hm1.")
    assert asked == answer


def test_some_kinds_alone(run: Run) -> None:
    done = run("--text", TEXT, "--kinds", "phone")
    assert done.stdout == "김민수는 PHONE_1로, TEXT_1 은 그대로"
    assert "Kept, not among --kinds: name of a person × 1" in done.stderr
    wrong = run("--text", TEXT, "--kinds", "phon")
    assert (wrong.exit_code, "`phone`" in wrong.stderr) == (1, True)


def test_what_may_never_go_is_said_and_ends_with_1(run: Run) -> None:
    done = run("--text", "주민번호 900101-1234568", "--mapping", "m")
    assert (done.exit_code, done.stdout) == (1, "주민번호 [RRN]")
    assert "Removed for good: resident registration number × 1" in done.stderr
    assert run("--text", "대외비\n\n회의 자료").exit_code == 1


def test_lines_and_back(run: Run, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": "a", "text": TEXT}, {"id": 2, "text": "이영희에게 전화"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    done = run("--jsonl", "in.jsonl", "--out", "out.jsonl", "--mapping", "m.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    sent = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["text"] for row in sent] == [SENT, "PERSON_1에게 전화"]
    assert (tmp_path / "m.jsonl").stat().st_mode & 0o777 == 0o600
    home = run("--restore", "out.jsonl", "--mapping", "m.jsonl")
    assert [json.loads(line)["text"] for line in home.stdout.splitlines()] == [row["text"] for row in rows]


@pytest.mark.parametrize("made", ["another", "changed", "none"])
def test_a_mapping_that_does_not_open(run: Run, tmp_path: Path, made: str) -> None:
    run("--text", TEXT, "--mapping", "m")
    (tmp_path / "answer.txt").write_text("PERSON_1")
    if made == "changed":
        kept = (tmp_path / "m").read_text()
        (tmp_path / "m").write_text(kept[:40] + ("A" if kept[40] != "A" else "B") + kept[41:])
    if made == "none":
        (tmp_path / "m").write_bytes(b"\xff\xfe")
    elsewhere = ["--data", "elsewhere"] if made == "another" else []
    home = run("--restore", "answer.txt", "--mapping", "m", *elsewhere)
    assert (home.exit_code, home.stdout) == (1, "")
    assert ("does not open" if made != "none" else "cannot be read") in home.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["a.txt", "--text", "x"],
        ["--text", "x", "--out", "y"],
        ["--restore", "a.txt"],
        ["--restore", "a.txt", "--mapping", "m", "--kinds", "phone"],
        ["--text", "x", "--mapping", "-"],
    ],
)
def test_wrong_use(run: Run, words: list[str]) -> None:
    assert run(*words).exit_code == 2
