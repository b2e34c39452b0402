"""Which process of a site stands behind which guards.

| process | may reach                             | may offer       | shared namespace |
|---------|---------------------------------------|-----------------|------------------|
| worker  | the engine that haechi started        | nothing         | yes              |
| ledger  | nothing                               | nothing         | yes              |
| readers | nothing                               | nothing         | yes              |
| engine  | itself, to see that it is well        | its own port    | yes              |

All of them keep the listening sockets that the supervisor opened before, and the Unix sockets of the data directory:
through these callers come in, and the gate reaches ledger and door.

An air gap without a door has one exception: what the site's other engines are asked, a worker asks itself. Then it
stays in the host's network, kept to the ports of those engines, and so does our engine, which it could not reach
otherwise. `left_open` says so to whoever starts haechi or examines it.
"""

from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from haechi.app.processes import guards
from haechi.app.processes.guards import Guards, Launch
from haechi.app.processes.people import People
from haechi.app.settings.compile import LocalEngine, base_url
from haechi.app.settings.model import Settings
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

PORTS: Final = {"http": 80, "https": 443}


class Confinement:
    """The guards of one site. Without `deploy: split` and `airgap` there are none, and nothing is in the way."""

    def __init__(self, settings: Settings, own: Path | None = None) -> None:
        """`own`: the directory of the site's Unix sockets, the only ones that its processes reach."""
        self._settings = settings
        self._own = own
        self._guards: Guards | None = None
        self._door = Launch()

    def put_up(self, people: People) -> None:
        """Find the guards of this host and keep them. Raises `ConfigurationError` where split mode has none."""
        if self._settings.split:
            self._guards = guards.required(guards.find(people.gate))
        elif self._settings.airgap:
            self._guards = guards.find()
        if people.door is not None:
            self._door = Guards(user=people.door).launch()

    def door(self) -> Launch:
        """For the door, which is behind no guard, but as a user of its own where there is one."""
        return self._door

    @property
    def names(self) -> tuple[str, ...]:
        """The guards that are up."""
        return self._guards.names if self._guards is not None else ()

    def worker(self, settings: Settings, engine: LocalEngine | None) -> Launch:
        """For the gate under `settings`, whose engine is `engine`."""
        others = reached(settings, engine)
        ours = (engine.base_url,) if engine is not None and engine.ours else ()
        return self._launch((*others, *ours), on_the_network=bool(others))

    def ledger(self) -> Launch:
        """For the ledger writer, which reaches nothing."""
        return self._launch(())

    def readers(self) -> Launch:
        """For the pool that reads files, which reaches nothing."""
        return self._launch(())

    def engine(self, port: int) -> Launch:
        """For the engine that is started on `port`."""
        if self._guards is None:
            return Launch()
        others = reached(self._settings, None)
        return self._guards.launch(connect=(port,), bind=(port,), own=self._own, on_the_network=bool(others))

    def news(self, engine: LocalEngine | None) -> list[Text]:
        """What to say of the guards once everything is up."""
        if self._guards is None:
            return []
        if not self._guards.whole:
            return [UNGUARDED]
        words = ", ".join(self.names)
        still = left_open(self._settings, engine)
        if still is None and engine is not None and engine.ours and self._guards.by_port:
            still = engines_port(_port(engine.base_url))
        return [Text(ko=f"차단 수단: {words}", en=f"Guards: {words}"), *([still] if still else [])]

    def close(self) -> None:
        """Let go of the guards. Processes stay behind them."""
        if self._guards is not None:
            self._guards.close()
            self._guards = None

    def _launch(self, urls: tuple[str, ...], *, on_the_network: bool = False) -> Launch:
        if self._guards is None:
            return Launch()
        ports = sorted({_port(url) for url in urls})
        names = any(_is_name(url) for url in urls)
        return self._guards.launch(connect=ports, names=names, own=self._own, on_the_network=on_the_network)


UNGUARDED: Final = Text(
    ko="이 컴퓨터에는 네트워크를 떼어 낼 수단이 없어, 밖으로 나가지 않는 것은 설정만이 지킵니다. `haechi doctor` 를 보세요.",
    en="This host has no guard that takes the network away: the configuration alone keeps everything inside. See "
    "`haechi doctor`.",
)


def reached(settings: Settings, engine: LocalEngine | None) -> tuple[str, ...]:
    """The addresses that workers reach themselves, beside the engine that haechi started: none where there is a
    door."""
    if settings.split:
        return ()
    services = (
        base_url(entry) for entry in settings.destinations.values() if entry.provider not in (None, "fake")
    )
    found = (engine.base_url,) if engine is not None and not engine.ours else ()
    return (*services, *found)


def left_open(settings: Settings, engine: LocalEngine | None) -> Text | None:
    """What the guards cannot close because workers need it; `None` where nothing is."""
    urls = reached(settings, engine)
    if not urls:
        return None
    ports = ", ".join(map(str, sorted({_port(url) for url in urls})))
    names = any(_is_name(url) for url in urls)
    return Text(
        ko=f"작업자가 사내 모델 서버에 직접 연결하므로 TCP 포트 {with_particle(ports, '은/는')} 어느 주소로든 열려 있습니다"
        + (", 이름을 찾는 UDP 도 열려 있습니다" if names else "")
        + ". 원장과 엔진은 막혀 있습니다. 이것까지 닫으려면 deploy: split 을 쓰세요.",
        en=f"Workers connect to the model servers in the building themselves, so TCP port {ports} stays open, to any "
        + ("address, and UDP to look names up" if names else "address")
        + ". Ledger and engine are closed. To close this too, use deploy: split.",
    )


def engines_port(port: int) -> Text:
    """Landlock sees no addresses."""
    return Text(
        ko=f"네임스페이스가 없어 우리 엔진의 TCP 포트 {with_particle(port, '은/는')} 작업자와 엔진에게 어느 "
        "주소로든 열려 있습니다. "
        "네임스페이스를 허용하거나 gate_user 와 방화벽 규칙을 쓰세요.",
        en=f"Without a namespace our engine's TCP port {port} stays open to workers and engine, at any address. Allow "
        "namespaces, or use gate_user with a firewall rule.",
    )


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or PORTS.get(parts.scheme, PORTS["https"])


def _is_name(url: str) -> bool:
    """Whether the host has to be looked up."""
    host = urlsplit(url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host != "localhost"
    return False
