"""Which wire speaks to which upstream: one table."""

from collections.abc import Callable
from typing import Final

from haechi.adapters.backends.anthropic import Anthropic
from haechi.adapters.backends.gemini import Gemini
from haechi.adapters.backends.openai import OpenAI
from haechi.adapters.backends.remote import Wire
from haechi.adapters.backends.upstream import Upstream
from haechi.domain.destination import Wire as WireName

WIRES: Final[dict[WireName, Callable[[Upstream], Wire]]] = {
    "openai": OpenAI,
    "anthropic": Anthropic,
    "gemini": Gemini,
}
"""The wires that go over a network. `fake` answers in the process: `fake.FakeBackend`."""
