"""Every mistake in haechi.yaml is named with file, line and mend; nothing that is written is without effect."""

import json
from pathlib import Path

import pytest

from haechi.app.settings.compile import LocalEngine, policy, version
from haechi.app.settings.load import parse
from haechi.app.settings.model import DestinationSettings, Settings
from haechi.app.wiring import today, upstream
from haechi.domain.errors import ConfigurationError

ENGINE = LocalEngine("http://127.0.0.1:1", ("local",))
GPT = "destinations:\n  gpt: {provider: openai, key: k, "


def compiled(text: str) -> None:
    policy(parse(text, "haechi.yaml", {}), ENGINE, today())


def test_an_empty_file_means_home_alone() -> None:
    assert parse("", "haechi.yaml", {}) == Settings()
    assert list(Settings().destinations) == ["home"]


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("profil: general", "haechi.yaml:1", "`profile`"),
        ("profile: genral", "haechi.yaml:1", "profile"),
        ("listen:\n  prot: 1", "haechi.yaml:2", "`port`"),
        ("listen:\n  port: 99999", "haechi.yaml:2", "listen.port"),
        ("\n\ndestinations:\n  home:\n    engin: auto", "haechi.yaml:5", "`engine`"),
        ("destinations:\n  gpt:\n    zone: clowd", "haechi.yaml:3", "destinations.gpt.zone"),
        ("rules:\n  - {when: {kind: [phone]}, then: stay, because: x}", "haechi.yaml:2", "rules[0].then"),
        ("rules:\n  - {when: {kind: [phone]}, then: stay-home}", "haechi.yaml:2", "because"),
        ("profile: general\nprofile: general", "haechi.yaml:2", "twice"),
        ("listen: {host: [", "haechi.yaml:1", "YAML"),
        ("- a\n- b", "haechi.yaml:1", "mapping"),
        ("destinations:\n  gpt:\n    key: ${NOT_SET}", "haechi.yaml:3", "NOT_SET"),
        ("destinations:\n  lab:\n    models: [a,\n      'b c']", "haechi.yaml:4", "model id"),
        ('destinations:\n  lab:\n    models: ["b\\n"]', "haechi.yaml:3", "model id"),
        (f"destinations:\n  lab:\n    models: [{'m' * 129}]", "haechi.yaml:3", "model id"),
        ('destinations:\n  "a\\n": {engine: auto}', "haechi.yaml:2", "A name"),
        ('rules:\n  - {when: {kind: [phone]}, then: stay-home, because: "\\e[31m"}', "haechi.yaml:2", "seen"),
        ("\nrules: &a [*a]", "haechi.yaml:2", "aliases"),
        ("\nrules: " + "[" * 5000, "haechi.yaml:2", "nesting"),
        ("\nworkers: !!int abc", "haechi.yaml:2", "tags"),
        ("\nworkers: !!timestamp xx", "haechi.yaml:2", "tags"),
        ("\nworkers: " + "1" * 5000, "haechi.yaml:2", "number"),
        ("\nlimits: {idle_s: " + "1" * 400 + "}", "haechi.yaml:2", "range"),
        ("destinations:\n  gpt:\n    contract: {valid_until: 2026-02-30}", "haechi.yaml:3", "date"),
        ('\nprofile: "\\ud800"', "haechi.yaml:2", "text"),
        ("\n\nprofile: \x01", "haechi.yaml:3", "YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_mend(text: str, where: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse(text, "haechi.yaml", {})
    assert raised.value.where == where
    assert says in raised.value.text.en
    assert raised.value.text.ko


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        (GPT + "contract: openai-api-standart}", "destinations.gpt.contract", "openai-api-standard"),
        (GPT + "contract: anthropic-commercial}", "destinations.gpt.contract", "anthropic"),
        ("destinations: {gpt: {provider: openai}}", "destinations.gpt.key", "key"),
        ("destinations: {gpt: {provider: openai, key: a, key_file: b}}", "destinations.gpt", "not both"),
        ("destinations: {gpt: {key: k}}", "destinations.gpt", "only one"),
        ("destinations: {gpt: {engine: auto, key: k}}", "destinations.gpt", "Nothing beside"),
        (
            "destinations: {lab: {provider: openai, zone: onprem, key: k, models: [m]}}",
            "destinations.lab.zone",
            "not inside",
        ),
        (
            "destinations: {lab: {provider: openai, base_url: 'https://api.openai.com/v1', zone: onprem, models: [m]}}",
            "destinations.lab.zone",
            "not inside",
        ),
        (
            "destinations: {lab: {provider: openai, base_url: 'http://8.8.8.8/v1', zone: onprem, models: [m]}}",
            "destinations.lab.zone",
            "not inside",
        ),
        (
            "destinations: {lab: {provider: openai, base_url: 'http://10.0.0.5/v1', zone: onprem}}",
            "destinations.lab.models",
            "model",
        ),
        ("rules: [{when: {kind: [kr.rnr]}, then: stay-home, because: x}]", "rules[0].when.kind[0]", "kr.rrn"),
        ("rules: [{when: {}, then: stay-home, because: x}]", "rules[0].when", "kind or a level"),
        (
            "rules: [{when: {level: internal}, then: {deidentify: [kr.rrn]}, because: x}]",
            "rules[0].then.deidentify",
            "narrow",
        ),
        ("listen: {host: 0.0.0.0}", "listen.tls", "TLS"),
        ("listen: {host: 0.0.0.0, tls: {cert: c, key: k}}\nkeys: {auth: loopback-open}", "keys.auth", "keys"),
    ],
)
def test_what_contradicts_itself_is_refused(text: str, where: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        compiled(text)
    assert raised.value.where == where
    assert says in raised.value.text.en


@pytest.mark.parametrize("blank", ["", " ", "\t", "\u3000", "\u200b", "${EMPTY}"])
@pytest.mark.parametrize(
    "field", ["attested", "key", "key_file", "base_url", "ca_file", "dpa_id", "attested_by"]
)
def test_blank_text_states_nothing(field: str, blank: str) -> None:
    text = f"destinations:\n  lab:\n    provider: openai\n    {field}: {json.dumps(blank)}"
    if field in ("dpa_id", "attested_by"):
        text = f"destinations:\n  lab:\n    contract:\n      {field}: {json.dumps(blank)}\n      preset: x"
    with pytest.raises(ConfigurationError) as raised:
        parse(text, "haechi.yaml", {"EMPTY": " "})
    assert raised.value.where == "haechi.yaml:4"
    assert "blank" in raised.value.text.en


@pytest.mark.parametrize("nobody", [None, "", " "])
def test_nobody_attests_by_blank_text(nobody: str | None) -> None:
    """Settings refuse it; were one to pass, it opens nothing."""
    lab = DestinationSettings(
        provider="openai", base_url="http://8.8.8.8/v1", zone="onprem", models=("m",), attested=nobody
    )
    with pytest.raises(ConfigurationError):
        policy(Settings(destinations={"lab": lab}), ENGINE, today())
    found = upstream("lab", lab, None)
    assert found is not None
    assert not found.attested


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(" \n")
    with pytest.raises(ConfigurationError, match="empty"):
        upstream("gpt", DestinationSettings(provider="openai", key_file=str(tmp_path / "key")), None)


def test_somebody_may_attest_that_an_address_is_inside() -> None:
    compiled(
        "destinations: {lab: {provider: openai, base_url: 'http://8.8.8.8/v1', zone: onprem, models: [m], attested: ciso}}"
    )


def test_secrets_come_from_the_environment_and_are_not_part_of_the_policy_version() -> None:
    text = "destinations: {gpt: {provider: openai, key: '${KEY}'}}"
    assert parse("destinations: {gpt: {provider: openai, key: ${KEY}}}", "t", {"KEY": "k"}) == parse(
        text, "t", {"KEY": "k"}
    )
    one, two = (parse(text, "t", {"KEY": key}) for key in ("first", "second"))
    assert one.destinations["gpt"].key == "first"
    assert policy(one, ENGINE, today()).version == policy(two, ENGINE, today()).version


def test_errors_never_repeat_a_value_of_the_file() -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse("destinations: {gpt: {provider: openai, key: [sk-very-secret]}}", "t", {})
    assert "sk-very-secret" not in raised.value.text.en + raised.value.text.ko


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("listen: {port: 9}", True),
        ("workers: 7", True),
        ("profile: finance-kr", False),
        ("site: {stop_order: true}", False),
        ("airgap: true", False),
        ("rules: [{when: {kind: [card]}, then: refuse, because: PCI}]", False),
    ],
)
def test_the_policy_version_is_of_what_decides(text: str, same: bool) -> None:
    assert (version(parse(text, "t", {})) == version(parse("profile: general", "t", {}))) is same


def test_the_policy_version_says_nothing_of_a_secret() -> None:
    keyed = "destinations: {{g: {{provider: openai, key: {}, contract: openai-api-standard}}}}"
    assert version(parse(keyed.format("one"), "t", {})) == version(parse(keyed.format("two"), "t", {}))
