"""How well a detector sees: `python -m benchmarks.detection.score GOLD [--found F] [--json] [--show KIND]`.

GOLD is a file of one of the corpora, F what a system found in its texts, as `haechi inspect --jsonl` writes it; without
F haechi looks itself, in this process. By kind: precision, recall and F1 of spans that agree exactly, and of spans that
overlap; over all: characters covered (whatever the kind), look-alikes flagged, texts with a false alarm.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

COVERED = 0.9
"""A disguised value counts as seen where so much of it is covered."""


class Span(NamedTuple):
    """Code points of a text, and the kind (or look-alike) that stands there."""

    start: int
    end: int
    kind: str


class Text(NamedTuple):
    """A labelled text of a corpus."""

    id: str
    text: str
    gold: tuple[Span, ...]
    lookalikes: tuple[Span, ...]
    group: str


class Count:
    """Findings of one kind: right, too many, missed."""

    def __init__(self) -> None:
        self.right = self.found = self.gold = self.met = self.touched = 0

    def figures(self) -> dict[str, float | int]:
        """Exact precision, recall, F1 and those of overlapping spans."""
        precision, recall = _share(self.right, self.found), _share(self.right, self.gold)
        loose_precision, loose_recall = _share(self.met, self.found), _share(self.touched, self.gold)
        return {
            "gold": self.gold,
            "found": self.found,
            "precision": precision,
            "recall": recall,
            "f1": _f1(precision, recall),
            "overlap_precision": loose_precision,
            "overlap_recall": loose_recall,
            "overlap_f1": _f1(loose_precision, loose_recall),
        }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0


def overlap(one: Span, other: Span) -> int:
    """Characters that two spans share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def read(path: Path) -> list[Text]:
    """A corpus file, typed."""
    return [_text(row) for row in _rows(path)]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """JSON Lines end at line feeds alone: U+2028 may stand inside a string."""
    with path.open("rb") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _text(row: Mapping[str, Any]) -> Text:
    gold = tuple(Span(each["start"], each["end"], each["kind"]) for each in row["findings"])
    alike = tuple(
        Span(each["start"], each["end"], each.get("what", "")) for each in row.get("lookalikes", ())
    )
    group = row.get("scope") or row.get("domain") or ""
    return Text(row["id"], row["text"], gold, alike, str(group))


def read_found(path: Path) -> dict[str, tuple[Span, ...]]:
    """What a system found, by text."""
    return {
        row["id"]: tuple(Span(each["start"], each["end"], each["kind"]) for each in row["findings"])
        for row in _rows(path)
    }


def look(texts: Iterable[Text]) -> dict[str, tuple[Span, ...]]:
    """What haechi finds, in this process."""
    from haechi.app.inspection import inspector  # here: a peer's findings are scored without haechi

    inspect = inspector()
    return {
        each.id: tuple(Span(one.start, one.end, one.kind) for one in inspect(each.text).findings)
        for each in texts
    }


def score(texts: Sequence[Text], found: Mapping[str, tuple[Span, ...]]) -> dict[str, Any]:
    """All figures of one system on one corpus."""
    kinds: dict[str, Count] = defaultdict(Count)
    covered = wanted = alike = flagged = alarmed = 0
    seen: Counter[str] = Counter()
    total: Counter[str] = Counter()
    by_lookalike: Counter[str] = Counter()
    about = {one.kind for each in texts for one in each.gold if one.kind.startswith("topic.")}
    for each in texts:
        spans = [
            span for span in found.get(each.id, ()) if about or not span.kind.startswith("topic.")
        ]  # most corpora do not say what their texts are about
        _count(kinds, each.gold, spans)
        for one in each.gold:
            hidden = _covered(one, spans)
            covered, wanted = covered + hidden, wanted + one.end - one.start
            total[each.group] += 1
            seen[each.group] += hidden >= COVERED * (one.end - one.start)
        for one in each.lookalikes:
            touched = [span for span in spans if overlap(one, span)]
            guilty = [span for span in touched if not any(overlap(span, gold) for gold in each.gold)]
            alike, flagged = alike + 1, flagged + bool(guilty)
            by_lookalike.update([f"{one.kind} → {guilty[0].kind}"] if guilty else [])
        alarmed += any(not any(overlap(span, gold) for gold in each.gold) for span in spans)
    together = Count()
    for count in kinds.values():
        for name in vars(together):
            setattr(together, name, getattr(together, name) + getattr(count, name))
    return {
        "texts": len(texts),
        "all": together.figures(),
        "characters_covered": _share(covered, wanted),
        "lookalikes": alike,
        "lookalikes_flagged": _share(flagged, alike) if alike else 0.0,
        "texts_with_false_alarm": _share(alarmed, len(texts)),
        "kinds": {kind: kinds[kind].figures() for kind in sorted(kinds)},
        "covered_by_group": {name: _share(seen[name], total[name]) for name in sorted(total)},
        "flagged": dict(by_lookalike.most_common(20)),
    }


