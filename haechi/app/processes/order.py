"""What a parent process tells a child, as one line of JSON on its standard input.

Standard input stays open afterwards and is the child's lifeline: when it ends, the parent is gone, and so is
the child. Settings travel this way, secrets among them, so that no environment and no command line holds any.
"""

import os
import sys
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from haechi.app.settings.compile import LocalEngine
from haechi.app.settings.model import Settings

T = TypeVar("T")
LONGEST: Final = 4 << 20

KEPT: Final = frozenset(
    {"HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "USER"}
)
"""All that a child gets of the environment: no proxies, no telemetry switches, no keys."""


class WorkerOrder(Struct, frozen=True):
    """What a worker needs: the settings, the engine, the data directory. Secrets are filled in where the door is in
    the worker; where it stands at the socket `door`, there are none. `reviewed`: whether exceptions count."""

    settings: Settings
    engine: LocalEngine | None
    data_dir: str
    door: str | None = None
    reviewed: bool = True


class DoorOrder(Struct, frozen=True):
    """What a door of its own needs: the settings with secrets filled in, an engine that others started, what the
    ledger seals its receipts with, the user id of gates, and where reviewed exceptions are found: nowhere, where gates
    are another user."""

    settings: Settings
    engine: LocalEngine | None
    data_dir: str | None
    receipt_key: bytes
    caller: int


def cleaned_environment(**more: str) -> dict[str, str]:
    """The environment of a child process. `PYTHONPATH` leads to this very package, not to another copy."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    ours = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONSAFEPATH": "1",  # else `-m` would look for modules in the working directory first, as root too
        "PYTHONUNBUFFERED": "1",
        "OPENBLAS_NUM_THREADS": "1",  # numpy's threads would begin before a process is confined, and stay outside
    }
    return kept | ours | more


def read_line(kind: type[T]) -> T:
    """The order on standard input. Reads the descriptor itself, so that nothing stays behind in a buffer."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST:
        piece = os.read(sys.stdin.fileno(), 65536)
        if not piece:
            break
        line += piece
    return msgspec.json.decode(line, type=kind)
