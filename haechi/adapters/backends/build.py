"""The backend of a destination: its wire, without its key, in front of a door."""

from msgspec.structs import replace

from haechi.adapters.backends.remote import Door, Remote
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.backends.wires import WIRES
from haechi.domain.ports import Backend


def backend(upstream: Upstream, door: Door) -> Backend:
    """The backend for `upstream`, which `door` must know."""
    return Remote(upstream.name, door, WIRES[upstream.wire](replace(upstream, key="")))
