"""`haechi prove` as an auditor runs it: from a configuration file alone, on this machine, with nothing real near."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from haechi.app.prove.course import PARTS
from haechi.app.prove.words import fault
from tests.journey.site import ROOT, until

CLOUDS = """
mcp: {}
destinations:
  home:   {engine: auto}
  lab:    {provider: openai, key: "${NOBODY_SET_THIS}", zone: onprem, base_url: "http://10.0.0.5/v1", models: [our-70b]}
  claude: {provider: anthropic, key: sk-a-real-key-of-ours, contract: anthropic-commercial}
  open:   {provider: gemini, key_file: /nowhere/at-all.key}
"""
SPLIT = """
deploy: split
proxy: {url: "http://127.0.0.1:9", user: u, password: proxy-word-3}
destinations:
  home:   {engine: auto}
  gpt:    {provider: openai, key: sk-a-real-key-of-ours, contract: openai-api-standard}
  claude: {provider: anthropic, key: "${NOBODY_SET_THIS}", contract: anthropic-commercial}
  google: {provider: gemini, key: "${NOBODY_SET_THIS}", contract: google-cloud-gemini}
"""
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


class Here(NamedTuple):
    """An auditor's directory. Temporary files of a proof lie below it, so that leftovers are seen."""

    where: Path

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "haechi", "prove", "--lang", "en", *words]

    @property
    def environment(self) -> dict[str, str]:
        return ENVIRONMENT | {"TMPDIR": str(self.where / "tmp"), "HOME": str(self.where)}

    def prove(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*words),
            cwd=self.where,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=400,  # of a hang; a whole proof takes two minutes on two free cores
            check=False,
        )

    def leftovers(self) -> list[Path]:
        """What lies there; onnxruntime writes a file of its own, `.ses`, when it is imported."""
        return [path for path in (self.where / "tmp").iterdir() if path.name != ".ses"]


def here(where: Path, configuration: str = CLOUDS) -> Here:
    (where / "tmp").mkdir()
    (where / "haechi.yaml").write_text(configuration, encoding="utf-8")
    return Here(where)


class Proof(NamedTuple):
    """A finished proof."""

    here: Here
    report: dict[str, Any]
    file: Path


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    """The whole course over two homes, a cloud under contract and one without."""
    place = here(tmp_path_factory.mktemp("auditor"))
    ran = place.prove("--json", "--out", "proofs")
    assert ran.returncode == 0, ran.stdout[:2000] + ran.stderr[-2000:]
    (file,) = (place.where / "proofs").glob("*.json")
    return Proof(place, json.loads(ran.stdout), file)


def test_nothing_leaks_and_ordinary_work_arrives(proof: Proof) -> None:
    report = proof.report
    assert report["leaks"] == 0
    assert report["found"] == []
    assert report["conclusive"] is report["whole"] is True
    assert report["tried"] > 5_000
    assert report["doubts"] == []
    assert {"kr.rrn", "email", "secret", "stray", "tainted", "opaque", "ordinary"} <= report["by_kind"].keys()
    useful = report["useful"]
    assert {name: row["cleared"] for name, row in useful.items()} == {"claude": True, "open": False}
    assert useful["claude"]["arrived"] > 5
    assert useful["open"]["arrived"] == 0


def test_every_part_was_walked_and_everything_was_broken_once(proof: Proof) -> None:
    report = proof.report
    walked = report["areas"].keys() | {"broken", "faults"}
    assert report["areas"].pop("door")["tried"] == 0  # there is none of its own
    assert walked == PARTS.keys()
    assert {"home gone", "network gone", "claude status:429", "claude stall", "detector raises"} <= report[
        "faults"
    ].keys()
    if sys.platform == "linux":
        assert report["skipped"] == []
        assert {"ledger silent", "ledger's disk full", "a worker killed"} <= report["faults"].keys()
    assert [name for name in report["faults"] if fault(name).ko == name] == []  # each is told in Korean, too
    assert all(row["tried"] for row in (*report["faults"].values(), *report["areas"].values()))


