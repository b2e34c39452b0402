"""Which wire speaks to which upstream: one table."""

from typing import Final

from haechi.adapters.backends.door import Door
from haechi.adapters.backends.openai import OpenAI
from haechi.adapters.backends.remote import Remote, Wire
from haechi.adapters.backends.upstream import Upstream
from haechi.domain.ports import Backend

WIRES: Final = {"openai": OpenAI}


def backend(upstream: Upstream, door: Door) -> Backend:
    """The backend for `upstream`, which `door` must know."""
    wire: Wire = WIRES[upstream.wire](upstream)
    return Remote(upstream, door, wire)
