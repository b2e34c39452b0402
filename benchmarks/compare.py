"""Before and after: `python -m benchmarks.compare OTHER [--only WORD]`, haechi of two checkouts, in turns.

Both run at once on the gate's core and are asked in alternating bursts, so that a change of a few per cent can
be told from the noise. OTHER is another checkout (`git worktree add ../before HEAD~1`).
"""

import argparse
import os
import statistics
import tempfile
from pathlib import Path

import uvloop

from benchmarks import machine, systems
from benchmarks.load import burst
from benchmarks.mock import CHUNKS, PACE
from benchmarks.overhead import CASES, prove, spread


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("other", type=Path, help="the checkout to compare with")
    parser.add_argument("--only", metavar="WORD", default="", help="cases whose name contains WORD")
    parser.add_argument("--repetitions", type=int, metavar="N", default=20)
    parser.add_argument("--seconds", type=float, metavar="S", default=0.4)
    wish = parser.parse_args()
    cases = [case for case in CASES if wish.only in case.name]
    gate_core, load_core = machine.cores()
    os.sched_setaffinity(0, {load_core})
    with (
        tempfile.TemporaryDirectory(prefix="haechi-bench-") as made,
        systems.upstream(load_core) as mock,
        systems.haechi(gate_core, mock, Path(made) / "before", wish.other.resolve()) as before,
        systems.haechi(gate_core, mock, Path(made) / "after") as after,
    ):
        for case in cases:
            seconds = max(wish.seconds, 2 * CHUNKS * PACE) if case.stream else wish.seconds
            used: dict[str, list[dict[str, float]]] = {"before": [], "after": []}
            for system in (before, after):
                prove([case], system)
            for _ in range(wish.repetitions):
                for name, system in (("before", before), ("after", after)):
                    window = uvloop.run(
                        burst(
                            system.port,
                            case.request(system),
                            case.connections,
                            seconds,
                            system.cpu,
                            streams=case.stream,
                        )
                    )
                    count = max(1, window.chunks if case.stream else window.answers) * 1000
                    used[name].append({part: window.used(part) / count for part in system.parts})
            for part in before.parts:
                old, new = ([each[part] for each in used[name]] for name in ("before", "after"))
                if statistics.median(old) < 0.1:
                    continue
                ratio = statistics.median(b / a for a, b in zip(old, new, strict=True) if a)
                print(f"{case.name}, {part}: {_shown(old)} → {_shown(new)} µs, × {ratio:.2f}", flush=True)


def _shown(values: list[float]) -> str:
    found = spread(values)
    return f"{found['median']} ({found['min']}–{found['max']})"


if __name__ == "__main__":
    main()
