"""The users that `deploy` names, as this host knows them, and the data directory that becomes the gate's."""

import os
import pwd
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.private import data_directory
from haechi.app.processes.users import User, hand_over, is_theirs
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text


class People(NamedTuple):
    """Whom gate and door run as; nobody in particular: as whoever started haechi."""

    gate: User | None = None
    door: User | None = None


def people(settings: Settings) -> People:
    """Look the users up. Raises `ConfigurationError` where this host or this process cannot have them so."""
    given = settings.deployment
    if given.gate_user is None or given.door_user is None:
        return People()
    found = People(_user(given.gate_user, "gate_user"), _user(given.door_user, "door_user"))
    if found.gate is not None and found.door is not None and found.gate.uid == found.door.uid:
        raise _wrong(
            "door_user",
            "gate_user 와 번호가 같은 사용자입니다. 다른 사용자를 만드세요.",
            "has the same number as gate_user. Create another user.",
        )
    if os.geteuid() != 0:
        raise _wrong(
            "gate_user",
            "사용자를 나누려면 root 로 시작해야 합니다. root 로 시작하거나 gate_user 와 door_user 를 지우세요.",
            "needs a start as root, which alone can hand processes to other users. Start as root, or leave gate_user "
            "and door_user out.",
        )
    return found


def take_data_directory(directory: Path, gate: User | None) -> None:
    """Make the data directory, and at the first start hand it over to the gate. Raises `ConfigurationError`."""
    data_directory(directory)
    if gate is None or is_theirs(directory, gate):
        return
    ours = ledger_file(directory).exists() or (directory / "run").is_dir()
    if not ours and any(directory.iterdir()):
        raise ConfigurationError(
            Text(
                ko=f"{directory} 에 haechi 의 것이 아닌 파일이 있어 {gate.name} 에게 넘기지 않습니다. "
                "빈 폴더를 --data 로 고르세요.",
                en=f"{directory} holds files that are not haechi's, so it is not handed over to {gate.name}. Choose an "
                "empty directory with --data.",
            ),
            str(directory),
        )
    hand_over(directory, gate)


def owner_of(directory: Path) -> User | None:
    """Whose the data directory is, where root looks at one that it handed over: what lies there, links above all, may be
    of the gate's making. `None` where it is our own to touch."""
    try:
        found = directory.stat()
    except OSError:
        return None
    if os.geteuid() != 0 or found.st_uid == 0:
        return None
    with suppress(OSError):
        if (
            ledger_file(directory).lstat().st_uid == 0
        ):  # a volume of somebody's, and a haechi that runs as root in it
            return None
    return User("", found.st_uid, found.st_gid)


def _user(name: str, field: str) -> User:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise _wrong(
            field,
            f"사용자 {with_particle(name, '이/가')} 없습니다. `useradd --system --shell /usr/sbin/nologin {name}` 로 만드세요.",
            f"there is no user {name}. Create it: `useradd --system --shell /usr/sbin/nologin {name}`.",
        ) from None
    if entry.pw_uid == 0:
        raise _wrong(field, "root 는 쓸 수 없습니다.", "root cannot be used.")
    return User(name, entry.pw_uid, entry.pw_gid)


def _wrong(field: str, ko: str, en: str) -> ConfigurationError:
    return ConfigurationError(Text(ko=f"deploy.{field}: {ko}", en=f"deploy.{field}: {en}"), f"deploy.{field}")
