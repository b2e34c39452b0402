"""Figures as people read them: a table for the terminal and a page of markdown."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
HEAD = ("case", "system", "CPU µs", "× nginx", "per s", "p50 µs", "p99 µs", "added p50", "added p99")


def table(result: dict[str, Any]) -> str:
    """For the terminal: medians only."""
    lines = [HEAD, *(_cells(row, ranges=False) for row in result["rows"])]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    text = "\n".join(_aligned(line, widths) for line in lines)
    return f"\n{text}\n\n{_parts(result)}\n{_circumstances(result)}\n"


def markdown(result: dict[str, Any]) -> str:
    """For `results/`: medians with their ranges."""
    head = f"| {' | '.join(HEAD)} |\n|{'---|' * 2}{'---:|' * (len(HEAD) - 2)}"
    rows = "\n".join(f"| {' | '.join(_cells(row, ranges=True))} |" for row in result["rows"])
    return (
        "# What the gate adds to a request\n\n"
        f"`{result['command']}`, {result['date']}. {result['repetitions']} bursts of {result['seconds']} s, "
        "systems in turn; median (min–max). CPU µs is the whole process tree's, per request, and per chunk for "
        "streams. Latencies are wall time on a machine that does other work too; added is against `direct`, "
        "burst by burst. For streams they are those of the first chunk.\n\n"
        f"{head}\n{rows}\n\n{_parts(result)}\n\n{_circumstances(result)}\n"
    )


def _cells(row: Row, *, ranges: bool) -> tuple[str, ...]:
    def cell(name: str) -> str:
        found = row.get(name)
        if found is None:
            return "–"
        middle = _number(found["median"])
        return f"{middle} ({_number(found['min'])}–{_number(found['max'])})" if ranges else middle

    names = ("cpu_us", "times_nginx", "per_s", "p50_us", "p99_us", "added_p50_us", "added_p99_us")
    case = f"{row['case']} (c={row['connections']})"
    return (case, row["system"], *(cell(name) for name in names))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, figures to the right."""
    first = [cells[column].ljust(widths[column]) for column in range(2)]
    rest = [cells[column].rjust(widths[column]) for column in range(2, len(cells))]
    return "  ".join([*first, *rest])


def _parts(result: dict[str, Any]) -> str:
    """How haechi's CPU is shared between its processes."""
    lines = []
    for row in result["rows"]:
        if row["system"] in ("haechi", "split"):
            shares = ", ".join(
                f"{part} {_number(found['median'])}" for part, found in row["parts_us"].items()
            )
            times = row.get("times_in_process")
            ratio = f"; {_number(times['median'])} × in-process" if times else ""
            who = "" if row["system"] == "haechi" else "split, "
            lines.append(
                f"- {who}{row['case']} (c={row['connections']}): {shares} µs per {row['unit']}{ratio}"
            )
    return "haechi by process:\n\n" + "\n".join(lines)


def _circumstances(result: dict[str, Any]) -> str:
    where, others = result["machine"], result["others_percent"]
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items() if number)
    return (
        f"{where['cpu']}, {where['cores']} cores, Linux {where['kernel']}; {versions}. Others took "
        f"{others['gate_core']} % of the gate's core and {others['load_core']} % of the load's."
    )
