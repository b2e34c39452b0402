"""The copy decides as the live configuration does, and holds none of its secrets and addresses."""

from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from haechi.app.prove import twin as twins
from haechi.app.prove.twin import Twin, live_settings, twin, written
from haechi.app.settings.compile import policy
from haechi.app.settings.load import load, parse
from haechi.app.settings.model import Settings
from haechi.app.settings.problems import Problems
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from tests.docs.kit import EXAMPLES, SECRETS

TODAY = date(2026, 11, 22)
LIVE = """
profile: general
site: {classes: [phi]}
destinations:
  home:  {engine: auto}
  lab:   {provider: openai, base_url: "http://10.0.0.5:8000/v1", zone: onprem, models: [our-70b], key: lab-key-1}
  azure:
    {provider: openai, base_url: "https://corp.openai.azure.com/openai/v1", key: azure-key-2, contract: azure-openai-standard}
  claude:
    provider: anthropic
    key_file: /nowhere/claude.key
    contract: {preset: anthropic-commercial, dpa_id: D-17, transfer_basis: law, attested_by: c, valid_until: 2027-06-30}
  web:   {provider: openai, key: web-key-4, contract: openai-api-standard, services: {web_search: internal}}
  play:  {provider: fake, models: [play-1], contract: google-cloud-gemini}
models: {auto: {route: true}, gut: {route: true}}
rules: [{when: {kind: [phone]}, then: refuse, because: "costs ${DOLLARS} and $5"}]
listen: {host: 0.0.0.0, port: 8443, tls: {cert: /nowhere/c.pem, key: /nowhere/k.pem}}
limits: {body_mib: 3, first_byte_s: 11}
proxy: {url: "http://10.0.0.9:3128", user: haechi-user, password: proxy-word-3, for: [claude]}
deploy: split
workers: 7
"""


def made(text: str = LIVE) -> Twin:
    live = parse(text, "t", {"DOLLARS": "1"})
    return twin(live, {name: 40_000 + number for number, name in enumerate(live.destinations)}, TODAY)


def test_it_decides_alike() -> None:
    one = made()
    assert one.policy.clearances == one.live_policy.clearances
    assert one.policy.rules == one.live_policy.rules
    assert one.policy.names == one.live_policy.names
    assert one.live_policy.version == policy(one.live, twins._ENGINE, TODAY).version


def test_what_it_does_not_replace_it_carries_over() -> None:
    one = made()
    for field in set(Settings.__struct_fields__) - {"destinations", "listen", "workers", "proxy"}:
        assert getattr(one.settings, field) == getattr(one.live, field), field
    for name, entry in one.live.destinations.items():
        copied = one.settings.destinations[name]
        assert (copied.contract, copied.attested) == (entry.contract, entry.attested)
        assert copied.services == entry.services


def test_every_address_is_on_this_machine_and_every_secret_is_a_dummy() -> None:
    one = made()
    text = written(one.settings).decode()
    for secret in (
        "lab-key-1",
        "azure-key-2",
        "proxy-word-3",
        "/nowhere/",
        "azure.com",
        "10.0.0.5",
        "10.0.0.9",
    ):
        assert secret not in text
    assert [entry.base_url for entry in one.settings.destinations.values()] == [
        "http://127.0.0.1:40000/v1",
        "http://127.0.0.1:40001/v1",
        "http://127.0.0.1:40002/openai/v1",
        "http://127.0.0.1:40003",
        "http://127.0.0.1:40004/v1",
        "http://127.0.0.1:40005",
    ]
    assert len(set(one.keys.values())) == 6
    assert one.settings.proxy is None
    assert one.left == ("proxy",)
    assert [entry.provider for entry in one.settings.destinations.values()][-1] == "gemini"
    assert (one.settings.listen.host, one.settings.listen.port, one.settings.listen.tls) == (
        "127.0.0.1",
        0,
        None,
    )


def test_what_is_written_is_read_again_as_it_was(tmp_path: Path) -> None:
    one = made()
    file = tmp_path / "haechi.yaml"
    file.write_bytes(written(one.settings))
    assert load(file, {}) == one.settings


