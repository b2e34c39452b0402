"""Write the corpus: `python -m benchmarks.detection.held_out.generate --seed 1 --count 2000 --out F`.

One JSON object a line: id, text, domain, findings, lookalikes; offsets count code points, ends are exclusive.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.detection.held_out import obfuscate, ordinary
from benchmarks.detection.held_out.templates import Draft, Template, families, family, fill

Record = dict[str, Any]
Make = Callable[[int, int], Iterator[Record]]


def labelled(seed: int, count: int) -> Iterator[Record]:
    """Texts of all families in turn, each template as often as any other of its family."""
    shelves = {name: _shuffled(family(name), Random(f"{seed}/{name}")) for name in families()}
    names = list(shelves)
    for number in range(count):
        name = names[number % len(names)]
        template = shelves[name][number // len(names) % len(shelves[name])]
        yield _record(template, seed, number)


def every(seed: int) -> Iterator[Record]:
    """Each template once."""
    number = 0
    for name in families():
        for template in family(name):
            yield _record(template, seed, number)
            number += 1


def _record(template: Template, seed: int, number: int) -> Record:
    draft = fill(template, Random(f"{seed}/{template.family}/{template.name}/{number}"))
    return checked(
        record(f"held-{template.family}-{template.name}-{seed}-{number}", template.family, draft), draft
    )


def record(identity: str, domain: str, draft: Draft) -> Record:
    """A draft as it is written to the file."""
    return {
        "id": identity,
        "text": draft.text,
        "domain": domain,
        "findings": [{"start": start, "end": end, "kind": kind} for start, end, kind in draft.findings],
        "lookalikes": [{"start": start, "end": end, "what": what} for start, end, what in draft.lookalikes],
    }


def checked(made: Record, draft: Draft) -> Record:
    """The record, after looking that spans lie in order, do not overlap and hold what was put there."""
    spans = sorted([*draft.findings, *draft.lookalikes])
    ends = [0, *(end for _, end, _ in spans)]
    for before, (start, end, what) in zip(ends, spans, strict=False):
        if not before <= start < end <= len(made["text"]):
            raise ValueError(f"{made['id']}: span of {what} at {start} is empty, overlaps or lies outside")
    for (start, end, kind), text in zip(draft.findings, draft.placed, strict=True):
        if made["text"][start:end] != text:
            raise ValueError(f"{made['id']}: the {kind} at {start} is not the one that was put there")
    return made


def _shuffled(templates: list[Template], chance: Random) -> list[Template]:
    chance.shuffle(templates)
    return templates


MAKERS: dict[str, Make] = {
    "labelled": labelled,
    "ordinary": ordinary.texts,
    "disguised": obfuscate.disguised,
    "split": obfuscate.split,
}
"""What can be written."""


def main() -> None:
    """Write so many records of one sort to a file."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--count", type=int, default=2000)
    reader.add_argument("--what", choices=sorted(MAKERS), default="labelled")
    reader.add_argument("--out", type=Path, required=True)
    chosen = reader.parse_args()
    with chosen.out.open("w", encoding="utf-8", newline="\n") as out:
        for made in MAKERS[chosen.what](chosen.seed, chosen.count):
            out.write(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
