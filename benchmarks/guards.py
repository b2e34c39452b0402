"""What the guards of `deploy: split` cost: the time to find them at a start, and CPU per system call behind them.

    python -m benchmarks.guards

The same loops run unconfined and behind every guard that holds here, in turn, so that a busy machine slows both.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.machine import machine
from haechi.app.processes import guards

CALLS: Final = 200_000
EXCHANGES: Final = 20_000
ROUNDS: Final = 7
RESULTS: Final = Path(__file__).parent / "results"


def loops() -> dict[str, float]:
    """Nanoseconds of CPU for one bare call, and for one byte sent and received over a pair of sockets."""
    began = time.process_time_ns()
    for _ in range(CALLS):
        os.getppid()
    bare = (time.process_time_ns() - began) / CALLS
    one, other = socket.socketpair()
    began = time.process_time_ns()
    for _ in range(EXCHANGES):
        one.send(b"x")
        other.recv(1)
    return {"getppid": bare, "send + recv": (time.process_time_ns() - began) / EXCHANGES}


def measured(*arguments: str, descriptors: tuple[int, ...] = ()) -> dict[str, float]:
    """`loops` in a process of its own."""
    command = [sys.executable, "-m", *arguments, "benchmarks.guards", "--loops"]
    done = subprocess.run(command, check=True, capture_output=True, pass_fds=descriptors)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--loops", action="store_true", help="only the loops, as JSON")
    given = parser.parse_args()
    if given.loops:
        print(json.dumps(loops()))
        return
    starts = []
    for _ in range(3):
        began = time.perf_counter()
        found = guards.find()
        starts.append(time.perf_counter() - began)
        found.close()
    found = guards.find()
    launch = found.launch()
    free, behind = [], []
    for _ in range(ROUNDS):
        free.append(measured())
        behind.append(measured(*launch.arguments, descriptors=launch.descriptors))
    lines = [
        f"Guards: {', '.join(found.names) or 'none'}. Finding them: {median(starts):.2f} s (median of 3).",
        "",
        "| CPU of | free, ns | behind all guards, ns | more, ns |",
        "|---|---|---|---|",
    ]
    for name in free[0]:
        plain, guarded = (median(each[name] for each in runs) for runs in (free, behind))
        lines.append(f"| {name} | {plain:.0f} | {guarded:.0f} | {guarded - plain:.0f} |")
    found.close()
    where = machine()
    head = f"`python -m benchmarks.guards`: {where['cpu']}, {where['cores']} cores, Linux {where['kernel']}."
    text = "\n".join(["# What the guards cost", "", head, *lines, ""])
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "guards.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
