"""What is read of the machine: CPU time by process, the share others took, names and versions. Linux only.

CPU time comes from the scheduler (`/proc/PID/task/*/schedstat`, nanoseconds): unlike wall time it survives
other work on the same machine.
"""

import os
import platform
import re
import shutil
import subprocess
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

PROC = Path("/proc")


def cpu_ns(process: int) -> int:
    """Nanoseconds that all threads of a process have run."""
    used = 0
    for thread in (PROC / str(process) / "task").iterdir():
        with suppress(OSError):
            used += int((thread / "schedstat").read_bytes().split(b" ", 1)[0])
    return used


def family(root: int) -> dict[int, str]:
    """A process and everything below it: process id to command line."""
    parents, commands = {}, {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                number = int(entry.name)
                parents[number] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[number] = (
                    (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                )
    found = {root}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {number: commands.get(number, "") for number in found}


def busy_ns(core: int) -> int:
    """Nanoseconds that a core has worked, for anybody."""
    for line in (PROC / "stat").read_text().splitlines():
        name, *numbers = line.split()
        if name == f"cpu{core}":
            user, nice, system, _, _, *rest = map(int, numbers[:8])
            return (user + nice + system + sum(rest)) * (10**9 // os.sysconf("SC_CLK_TCK"))
    return 0


def cores() -> tuple[int, int]:
    """The core of the gate and the core of load and upstream; the same one where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


def machine() -> dict[str, Any]:
    """What it is measured on, without any name of this machine or its owner."""
    text = (PROC / "cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return {
        "cpu": model.group(1).strip() if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
    }


def versions() -> dict[str, str | None]:
    """The versions that matter for the figures."""
    packages = ("uvicorn", "uvloop", "httptools", "msgspec", "orjson", "google-re2")
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
        "nginx": nginx_version(),
    }


def nginx_version() -> str | None:
    """The version of nginx, or `None` where it is not installed."""
    if (found := nginx()) is None:
        return None
    said = subprocess.run([found, "-v"], capture_output=True, text=True, check=False).stderr
    return said.strip().rpartition("/")[2] or None


def nginx() -> str | None:
    """Where nginx is; `/usr/sbin` is not on everybody's path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")
