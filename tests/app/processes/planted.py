"""What an attacker's library would do inside a gate: `python -m tests.app.processes.planted PORT HOST …`.

Under uvloop, as a worker runs, it takes every road it knows to each address, and sends the road's name. It
tells nothing: who listens there knows what arrived.
"""

import asyncio
import contextlib
import ctypes
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable

import uvloop

IPPROTO_MPTCP = 262
MSG_FASTOPEN = 0x20000000
libc = ctypes.CDLL(None, use_errno=True)


async def by_event_loop(host: str, port: int) -> None:
    """uvloop's own connection: no audit event, no Python socket."""
    loop = asyncio.get_running_loop()
    transport, _ = await asyncio.wait_for(loop.create_connection(asyncio.Protocol, host, port), 1)
    transport.write(b"loop")
    transport.close()
    await asyncio.sleep(0.02)


async def by_datagram(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.sendto(b"udp", (host, port))


async def by_c_library(host: str, port: int, word: bytes = b"libc") -> None:
    """socket and connect of libc, as a compiled extension calls them."""
    made = checked(libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0))
    try:
        name = (
            struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + socket.inet_aton(host) + b"\0" * 8
        )
        checked(libc.connect(made, name, len(name)))
        checked(libc.send(made, word, len(word), 0))
    finally:
        os.close(made)


async def by_fast_open(host: str, port: int) -> None:
    """A first packet that carries data: no call named connect."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 1, 0))
        made.sendto(b"fastopen", MSG_FASTOPEN, (host, port))


async def by_multipath(host: str, port: int) -> None:
    """TCP by another protocol number."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_MPTCP) as made:
        made.settimeout(1)
        made.connect((host, port))
        made.send(b"mptcp")


async def by_io_uring(host: str, port: int) -> None:
    """io_uring makes sockets and connects without any of these calls. Whether it can be had is told on standard output."""
    parameters = ctypes.create_string_buffer(256)
    ring = checked(libc.syscall(425, 2, parameters))
    os.close(ring)
    sys.stdout.write("ring\n")


async def by_raw_packet(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as made:
        made.sendto(struct.pack("!HHHH", 9, port, 11, 0) + b"raw", (host, 0))


async def by_own_namespace(host: str, port: int) -> None:
    """Back into the network of process 1, or of our parent."""
    for process in ("1", str(os.getppid())):
        with contextlib.suppress(OSError):
            there = os.open(f"/proc/{process}/ns/net", os.O_RDONLY)
            checked(libc.setns(there, 0x40000000))
            return await by_c_library(host, port, b"namespace")
    raise PermissionError


Road = Callable[[str, int], Awaitable[None]]
ROADS: dict[str, Road] = {
    "loop": by_event_loop,
    "udp": by_datagram,
    "libc": by_c_library,
    "fastopen": by_fast_open,
    "mptcp": by_multipath,
    "ring": by_io_uring,
    "raw": by_raw_packet,
    "namespace": by_own_namespace,
}


def checked(result: int) -> int:
    """Or the error of the C library."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


async def main(port: int, hosts: list[str]) -> None:
    """Every road to every address."""
    for host in hosts:
        for road in ROADS.values():
            with contextlib.suppress(OSError, TimeoutError):
                await road(host, port)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2:]))
