"""What taking values out and putting them back costs: `python -m benchmarks.deidentify.cost [--json]`, CPU µs.

    replace   per KB of a request, beyond scanning: findings are given, as the classifier would give them
    restore   per streamed chunk of an answer
    growth    both with 10 to 10,000 values in one request, as a curve in `results/deidentify-cost.svg`

Texts are ordinary business sentences; how many values stand in a KB is varied, since that is what costs.
"""

import argparse
import json
import shlex
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks import machine, plot
from haechi.domain.label import Finding, Level
from haechi.gateway.deidentify.replace import Deidentified, deidentify
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import ARGUMENTS, TEXT, Channel, Restorer

RESULTS: Final = Path(__file__).parents[1] / "results"
ROUNDS: Final = 9
GOALS: Final = {"replace": 50, "restore": 5}
"""µs per KB and per chunk, from the specification."""

WITH: Final[dict[str, tuple[str, str]]] = {
    "ko": ("고객 {person}은 어제 {phone}로 문의를 남겼습니다. ", "담당자가 {email}으로 답변을 보냈습니다. "),
    "en": (
        "Customer {person} called yesterday from {phone}. ",
        "The answer went to {email} in the afternoon. ",
    ),
}
WITHOUT: Final = {
    "ko": "계약서 초안은 다음 주 월요일까지 검토해서 보내 드리겠습니다. 궁금한 점이 있으면 언제든지 연락 주세요. ",
    "en": "Please review the contract by Monday and send your comments, the appendix lists every open point. ",
}
PER_KB: Final = (1, 2, 5, 10)
SIZES: Final = (1, 4, 16, 64)
CHUNKS: Final = (1, 2, 4, 8)
MANY: Final = (10, 100, 1_000, 10_000)


