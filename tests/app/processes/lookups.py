"""A host on which names can be looked up: `python -m tests.app.processes.lookups`.

In a network and with mounts of its own there is a name server on loopback, and a resolver behind a Unix socket, as
systemd-resolved has it. A planted library looks a name up behind each guard; printed is, as JSON, whom it reached.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Thread

from haechi.app.processes import confined, kernel, namespace
from haechi.app.processes.guards import Guards
from haechi.app.processes.order import cleaned_environment

LOOK_UP = "import socket; socket.getaddrinfo('secret.example', 80)"
ASK_RESOLVER = "import socket; socket.socket(socket.AF_UNIX).connect(%r)"


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def serve_names() -> list[bytes]:
    """Say of every name that there is none, and note what was asked."""
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    asked: list[bytes] = []

    def answer() -> None:
        while True:
            question, caller = names.recvfrom(512)
            asked.append(question)
            names.sendto(question[:2] + b"\x81\x83" + question[4:], caller)

    Thread(target=answer, daemon=True).start()
    return asked


def run(guards: Guards, code: str) -> None:
    """Run `code` behind `guards`, however it ends."""
    launch = guards.launch(connect=(1,))
    subprocess.run(
        [sys.executable, "-m", *launch.arguments, "tests.app.processes.run_code", code],
        env=cleaned_environment(),
        pass_fds=launch.descriptors,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def main() -> dict[str, list[str]]:
    kernel.unshare(kernel.NEW_NETWORK | kernel.NEW_MOUNTS)
    kernel.keep_mounts_to_oneself()
    namespace._raise_loopback()
    settings = Path(tempfile.mkdtemp()) / "resolv.conf"
    settings.write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    mount("--bind", str(settings), os.path.realpath("/etc/resolv.conf"))
    mount("-t", "tmpfs", "tmpfs", "/run")
    resolver_path = Path(confined.INTERMEDIARIES[1])
    resolver_path.parent.mkdir(parents=True)
    asked = serve_names()
    resolver = socket.socket(socket.AF_UNIX)
    resolver.bind(str(resolver_path))
    resolver.listen()
    resolver.setblocking(False)
    reached: dict[str, list[str]] = {}
    space = namespace.create()
    for word, guards in {
        "none": Guards(),
        "namespace": Guards(namespace=space),
        "seccomp": Guards(seccomp=True),
        "landlock": Guards(landlock=True),
    }.items():
        run(guards, LOOK_UP)
        run(guards, ASK_RESOLVER % str(resolver_path))
        reached[word] = ["name server"] if any(b"secret" in each for each in asked) else []
        asked.clear()
        with suppress(BlockingIOError):
            while True:
                resolver.accept()[0].close()
                reached[word] = [*(each for each in reached[word] if each != "resolver"), "resolver"]
    return reached


if __name__ == "__main__":
    print(json.dumps(main()))
