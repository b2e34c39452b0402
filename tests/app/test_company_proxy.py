"""The section `proxy`: who goes through it, and what is refused with its mend."""

from pathlib import Path

import pytest

from haechi.app.company_proxy import company_proxy
from haechi.app.settings.load import parse
from haechi.app.settings.secrets import ELSEWHERE, without_secrets
from haechi.app.wiring import _upstreams, backends
from haechi.domain.errors import ConfigurationError

PLACES = """
destinations:
  lab:    {provider: openai, zone: onprem, base_url: "http://10.0.0.5/v1", key: lab-secret, models: [m]}
  gpt:    {provider: openai, key: gpt-secret, contract: openai-api-standard}
  claude: {provider: anthropic, key: claude-secret, contract: anthropic-commercial}
"""


def through(proxy: str, places: str = PLACES) -> set[str]:
    """The destinations that are reached through the proxy."""
    settings = parse(f"{places}proxy: {proxy}", "haechi.yaml", {"PROXY_PASSWORD": "geheim"})
    return {name for name, each in _upstreams(settings, None).items() if each.proxy is not None}


@pytest.mark.parametrize(
    ("proxy", "names"),
    [
        ('{url: "http://proxy.corp:3128"}', {"gpt", "claude"}),
        ('{url: "http://proxy.corp:3128", for: [gpt]}', {"gpt"}),
        ('{url: "http://10.1.2.3:3128", user: kim, password: "${PROXY_PASSWORD}"}', {"gpt", "claude"}),
        ('{url: "http://8.8.8.8:3128", attested: ciso@corp.example}', {"gpt", "claude"}),
    ],
)
def test_cloud_destinations_go_through_it_and_no_others(proxy: str, names: set[str]) -> None:
    assert through(proxy) == names


@pytest.mark.parametrize(
    ("proxy", "where", "says"),
    [
        ('{url: "https://proxy.corp"}', "proxy.url", "inside it TLS"),
        ('{url: "http://proxy.corp/path"}', "proxy.url", "http://host:port"),
        ('{url: "http://kim:geheim@proxy.corp"}', "proxy.url", "without credentials"),
        ('{url: "socks5://proxy.corp"}', "proxy.url", "http"),
        ('{url: "http://8.8.8.8:3128"}', "proxy.url", "proxy.attested"),
        ('{url: "http://169.254.169.254", attested: ciso}', "proxy.url", "not inside"),
        ('{url: "http://proxy.corp", for: [lab]}', "proxy.for", "`lab` is no cloud destination"),
        ('{url: "http://proxy.corp", for: [nobody]}', "proxy.for", "`nobody`"),
        ('{url: "http://proxy.corp", password: x}', "proxy.user", "no user"),
        ('{url: "http://proxy.corp", user: "a:b", password: x}', "proxy.user", "colon"),
        ('{url: "http://proxy.corp", user: a, password: x, password_file: y}', "proxy", "not both"),
        (
            '{url: "http://proxy.corp", user: a, password_file: /nowhere}',
            "proxy.password_file",
            "cannot be read",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_mend(proxy: str, where: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        through(proxy)
    assert raised.value.where == where
    assert says in raised.value.text.en
    assert "geheim" not in str(raised.value)


def test_a_destination_in_plain_http_is_left_out_by_name() -> None:
    places = f'{PLACES}  near: {{provider: openai, base_url: "http://localhost:1", key: k}}\n'
    with pytest.raises(ConfigurationError) as raised:
        through('{url: "http://proxy.corp"}', places)
    assert raised.value.where == "destinations.near.base_url"
    assert "proxy.for" in raised.value.text.en
    assert through('{url: "http://proxy.corp", for: [gpt]}', places) == {"gpt"}


def test_the_environment_makes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    settings = parse(PLACES, "haechi.yaml", {})
    assert company_proxy(settings) is None
    assert all(each.proxy is None for each in _upstreams(settings, None).values())


def test_a_password_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("geheim\n")
    settings = parse(
        f'{PLACES}proxy: {{url: "http://proxy.corp", user: kim, password_file: "{tmp_path}/password"}}',
        "t",
        {},
    )
    proxy = company_proxy(settings)
    assert proxy is not None
    assert proxy.authorization == "Basic a2ltOmdlaGVpbQ=="


def test_a_gate_of_a_split_haechi_gets_no_secret(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("file-secret")
    text = f"""{PLACES}  filed: {{provider: openai, key_file: "{tmp_path}/key", contract: openai-api-standard}}
proxy: {{url: "http://proxy.corp", user: kim, password: proxy-secret}}
"""
    settings = parse(text, "haechi.yaml", {})
    bare = without_secrets(settings)
    assert "secret" in str(settings)
    assert "secret" not in str(bare).replace(ELSEWHERE, "")
    assert str(tmp_path) not in str(bare)
    assert "kim" not in str(bare)
    assert without_secrets(bare) == bare
    found, _ = backends(bare, None, tmp_path / "door.sock")  # and it can work with what it gets
    assert set(found) == {"lab", "gpt", "claude", "filed"}
