"""What the gate adds to a request: `python -m benchmarks.overhead [--quick] [--json]`.

    core 0: the system under test, all of its processes       core 1: load, upstream
    load ──> (nothing | nginx | haechi up | haechi up, split) ──> upstream mock

Systems take turns in short bursts, so that whatever else the machine does falls on all of them alike; a figure
is the median over the repetitions with its range. CPU time per request is the figure to compare; latencies are
wall time and noisy. Results go to `benchmarks/results/`.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shlex
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NoReturn

import uvloop
from msgspec import Struct

from benchmarks import bodies, machine, systems
from benchmarks.load import Window, burst
from benchmarks.mock import CHUNKS, PACE
from benchmarks.report import markdown, table
from benchmarks.systems import System

RESULTS: Final = Path(__file__).parent / "results"


class Case(Struct, frozen=True):
    """One question: this body, so many callers. `asks` are the systems that answer it; in `where`, the place to
    which haechi must have sent it."""

    name: str
    size: int
    connections: int
    sensitive: bool = False
    stream: bool = False
    asks: tuple[str, ...] = ("direct", "nginx", "haechi", "split")
    where: str = "cloud/gpt"

    def request(self, system: System) -> bytes:
        """The request as bytes on the wire."""
        return bodies.request(
            bodies.chat(self.size, sensitive=self.sensitive, stream=self.stream), system.key
        )


CASES: Final = (
    Case("1 KB", 1 * bodies.KB, 64),
    Case("1 KB, one caller", 1 * bodies.KB, 1),
    Case(
        "1 KB, a resident number: home",
        1 * bodies.KB,
        64,
        True,
        asks=("haechi", "split"),
        where="onprem/home",
    ),
    Case("32 KB", 32 * bodies.KB, 64),
    Case("256 KB", 256 * bodies.KB, 64),
    Case("100 streams of 50 chunks", 1 * bodies.KB, 100, stream=True),
)


class Others:
    """The share of each core's time that went to somebody else while we measured."""

    def __init__(self, cores: tuple[int, int]) -> None:
        self._cores = cores
        self._busy = [0, 0]
        self._ours = [0, 0]
        self._seconds = 0.0

    def read(self, system: System, load: Sequence[int]) -> dict[str, int]:
        """A reading for `burst`: the system's parts, and what is needed to tell ours from theirs."""
        gate = system.cpu()
        return {
            **gate,
            "busy gate": machine.busy_ns(self._cores[0]),
            "busy load": machine.busy_ns(self._cores[1]),
            "ours load": sum(map(machine.cpu_ns, load)),
            "ours gate": 0 if system.name == "direct" else sum(gate.values()),
        }

    def note(self, window: Window) -> None:
        """Count one burst."""
        for number, side in enumerate(("gate", "load")):
            self._busy[number] += window.used(f"busy {side}")
            self._ours[number] += window.used(f"ours {side}")
        self._seconds += window.seconds

    def shares(self) -> dict[str, float]:
        """Percent of the gate's and of the load's core."""
        return {
            side: round(max(0.0, (busy - ours) / (self._seconds * 1e7)), 1)
            for side, busy, ours in zip(("gate_core", "load_core"), self._busy, self._ours, strict=True)
        }


def measure(
    cases: Sequence[Case], found: dict[str, System], repetitions: int, seconds: float, others: Others
) -> dict[tuple[str, str], list[Window]]:
    """Every case on every system in turn, `repetitions` times."""
    windows: dict[tuple[str, str], list[Window]] = {}
    load = (os.getpid(), *found["direct"].parts["upstream"])
    for repetition in range(repetitions):
        for case in cases:
            for name in case.asks:
                if (system := found.get(name)) is None:
                    continue
                window = uvloop.run(
                    burst(
                        system.port,
                        case.request(system),
                        case.connections,
                        max(seconds, 2 * CHUNKS * PACE) if case.stream else seconds,
                        _reader(system, load, others),
                        streams=case.stream,
                    )
                )
                others.note(window)
                windows.setdefault((case.name, name), []).append(window)
        _say(f"repetition {repetition + 1} of {repetitions}")
    return windows


def _reader(system: System, load: Sequence[int], others: Others) -> Callable[[], dict[str, int]]:
    return lambda: others.read(system, load)


