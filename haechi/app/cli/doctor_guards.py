"""What `haechi doctor` says of the way out: who has one, what stands before the others, and whether it really does."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from haechi.app.cli.finding import Finding
from haechi.app.processes import guards as tried
from haechi.app.processes.confinement import left_open
from haechi.app.processes.people import people
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

CONFINED: Final = {
    "haechi.app.processes.worker": "worker",
    "haechi.app.processes.ledger": "ledger",
    "haechi.app.processes.readers": "readers",
    "haechi.adapters.engine.serve": "engine",
}
"""Modules whose processes stand behind guards, and what they are called."""


def examine(settings: Settings, found: dict[str, Any] | None) -> Iterator[Finding]:
    """Mode, guards, users and, where a haechi runs, its processes."""
    yield deploy(settings)
    yield guards(settings)
    if settings.split:
        yield users(settings)
    if found is not None and found.get("guards"):
        yield processes(found["pid"], found["guards"])


def deploy(settings: Settings) -> Finding:
    """Where the door stands, and whether there is an outside at all."""
    facts = {"mode": settings.deployment.mode, "airgap": settings.airgap}
    if settings.split:
        what = Text(
            ko="split: 문이 따로 돌며, 제공사 키와 밖으로 나가는 길은 문에만 있습니다.",
            en="split: the door is a process of its own, alone with the providers' keys and a way out.",
        )
    else:
        what = Text(
            ko="in-process: 작업자마다 문이 있고, 작업자가 키와 밖으로 나가는 길을 가집니다.",
            en="in-process: each worker has its door, and so the keys and a way out.",
        )
    if settings.airgap:
        still = left_open(settings, None)
        more = Text(ko=" 에어갭: 클라우드 목적지 없음.", en=" Air gap: no cloud destination.")
        what = Text(ko=what.ko + more.ko, en=what.en + more.en) if settings.split else _stripped(more)
        if still is not None:
            what = Text(ko=f"{what.ko} {still.ko}", en=f"{what.en} {still.en}")
    return Finding("deploy", True, what, facts)


def _stripped(text: Text) -> Text:
    return Text(ko=text.ko.strip(), en=text.en.strip())


def guards(settings: Settings) -> Finding:
    """What holds on this host, and what of it will be used. Tried, just as a start would."""
    gate = None
    with suppress(ConfigurationError):  # said by `users`
        gate = people(settings).gate
    held = tried.find(gate)
    held.close()
    used = held.names if settings.split or settings.airgap else ()
    facts = {"has": list(held.names), "used": list(used), "whole": held.whole}
    names = ", ".join(held.names)
    if not held.whole:
        missing = tried.NO_GUARD if settings.split else NOT_WHOLE
        return Finding("guards", False if settings.split else None, missing, facts)
    if used:
        return Finding(
            "guards",
            True,
            Text(ko=f"모두 듣고 모두 씁니다: {names}", en=f"all of these hold and are used: {names}"),
            facts,
        )
    return Finding(
        "guards",
        None,
        Text(
            ko=f"이 컴퓨터에서 들으나 in-process 에서는 쓰지 않습니다: {names}",
            en=f"these hold on this host, but in-process nothing uses them: {names}",
        ),
        facts,
    )


def users(settings: Settings) -> Finding:
    """Whether gate and door are apart as users."""
    try:
        found = people(settings)
    except ConfigurationError as error:
        return Finding("users", False, error.text, {"own": False})
    if found.gate is not None and found.door is not None:
        words = f"gate={found.gate.name}, door={found.door.name}"
        return Finding(
            "users", True, Text(ko=f"나뉘어 있습니다: {words}", en=f"are apart: {words}"), {"own": True}
        )
    return Finding("users", None, SAME_ROOT if os.geteuid() == 0 else SAME_USER, {"own": False})


def processes(supervisor: int, names: list[str]) -> Finding:
    """Whether every process of the haechi that runs here really stands behind the guards that it was started with."""
    seen = [_seen(pid, word) for pid, word in _children(supervisor)]
    loose = [each for each in seen if not _stands(each, names)]
    facts = {"processes": seen}
    count = len(seen)
    if not seen or loose:
        pids = ", ".join(str(each["pid"]) for each in loose) or "–"
        return Finding(
            "processes",
            False,
            Text(
                ko=f"차단 수단 밖에 있는 프로세스: {pids}. `haechi down` 뒤에 다시 시작하고, 되풀이되면 알려 주세요.",
                en=f"processes outside of the guards: {pids}. Run `haechi down` and start again; if it happens again, "
                "please report it.",
            ),
            facts,
        )
    words = ", ".join(names)
    return Finding(
        "processes",
        True,
        Text(
            ko=f"도는 프로세스 {count}개가 차단 수단 안에 있습니다: {words}",
            en=f"{count} running processes stand behind the guards: {words}",
        ),
        facts,
    )


def _children(supervisor: int) -> Iterator[tuple[int, str]]:
    """Process ids of what should be confined."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            pid = int(entry.name)
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            word = next((CONFINED[word] for word in words if word in CONFINED), None)
            if parent == supervisor and word is not None:
                yield pid, word


def _seen(pid: int, word: str) -> dict[str, Any]:
    """What the kernel says of a process. Its devices are looked at through its own eyes: anybody may do that."""
    process = Path("/proc") / str(pid)
    status = dict(line.partition(":\t")[::2] for line in (process / "status").read_text().splitlines())
    devices = (process / "net" / "dev").read_text().splitlines()[2:]
    return {
        "pid": pid,
        "is": word,
        "loopback_alone": [line.partition(":")[0].strip() for line in devices] == ["lo"],
        "seccomp": status.get("Seccomp", "").strip() == "2",
        "no_new_privileges": status.get("NoNewPrivs", "").strip() == "1",
    }


def _stands(seen: dict[str, Any], names: list[str]) -> bool:
    """Landlock cannot be seen from outside; that no privileges can be gained is its sign."""
    wanted = {"namespace": "loopback_alone", "seccomp": "seccomp", "landlock": "no_new_privileges"}
    return all(seen[wanted[name]] for name in names if name in wanted) and bool(seen["no_new_privileges"])


NOT_WHOLE: Final = Text(
    ko="이 컴퓨터에는 네트워크를 온전히 떼어 낼 수단이 없습니다. deploy: split 은 시작하지 않습니다.",
    en="this host has no guard that takes the network away as a whole; deploy: split would not start.",
)
SAME_USER: Final = Text(
    ko="관문과 문이 같은 사용자입니다. 메모리와 환경은 서로 읽지 못하지만, 키 파일은 읽을 수 있습니다. "
    "root 로 시작하고 deploy.gate_user 와 deploy.door_user 를 적으면 나뉩니다.",
    en="gate and door are the same user. They cannot read each other's memory or environment, but the same files, key "
    "files included. Start as root with deploy.gate_user and deploy.door_user to set them apart.",
)
SAME_ROOT: Final = Text(
    ko="관문과 문이 모두 root 입니다. 관문은 root 의 권한을 버렸지만 root 의 파일은 여전히 고칠 수 있습니다: 침입자까지 "
    "막으려면 deploy.gate_user 와 deploy.door_user 를 적으세요.",
    en="gate and door are both root. The gate has given up root's rights, but root's files are still its own to change: "
    "against an intruder, give deploy.gate_user and deploy.door_user.",
)
