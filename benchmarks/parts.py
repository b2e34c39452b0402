"""Where a request's time goes: `python -m benchmarks.parts [--size KB] [--json]`, microseconds a stage.

Each stage of the road is called by itself, warm, in one process, with what the stage before it gave. So the sum
is a floor: under load the same code meets colder caches. `transport` is measured otherwise, as the CPU of a gate
that only passes bodies on (uvicorn, our client, nothing between them).
"""

import argparse
import asyncio
import json
import os
import shlex
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import orjson
import uvicorn
import uvloop

from benchmarks import bodies, machine, systems
from benchmarks.load import burst
from benchmarks.mock import WHOLE_BODY
from haechi.adapters.backends.door import Door, check
from haechi.adapters.backends.openai import OpenAI
from haechi.adapters.backends.upstream import Upstream
from haechi.adapters.stores.keys import SqliteKeyRing, create
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.wire import Frame, pack
from haechi.app.settings.compile import policy
from haechi.app.settings.model import DestinationSettings, Settings
from haechi.app.web.app import Gate
from haechi.app.web.dialects import openai, reading
from haechi.app.web.dialects.dialect import Stamp
from haechi.app.web.http import CancelledWhenGone, Incoming, Scope, send_whole
from haechi.app.wiring import SystemClock, SystemNames, eyes, prices, today
from haechi.domain.chat import Usage
from haechi.domain.ports import Ledger
from haechi.domain.record import Row
from haechi.domain.releasable import Receipt, release
from haechi.gateway.admit.narrowing import asked
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.leaves import Leaves
from haechi.gateway.decide.decisions import Decisions
from haechi.gateway.dispatch.schedule import Schedule
from haechi.gateway.flow import Road
from haechi.gateway.journey import Journey, Leg

RESULTS: Final = Path(__file__).parent / "results"
BUDGET: Final = {
    "transport": 34,
    "decode + encode": 4,
    "admit": 3,
    "normalise + scan": 10,
    "decide + release": 4,
    "rows": 5,
}
"""DESIGN.md, «One CPU budget»: µs per request of 1 KB."""

ROUNDS: Final = 9
FRAME: Final = 32
"""Requests whose rows go to the ledger writer in one frame, at 64 requests under way."""

FRAMED: Final = "pack"
Stage = Callable[[], object]


def microseconds(stage: Stage, loops: int) -> float:
    """The median over `ROUNDS` of the mean of `loops` calls, in CPU time of this thread."""
    found = []
    for _ in range(ROUNDS):
        began = time.thread_time_ns()
        for _ in range(loops):
            stage()
        found.append((time.thread_time_ns() - began) / 1000 / loops)
    return statistics.median(found)


