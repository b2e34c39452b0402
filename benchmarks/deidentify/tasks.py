"""Does the answer survive? `python -m benchmarks.deidentify.tasks [--rounds N] [--seed S] [--json] [--show N]`.

A request is looked at and goes out without its values, a scripted model answers with the tokens that it saw, bent as models
bend them (`behaviours.md`), and the answer comes home: whole, and once more in pieces cut anywhere. The judge compares it with
what the model would have written had it seen the values.
"""

import argparse
import json
import random
import shlex
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import machine
from benchmarks.deidentify.judge import outcome, particle
from benchmarks.deidentify.scenes import Scene, scenes
from benchmarks.deidentify.script import MENTION, Told, answer
from benchmarks.deidentify.values import Draw
from haechi.app.inspection import eyes_of
from haechi.domain.chat import (
    Answer,
    Choice,
    ChoiceDelta,
    Chunk,
    Delta,
    FunctionCall,
    FunctionDelta,
    Message,
    ToolCall,
    ToolCallDelta,
)
from haechi.gateway.classify.classify import classify
from haechi.gateway.without_values import WithoutValues, without_values

RESULTS: Final = Path(__file__).parents[1] / "results"
ROUNDS: Final = 24
GOALS: Final = {"exact": 0.98, "wrong value": 0.0}
TOOL: Final = {
    "type": "function",
    "function": {"name": "register", "parameters": {"type": "object", "properties": {}}},
}


class Done(NamedTuple):
    """What became of one task."""

    scene: Scene
    told: Told | None
    outcome: str
    read: str


def run(scene: Scene, seed: str, eyes: Any) -> Done:
    """One task, out and home."""
    draw = Draw(seed)
    roles = sorted({found["role"] for found in MENTION.finditer(scene.request)})
    values = {role: draw.value(role, scene.language) for role in roles}
    text = MENTION.sub(lambda found: asked(values[found["role"]], found["pair"]), scene.request)
    body: dict[str, Any] = {"model": "auto", "messages": [{"role": "user", "content": text}]}
    if scene.form == "arguments":
        body["tools"] = [TOOL]
    if scene.form == "json":
        body["response_format"] = {"type": "json_object"}
    out = without_values(body, classify(body, eyes), eyes, None)
    if out is None:
        return Done(scene, None, "stays home", text)
    sent = str(out.chat.messages[0].content)
    tokens = {each.value: each.token for each in out.mapping.taken}
    if any(value in sent or value not in tokens for value in values.values()):
        return Done(scene, None, "in clear", sent)
    told = answer(scene, {role: tokens[value] for role, value in values.items()}, values, random.Random(seed))
    read = whole(out, scene, told.written)
    if pieces(out, scene, told.written, random.Random(seed)) != read:
        return Done(scene, told, "stream differs", read)
    return Done(scene, told, outcome(read, told.expected, {t: v for v, t in tokens.items()}, values), read)


def asked(value: str, pair: str | None) -> str:
    """A value as the caller writes it."""
    return value + particle(value, pair) if pair else value


def whole(out: WithoutValues, scene: Scene, written: str) -> str:
    """The answer at once."""
    call = (ToolCall("c1", FunctionCall("register", written)),) if scene.form == "arguments" else None
    message = Message("assistant", None if call else written, tool_calls=call)
    home = out.restored(Answer("m", (Choice(0, message, "stop"),))).answer.choices[0].message
    return home.tool_calls[0].function.arguments if home.tool_calls else home.text


def pieces(out: WithoutValues, scene: Scene, written: str, draw: random.Random) -> str:
    """The answer in pieces of one to six characters."""
    restorer, read, at = out.restorer(), list[str](), 0
    chunks = []
    if scene.form == "arguments":
        first = ToolCallDelta(0, "c1", "function", FunctionDelta("register", ""))
        chunks = [Chunk((ChoiceDelta(0, Delta(tool_calls=(first,))),))]
    while at < len(written):
        size = draw.randint(1, 6)
        piece = written[at : at + size]
        at += size
        delta = Delta(content=piece)
        if scene.form == "arguments":
            delta = Delta(tool_calls=(ToolCallDelta(0, function=FunctionDelta(arguments=piece)),))
        chunks.append(Chunk((ChoiceDelta(0, delta),)))
    for chunk in [each for given in chunks for each in restorer.feed(given)] + restorer.finish():
        for choice in chunk.choices:
            read.append(choice.delta.content or "")
            read += [call.function.arguments or "" for call in choice.delta.tool_calls or () if call.function]
    return "".join(read)


