"""The local engine's own process: `python -m haechi.adapters.engine.serve`, one JSON order on stdin.

    stdin   one line, an `Order`; then nothing, until it closes: whoever started the engine is gone
    stdout  `ready PORT` once `/health` is ok, or `failed REASON`, REASON one of `Failure`
    stderr  nothing of llama.cpp's own: its messages may quote a prompt, and a prompt has no place in a log

The server listens on loopback only, behind a key, without web pages, slots, metrics or cross-origin access.
"""

import fcntl
import http.client
import importlib.util
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

Failure = Literal["order", "package", "library", "file", "port", "load"]
LOOPBACK = ("127.0.0.1", "::1")


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to serve. `context` is tokens per slot; `port` 0 lets the system choose."""

    file: str
    alias: str
    key: str
    host: str = "127.0.0.1"
    port: int = 0
    threads: int = 1
    context: int = 4096
    slots: int = 1
    max_output: int | None = None


def die_with_parent() -> None:
    """Let the closing of stdin end the process even while a model loads.

    Loading holds the interpreter lock for seconds, so no thread could notice. On Linux the kernel sends SIGIO
    when stdin closes, and its default is to end the process; elsewhere the end is noticed after loading.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the supervisor decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:  # it closed before the kernel was asked
        os._exit(0)


def read_line(descriptor: int, limit: int = 65536) -> bytes:
    """One line, byte by byte: a buffer would swallow what comes after it, the closing too."""
    line = bytearray()
    while len(line) < limit and (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)


def parameters(order: Order) -> Any:  # xllamacpp ships no types
    """The order in llama.cpp's words."""
    import xllamacpp  # 37 ms and 100 MB of libraries, for this process only

    params = xllamacpp.CommonParams()
    params.verbosity = 0
    params.model.path = order.file
    params.model_alias = {order.alias}
    params.hostnames = [order.host]
    params.port = order.port
    params.api_keys = [order.key]
    params.n_ctx = order.context * order.slots
    params.n_parallel = order.slots
    params.cpuparams.n_threads = order.threads
    params.cpuparams_batch.n_threads = order.threads
    params.n_predict = -1 if order.max_output is None else order.max_output
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_props = False
    params.endpoint_metrics = False
    params.cors_origins = ""
    params.cors_credentials = False
    params.offline = True
    params.cache_ram_mib = 0  # else up to 8 GiB of other conversations are kept beside the slots
    accelerated = any("GPU" in str(device.get("type", "")).upper() for device in xllamacpp.get_device_info())
    params.fit_params = accelerated  # measuring what fits a GPU doubles the start where there is none
    return params


def healthy(host: str, port: int) -> bool:
    """Whether `/health` answers 200."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def port_taken(host: str, port: int) -> bool:
    """Whether another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


def readable_gguf(file: str) -> bool:
    """Whether the file is there and begins as a GGUF file does."""
    try:
        with Path(file).open("rb") as stream:
            return stream.read(4) == b"GGUF"
    except OSError:
        return False


def say(words: str) -> None:
    """One line to whoever started us."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def fail(reason: Failure) -> int:
    """Report why there is no engine."""
    say(f"failed {reason}")
    return 1


def main() -> int:
    """Serve until stdin closes."""
    try:
        order = msgspec.json.decode(read_line(0), type=Order)
    except msgspec.MsgspecError:
        return fail("order")
    if order.host not in LOOPBACK or not order.key:
        return fail("order")
    if importlib.util.find_spec("xllamacpp") is None:
        return fail("package")
    if not readable_gguf(order.file):
        return fail("file")
    if order.port and port_taken(order.host, order.port):
        return fail("port")
    die_with_parent()

    try:
        import xllamacpp
    except ImportError:  # the package is there, so it is a library of the system that it misses
        return fail("library")
    try:
        server = xllamacpp.Server(parameters(order))
    except RuntimeError:
        return fail("port" if order.port and port_taken(order.host, order.port) else "load")
    port = urlsplit(server.listening_address).port
    if port is None or not healthy(order.host, port):
        return fail("load")
    say(f"ready {port}")
    while os.read(0, 4096):
        pass
    os._exit(0)  # no waiting for an answer under way: nobody reads it any more


if __name__ == "__main__":
    sys.exit(main())
