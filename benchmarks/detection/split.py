"""Values that are split over parts of one request: `python -m benchmarks.detection.split FILE [--json]`.

A text alone cannot say how its parts were sent, so each becomes a request: messages one after another, parts of one
message, or fields of one object. Seen is what the label of the request names by its kind.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from haechi.app.inspection import labeller


def body(row: dict[str, Any]) -> dict[str, Any]:
    """The request in which the parts of `row` were sent."""
    parts = [row["text"][start:end] for start, end in row["parts"]]
    holder = row.get("holder") or row["id"].rpartition("-")[2]
    if holder == "messages":
        return {"messages": [{"role": "user", "content": part} for part in parts]}
    if holder == "fields":
        fields = {f"field_{number}": part for number, part in enumerate(parts, 1)}
        return {"messages": [{"role": "tool", "tool_call_id": "c1", "content": json.dumps(fields)}]}
    content = [{"type": "text", "text": part} for part in parts]
    return {"messages": [{"role": "user", "content": content}]}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true", help="list what was missed (development only)")
    asked = parser.parse_args(arguments)
    label = labeller()
    seen: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with asked.file.open("rb") as lines:
        for row in map(json.loads, lines):
            if not row.get("parts"):
                continue
            found = label(body(row)).kinds
            for one in row["findings"]:
                held = one["kind"] in found
                for name in ("all", one["kind"], row.get("holder") or row["id"].rpartition("-")[2]):
                    total[name] += 1
                    seen[name] += held
                if asked.show and not held:
                    print(row["id"], one["kind"], repr(row["text"]), sorted(found))
    figures = {name: round(seen[name] / total[name], 4) for name in sorted(total)}
    print(json.dumps(figures) if asked.json else "\n".join(f"{k:24}{v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
