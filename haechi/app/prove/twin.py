"""The second instance's configuration: the live one, with every address replaced and every secret left behind.

Contracts, site, profile, rules, services, model names, limits and the way of deployment are carried over as they are,
so are settings that this page has never heard of. What decides where a text may go is compiled from both and compared:
a proof about other rules than the live ones would prove nothing. What is left behind besides is named (`left`).
"""

import os
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, structs

from haechi.app.settings.compile import LocalEngine, base_url, policy, problems
from haechi.app.settings.load import read, sound
from haechi.app.settings.model import DestinationSettings, ListenSettings, Settings
from haechi.app.settings.problems import Problems
from haechi.app.settings.secrets import without_secrets
from haechi.catalogue.contracts import presets
from haechi.domain.destination import Wire
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text
from haechi.gateway.decide.policy import Policy

WORKERS: Final = 2
"""As many as it takes for a request to meet another worker than the one before."""

_ENGINE: Final = LocalEngine("http://127.0.0.1:1", ("engine",))
_SHORTEST_SECRET: Final = 4
_DEFAULT_PATH: Final[Mapping[str, str]] = {"openai": "/v1"}


class Environment(Mapping[str, str]):
    """The environment of whoever starts the proof; what is not set there gets a value that is nobody's, since an
    auditor has no provider keys and needs none."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self._found = found
        self.invented: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name in self._found:
            return self._found[name]
        return self.invented.setdefault(name, f"unset-{secrets.token_hex(12)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


Left = Literal["proxy", "users"]


class Twin(Struct, frozen=True):
    """The live configuration and its copy, each with the policy it compiles to; `keys` are the copy's dummies, `left`
    what of the live configuration the copy cannot have."""

    live: Settings
    live_policy: Policy
    settings: Settings
    policy: Policy
    keys: dict[str, str]
    left: tuple[Left, ...] = ()


def live_settings(config: Path | None, today: date) -> Settings:
    """The live configuration: a named file, else `haechi.yaml` here, else home alone. Raises `ConfigurationError`."""
    here = Path("haechi.yaml")
    path = config or (here if here.exists() else None)
    if path is None:
        return Settings()
    environment = Environment(os.environ)
    sheet = sound(read(path, environment))
    if wrong := problems(sheet.settings, today):
        raise Problems(wrong).located(sheet.name, sheet.marks)
    told = msgspec.json.encode(without_secrets(sheet.settings)).decode()
    for name, value in environment.invented.items():
        if value in told:  # it stands for something that decides, and would be decided about wrongly
            raise ConfigurationError(
                Text(
                    ko=f"환경 변수 {with_particle(name, '이/가')} 없습니다. 키가 아닌 설정에 쓰이므로, haechi "
                    "를 시작할 때와 같은 값으로 "
                    "설정하세요.",
                    en=f"Environment variable {name} is not set. It stands for more than a key: set it as it is set "
                    "where haechi is started.",
                ),
                str(path),
            )
    return sheet.settings


def twin(live: Settings, ports: Mapping[str, int], today: date) -> Twin:
    """The copy of `live` whose destinations are at `ports` of this machine. Raises `ConfigurationError` where the
    copy would decide otherwise, or where a secret of the live configuration stands in it."""
    compiled = policy(live, _ENGINE, today)
    keys = {name: f"dummy-{secrets.token_hex(16)}" for name in live.destinations}
    destinations = {
        name: _replaced(name, entry, ports[name], keys[name], compiled)
        for name, entry in live.destinations.items()
    }
    copied = structs.replace(
        live,
        destinations=destinations,
        listen=ListenSettings(port=0),
        ledger="sqlite",
        workers=WORKERS,
        proxy=None,  # the company's own: nothing of a proof may knock there
        deploy=live.deploy if _may_have_users(live) else live.deployment.mode,
    )
    copied_policy = policy(copied, None, today)
    if differing := differences(compiled, copied_policy):
        names = ", ".join(differing)
        raise ConfigurationError(
            Text(
                ko=f"사본의 정책이 원본과 다릅니다 ({names}). 증명하지 않습니다: 이 설정과 함께 알려 주세요.",
                en=f"The copy's policy differs from the live one ({names}). Nothing is proven: report it with this "
                "configuration.",
            )
        )
    _no_secret(live, copied)
    left: tuple[Left, ...] = ("proxy",) if live.proxy is not None else ()
    if copied.deploy != live.deploy:
        left += ("users",)
    return Twin(live, compiled, copied, copied_policy, keys, left)


def _may_have_users(live: Settings) -> bool:
    """Whether processes can be handed to the users that the live configuration names: only root can do that."""
    return live.deployment.gate_user is None or os.geteuid() == 0


def written(settings: Settings) -> bytes:
    """`settings` as a file that `haechi up` reads: JSON, which is YAML, with `$` written so that nothing in it is
    taken for a variable."""
    return msgspec.json.encode(settings).replace(b"$", b"\\u0024")


def wire(entry: DestinationSettings) -> Wire:
    """What is spoken to the stand-in. haechi's own fake has no socket: its stand-in speaks as the provider of its
    contract does."""
    if entry.engine is not None or entry.provider is None:
        return "openai"
    if entry.provider != "fake":
        return entry.provider
    name = entry.contract if isinstance(entry.contract, str) else entry.contract and entry.contract.preset
    preset = presets().get(name or "")
    return preset.provider if preset else "openai"


def differences(live: Policy, copied: Policy) -> list[str]:
    """What decides, and is not the same in both."""
    found = [
        name
        for name in ("clearances", "rules", "names", "obligations", "site", "today")
        if getattr(live, name) != getattr(copied, name)
    ]
    for name, destination in live.destinations.items():
        other = copied.destinations.get(name)
        if other is None or _decisive(destination) != _decisive(other):
            found.append(f"destinations.{name}")
    return found


def _decisive(destination: Any) -> tuple[Any, ...]:
    """What a decision looks at; address, wire and engine are not of it."""
    return (
        destination.name,
        destination.zone,
        destination.models,
        destination.contract,
        destination.services,
    )


def _replaced(
    name: str, entry: DestinationSettings, port: int, key: str, compiled: Policy
) -> DestinationSettings:
    spoken = wire(entry)
    path = urlsplit(base_url(entry)).path.rstrip("/") if entry.engine is None else ""
    return structs.replace(
        entry,
        engine=None,
        provider=spoken,
        zone=compiled.destinations[name].zone,
        base_url=f"http://127.0.0.1:{port}{path or _DEFAULT_PATH.get(spoken, '')}",
        key=key,
        key_file=None,
        ca_file=None,
        models=compiled.destinations[name].models,
    )


def _no_secret(live: Settings, copied: Settings) -> None:
    text = written(copied)
    for where, secret in _secrets(live):
        if len(secret) >= _SHORTEST_SECRET and secret.encode() in text:
            raise ConfigurationError(
                Text(
                    ko=f"{where} 의 값이 설정의 다른 곳에도 있습니다. 비밀은 한 곳에만 적으세요.",
                    en=f"The value of {where} also stands elsewhere in the configuration. Write a secret in one place "
                    "alone.",
                ),
                where,
            )


def _secrets(live: Settings) -> Iterator[tuple[str, str]]:
    """Everything in the live configuration that nobody may learn, with its place."""
    for name, entry in live.destinations.items():
        yield f"destinations.{name}.key", entry.key or ""
    if live.proxy is not None:
        yield "proxy.password", live.proxy.password or ""
