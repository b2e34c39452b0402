"""What a running haechi takes over from a changed configuration, and what needs a restart."""

import contextlib

import pytest

from haechi.app.processes.reload import refuse_to_restart
from haechi.app.settings.load import parse
from haechi.domain.errors import ConfigurationError

BASE = "destinations: {home: {engine: auto}}"


@pytest.mark.parametrize(
    ("then", "field"),
    [
        ("listen: {port: 9}", "listen.port"),
        ("listen: {host: 127.0.0.2}", "listen.host"),
        ("workers: 7", "workers"),
        ("deploy: split", "deploy"),
        ("airgap: true", "airgap"),
        ("destinations: {house: {provider: fake, zone: onprem, models: [m]}}", "destinations"),
    ],
)
def test_what_needs_a_restart_is_named(then: str, field: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        refuse_to_restart(parse(BASE, "t", {}), parse(then, "t", {}))
    assert refused.value.where == field


@pytest.mark.parametrize(
    "then",
    [
        "profile: finance-kr",
        "keys: {auth: loopback-open}",
        "limits: {body_mib: 1}",
        "listen: {tls: {cert: a, key: b}}",
        "destinations: {home: {engine: auto}, gpt: {provider: openai, key: k}}",
        "rules: [{when: {kind: [card]}, then: refuse, because: PCI}]",
    ],
)
def test_everything_else_is_taken_over(then: str) -> None:
    refuse_to_restart(parse(BASE, "t", {}), parse(then, "t", {}))


LAB = "lab: {provider: openai, base_url: http://10.0.0.5/v1, zone: onprem, models: [m]}"
BESIDE = LAB.replace("lab", "ward")


@pytest.mark.parametrize(
    ("now", "then", "refused"),
    [
        (
            "airgap: true",
            f"airgap: true\n{BASE[:-1]}, {LAB}}}",
            True,
        ),  # our engine would be in another network
        (f"airgap: true\n{BASE[:-1]}, {LAB}}}", "airgap: true", True),
        (f"airgap: true\n{BASE[:-1]}, {LAB}}}", f"airgap: true\n{BASE[:-1]}, {LAB}, {BESIDE}}}", False),
        (f"airgap: true\ndeploy: split\n{BASE}", f"airgap: true\ndeploy: split\n{BASE[:-1]}, {LAB}}}", False),
        (BASE, f"{BASE[:-1]}, {LAB}}}", False),
    ],
)
def test_workers_and_engine_of_an_air_gap_stay_in_one_network(now: str, then: str, refused: bool) -> None:
    old, new = ((each if "destinations" in each else f"{each}\n{BASE}") for each in (now, then))
    with (
        pytest.raises(ConfigurationError, match="changes the network")
        if refused
        else contextlib.nullcontext()
    ):
        refuse_to_restart(parse(old, "t", {}), parse(new, "t", {}))