def _count(kinds: dict[str, Count], gold: Sequence[Span], spans: Sequence[Span]) -> None:
    exact = set(spans)
    for one in gold:
        count = kinds[one.kind]
        count.gold += 1
        count.right += one in exact
        count.touched += any(span.kind == one.kind and overlap(one, span) for span in spans)
    for span in exact:
        count = kinds[span.kind]
        count.found += 1
        count.met += any(one.kind == span.kind and overlap(one, span) for one in gold)


def _covered(one: Span, spans: Iterable[Span]) -> int:
    """Characters of a value that some finding covers."""
    reached, covered = one.start, 0
    for span in sorted(spans):
        start, end = max(span.start, reached), min(span.end, one.end)
        if end > start:
            covered, reached = covered + end - start, end
    return covered


def differences(
    texts: Iterable[Text], found: Mapping[str, tuple[Span, ...]], kind: str
) -> Iterator[tuple[str, str, str]]:
    """For the developer of a kind: («missed» or «extra», what stands there, the text)."""
    for each in texts:
        spans = {span for span in found.get(each.id, ()) if span.kind == kind}
        gold = {one for one in each.gold if one.kind == kind}
        for name, odd in (("missed", gold - spans), ("extra", spans - gold)):
            for one in sorted(odd):
                around = each.text[max(0, one.start - 30) : one.end + 20].replace("\n", "⏎")
                yield name, each.text[one.start : one.end], around


def table(figures: Mapping[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{'kind':26}{'gold':>6}{'found':>7}{'P':>7}{'R':>7}{'F1':>7} │{'P~':>6}{'R~':>7}{'F1~':>7}   (~ overlapping)"
    ]
    for kind, one in [*figures["kinds"].items(), ("all", figures["all"])]:
        exact = "".join(f"{one[name]:7.3f}" for name in ("precision", "recall", "f1"))
        loose = "".join(f"{one[name]:7.3f}" for name in ("overlap_precision", "overlap_recall", "overlap_f1"))
        lines.append(f"{kind:26}{one['gold']:6}{one['found']:7}{exact} │{loose[1:]}")
    lines.append("")
    lines.append(f"{'texts':40}{figures['texts']}")
    shares = ("characters_covered", "lookalikes", "lookalikes_flagged", "texts_with_false_alarm")
    lines += [f"{name:40}{figures[name]}" for name in shares]
    if len(figures["covered_by_group"]) > 1:
        lines.append(
            "covered ≥ 90 %: "
            + ", ".join(f"{name} {share}" for name, share in figures["covered_by_group"].items())
        )
    lines += [f"  flagged: {what} × {count}" for what, count in figures["flagged"].items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--found", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", metavar="KIND", help="list what differs for a kind (development only)")
    parser.add_argument("--limit", type=int, default=40)
    asked = parser.parse_args(arguments)
    texts = read(asked.gold)
    found = read_found(asked.found) if asked.found else look(texts)
    if asked.show:
        for number, (name, value, around) in enumerate(differences(texts, found, asked.show)):
            if number == asked.limit:
                break
            print(f"{name:7} {value!r:40} … {around}")
        return 0
    figures = score(texts, found)
    print(json.dumps(figures, ensure_ascii=False) if asked.json else table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
