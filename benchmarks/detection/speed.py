"""What looking costs, from 1 KB to 1 MB: `python -m benchmarks.detection.speed [--json]`.

CPU µs per KB of text (UTF-8) for ordinary requests and for business texts full of findings, new and seen before, and for
hostile texts; time to build the detectors and the memory they take, in a process of their own. Medians of turns within
one run. Writes `benchmarks/results/detection-speed.{json,md,svg}`.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from benchmarks import machine
from benchmarks.detection.development import generate
from benchmarks.plot import svg
from haechi.app.inspection import labeller

RESULTS: Final = Path(__file__).parents[1] / "results"
SIZES: Final = (1, 4, 16, 64, 256, 1024)
TURNS: Final = 5

_START: Final = """
import resource, time
import haechi.app.wiring as wiring
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
look = wiring.eyes()
look.see("처음 부르면 더 걸린다 010-1234-5678", 0)
after, ended = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
print(ended - began, (after - before) / 1024)
"""


def prose(sort: str, kilobytes: int, seed: int) -> str:
    """Generated texts one after another, cut at about so many KB."""
    gathered, size = [], 0
    for text in _texts(sort, seed):
        gathered.append(text)
        size += len(text.encode("utf-8", "surrogatepass")) + 1
        if size >= kilobytes << 10:
            break
    joined = "\n".join(gathered).encode("utf-8", "surrogatepass")
    return joined[: kilobytes << 10].decode("utf-8", "ignore")


def _texts(sort: str, seed: int) -> Iterator[str]:
    while True:
        for text in generate.KINDS_OF_CORPUS[sort](seed, 400):
            yield text.text
        seed += 1


HOSTILE: Final[dict[str, Callable[[int], str]]] = {
    "digits": lambda size: "0123456789" * (size * 103),
    "hyphens": lambda size: "-" * (size << 10),
    "context words": lambda size: "계좌번호 " * (size * 79),
    "surnames": lambda size: "김이박최정" * (size * 69),
    "base64": lambda size: "QUJDREVGR0g" * (size * 94),
    "percents": lambda size: "%25" * (size * 342),
    "invisibles": lambda size: "가\u200b" * (size * 171),
    "chance": lambda size: "".join(map(chr, Random(size).choices(range(33, 127), k=size << 10))),
    "resident numbers": lambda size: "900101-1234568 " * (size * 68),
    "brackets": lambda size: "[{(<" * (size * 256),
}


def cpu_us(work: Callable[[], object]) -> float:
    """CPU µs of one call."""
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1000


def growth() -> list[dict[str, Any]]:
    """CPU µs per KB by size and sort of text."""
    rows = []
    label = labeller()
    label({"content": prose("texts", 4, 999)})
    for size in SIZES:
        row: dict[str, Any] = {"kb": size}
        for sort in ("ordinary", "texts"):
            new, seen = [], []
            for turn in range(TURNS if size <= 64 else 2):
                body = {"content": prose(sort, size, 1000 * size + turn)}
                new.append(cpu_us(partial(label, body)) / size)
                seen.append(cpu_us(partial(label, body)) / size)
            row[f"{sort}, new"] = round(statistics.median(new), 1)
            row[f"{sort}, seen"] = round(statistics.median(seen), 1)
        for name, make in HOSTILE.items():
            row[name] = round(cpu_us(partial(label, {"content": make(size)})) / size, 1)
        rows.append(row)
        print(row, file=sys.stderr)
    return rows


def start() -> dict[str, float]:
    """Seconds to build the detectors and look once, and MB of memory more."""
    runs = []
    for _ in range(3):
        said = subprocess.run(
            [sys.executable, "-c", _START], check=True, capture_output=True, text=True
        ).stdout
        runs.append(tuple(map(float, said.split())))
    seconds, megabytes = zip(*runs, strict=True)
    return {
        "start_s": round(statistics.median(seconds), 3),
        "memory_mb": round(statistics.median(megabytes), 1),
    }


def markdown(result: dict[str, Any]) -> str:
    """The page of figures."""
    heads = list(result["rows"][0])
    lines = [
        "# What looking costs",
        "",
        f"`{result['command']}`, {result['date']}. CPU µs per KB of text by its size in KB.",
        "",
        "![CPU µs by size](detection-speed.svg)",
        "",
        f"| {' | '.join(heads)} |",
        f"|{'---:|' * len(heads)}",
        *(f"| {' | '.join(str(row[head]) for head in heads)} |" for row in result["rows"]),
        "",
        (
            f"Detectors are built, and have looked once, in {result['start']['start_s']} s; they take "
            f"{result['start']['memory_mb']} MB."
        ),
        "",
        f"{result['machine']['cpu']}, {result['machine']['cores']} cores.",
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print JSON and write nothing")
    asked = parser.parse_args()
    result: dict[str, Any] = {
        "command": "python -m benchmarks.detection.speed",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine.machine(),
        "start": start(),
        "rows": growth(),
    }
    if asked.json:
        print(json.dumps(result))
        return 0
    lines = {
        head: [(row["kb"], row[head] * row["kb"]) for row in result["rows"]]
        for head in ("ordinary, new", "texts, new", "ordinary, seen", "texts, seen", "digits", "base64")
    }
    (RESULTS / "detection-speed.json").write_text(json.dumps(result, indent=1) + "\n")
    (RESULTS / "detection-speed.md").write_text(markdown(result))
    (RESULTS / "detection-speed.svg").write_text(svg(lines, "KB of text", "CPU µs"))
    print(markdown(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
