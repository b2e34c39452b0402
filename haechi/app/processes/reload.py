"""What a running haechi can take over from a changed configuration, and what it says of it.

Whatever processes were opened with (the address, their number, ledger, users, guards) needs a restart; all else
comes into force at once, for everybody, or not at all.
"""

from typing import Final

from haechi.app.processes.confinement import reached
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

RELOADED: Final = Text(ko="새 설정이 적용되었습니다.", en="The new configuration is in force.")


def kept(problem: Text, where: str) -> Text:
    """The news that the old configuration stays in force, and why."""
    return Text(
        ko=f"설정을 바꾸지 않았습니다. 이전 설정이 그대로 적용됩니다. {where}: {problem.ko}",
        en=f"The configuration was not changed; the old one stays in force. {where}: {problem.en}",
    )


def short_of(error: OSError) -> Text:
    """The system did not let the new processes start."""
    said = error.strerror or type(error).__name__
    return Text(
        ko=f"운영체제가 거절했습니다 ({said}). 디스크, 메모리, 프로세스 수를 보고 다시 `haechi reload` 하세요.",
        en=f"The system refused ({said}). Look at disk, memory and the number of processes, then `haechi reload` again.",
    )


def refuse_to_restart(now: Settings, then: Settings) -> None:
    """Raise `ConfigurationError` where `then` differs from `now` in what only a restart can change."""
    fixed = {
        "listen.host": (now.listen.host, then.listen.host),
        "listen.port": (now.listen.port, then.listen.port),
        "workers": (now.workers, then.workers),
        "ledger": (now.ledger, then.ledger),
        "deploy": (now.deployment, then.deployment),
        "airgap": (now.airgap, then.airgap),
        "detection.ocr": (now.detection.ocr, then.detection.ocr),
        "destinations": (_has_engine(now), _has_engine(then)),
    }
    for field, (old, new) in fixed.items():
        if old != new:
            raise ConfigurationError(_RESTART_FOR_ENGINE if field == "destinations" else _RESTART, field)
    if now.airgap and _has_engine(now) and bool(reached(now, None)) != bool(reached(then, None)):
        raise ConfigurationError(_RESTART_FOR_SERVICE, "destinations")


_RESTART: Final = Text(
    ko="이 항목은 다시 시작해야 바뀝니다: `haechi down` 뒤에 `haechi up`.",
    en="This changes with a restart only: `haechi down`, then `haechi up`.",
)
_RESTART_FOR_ENGINE: Final = Text(
    ko="`engine: auto` 목적지를 더하거나 빼려면 다시 시작해야 합니다: `haechi down` 뒤에 `haechi up`.",
    en="A destination with `engine: auto` comes or goes with a restart only: `haechi down`, then `haechi up`.",
)
_RESTART_FOR_SERVICE: Final = Text(
    ko="에어갭에서 첫 사내 서버를 더하거나 마지막 것을 빼면 우리 엔진의 네트워크가 달라져 다시 시작해야 합니다: "
    "`haechi down` 뒤에 `haechi up`.",
    en="In an air gap the first model server in the building that comes, and the last that goes, changes the network of our "
    "engine, with a restart only: `haechi down`, then `haechi up`.",
)


def _has_engine(settings: Settings) -> bool:
    return any(entry.engine is not None for entry in settings.destinations.values())