def measured(rounds: int, seed: int) -> tuple[dict[str, Any], list[Done]]:
    """All scenes, `rounds` times with other values and behaviours."""
    eyes = eyes_of()
    done = [
        run(scene, f"{seed}/{number}/{at}", eyes)
        for number in range(rounds)
        for at, scene in enumerate(scenes())
    ]
    answered = [one for one in done if one.told is not None]
    exact = sum(one.outcome == "exact" for one in answered)
    by: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for one in answered:
        assert one.told is not None
        by["behaviour"][one.told.behaviour][one.outcome] += 1
        by["sort"][one.scene.sort][one.outcome] += 1
        by["language"][one.scene.language][one.outcome] += 1
        by["particles"][one.told.particles][one.outcome] += 1
    return {
        "tasks": len(done),
        "answered": len(answered),
        "exact": round(exact / max(1, len(answered)), 4),
        "outcomes": dict(Counter(one.outcome for one in done).most_common()),
        "by": {
            name: {key: dict(counts) for key, counts in sorted(rows.items())} for name, rows in by.items()
        },
    }, done


def main() -> None:
    """Measure, write the page, print it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--json", action="store_true", help="print JSON and write nothing")
    asked.add_argument("--show", type=int, default=0, help="print so many answers that are not exact")
    wish = asked.parse_args()
    result, done = measured(wish.rounds, wish.seed)
    missed = [one for one in done if one.outcome != "exact"]
    for one in missed[: wish.show]:
        print(f"── {one.outcome} │ {one.told.behaviour if one.told else ''}", file=sys.stderr)
        lines = [*(one.told[:2] if one.told else ()), one.read]
        print(*(f"  {line!r}" for line in lines), sep="\n", file=sys.stderr)
    result = {
        "command": shlex.join(["python", "-m", "benchmarks.deidentify.tasks", *sys.argv[1:]]),
        "date": datetime.now(UTC).date().isoformat(),
        "goals": GOALS,
        **result,
        "versions": machine.versions(),
    }
    if wish.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    page = markdown(result)
    if not wish.show:
        (RESULTS / "deidentify-tasks.md").write_text(page)
    print(page)


def markdown(result: dict[str, Any]) -> str:
    """The figures, and where answers were lost."""
    outcomes = ", ".join(f"{name} {count}" for name, count in result["outcomes"].items())
    tables = "\n\n".join(_table(name, rows) for name, rows in result["by"].items())
    return (
        f"# Does the answer survive?\n\n`{result['command']}`, {result['date']}. {result['tasks']} tasks, of which "
        f"{result['answered']} were answered from outside: exact {result['exact']:.1%}, goal {GOALS['exact']:.0%}; "
        f"wrong values {result['outcomes'].get('wrong value', 0)}, goal 0.\n\nAll outcomes: {outcomes}.\n\n"
        "The model is scripted: what it does and how often is written down in `benchmarks/deidentify/behaviours.md`, from "
        "public evidence. Script, judge and restorer are by one hand; the judge has rules for particles of its own.\n\n"
        f"{tables}\n"
    )


def _table(name: str, rows: dict[str, dict[str, int]]) -> str:
    body = "\n".join(
        f"| {key} | {sum(counts.values())} | {counts.get('exact', 0) / sum(counts.values()):.1%} | "
        f"{', '.join(f'{kind} {count}' for kind, count in counts.items() if kind != 'exact')} |"
        for key, counts in rows.items()
    )
    return f"## By {name}\n\n| {name} | tasks | exact | else |\n|---|---|---|---|\n{body}"


if __name__ == "__main__":
    main()
