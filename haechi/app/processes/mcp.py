"""The server of the Model Context Protocol in a worker, where `mcp` stands in `haechi.yaml`."""

import importlib.util
from typing import Final

from haechi.app.settings.model import Settings
from haechi.app.web.mcp import Mcp
from haechi.app.web.mcp_tools import Ceilings
from haechi.domain.errors import ConfigurationError
from haechi.domain.label import Level
from haechi.domain.text import Text


def mcp_of(settings: Settings) -> Mcp | None:
    """The server of these settings; `None` where they name none."""
    if settings.mcp is None:
        return None
    of_key = {name: Level.of(word) for name, word in settings.mcp.keys.items()}
    return Mcp(Ceilings(Level.of(settings.mcp.ceiling), of_key))


def require_sdk(settings: Settings) -> None:
    """Raises `ConfigurationError` where the settings name a server and its package is not installed."""
    if settings.mcp is not None and importlib.util.find_spec("mcp") is None:
        raise ConfigurationError(_NO_SDK, "mcp")


_NO_SDK: Final = Text(
    ko="mcp 를 켰지만 그 패키지가 없습니다. `make mcp` 나 `pip install 'haechi[mcp]'` 로 설치하거나 이 줄을 지우세요.",
    en="mcp is on, but its package is not installed. Run `make mcp` or `pip install 'haechi[mcp]'`, or leave the line out.",
)
