"""How long a replay takes: `python -m benchmarks.replay [--rows N] [--json]`, seconds and memory of the command.

A ledger of N made-up requests is written below a temporary directory; then `haechi check --replay` runs on it as an
operator would run it, in a process of its own.
"""

import argparse
import json
import random
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteStore
from haechi.domain.decision import Call, Reason
from haechi.domain.record import Intent, Row, Settlement

RESULTS: Final = Path(__file__).parent / "results"
BATCH: Final = 20_000
LABELS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    *(("internal", ()),) * 5,
    ("internal", ("kr.brn",)),
    ("confidential", ("phone",)),
    ("confidential", ("email", "phone")),
    ("restricted", ("card",)),
    ("restricted", ("kr.rrn", "phone")),
)
NOW: Final = """destinations:
  home: {provider: fake, zone: onprem, models: [m]}
  gpt: {provider: openai, key: k, contract: openai-api-standard}
"""
NEW: Final = NOW + "rules:\n  - {name: partners, when: {kind: [kr.brn]}, then: stay-home, because: bench}\n"


def rows(number: int) -> Iterator[list[Row]]:
    """Requests with everything that a replay reads; callers ask for 200 models."""
    chance, batch = random.Random(1), list[Row]()
    for at in range(number):
        level, kinds = chance.choice(LABELS)
        out = level == "internal"
        place, route = ("gpt", "cloud/gpt/m") if out else ("home", "onprem/home/m")
        model = "auto" if at % 2 else f"gpt/{chance.randrange(200)}"
        because = (Reason("nothing_found"), Reason("sent_out", {"destination": place, "model": "m"}))
        batch.append(
            Intent(
                f"r{at:020}", 1.79e9 + at, "bench", "chat", model, bool(at % 2), level, kinds,
                dict.fromkeys(kinds, 1), (Call(place, "m"),), "clearance", because, None, "p" * 16,
            )
        )  # fmt: skip
        batch.append(Settlement(f"r{at:020}", 1.79e9 + at + 1, "answered", 200, route, None))
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def measure(number: int) -> dict[str, Any]:
    """Write the ledger, run the command, look at its answer."""
    with tempfile.TemporaryDirectory() as made:
        data = Path(made)
        with closing(SqliteStore(ledger_file(data))) as store:
            for batch in rows(number):
                store.write([batch])
        (data / "now.yaml").write_text(NOW)
        (data / "new.yaml").write_text(NEW)
        command = [
            sys.executable,
            "-m",
            "haechi",
            "check",
            "--config",
            str(data / "now.yaml"),
            "--data",
            made,
        ]
        command += ["--replay", "..", "--policy", str(data / "new.yaml"), "--json"]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds = time.monotonic() - began
        answer = json.loads(done.stdout)
        assert answer["records"] == number
        size = ledger_file(data).stat().st_size
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "rows": number,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "peak_mib": used.ru_maxrss // 1024,
        "ledger_mib": size >> 20,
        "newly_home": answer["counts"]["newly_home"],
    }


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.replay", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="requests (1,000,000)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    wish = parser.parse_args()
    result = {
        "command": shlex.join(["python", "-m", "benchmarks.replay", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine.machine(),
        **measure(wish.rows),
    }
    page = (
        f"# How long a replay takes\n\n`{result['command']}`, {result['date']}. One run of `haechi check --replay`, start "
        "of the process included, on a ledger just written.\n\n"
        "| requests | ledger MiB | seconds | CPU seconds | peak memory MiB |\n|---:|---:|---:|---:|---:|\n"
        f"| {result['rows']:,} | {result['ledger_mib']} | {result['seconds']} | {result['cpu_seconds']} "
        f"| {result['peak_mib']} |\n\n"
        f"{result['machine']['cpu']}, {result['machine']['cores']} cores, Linux {result['machine']['kernel']}.\n"
    )
    if wish.rows == parser.get_default("rows") and not wish.json:
        (RESULTS / "replay.md").write_text(page)
    print(json.dumps(result, ensure_ascii=False) if wish.json else page)


if __name__ == "__main__":
    main()
