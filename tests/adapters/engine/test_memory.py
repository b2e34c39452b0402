"""Free memory on Linux, in containers of both generations, and on macOS."""

from pathlib import Path

import pytest

from haechi.adapters.engine.memory import free_memory, linux, macos

MEMINFO = "MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n"
AVAILABLE = 8_000_000 * 1024


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"proc/meminfo": MEMINFO}, AVAILABLE),
        ({"proc/meminfo": "MemTotal: 1 kB\n"}, None),
        ({}, None),
        (
            {
                "proc/meminfo": MEMINFO,
                "proc/self/cgroup": "0::/box\n",
                "sys/fs/cgroup/box/memory.max": "1000000000\n",
                "sys/fs/cgroup/box/memory.current": "600000000\n",
                "sys/fs/cgroup/box/memory.stat": "anon 5\ninactive_file 100000000\n",
            },
            500_000_000,
        ),
        (
            {
                "proc/meminfo": MEMINFO,
                "proc/self/cgroup": "0::/outer/inner\n",
                "sys/fs/cgroup/outer/memory.max": "300000000",
                "sys/fs/cgroup/outer/memory.current": "400000000",
                "sys/fs/cgroup/outer/inner/memory.max": "max",
                "sys/fs/cgroup/outer/inner/memory.current": "1",
            },
            0,
        ),
        (
            {
                "proc/meminfo": MEMINFO,
                "proc/self/cgroup": "4:cpu,cpuacct:/\n3:memory:/docker/a\n",
                "sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes": "2000000000",
                "sys/fs/cgroup/memory/docker/a/memory.usage_in_bytes": "500000000",
            },
            1_500_000_000,
        ),
        (
            {
                "proc/meminfo": MEMINFO,
                "proc/self/cgroup": "0::/\n",
                "sys/fs/cgroup/memory.max": "9223372036854771712",
                "sys/fs/cgroup/memory.current": "1",
            },
            AVAILABLE,
        ),
    ],
)
def test_linux(tmp_path: Path, files: dict[str, str], free: int | None) -> None:
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert linux(tmp_path) == free


def test_macos() -> None:
    said = (
        "Mach Virtual Memory Statistics: (page size of 16384 bytes)\n"
        "Pages free:                               10.\n"
        "Pages active:                            500.\n"
        "Pages inactive:                           20.\n"
        "Pages speculative:                         3.\n"
        "Pages wired down:                        100.\n"
        "Pages purgeable:                           1.\n"
    )
    assert macos(said) == 16384 * 34
    assert macos("") is None


def test_this_machine_has_memory() -> None:
    free = free_memory()
    assert free is None or free > 0
