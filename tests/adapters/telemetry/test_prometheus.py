import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Histogram, generate_latest

from haechi.adapters.telemetry.prometheus import SECONDS, PrometheusMeter


@pytest.fixture
def meter() -> PrometheusMeter:
    return PrometheusMeter(rules=["rrn-stays"], destinations=["home", "claude"])


def count_all(meter: PrometheusMeter) -> None:
    meter.settled(route="cloud/claude/opus", zone="cloud", level="internal", outcome="answered", seconds=0.7)
    meter.settled(route="", zone="", level="restricted", outcome="refused", seconds=0.001)
    meter.refused(rule="rrn-stays")
    meter.attempted(destination="claude", outcome="answered")
    meter.tokens(zone="cloud", taken=900, written=100)
    meter.first_byte(zone="cloud", seconds=0.2)


LINES = [
    'haechi_requests_total{level="internal",outcome="answered",zone="cloud"} 1.0',
    'haechi_requests_total{level="restricted",outcome="refused",zone="none"} 1.0',
    'haechi_request_seconds_bucket{le="1.0",zone="cloud"} 1.0',
    'haechi_first_byte_seconds_count{zone="cloud"} 1.0',
    'haechi_refusals_total{rule="rrn-stays"} 1.0',
    'haechi_attempts_total{destination="claude",outcome="answered"} 1.0',
    'haechi_tokens_total{direction="in",zone="cloud"} 900.0',
    'haechi_tokens_total{direction="out",zone="cloud"} 100.0',
]


def lines(exposition: bytes) -> list[str]:
    """Lines with labels in the order of the alphabet."""
    read = []
    for line in exposition.decode().splitlines():
        name, brace, rest = line.partition("{")
        labels, _, value = rest.rpartition("} ")
        read.append(f"{name}{{{','.join(sorted(labels.split(',')))}}} {value}" if brace else line)
    return read


def test_counts(meter: PrometheusMeter) -> None:
    count_all(meter)
    seen = lines(meter.exposition())
    assert [line for line in LINES if line not in seen] == []


def test_what_is_summed_up_and_written_down_later_is_the_same() -> None:
    waiting: list[Callable[[], None]] = []
    names: dict[str, Any] = {"rules": ["rrn-stays"], "destinations": ["home", "claude"]}
    now, later = PrometheusMeter(**names), PrometheusMeter(**names, later=waiting.append)
    for _ in range(3):
        count_all(now)
        count_all(later)
    assert len(waiting) == 1
    waiting.pop()()
    assert values(later.exposition()) == values(now.exposition())
    count_all(later)
    assert len(waiting) == 1


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.0051, 1, 300, 301])
def test_a_second_falls_into_the_bucket_that_prometheus_gives_it(seconds: float) -> None:
    registry = CollectorRegistry()
    theirs = Histogram("haechi_first_byte_seconds", "", ["zone"], buckets=SECONDS, registry=registry)
    theirs.labels("cloud").observe(seconds)
    ours = PrometheusMeter(rules=[], destinations=[])
    ours.first_byte(zone="cloud", seconds=seconds)
    assert set(values(generate_latest(registry))) <= set(values(ours.exposition()))


def values(exposition: bytes) -> list[str]:
    """Lines without comments, and without the time at which a series was made."""
    return [line for line in lines(exposition) if line[0] != "#" and "_created" not in line]


def test_text_never_becomes_a_label(meter: PrometheusMeter) -> None:
    canary = "900101-1234568"
    meter.settled(route=canary, zone=canary, level=canary, outcome=canary, seconds=1)
    meter.refused(rule=canary)
    meter.attempted(destination=canary, outcome=canary)
    meter.tokens(zone=canary, taken=1, written=1)
    meter.first_byte(zone=canary, seconds=1)
    assert canary.encode() not in meter.exposition()
    assert 'haechi_attempts_total{destination="other",outcome="other"} 1.0' in lines(meter.exposition())


def test_processes_are_summed(tmp_path: Path) -> None:
    code = (
        "from tests.adapters.telemetry.test_prometheus import count_all\n"
        "from haechi.adapters.telemetry.prometheus import PrometheusMeter, merged\n"
        "import sys\n"
        "count_all(PrometheusMeter(rules=['rrn-stays'], destinations=['home', 'claude']))\n"
        "sys.stdout.buffer.write(merged())\n"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-W", "error", "-c", code]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    seen = lines(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)
    assert [line for line in map(doubled, LINES) if line not in seen] == []


def doubled(line: str) -> str:
    name, _, value = line.rpartition(" ")
    return f"{name} {2 * float(value)}"
