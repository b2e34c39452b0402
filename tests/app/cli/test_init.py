"""`haechi init`: what it writes passes the check, says what it opens, and never stands half-written."""

import json
import os
import pty
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from docs.make_reference import ROOT
from haechi.app.cli import init as command
from haechi.app.cli.configuration import PRETEND, faults
from haechi.app.cli.main import app
from haechi.app.settings.compile import policy
from haechi.app.settings.draft import Answers, CloudAnswer, text_of, variables
from haechi.app.settings.load import sheet
from haechi.app.settings.model import Profile
from haechi.app.wiring import today
from haechi.catalogue.contracts import presets
from haechi.domain.destination import TransferBasis
from haechi.domain.label import Level
from haechi.gateway.decide.ageing import freshness

Run = Callable[..., Result]
FULL = """
profile: general
clouds:
  - preset: anthropic-commercial
    key_env: OUR_KEY
    dpa_id: D-17
    transfer_basis: policy_notice
    attested_by: ciso@corp.example
    valid_until: 2099-06-30
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    (tmp_path / "answers.yaml").write_text(FULL, encoding="utf-8")
    return lambda *words, **more: CliRunner().invoke(app, ["init", *words], **more)


def test_answers_from_a_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("--answers", "answers.yaml", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["written"], told["set"]) == ("haechi.yaml", ["OUR_KEY"])
    monkeypatch.setenv("OUR_KEY", "k")
    checked = json.loads(CliRunner().invoke(app, ["check", "--json"]).stdout)
    assert checked["ok"]
    assert checked["may_go"] == told["may_go"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".haechi")] == []


def test_answers_as_options(run: Run, tmp_path: Path) -> None:
    assert (
        run("--cloud", "openai-api-standard", "--valid-until", "2099-01-01", "--dpa-id", "D-1").exit_code == 0
    )
    written = (tmp_path / "haechi.yaml").read_text(encoding="utf-8")
    assert "key: ${OPENAI_API_KEY}" in written
    assert 'dpa_id: "D-1"' in written
    assert "# transfer_basis:" in written  # not answered: left open


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--cloud", "openai-api-standart"], 1, "openai-api-standard"),
        (["--profile", "finance"], 1, "finance-kr"),
        (["--cloud", "openai-api-standard", "--valid-until", "soon"], 1, "valid_until"),
        (["--cloud", "openai-api-standard", "--dpa-id", "D-1"], 1, "no end date"),
        (["--cloud", "openai-api-standard", "--key-env", "sk-123"], 1, "not the key"),
        (["--cloud", "openai-api-standard", "--key-file", "/nowhere/key"], 1, "cannot be read"),
        (["--cloud", "azure-openai-standard"], 1, "base_url"),
        (["--cloud", "openai-api-standard", "--base-url", "https://gateway.example/v1"], 1, "not its own"),
        (
            [
                "--cloud",
                "openai-api-standard",
                "--valid-until",
                "2099-01-01",
                "--attested-by",
                "${OPENAI_API_KEY}",
            ],
            1,
            "clouds[0].attested_by",
        ),
        (["--dpa-id", "D-1"], 1, "--cloud"),
        (["--answers", "answers.yaml", "--profile", "general"], 1, "do not go together"),
        (["--answers", "nowhere.yaml"], 1, "cannot be read"),
        ([], 1, "no terminal"),
        (["--config", "nowhere/haechi.yaml", "--profile", "general"], 1, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_told_and_nothing_is_left(
    run: Run, tmp_path: Path, words: list[str], code: int, says: str
) -> None:
    done = run(*words)
    assert done.exit_code == code
    assert says in done.stderr
    assert "sk-123" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["answers.yaml"]


def test_all_that_is_wrong_with_the_answers_is_told_at_once(run: Run) -> None:
    done = run("--cloud", "openai-api-standard", "--valid-until", "soon", "--transfer-basis", "wish")
    assert done.exit_code == 1
    assert "valid_until" in done.stderr
    assert "transfer_basis" in done.stderr
    assert "haechi check" not in done.stderr  # there is no file yet that it could look at


def test_the_next_command_names_the_file(run: Run) -> None:
    assert "haechi check --config bank.yaml" in run("--config", "bank.yaml", "--profile", "general").stderr
    assert "haechi check, then" in run("--profile", "general").stderr


def test_a_file_that_is_there_is_kept(run: Run, tmp_path: Path) -> None:
    ours = tmp_path / "haechi.yaml"
    ours.write_text("profile: finance-kr\n")
    done = run("--profile", "general")
    assert (done.exit_code, ours.read_text()) == (2, "profile: finance-kr\n")
    assert "--force" in done.stderr
    assert run("--profile", "general", "--force").exit_code == 0
    assert "profile: general" in ours.read_text()


def test_a_file_that_comes_meanwhile_is_kept_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, checked = tmp_path / "haechi.yaml", command._checked

    def meanwhile(*given: object) -> str:
        ours.write_text("profile: finance-kr\n")
        return checked(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(command, "_checked", meanwhile)
    assert run("--profile", "general").exit_code == 1
    assert ours.read_text() == "profile: finance-kr\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.yaml", "haechi.yaml"]


words = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="$ \u115f\u1160\u3164\uffa0"),
    min_size=1,
    max_size=12,
)
clouds = st.builds(
    CloudAnswer,
    st.sampled_from(sorted(presets())),
    base_url=st.just("https://ours.example/v1"),
    key_env=st.sampled_from(["A_KEY", "_K2"]),
    dpa_id=st.none() | words,
    transfer_basis=st.none() | st.sampled_from(get_args(TransferBasis)),
    attested_by=words,
    valid_until=st.dates(today()),
    verified_on=st.none() | st.just(today()),
)
answers = st.builds(
    Answers,
    st.sampled_from(get_args(Profile)),
    st.lists(clouds, max_size=3).map(tuple),
    st.lists(st.sampled_from(["credit", "emr", "phi"]), unique=True).map(tuple),
    st.none() | words,
    st.dates(today()),
    st.none() | words,
)


@given(answers, st.sampled_from(["ko", "en"]))
def test_whatever_is_answered_the_file_passes_the_check(given_answers: Answers, lang: str) -> None:
    text = text_of(given_answers, lang)  # type: ignore[arg-type]
    read = sheet(text, "haechi.yaml", dict.fromkeys(variables(given_answers), "k"))
    assert faults(read, today()) == ()
    compiled = policy(read.settings, PRETEND, today())
    contracts = [place.contract for place in compiled.destinations.values() if place.outside]
    assert [each and each.dpa_id for each in contracts] == [cloud.dpa_id for cloud in given_answers.clouds]
    assert all(each.raw <= Level.INTERNAL for name, each in compiled.clearances.items() if name != "home")


class Terminal:
    """`haechi init` at a real terminal, of which a person sees the lines."""

    def __init__(self, here: Path) -> None:
        self.seen = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(here)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background is started without it
            environment = {
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "LANG": "C.UTF-8",
                "TERM": "xterm",
            }
            os.execve(  # noqa: S606  a real terminal wants a real process
                sys.executable, [sys.executable, "-m", "haechi", "init", "--lang", "en"], environment
            )

    def waits_for(self, prompt: str) -> None:
        """Read until `prompt` is on the screen."""
        end = time.monotonic() + 20
        while prompt not in self.seen:
            assert time.monotonic() < end, self.seen
            if select.select([self.terminal], [], [], 0.2)[0]:
                self.seen += os.read(self.terminal, 4096).decode(errors="replace")

    def types(self, prompt: str, line: str) -> None:
        """Answer `prompt`."""
        self.waits_for(prompt)
        self.seen = self.seen.partition(prompt)[2]
        os.write(self.terminal, line.encode() + b"\n")

    def ends(self) -> int:
        """The exit code."""
        end = time.monotonic() + 20
        while (found := os.waitpid(self.child, os.WNOHANG))[0] == 0:
            assert time.monotonic() < end, "it does not end"
            time.sleep(0.02)
        code = os.waitstatus_to_exitcode(found[1])
        os.close(self.terminal)
        return code


def test_one_screen_at_a_real_terminal(tmp_path: Path) -> None:
    screen = Terminal(tmp_path)
    screen.types("Profile", "hospital")
    screen.waits_for("One of these")
    screen.types("Profile", "general")
    screen.types("with commas", "4")
    screen.types("Name of the variable", "sk-123")
    screen.waits_for("not the key")
    screen.types("Name of the variable", "")
    screen.types("checked again", "")
    screen.waits_for("confidential stays. Missing: ")
    screen.types("who attested", "ciso@corp.example")
    screen.types("number of the data", "D-17")
    screen.types("Legal basis", "policy_notice")
    if freshness(presets()["anthropic-commercial"].facts, today()) != "fresh":
        screen.types("read yourself", "")
    screen.waits_for("Next: haechi check")
    assert screen.ends() == 0
    written = (tmp_path / "haechi.yaml").read_text(encoding="utf-8")
    assert 'transfer_basis: "policy_notice"' in written


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    screen = Terminal(tmp_path)
    screen.types("Profile", "general")
    screen.waits_for("with commas")
    os.kill(screen.child, signal.SIGINT)
    assert screen.ends() == 130
    assert list(tmp_path.iterdir()) == []
