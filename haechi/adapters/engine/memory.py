"""How much memory a model could take now, in bytes."""

import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path


def free_memory() -> int | None:
    """What is free, or `None` where nobody can tell."""
    match platform.system():
        case "Linux":
            return linux(Path("/"))
        case "Darwin":
            return macos(vm_stat())
        case _:
            return None


def linux(root: Path) -> int | None:
    """The kernel's estimate, and less where a control group (a container) allows less."""
    meminfo = read(root / "proc/meminfo")
    found = re.search(r"^MemAvailable:\s+(\d+) kB", meminfo, re.MULTILINE)
    if found is None:
        return None
    return min([int(found[1]) * 1024, *group_limits(root)])


def group_limits(root: Path) -> list[int]:
    """What each control group around this process still allows; a limit anywhere above binds as well."""
    left = []
    for line in read(root / "proc/self/cgroup").splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0":
            base, limit, used, cache = root / "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            base, limit, used, cache = (
                root / "sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "total_inactive_file",
            )
        else:
            continue
        relative = Path(path.lstrip("/"))
        for folder in (relative, *relative.parents):
            allowed, taken = number_in(base / folder / limit), number_in(base / folder / used)
            if allowed is not None and taken is not None:
                reclaimable = figures(read(base / folder / "memory.stat")).get(cache, 0)
                left.append(max(0, allowed - taken + reclaimable))
    return left


def figures(text: str) -> Mapping[str, int]:
    """The lines `name number` of a text."""
    return {name: int(number) for name, number in re.findall(r"^(\w+) (\d+)$", text, re.MULTILINE)}


def number_in(file: Path) -> int | None:
    """The number a file holds; `max` and a missing file are no number."""
    text = read(file).strip()
    return int(text) if text.isdigit() else None


def read(file: Path) -> str:
    """The text of a file, or nothing."""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def vm_stat() -> str:
    """What macOS says of its pages."""
    try:
        done = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def macos(said: str) -> int | None:
    """Pages that are free or given up at once."""
    size = re.search(r"page size of (\d+) bytes", said)
    pages = dict(re.findall(r"^Pages (\w+):\s+(\d+)\.", said, re.MULTILINE))
    if size is None or "free" not in pages:
        return None
    return int(size[1]) * sum(
        int(pages.get(kind, 0)) for kind in ("free", "inactive", "speculative", "purgeable")
    )