def test_a_dollar_from_a_variable_is_not_read_as_another_variable(tmp_path: Path) -> None:
    live = parse(LIVE, "t", {"DOLLARS": "${HOME}"})
    one = twin(live, dict.fromkeys(live.destinations, 40_000), TODAY)
    file = tmp_path / "haechi.yaml"
    file.write_bytes(written(one.settings))
    assert load(file, {"HOME": "/root"}) == one.settings


def test_a_copy_that_would_decide_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = policy

    def lenient(settings: Settings, *more: object) -> object:
        compiled = real(settings, *more)  # type: ignore[arg-type]
        if "127.0.0.1:4" not in str(settings):
            return compiled
        raised = {
            name: structs.replace(each, raw=Level.RESTRICTED) for name, each in compiled.clearances.items()
        }
        return structs.replace(compiled, clearances=raised)

    monkeypatch.setattr(twins, "policy", lenient)
    with pytest.raises(ConfigurationError, match="clearances"):
        made()


def test_a_key_that_stands_elsewhere_too_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"destinations\.lab\.key"):
        made(LIVE.replace('because: "costs', 'because: "lab-key-1 costs'))
    with pytest.raises(ConfigurationError, match=r"proxy\.password"):
        made(LIVE.replace('because: "costs', 'because: "proxy-word-3 costs'))


USERS = "deploy: {gate_user: haechi-gate, door_user: haechi-door}"


@pytest.mark.parametrize(("user", "left"), [(0, ()), (1000, ("users",))])
def test_users_are_kept_where_this_process_can_become_them(
    user: int, left: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    one = made(LIVE.replace("proxy: {", "# {").replace("deploy: split", USERS))
    assert one.settings.split
    assert one.left == left
    assert (one.settings.deployment == one.live.deployment) is not bool(left)
    assert (one.settings.deployment.gate_user is None) is bool(left)


def test_an_air_gap_is_one_in_the_copy_too() -> None:
    text = "airgap: true\ndestinations: {home: {engine: auto}, lab: {provider: openai, zone: onprem, "
    one = made(text + 'base_url: "http://10.0.0.5:8000/v1", models: [our-70b]}}')
    assert one.settings.airgap
    assert one.left == ()


def test_problems_of_the_live_configuration_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "haechi.yaml"
    file.write_text("destinations:\n  c: {provider: openai, key: k, contract: nobodys}\n", encoding="utf-8")
    with pytest.raises(Problems) as told:
        live_settings(file, TODAY)
    assert told.value.where == f"{file}:2"


def test_an_auditor_needs_no_password_of_the_proxy_but_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOBODY_SET_THIS", raising=False)
    file = tmp_path / "haechi.yaml"
    file.write_text("proxy: {url: 'http://10.0.0.9:1', user: u, password: '${NOBODY_SET_THIS}'}", "utf-8")
    assert live_settings(file, TODAY).proxy is not None
    file.write_text("proxy: {url: '${NOBODY_SET_THIS}'}", "utf-8")  # the policy version tells them apart
    with pytest.raises(ConfigurationError, match="NOBODY_SET_THIS"):
        live_settings(file, TODAY)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda file: file.stem)
def test_every_example_has_a_twin(example: Path) -> None:
    live = load(example, SECRETS)
    twin(live, dict.fromkeys(live.destinations, 40_000), TODAY)


def test_an_auditor_needs_no_provider_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOBODY_SET_THIS", raising=False)
    file = tmp_path / "haechi.yaml"
    file.write_text("destinations: {c: {provider: openai, key: '${NOBODY_SET_THIS}'}}", encoding="utf-8")
    assert str(live_settings(file, TODAY).destinations["c"].key).startswith("unset-")


def test_but_what_decides_must_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOBODY_SET_THIS", raising=False)
    file = tmp_path / "haechi.yaml"
    file.write_text("rules: [{when: {level: public}, then: refuse, because: '${NOBODY_SET_THIS}'}]", "utf-8")
    with pytest.raises(ConfigurationError, match="NOBODY_SET_THIS"):
        live_settings(file, TODAY)
