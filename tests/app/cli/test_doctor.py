"""`haechi doctor` names what is wrong, and goes on with the rest."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from haechi.adapters.engine import recognise
from haechi.app.cli import doctor_guards
from haechi.app.cli.main import app
from haechi.app.processes import guards
from haechi.app.processes.guards import Guards
from haechi.domain.text import Text
from tests.journey.site import Cloud

Found = dict[str, dict[str, Any]]
CLOUD = "{provider: openai, key: '${%s}', contract: openai-api-standard}"


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[int, Found]]:
    monkeypatch.setattr(guards, "find", lambda user=None: Guards(landlock=True, seccomp=True))
    monkeypatch.setattr(recognise, "PORTS", ())
    monkeypatch.delenv("ONE_KEY", raising=False)
    monkeypatch.delenv("OTHER_KEY", raising=False)

    def examine(text: str) -> tuple[int, Found]:
        file = tmp_path / "haechi.yaml"
        file.write_text(f"listen: {{port: 0}}\n{text}")
        words = ["--config", str(file), "--data", str(tmp_path / "data"), "--json", "--lang", "en"]
        done = CliRunner().invoke(app, ["doctor", *words])
        found: Found = {}
        for each in json.loads(done.stdout)["findings"]:
            found[each["name"] + "+" * (each["name"] in found)] = each
        return done.exit_code, found

    return examine


def test_a_variable_that_is_missing_is_a_finding_among_others(doctor: Callable[[str], Any]) -> None:
    code, found = doctor(
        f"destinations:\n  home: {{engine: auto}}\n  a: {CLOUD % 'ONE_KEY'}\n  b: {CLOUD % 'OTHER_KEY'}\n"
    )
    assert code == 1
    assert found["configuration"]["ok"] is True
    assert found["environment"]["ok"] is found["environment+"]["ok"] is False
    assert "ONE_KEY" in found["environment"]["what"]
    assert "OTHER_KEY" in found["environment+"]["what"]
    assert {"port", "disk", "clock", "ledger", "deploy", "guards", "engine"} <= found.keys()


@pytest.mark.parametrize(
    "text", ["profil: general", "deploy: {gate_user: haechi}", "- not\n- a mapping", "a: b: c"]
)
def test_a_configuration_that_is_wrong_keeps_nothing_from_being_looked_at(
    text: str, doctor: Callable[[str], Any]
) -> None:
    code, found = doctor(text)
    assert (code, found["configuration"]["ok"]) == (1, False)
    assert {"disk", "clock", "ledger", "guards", "engine"} <= found.keys()


@pytest.mark.parametrize(
    ("text", "held", "ok", "used", "says"),
    [
        ("deploy: split", Guards(landlock=True, seccomp=True), True, ["landlock", "seccomp"], "are used"),
        ("deploy: split", Guards(seccomp=True), False, ["seccomp"], "does not start"),
        ("airgap: true", Guards(seccomp=True), None, ["seccomp"], "no guard"),
        ("", Guards(landlock=True, seccomp=True), None, [], "nothing uses them"),
        ("", Guards(), None, [], "would not start"),
    ],
)
def test_guards(
    text: str,
    held: Guards,
    ok: bool | None,
    used: list[str],
    says: str,
    doctor: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guards, "find", lambda user=None: held)
    _, found = doctor(text)
    assert (found["guards"]["ok"], found["guards"]["used"]) == (ok, used)
    assert says in found["guards"]["what"]
    assert ("users" in found) == (text == "deploy: split")


@pytest.mark.parametrize(
    ("names", "changed", "ok"),
    [
        (["namespace", "landlock", "seccomp"], {}, True),
        (["namespace", "landlock", "seccomp"], {"loopback_alone": False}, False),
        (["namespace", "landlock", "seccomp"], {"seccomp": False}, False),
        (["namespace", "landlock", "seccomp"], {"no_new_privileges": False}, False),
        (["landlock", "seccomp"], {"loopback_alone": False}, True),  # no namespace was asked for
        (["firewall"], {"no_new_privileges": False}, False),
    ],
)
def test_a_process_outside_of_its_guards_is_named(
    names: list[str], changed: dict[str, bool], ok: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {"pid": 7, "is": "worker", "loopback_alone": True, "seccomp": True, "no_new_privileges": True}
    monkeypatch.setattr(doctor_guards, "_children", lambda _: [(7, "worker")])
    monkeypatch.setattr(doctor_guards, "_seen", lambda *_: good | changed)
    finding = doctor_guards.processes(1, names)
    assert finding.ok is ok
    assert ok or "7" in finding.what.en


def test_no_process_at_all_is_no_good_sign() -> None:
    assert doctor_guards.processes(-1, ["seccomp"]).ok is False


@pytest.mark.parametrize(("faults", "ok"), [([], True), (["status:500"], False), (["garbage"], False)])
def test_an_engine_that_was_found_is_asked(
    faults: list[str],
    ok: bool,
    tmp_path: Path,
    doctor: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    standin = Cloud(tmp_path / "asked.jsonl", *faults)
    engine = recognise.Found("vllm", standin.url + "/v1", ("m",), local=True, why=Text(ko="찾음", en="found"))

    async def probe() -> tuple[recognise.Found, ...]:
        return (engine,)

    monkeypatch.setattr(recognise, "probe", probe)
    try:
        _, found = doctor("")
        assert found["engine"]["ok"] is ok
        assert len(standin.received) == 1
    finally:
        standin.stop()
