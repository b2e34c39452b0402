"""What the policy costs a request: `python -m benchmarks.decide [--json]`, CPU µs of decide + release.

The full policy (law, rules, contracts) against an empty one, in turn within one run, so that the
ratio holds on a machine that does other work too. Decisions are remembered in production; they are measured so, and
as if each were the first. Then both again with more rules and more destinations, to see what grows.
"""

import argparse
import json
import shlex
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from benchmarks.parts import BUDGET
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.catalogue.editions import editions
from haechi.domain.label import ORDINARY, Label, Level
from haechi.domain.releasable import Receipt, release
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.decisions import Decisions
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.targets import targets

RESULTS: Final = Path(__file__).parent / "results"
ROUNDS: Final = 15
LOOPS: Final = 4000
TODAY: Final = editions()["obligations"].verified_on
BODY: Final = b"x" * 1024
RECEIPT: Final = Receipt("r0")
LABELS: Final = {
    "nothing found": ORDINARY,
    "a phone number": Label(Level.CONFIDENTIAL, frozenset({"phone"})),
    "a resident number": Label(Level.RESTRICTED, frozenset({"kr.rrn"})),
}
COUNTS: Final = (1, 10, 100)


def house(rules: int, clouds: int, today: date = TODAY) -> Policy:
    """A site with so many rules of its own and so many clouds under full contracts."""
    read = f"facts: {{trains: false, verified_on: {today}}}"
    side = f"dpa_id: D, transfer_basis: consent, attested_by: c, valid_until: 2099-01-01, {read}"
    places = "".join(
        f"  gpt{n}: {{provider: openai, key: k, contract: {{preset: openai-api-standard, {side}}}}}\n"
        for n in range(clouds)
    )
    kinds = ("kr.brn", "email", "bank_account")  # none of them in the labels that are measured
    own = "".join(
        f"  - {{name: r{n}, when: {{kind: [{kinds[n % 3]}], level: confidential}}, then: stay-home, because: x}}\n"
        for n in range(rules)
    )
    home = "  home: {provider: fake, zone: onprem, models: [m]}\n"
    return policy(
        parse(f"destinations:\n{home}{places}" + (f"rules:\n{own}" if own else ""), "bench", {}), None, today
    )


def empty(full: Policy) -> Policy:
    """The same destinations without rules and without law: what a router does that does not look."""
    return Policy(full.version, full.destinations, full.clearances, (), full.names, full.aliases)


def remembered(rules: Policy, label: Label) -> Callable[[], object]:
    """Decide as workers do, and release where a cloud is called."""
    decisions = Decisions(rules)

    def stage() -> object:
        decision = decisions.of("auto", label)
        call = decision.calls[0]
        place = rules.destinations[call.destination]
        if not place.outside:
            return decision
        return release(BODY, call, place, rules.clearances[call.destination], label, RECEIPT, rules.version)

    return stage


def afresh(rules: Policy, label: Label) -> Callable[[], object]:
    """Decide as if nobody had asked before."""
    return lambda: decide(label, targets("auto", rules), Narrowing(), rules)


def pair(one: Callable[[], object], other: Callable[[], object], loops: int) -> tuple[float, float]:
    """Medians of CPU µs for two stages, measured in turn."""
    used: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for stage, found in zip((one, other), used, strict=True):
            began = time.thread_time_ns()
            for _ in range(loops):
                stage()
            found.append((time.thread_time_ns() - began) / 1000 / loops)
    return statistics.median(used[0]), statistics.median(used[1])


def row(
    what: str, label: str, made: Callable[[Policy, Label], Callable[[], object]], full: Policy, loops: int
) -> dict[str, Any]:
    """One line: the full policy, the empty one, their ratio, the share of the budget."""
    with_policy, without = pair(made(full, LABELS[label]), made(empty(full), LABELS[label]), loops)
    budget = BUDGET["decide + release"]
    return {
        "what": what,
        "label": label,
        "us": round(with_policy, 2),
        "us_empty": round(without, 2),
        "ratio": round(with_policy / without, 2),
        "share_of_budget": round(with_policy / budget, 2),
    }


def measure() -> list[dict[str, Any]]:
    """Every line of the result."""
    full = house(2, 2)
    rows = [row("remembered + release", label, remembered, full, LOOPS) for label in LABELS]
    rows += [row("afresh", label, afresh, full, LOOPS // 20) for label in LABELS]
    for many in COUNTS:
        rows.append(
            row(f"remembered + release, {many} rules", "a phone number", remembered, house(many, 2), LOOPS)
        )
        rows.append(
            row(
                f"afresh, {many} rules",
                "a phone number",
                afresh,
                house(many, 2),
                max(20, LOOPS // 20 // many),
            )
        )
    for many in COUNTS:
        rows.append(
            row(f"remembered + release, {many} clouds", "nothing found", remembered, house(2, many), LOOPS)
        )
        rows.append(
            row(
                f"afresh, {many} clouds",
                "nothing found",
                afresh,
                house(2, many),
                max(20, LOOPS // 20 // many),
            )
        )
    return rows


def main() -> None:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.decide", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    wish = parser.parse_args()
    result = {
        "command": shlex.join(["python", "-m", "benchmarks.decide", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "budget_us": BUDGET["decide + release"],
        "machine": machine.machine(),
        "versions": machine.versions(),
        "rows": measure(),
    }
    page = markdown(result)
    if not wish.json:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "decide.md").write_text(page)
    print(json.dumps(result, ensure_ascii=False) if wish.json else page)


def markdown(result: dict[str, Any]) -> str:
    """One table."""
    lines = "\n".join(
        f"| {row['what']} | {row['label']} | {row['us']:.2f} | {row['us_empty']:.2f} | {row['ratio']:.2f} "
        f"| {row['share_of_budget']:.0%} |"
        for row in result["rows"]
    )
    where = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items() if number)
    return (
        f"# What the policy costs\n\n`{result['command']}`, {result['date']}. CPU µs per request, warm, one thread, median "
        f"of {ROUNDS} rounds, full and empty policy in turn; `empty` has the same destinations and neither rules nor law. "
        f"The budget of decide + release is {result['budget_us']} µs; the rest of it is record id, schedule, door and headers "
        "(parts.md). `afresh` is the first of its kind after a start; after that it is remembered.\n\n"
        "| what | label | µs | µs, empty policy | ratio | share of the budget |\n|---|---|---:|---:|---:|---:|\n"
        f"{lines}\n\n{where['cpu']}, {where['cores']} cores, Linux {where['kernel']}; {versions}.\n"
    )


if __name__ == "__main__":
    main()
