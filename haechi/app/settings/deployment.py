"""`deploy`: what can be told from the file alone. Whether the users exist is asked where haechi starts."""

from typing import Final

from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text


def keep_apart(settings: Settings) -> None:
    """Refuse users that would not be apart. Raises `ConfigurationError`."""
    given = settings.deployment
    if given.gate_user is None and given.door_user is None:
        return
    if given.mode != "split":
        raise ConfigurationError(NOT_SPLIT, "deploy.mode")
    if given.gate_user is None or given.door_user is None:
        raise ConfigurationError(BOTH, "deploy.gate_user" if given.gate_user is None else "deploy.door_user")
    if given.gate_user == given.door_user:
        raise ConfigurationError(SAME, "deploy.door_user")


NOT_SPLIT: Final = Text(
    ko="deploy.mode: gate_user 와 door_user 는 mode: split 에서만 쓰입니다. mode 를 바꾸거나 두 줄을 지우세요.",
    en="deploy.mode: gate_user and door_user are for mode: split. Change the mode, or leave the two lines out.",
)
BOTH: Final = Text(
    ko="deploy: gate_user 와 door_user 를 함께 적으세요. 하나만으로는 서로를 막지 못합니다.",
    en="deploy: give gate_user and door_user together. One alone keeps nobody from the other.",
)
SAME: Final = Text(
    ko="deploy.door_user: gate_user 와 달라야 합니다. 같은 사용자는 서로의 키 파일을 읽을 수 있습니다.",
    en="deploy.door_user: must be another than gate_user. The same user can read the other's key files.",
)
