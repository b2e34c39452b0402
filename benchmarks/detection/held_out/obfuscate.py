"""Disguised values in short texts, after the scope rule of what must be seen through; the finding covers the disguise.

`disguised` writes ordinary records with `scope` and `method` beside them. `split` cuts a value over adjacent parts:
`text` is the parts joined by a line feed, `parts` says where each stands and `holder` what they are parts of.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from benchmarks.detection.held_out.carriers import carrier
from benchmarks.detection.held_out.disguises import DISGUISES, LETTERED, NUMERIC, cut

HOLDERS = ("messages", "content", "fields")
"""What a value is split over: adjacent messages, content parts of one message, fields of one object."""

_SPLIT = NUMERIC | LETTERED | {"email", "secret", "address", "kr.ci", "kr.plate"}


def disguised(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Records whose one value is disguised, all methods in turn; every fifth encoding hides the whole text."""
    names = list(DISGUISES)
    for number in range(count):
        name, turn = names[number % len(names)], number // len(names)
        disguise, chance = DISGUISES[name], Random(f"{seed}/disguised/{number}")
        before, value, after, kind = carrier(turn + number % len(names), chance, disguise.kinds)
        if disguise.scope == "encodings" and turn % 5 == 4:
            before, value, after = "", before + value + after, ""
        changed = disguise.change(value, chance)
        yield {
            "id": f"held-disguised-{name}-{seed}-{number}",
            "text": before + changed + after,
            "domain": "disguised",
            "findings": [{"start": len(before), "end": len(before) + len(changed), "kind": kind}],
            "lookalikes": [],
            "scope": disguise.scope,
            "method": name,
            "plain": value,
        }


def split(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Records whose one value is cut over two or three adjacent parts."""
    for number in range(count):
        chance = Random(f"{seed}/split/{number}")
        before, value, after, kind = carrier(number, chance, _SPLIT)
        pieces = cut(value, chance, chance.choice((2, 2, 3)))
        written = [before + pieces[0], *pieces[1:-1], pieces[-1] + after]
        starts = [sum(len(part) + 1 for part in written[:place]) for place in range(len(written))]
        yield {
            "id": f"held-split-{seed}-{number}",
            "text": "\n".join(written),
            "domain": "split",
            "findings": [{"start": len(before), "end": starts[-1] + len(pieces[-1]), "kind": kind}],
            "lookalikes": [],
            "scope": "splitting",
            "method": HOLDERS[number % len(HOLDERS)],
            "holder": HOLDERS[number % len(HOLDERS)],
            "parts": [[start, start + len(part)] for start, part in zip(starts, written, strict=True)],
            "plain": value,
        }
