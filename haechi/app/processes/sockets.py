"""The listening sockets: opened once by the supervisor, kept over every restart of a worker."""

import errno
import socket
import sys

from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text


def listeners(host: str, port: int, count: int) -> list[socket.socket]:
    """`count` listening sockets on one address. Raises `ConfigurationError` where it cannot be had.

    On Linux each worker has its own and the kernel spreads connections over them (SO_REUSEPORT); elsewhere
    they share one. As such sockets could join another program's, the address is first taken alone.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    probe = _bound(family, host, port, shared=False)
    port = probe.getsockname()[1]
    if not sys.platform.startswith("linux"):
        probe.listen(4096)
        return [probe] * count
    probe.close()
    sockets = [_bound(family, host, port, shared=True) for _ in range(count)]
    for each in sockets:
        each.listen(4096)
    return sockets


def _bound(family: socket.AddressFamily, host: str, port: int, *, shared: bool) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        raise _unavailable(host, port, error) from None
    return made


def _unavailable(host: str, port: int, error: Exception) -> ConfigurationError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return ConfigurationError(
            Text(
                ko=f"포트 {with_particle(port, '을/를')} 이미 다른 프로그램이 쓰고 있습니다. 그것을 끝내거나 "
                "`--port` 로 다른 번호를 고르세요.",
                en=f"Port {port} is already in use. End what uses it, or choose another with `--port`.",
            ),
            f"{host}:{port}",
        )
    return ConfigurationError(
        Text(
            ko=f"{host}:{port} 에서 들을 수 없습니다 ({type(error).__name__}). listen.host 와 포트를 확인하세요.",
            en=f"Cannot listen on {host}:{port} ({type(error).__name__}). Check listen.host and the port.",
        ),
        f"{host}:{port}",
    )