def figures(
    cases: Sequence[Case], found: dict[str, System], windows: dict[tuple[str, str], list[Window]]
) -> list[dict[str, Any]]:
    """One row per case and system: medians with their ranges, and ratios of bursts that stood side by side."""
    rows = []
    for case in cases:
        for name in case.asks:
            if (case.name, name) not in windows:
                continue
            mine = windows[case.name, name]
            direct, proxy = windows.get((case.name, "direct")), windows.get((case.name, "nginx"))
            row: dict[str, Any] = {
                "case": case.name,
                "system": name,
                "body_bytes": len(bodies.chat(case.size, sensitive=case.sensitive, stream=case.stream)),
                "connections": case.connections,
                "unit": "chunk" if case.stream else "request",
                "per_s": spread([_units(case, window) / window.seconds for window in mine]),
                "p50_us": spread([_quantile(window, 0.50) for window in mine]),
                "p99_us": spread([_quantile(window, 0.99) for window in mine]),
            }
            if name != "direct":
                parts = found[name].parts
                row["cpu_us"] = spread([_cpu_us(case, window, parts) for window in mine])
                row["parts_us"] = {
                    part: spread([_cpu_us(case, window, [part]) for window in mine]) for part in parts
                }
                if proxy is not None:
                    nginx_parts = found["nginx"].parts
                    row["times_nginx"] = spread(
                        [
                            _cpu_us(case, a, parts) / _cpu_us(case, b, nginx_parts)
                            for a, b in zip(mine, proxy, strict=True)
                        ]
                    )
                if name == "split":
                    row["times_in_process"] = spread(
                        [
                            _cpu_us(case, a, parts) / _cpu_us(case, b, found["haechi"].parts)
                            for a, b in zip(mine, windows[case.name, "haechi"], strict=True)
                        ]
                    )
                if direct is not None:
                    for percent in (50, 99):
                        row[f"added_p{percent}_us"] = spread(
                            [
                                _quantile(a, percent / 100) - _quantile(b, percent / 100)
                                for a, b in zip(mine, direct, strict=True)
                            ]
                        )
            rows.append(row)
    return rows


def _units(case: Case, window: Window) -> int:
    return window.chunks if case.stream else window.answers


def _cpu_us(case: Case, window: Window, parts: Sequence[str] | dict[str, tuple[int, ...]]) -> float:
    return sum(window.used(part) for part in parts) / 1000 / max(1, _units(case, window))


def _quantile(window: Window, share: float) -> float:
    """Microseconds; 0 where nothing was answered."""
    ordered = sorted(window.latencies)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e6 if ordered else 0.0


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median and range."""
    digits = 1 if statistics.median(values) >= 10 else 2
    return {
        "median": round(statistics.median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
    }


def prove(cases: Sequence[Case], gate: System) -> None:
    """Ask haechi each question once: a measurement of requests that went elsewhere would be worth nothing."""
    for case in cases:
        said = uvloop.run(_first_answer(gate.port, case.request(gate)))
        if f"x-haechi-route: {case.where}" not in said:
            raise RuntimeError(f"«{case.name}» did not go to {case.where}:\n{said[:600]}")


async def _first_answer(port: int, request: bytes) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return head.decode()


@contextlib.contextmanager
def everything(home: Path, *, split: bool = False) -> Iterator[tuple[dict[str, System], tuple[int, int]]]:
    """All systems, up and pinned, for the length of a `with`."""
    gate_core, load_core = cores = machine.cores()
    os.sched_setaffinity(0, {load_core})
    with contextlib.ExitStack() as stack:
        mock = stack.enter_context(systems.upstream(load_core))
        found = {"direct": mock}
        proxy = stack.enter_context(systems.nginx(gate_core, mock, home))
        if proxy is None:
            _say("nginx is not installed: it is left out (apt install nginx)")
        else:
            found["nginx"] = proxy
        found["haechi"] = stack.enter_context(systems.haechi(gate_core, mock, home))
        if split:
            found["split"] = stack.enter_context(systems.haechi(gate_core, mock, home / "split", split=True))
        yield found, cores


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.overhead", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="20 seconds, rough; saves nothing")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--repetitions", type=int, metavar="N", help="bursts per figure (5)")
    parser.add_argument("--seconds", type=float, metavar="S", help="length of a burst (1.0)")
    parser.add_argument("--only", metavar="WORD", help="cases whose name contains WORD; saves nothing")
    parser.add_argument("--split", action="store_true", help="also with a door of its own; saves nothing")
    parser.add_argument("--directory", type=Path, help="where the ledger lies while measuring (temporary)")
    wish = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("benchmarks.overhead reads CPU time from /proc and runs on Linux only.")
    signal.signal(signal.SIGTERM, _end)
    repetitions = wish.repetitions or (2 if wish.quick else 5)
    seconds = wish.seconds or (0.4 if wish.quick else 1.0)
    cases = [case for case in CASES if wish.only is None or wish.only in case.name]
    began = time.time()
    try:
        with (
            tempfile.TemporaryDirectory(prefix="haechi-bench-", dir=wish.directory) as home,
            everything(Path(home), split=wish.split) as (found, cores),
        ):
            for name in ("haechi", "split"):
                if name in found:
                    prove(cases, found[name])
            others = Others(cores)
            rows = figures(cases, found, measure(cases, found, repetitions, seconds, others))
    except KeyboardInterrupt:
        sys.exit("stopped; every process has ended")
    result = {
        "command": shlex.join(["python", "-m", "benchmarks.overhead", *sys.argv[1:]]),
        "date": datetime.fromtimestamp(began, UTC).date().isoformat(),
        "repetitions": repetitions,
        "seconds": seconds,
        "machine": machine.machine(),
        "versions": machine.versions(),
        "others_percent": others.shares(),
        "rows": rows,
    }
    if not (wish.quick or wish.only or wish.split):
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "overhead.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        (RESULTS / "overhead.md").write_text(markdown(result))
    print(json.dumps(result, ensure_ascii=False) if wish.json else table(result))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _end(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