def values() -> Iterator[tuple[str, str]]:
    """Kinds and values, every one another."""
    surnames, middles, lasts = "김이박최정강조윤장임", "민서지수현예도하준은", "수연준민진현영호빈찬"
    number = 0
    while True:
        one, two, three = number % 10, number // 10 % 10, number // 100 % 10
        more = chr(0xAC00 + 28 * (number // 1_000)) if number >= 1_000 else ""
        yield "person", surnames[one] + more + middles[two] + lasts[three]
        yield "phone", f"010-{number // 10_000 + 2_000:04d}-{number % 10_000:04d}"
        yield "email", f"user{number}@corp.example"
        number += 1


def request(language: str, size: int, per_kb: float) -> tuple[dict[str, Any], list[Finding]]:
    """A chat request of `size` KB with so many values a KB, and its findings."""
    drawn, sentences = values(), WITH[language]
    text, findings, placed = "", [], 0
    while (length := len(text.encode())) < size * 1024:
        if placed >= per_kb * (length + 200) / 1024:
            text += WITHOUT[language]
            continue
        for part in sentences[placed % 2].split("{"):
            name, _, rest = part.rpartition("}")
            if name:
                kind, value = next((kind, value) for kind, value in drawn if kind == name)
                findings.append(_finding(kind, len(text), len(value)))
                text += value
                placed += 1
            text += rest
    return _body(text), findings


def listed(many: int) -> tuple[dict[str, Any], list[Finding]]:
    """A request with `many` different values, one a line."""
    text, findings = "", []
    lines = []
    at = 0
    for (kind, value), number in zip(values(), range(many), strict=False):
        line = f"{number}번 고객 {value}에게 연락"
        findings.append(_finding(kind, at + line.index(value), len(value)))
        lines.append(line)
        at += len(line) + 1
    text = "\n".join(lines)
    return _body(text), findings


def _finding(kind: str, start: int, length: int) -> Finding:
    return Finding(kind, "/messages/1/content", start, start + length, Level.CONFIDENTIAL, 0.9, kind)


def _body(text: str) -> dict[str, Any]:
    system = {"role": "system", "content": "You are a careful assistant of a bank."}
    return {"model": "auto", "stream": True, "messages": [system, {"role": "user", "content": text}]}


def cpu(stage: Callable[[], object]) -> float:
    """Median CPU µs of one run."""
    loops, used = 1, 0
    while used < 2_000_000:
        began = time.thread_time_ns()
        for _ in range(loops):
            stage()
        used = time.thread_time_ns() - began
        loops *= 2
    loops = max(1, loops // 2)
    rounds = []
    for _ in range(ROUNDS):
        began = time.thread_time_ns()
        for _ in range(loops):
            stage()
        rounds.append((time.thread_time_ns() - began) / 1000 / loops)
    return statistics.median(rounds)


def replacing() -> list[dict[str, Any]]:
    """µs per KB by language, size and density."""
    rows = []
    for language in WITH:
        for size in SIZES:
            for per_kb in PER_KB:
                body, findings = request(language, size, per_kb)
                kb = len(body["messages"][1]["content"].encode()) / 1024
                us = cpu(partial(deidentify, body, findings))
                rows.append(
                    {
                        "text": language,
                        "kb": size,
                        "values": len(findings),
                        "us": round(us, 1),
                        "us_per_kb": round(us / kb, 1),
                    }
                )
    return rows


def restoring() -> list[dict[str, Any]]:
    """µs per chunk by language, channel and characters a chunk."""
    rows = []
    for language in WITH:
        body, findings = request(language, 16, 5)
        sent = deidentify(body, findings)
        live = Live(sent.mapping)
        for name, channel in (("text", TEXT), ("arguments", ARGUMENTS)):
            for size in CHUNKS:
                chunks = _chunks(sent, size)
                us = cpu(partial(_restore, live, channel, chunks))
                rows.append(
                    {
                        "text": language,
                        "channel": name,
                        "characters": size,
                        "us_per_chunk": round(us / len(chunks), 2),
                    }
                )
    return rows


def growing() -> list[dict[str, Any]]:
    """µs per value as the mapping grows."""
    rows = []
    for many in MANY:
        body, findings = listed(many)
        sent = deidentify(body, findings)
        live, chunks = Live(sent.mapping), _chunks(sent, 4)
        rows.append(
            {
                "values": many,
                "replace_us": round(cpu(partial(deidentify, body, findings)) / many, 2),
                "live_us": round(cpu(partial(Live, sent.mapping)) / many, 2),
                "chunk_us": round(cpu(partial(_restore, live, TEXT, chunks)) / len(chunks), 2),
            }
        )
    return rows


def _chunks(sent: Deidentified, size: int) -> list[str]:
    wire = str(sent.body["messages"][1]["content"])
    return [wire[at : at + size] for at in range(0, len(wire), size)]


def _restore(live: Live, channel: Channel, chunks: list[str]) -> None:
    restorer = Restorer(live, channel)
    for chunk in chunks:
        restorer.feed(chunk)
    restorer.finish()


def main() -> None:
    """Measure, write the page and its curve, print them."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--json", action="store_true", help="print JSON and write nothing")
    wish = asked.parse_args()
    result = {
        "command": shlex.join(["python", "-m", "benchmarks.deidentify.cost", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "goals": GOALS,
        "machine": machine.machine(),
        "versions": machine.versions(),
        "replace": replacing(),
        "restore": restoring(),
        "growth": growing(),
    }
    if wish.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    RESULTS.mkdir(exist_ok=True)
    curves = {
        "replace, per value": "replace_us",
        "index, per value": "live_us",
        "restore, per chunk": "chunk_us",
    }
    growth: list[dict[str, float]] = result["growth"]  # type: ignore[assignment]
    lines = {name: [(row["values"], max(row[key], 0.01)) for row in growth] for name, key in curves.items()}
    (RESULTS / "deidentify-cost.svg").write_text(plot.svg(lines, "values in one request", "µs"))
    page = markdown(result)
    (RESULTS / "deidentify-cost.md").write_text(page)
    print(page)


def markdown(result: dict[str, Any]) -> str:
    """Three tables."""
    replaced = _table(result["replace"], ("text", "kb", "values", "us", "us_per_kb"))
    restored = _table(result["restore"], ("text", "channel", "characters", "us_per_chunk"))
    grown = _table(result["growth"], ("values", "replace_us", "live_us", "chunk_us"))
    where = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items() if number)
    return (
        f"# What taking out and putting back costs\n\n`{result['command']}`, {result['date']}. CPU µs, warm, one thread, median "
        f"of {ROUNDS} rounds, on a machine that does other work too.\n\n## Replace, beyond scanning\n\n"
        f"Goal: {GOALS['replace']} µs per KB.\n\n{replaced}\n\n## Restore, per streamed chunk\n\n"
        f"Goal: {GOALS['restore']} µs per chunk. 16 KB with five values a KB.\n\n{restored}\n\n## Growth\n\n"
        f"`replace_us` and `live_us` (the index of a mapping, made once an answer) per value, `chunk_us` per chunk of four "
        f"characters.\n\n{grown}\n\n![growth](deidentify-cost.svg)\n\n"
        f"{where['cpu']}, {where['cores']} cores, Linux {where['kernel']}; {versions}.\n"
    )


def _table(rows: list[dict[str, Any]], names: tuple[str, ...]) -> str:
    head = f"| {' | '.join(names)} |\n|{'---|' * len(names)}"
    return head + "\n" + "\n".join(f"| {' | '.join(str(row[name]) for name in names)} |" for row in rows)


if __name__ == "__main__":
    main()