def stages(size: int, data: Path) -> list[tuple[str, str, Stage]]:
    """Group of the budget, name, and what to call. Names with a dot are shares of the one above them."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(
        data
    )  # as in a worker; it is read when the client is imported
    from haechi.adapters.stores.memory import MemoryLabels
    from haechi.adapters.telemetry.prometheus import PrometheusMeter

    url = "http://127.0.0.1:9/v1"
    settings = Settings(
        destinations={
            "home": DestinationSettings(provider="openai", zone="onprem", base_url=url, models=("bench",)),
            "gpt": DestinationSettings(
                provider="openai", base_url=url, key="bench", contract="openai-api-standard"
            ),
        }
    )
    secret = create(ledger_file(data), "bench")
    rules, places, clock, names = (
        policy(settings, None, today()),
        ("home", "gpt"),
        SystemClock(),
        SystemNames(),
    )
    keys, look, price = SqliteKeyRing(ledger_file(data)), eyes(), prices(rules)
    waiting: list[Stage] = []
    meter = PrometheusMeter(rules=("clearance",), destinations=places, later=waiting.append)
    wire = OpenAI(Upstream("gpt", "cloud", "openai", url, "bench"))
    raw = bodies.chat(size)
    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "client": ("127.0.0.1", 1),
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"accept", b"application/json"),
            (b"content-type", b"application/json"),
            (b"user-agent", b"OpenAI/Python 2.0.0"),
            (b"authorization", b"Bearer " + secret.encode()),
            (b"content-length", b"%d" % len(raw)),
        ],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    road = Road(
        policy=lambda: rules, eyes=look, backends={}, ledger=cast("Ledger", None), clock=clock, names=names, meter=meter,
        price=price, status=lambda _: 500, labels=MemoryLabels(),
    )  # fmt: skip
    gate = Gate(
        road=road, policy=lambda: rules, keys=keys, clock=clock, names=names, exposition=meter.exposition,
        ready=dict, body_limit=1 << 24,
    )  # fmt: skip
    request = Incoming(scope, receive)
    decoded = openai.decode(raw)
    stamp = Stamp("r0", 1, "m", decoded)
    body, chat = decoded.body, decoded.chat
    leaves = Leaves(body)
    text = leaves.running_text()
    classified = classify(body, look)
    label = classified.label
    decisions = Decisions(rules)
    decision = decisions.of("auto", label)
    call = decision.calls[0]
    place, clearance = rules.destinations[call.destination], rules.clearances[call.destination]
    rendered, receipt = wire.render(chat, call.model), Receipt("r0")
    released = release(rendered, call, place, clearance, label, receipt, rules.version)
    answer = wire.answer(WHOLE_BODY)

    def judged() -> Journey:
        return road.judge(classified, body, chat, asked(None, None), "bench")

    journey = judged()
    journey.heads_for(call, place)
    intent = journey.intent()
    leg = Leg(call, place, 0.0, 0.0, None, 0.1, Usage(312, 21))
    attempt = leg.row(journey, "answered", None, 0.2, price(place.name, call.model))
    journey.attempts.append(attempt)
    settlement = journey.settlement(1.0, "answered", 200)
    rows: list[Row] = [intent, attempt, settlement]
    frame = Frame(1, rows * FRAME)

    def metered() -> None:
        meter.first_byte(zone="cloud", seconds=0.1)
        meter.attempted(destination="gpt", outcome="answered")
        meter.tokens(zone="cloud", taken=312, written=21)
        meter.settled(route="", zone="cloud", level="internal", outcome="answered", seconds=0.2)

    def watched() -> None:
        with CancelledWhenGone(request):
            pass

    return [
        ("decode + encode", "decode the request", lambda: openai.decode(raw)),
        ("decode + encode", ".orjson", lambda: orjson.loads(raw)),
        ("decode + encode", ".a key twice?", lambda: reading._lost_a_key(raw, body)),
        ("decode + encode", "render for the upstream", lambda: wire.render(chat, call.model)),
        ("decode + encode", "decode the answer", lambda: wire.answer(WHOLE_BODY)),
        ("decode + encode", "encode the answer", lambda: openai.encode_answer(answer, stamp)),
        ("admit", "headers in", lambda: Incoming(scope, receive)),
        ("admit", "key", lambda: gate.caller(request)),
        ("admit", "narrowing", lambda: asked(request.header(b"x-haechi-zone"), request.header(b"x-haechi-level"))),
        ("normalise + scan", "classify", lambda: classify(body, look)),
        ("normalise + scan", ".leaves", lambda: Leaves(body).running_text()),
        ("normalise + scan", ".scan", lambda: look.rules(text)),
        ("decide + release", "decide", lambda: decisions.of("auto", label)),
        ("decide + release", "record id", names.record),
        ("decide + release", "schedule, leg", lambda: (Schedule(decision.calls), Leg(call, place, clock.now(), 0.0))),
        ("decide + release", "release", lambda: release(rendered, call, place, clearance, label, receipt, "")),
        ("decide + release", "check at the door", lambda: check(released, "gpt", outside=True)),
        ("decide + release", "headers out", lambda: gate.headers(journey, ())),
        ("rows", "intent", journey.intent),
        ("rows", "attempt", lambda: leg.row(journey, "answered", None, 0.2, None)),
        ("rows", "settlement", lambda: journey.settlement(1.0, "answered", 200)),
        ("rows", FRAMED, lambda: pack(frame)),
        ("rows", "meter", metered),
        ("transport", "watch for a caller who leaves", watched),
    ]  # fmt: skip


def bare() -> None:
    """A gate that only passes bodies on: what HTTP on both sides costs. Told its upstream's port by argument,
    says `ready PORT`, ends with its standard input."""

    async def serve() -> None:
        upstream = Upstream("gpt", "cloud", "openai", f"http://127.0.0.1:{sys.argv[2]}/v1", "bench")
        way = Door([upstream])._ways["gpt"]
        head = way.head("bench", streaming=False)

        async def passes_on(scope: Scope, receive: Any, send: Any) -> None:
            body = await Incoming(scope, receive).body(1 << 24)
            response = await way.pool.send(head % len(body) + body)
            await send_whole(send, 200, [(b"content-type", b"application/json")], await response.read())

        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        server = uvicorn.Server(
            uvicorn.Config(
                passes_on,
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                proxy_headers=False,
            )
        )
        asyncio.get_running_loop().add_reader(
            sys.stdin.fileno(), lambda: setattr(server, "should_exit", True)
        )
        print("ready", listener.getsockname()[1], flush=True)
        await server.serve(sockets=[listener])

    uvloop.run(serve())


def transport(size: int, seconds: float = 1.0) -> float:
    """CPU µs per request of the bare gate, on its own core."""
    gate_core, load_core = machine.cores()
    os.sched_setaffinity(0, {load_core})
    request, used = bodies.request(bodies.chat(size), "none"), []
    with systems.upstream(load_core) as mock, systems.bare(gate_core, mock) as gate:
        for _ in range(ROUNDS):
            window = uvloop.run(burst(gate.port, request, 64, seconds, gate.cpu))
            used.append(window.used("bare") / 1000 / max(1, window.answers))
    return statistics.median(used)


def main() -> None:
    """Measure, print, save."""
    if sys.argv[1:2] == ["--bare"]:
        return bare()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.parts", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--size", type=int, default=1, metavar="KB", help="size of the body (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    wish = parser.parse_args()
    size = wish.size * bodies.KB
    rows: list[dict[str, Any]] = [
        {"group": "transport", "stage": "HTTP on both sides", "us": transport(size)}
    ]
    rows += uvloop.run(timed(size))
    result = {
        "command": shlex.join(["python", "-m", "benchmarks.parts", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "body_bytes": len(bodies.chat(size)),
        "machine": machine.machine(),
        "versions": machine.versions(),
        "rows": [row | {"us": round(row["us"], 2)} for row in rows],
        "groups": {group: round(sum(row["us"] for row in rows if counts(row, group)), 1) for group in BUDGET},
    }
    page = markdown(result)
    if wish.size == 1 and not wish.json:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "parts.md").write_text(page)
    print(json.dumps(result, ensure_ascii=False) if wish.json else page)
    return None


async def timed(size: int) -> list[dict[str, Any]]:
    """Every stage; within an event loop, because some ask for one."""
    rows, loops = [], max(20, 2000 * bodies.KB // size)
    with tempfile.TemporaryDirectory() as made:
        data = Path(made)
        for group, name, stage in stages(size, data):
            used = microseconds(stage, loops) / (FRAME if name == FRAMED else 1)
            rows.append({"group": group, "stage": name, "us": used})
    return rows


def counts(row: dict[str, Any], group: str) -> bool:
    """Whether a row adds to the sum of its group; a share of another row does not."""
    return row["group"] == group and not row["stage"].startswith(".")


def markdown(result: dict[str, Any]) -> str:
    """Two tables: groups against the budget, stages."""
    groups = result["groups"]
    small = result["body_bytes"] < 2 * bodies.KB
    against = "\n".join(
        f"| {group} | {used} | {BUDGET[group] if small else '–'} |" for group, used in groups.items()
    )
    each = "\n".join(
        f"| {row['group']} | {'… ' if row['stage'].startswith('.') else ''}{row['stage'].lstrip('.')} | {row['us']:.2f} |"
        for row in result["rows"]
    )
    where = result["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items() if number)
    return (
        f"# Where a request's time goes\n\n`{result['command']}`, {result['date']}. µs of CPU per request, warm, one "
        f"stage at a time, body of {result['body_bytes']:,} bytes. A row with … is a share of the row above it.\n\n"
        f"| group | µs | budget |\n|---|---:|---:|\n{against}\n"
        f"| **sum** | **{sum(groups.values()):.1f}** | {sum(BUDGET.values()) if small else '–'} |\n\n"
        f"| group | stage | µs |\n|---|---|---:|\n{each}\n\n"
        f"{where['cpu']}, {where['cores']} cores, Linux {where['kernel']}; {versions}.\n"
    )


if __name__ == "__main__":
    main()