def test_a_door_of_its_own_is_lied_to_killed_and_silenced(tmp_path: Path) -> None:
    place = here(tmp_path, SPLIT)
    ran = place.prove("--json", "--only", "door")
    assert ran.returncode == 0, ran.stdout[:2000] + ran.stderr[-2000:]
    report = json.loads(ran.stdout)
    assert (report["leaks"], report["doubts"], report["deploy"]) == (0, [], "split")
    assert report["areas"]["door"]["tried"] >= 3 * 18  # letters for each of three wires
    assert {name for name, row in report["faults"].items() if row["tried"]} == {
        "the door killed",
        "the door silent",
    }
    assert all(row["arrived"] for row in report["useful"].values())
    assert report["left_behind"] == ["proxy"]
    assert "proxy-word-3" not in ran.stdout
    assert place.leftovers() == []


def test_the_report_names_what_it_was_made_of_and_nothing_secret(proof: Proof) -> None:
    hashes = proof.report["hashes"]
    assert {"code", "configuration", "lock run.lock"} <= hashes.keys()
    assert hashes["policy"] == hashes["policy of the second instance"]
    checked = subprocess.run(
        [sys.executable, "-m", "haechi", "check", "--json"],
        cwd=proof.here.where,
        env=proof.here.environment | {"NOBODY_SET_THIS": "k"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 1  # the real gate wants the real key file; the proof did not
    for file in (proof.file, proof.file.with_suffix(".html")):
        assert "sk-a-real-key" not in file.read_text(encoding="utf-8")


def test_nothing_is_left_behind(proof: Proof) -> None:
    assert proof.here.leftovers() == []
    kept = {path.name for path in (proof.here.where / ".haechi").rglob("*") if path.is_file()}
    assert kept == {"installation.key", "installation.pub"}


def test_the_signature_holds_until_a_word_is_changed(proof: Proof, tmp_path: Path) -> None:
    key = proof.here.where / ".haechi/keys/installation.pub"
    auditor = here(tmp_path)
    file = tmp_path / "report.json"
    file.write_bytes(proof.file.read_bytes())
    checked = auditor.prove("--verify", str(file), "--public-key", str(key), "--json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["signature"] is True
    file.write_bytes(proof.file.read_bytes().replace(b'"leaks":0', b'"leaks":1', 1))
    changed = auditor.prove("--verify", str(file), "--public-key", str(key))
    assert changed.returncode == 1
    assert "Do not trust it" in changed.stderr


def test_a_key_inside_the_report_vouches_for_nothing(proof: Proof, tmp_path: Path) -> None:
    asked = here(tmp_path).prove("--verify", str(proof.file))
    assert asked.returncode == 1
    assert "--public-key" in asked.stderr


@pytest.mark.parametrize("words", [("--only", "surface"), ("--public-key", "k.pub")])
def test_wrong_words_are_told_before_anything_begins(words: tuple[str, ...], tmp_path: Path) -> None:
    place = here(tmp_path)
    ran = place.prove(*words)
    assert ran.returncode == 2
    assert words[0] in ran.stderr
    assert not (tmp_path / ".haechi").exists()


def test_without_a_cloud_it_says_that_there_was_nowhere_to_go(tmp_path: Path) -> None:
    ran = here(tmp_path, "profile: finance-kr\n").prove("--json", "--only", "guards")
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert report["useful"] == {}
    assert report["whole"] is False
    assert report["parts"] == ["guards"]


@pytest.mark.parametrize("after", [0.0, 1.5])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_an_interrupted_proof_takes_everything_down_with_it(
    how: signal.Signals, after: float, tmp_path: Path
) -> None:
    place = here(tmp_path)
    running = subprocess.Popen(
        place.command("--only", "faults"),
        cwd=place.where,
        env=place.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until(lambda: _gates(place))
    time.sleep(after)
    running.send_signal(how)
    assert running.wait(40) == 130
    until(lambda: not _gates(place))
    assert place.leftovers() == []
    assert not list((tmp_path / ".haechi").glob("proofs/*"))


def _gates(place: Here) -> list[int]:
    """Processes that know of this directory's temporary files."""
    mark = str(place.where / "tmp" / "haechi-prove-").encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
