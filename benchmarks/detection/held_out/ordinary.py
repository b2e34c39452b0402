"""Everyday texts with nothing sensitive in them: whatever a detector finds here is a false alarm."""

from collections.abc import Iterator
from random import Random
from typing import Any

from benchmarks.detection.held_out.shape import HERE
from benchmarks.detection.held_out.templates import Template, fill, read


def shelf() -> list[Template]:
    """All wordings, the families in turn."""
    paths = sorted((HERE / "ordinary_texts").glob("*.txt"))
    return [template for path in paths for template in read(path, path.stem)]


def texts(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """So many texts, no two alike; each wording as often as any other."""
    wordings, seen = shelf(), set[str]()
    number = made = 0
    while made < count:
        template = wordings[number % len(wordings)]
        draft = fill(template, Random(f"{seed}/ordinary/{number}"))
        number += 1
        if draft.text in seen and number < 40 * count:
            continue
        seen.add(draft.text)
        made += 1
        yield {
            "id": f"held-ordinary-{template.family}-{template.name}-{seed}-{number}",
            "text": draft.text,
            "domain": f"ordinary-{template.family}",
            "findings": [],
            "lookalikes": [
                {"start": start, "end": end, "what": what} for start, end, what in draft.lookalikes
            ],
        }
