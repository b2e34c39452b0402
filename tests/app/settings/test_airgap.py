"""An air gap has no way out in its configuration; users of gate and door are apart in it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from haechi.app import wiring
from haechi.app.cli.main import app
from haechi.app.processes.confinement import left_open, reached
from haechi.app.settings.compile import LocalEngine, policy
from haechi.app.settings.load import parse
from haechi.app.settings.model import Settings
from haechi.app.wiring import today
from haechi.domain.errors import ConfigurationError

OURS = LocalEngine("http://127.0.0.1:40000/v1", ("local",), ours=True)
FOUND = LocalEngine("http://127.0.0.1:11434/v1", ("local",))
HOME = "airgap: true\ndestinations:\n  home: {engine: auto}\n"


def compiled(text: str) -> Settings:
    settings = parse(text, "haechi.yaml", {})
    policy(settings, OURS, today())
    return settings


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("  gpt: {provider: openai, key: k}", "destinations.gpt", "no cloud destinations"),
        ("  gpt: {provider: fake}", "destinations.gpt", "no cloud destinations"),
        (
            "  lab: {provider: openai, base_url: 'http://8.8.8.8/v1', zone: onprem, models: [m], attested: a@b}",
            "destinations.lab.base_url",
            "nobody can attest",
        ),
        (
            "  lab: {provider: openai, base_url: 'https://api.openai.com/v1', zone: onprem, models: [m], attested: a@b}",
            "destinations.lab.base_url",
            "nobody can attest",
        ),
        (
            "  lab: {provider: anthropic, zone: onprem, models: [m], attested: a@b}",
            "destinations.lab.base_url",
            "nobody can attest",
        ),
        ("proxy: {url: 'http://proxy.corp:3128'}", "proxy", "no proxy"),
    ],
)
def test_an_air_gap_leads_nowhere(text: str, where: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        compiled(HOME + text)
    assert caught.value.where.endswith(where)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  lab: {provider: openai, base_url: 'http://10.0.0.5:8000/v1', zone: onprem, models: [m]}",
        "  lab: {provider: openai, base_url: 'http://gpu.corp:8000/v1', zone: onprem, models: [m], attested: a@b}",
        "  lab: {provider: fake, zone: onprem, models: [m]}",
    ],
)
def test_what_stands_in_the_building_stays(text: str) -> None:
    compiled(HOME + text)
    assert compiled((HOME + text).replace("airgap: true", "airgap: false"))


def test_nobody_vouches_for_what_a_name_leads_to() -> None:
    lab = "  lab: {provider: openai, base_url: 'http://gpu.corp:8000/v1', zone: onprem, models: [m], attested: a@b}"
    for airgap, attested in (("true", False), ("false", True)):
        settings = compiled((HOME + lab).replace("true", airgap))
        assert wiring._upstreams(settings, OURS)["lab"].attested is attested


@pytest.mark.parametrize(
    ("text", "engine", "urls", "says"),
    [
        ("", OURS, (), None),
        ("", FOUND, (FOUND.base_url,), "TCP port 11434"),
        (
            "  lab: {provider: openai, base_url: 'http://10.0.0.5:8000/v1', zone: onprem, models: [m]}",
            OURS,
            ("http://10.0.0.5:8000/v1",),
            "TCP port 8000 stays open, to any address.",
        ),
        (
            "  lab: {provider: openai, base_url: 'https://gpu.corp/v1', zone: onprem, models: [m]}",
            OURS,
            ("https://gpu.corp/v1",),
            "TCP port 443 stays open, to any address, and UDP",
        ),
    ],
)
def test_what_workers_reach_themselves_is_said(
    text: str, engine: LocalEngine, urls: tuple[str, ...], says: str | None
) -> None:
    settings = compiled(HOME + text)
    assert reached(settings, engine) == urls
    said = left_open(settings, engine)
    assert (said is None) == (says is None)
    assert says is None or (said is not None and says in said.en)
    assert reached(compiled("deploy: split\n" + HOME + text), engine) == ()  # the door does


@pytest.mark.parametrize(
    ("deploy", "where", "says"),
    [
        ("{gate_user: haechi}", "deploy.door_user", "together"),
        ("{door_user: haechi}", "deploy.gate_user", "together"),
        ("{gate_user: haechi, door_user: haechi}", "deploy.door_user", "another than gate_user"),
        ("{mode: in-process, gate_user: haechi, door_user: haechi-door}", "deploy.mode", "mode: split"),
        ("{gate_user: Root User, door_user: haechi}", "haechi.yaml:1", "deploy"),
    ],
)
def test_users_that_would_not_be_apart(deploy: str, where: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        compiled(f"deploy: {deploy}\n")
    assert caught.value.where.endswith(where)


@pytest.mark.parametrize(
    ("deploy", "split"),
    [
        ("in-process", False),
        ("split", True),
        ("{}", True),
        ("{mode: split, gate_user: haechi, door_user: haechi-door}", True),
        ("{mode: in-process}", False),
    ],
)
def test_two_ways_to_say_deploy(deploy: str, split: bool) -> None:
    assert compiled(f"deploy: {deploy}\n").split is split


@pytest.mark.parametrize(
    ("words", "lang", "says"), [([], "en", "no cloud"), (["--json"], "ko", "클라우드 목적지")]
)
def test_up_refuses_before_anything_starts(words: list[str], lang: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "haechi.yaml"
    file.write_text("destinations:\n  home: {engine: auto}\n  gpt: {provider: openai, key: k}\n")
    places = ["--config", str(file), "--data", str(tmp_path / "data")]
    done = CliRunner().invoke(app, ["up", "--airgap", *places, "--lang", lang, *words])
    assert done.exit_code == 1
    assert says in done.output
    assert "destinations.gpt" in done.output
    assert not (tmp_path / "data").exists()
    assert (
        CliRunner().invoke(app, ["check", "--config", str(file)]).exit_code == 0
    )  # it is the option that refuses
