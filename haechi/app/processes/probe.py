"""What a library that calls home would do: `python -m haechi.app.processes.probe HOST:PORT …`.

It connects and it sends a datagram to each address. It says nothing about how that went: whoever listens there knows.
"""

import socket
import sys
from contextlib import suppress
from typing import Final

PATIENCE: Final = 1.0
"""Seconds; the addresses are this computer's own."""


def main(addresses: list[str]) -> None:
    """Try every road to every address."""
    for address in addresses:
        host, _, port = address.rpartition(":")
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with suppress(OSError), socket.socket(family(host), kind) as planted:
                planted.settimeout(PATIENCE)
                planted.connect((host, int(port)))
                planted.send(b"?")


def family(host: str) -> socket.AddressFamily:
    """Of a literal address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


if __name__ == "__main__":
    main(sys.argv[1:])
