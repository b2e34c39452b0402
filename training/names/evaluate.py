"""How well weights find names: `python -m training.names.evaluate --weights FILE.pt …`."""

import argparse
import random
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch

from benchmarks.detection.development.draw import HERE
from benchmarks.detection.development.generate import ordinary
from benchmarks.detection.development.weave import templates
from haechi.gateway.classify.names.lexicon import shipped
from haechi.gateway.classify.names.names import spans
from haechi.gateway.classify.names.units import Units
from training.names import klue
from training.names.corpus import woven
from training.names.network import Network
from training.names.slots import Labelled, plain

_MARKED = re.compile("⟦([^⟧]*)⟧")
HANDWRITTEN = Path("tests/gateway/classify/names/data")
Finder = Callable[[str], set[tuple[int, int]]]


def marked(line: str) -> Labelled:
    """A line of the handwritten texts."""
    text, place = plain(""), 0
    line = line.replace("⏎", "\n")
    for match in _MARKED.finditer(line):
        text = text + plain(line[place : match.start()]) + Labelled(match[1], ((0, len(match[1])),))
        place = match.end()
    return text + plain(line[place:])


def handwritten(name: str) -> list[Labelled]:
    """Texts written by hand, unlike any template."""
    return [marked(line) for line in (HANDWRITTEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()]


def development(domains: Iterable[str], seed: int, count: int) -> list[Labelled]:
    """Texts of some domains of the development corpus."""
    chance, decks = random.Random(f"evaluate {seed}"), templates(HERE / "templates")
    pairs = [(domain, template) for domain in domains for template in decks[domain]]
    return [woven(*chance.choice(pairs), chance) for _ in range(count)]


def with_torch(weights: Path) -> Finder:
    """A finder that runs the trained network as it is."""
    network, lexicon = Network(), shipped()
    network.load_state_dict(torch.load(weights))
    network.eval()

    def find(text: str) -> set[tuple[int, int]]:
        units = Units(text, lexicon)
        if not len(units):
            return set()
        with torch.no_grad():
            rows = torch.from_numpy(units.rows.astype(np.int64))[None]
            chances = network(rows, torch.ones(1, len(units), 1)).softmax(-1)[0].numpy()
        return {(int(units.starts[a]), int(units.ends[b])) for a, b, _ in spans(chances)}

    return find


def with_detector() -> Finder:
    """The detector that ships."""
    from haechi.gateway.classify.names.names import Names

    names = Names()
    return lambda text: {(hit.start, hit.end) for hit in names.scan(text)}


def score(texts: list[Labelled], find: Finder, show: int = 0) -> dict[str, float]:
    """Precision, recall, F1 by span, and the share of texts with a false alarm."""
    right = found = there = alarmed = 0
    for text in texts:
        spotted, named = find(text.text), set(text.names)
        right, found, there = right + len(spotted & named), found + len(spotted), there + len(named)
        alarmed += bool(spotted - named)
        if spotted != named and show > 0:
            show -= 1
            said = [text.text[a:b] for a, b in sorted(spotted - named)]
            missed = [text.text[a:b] for a, b in sorted(named - spotted)]
            print(f"   false {said} missed {missed} in {text.text[:150]!r}")
    precision, recall = right / max(found, 1), right / max(there, 1)
    return {
        "texts": len(texts), "names": there, "precision": round(precision, 4), "recall": round(recall, 4),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 4), "alarmed": round(alarmed / len(texts), 4),
    }  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="of training; without them the detector that ships")
    parser.add_argument("--klue", type=Path)
    parser.add_argument("--measure", action="store_true", help="the part of KLUE kept for the last figure")
    parser.add_argument("--domains", nargs="*", default=["chat", "clinical", "english", "csv"])
    parser.add_argument("--show", type=int, default=0)
    asked = parser.parse_args()
    find = with_torch(asked.weights) if asked.weights else with_detector()
    everyday = [plain(text.text) for text in ordinary(91, 600)]
    sets = {domain: development([domain], 91, 250) for domain in asked.domains}
    sets |= {
        "business by hand": handwritten("business"),
        "harmless by hand": handwritten("harmless"),
        "ordinary": everyday,
    }
    if asked.klue:
        sets["news"] = klue.parts(asked.klue)[2 if asked.measure else 1]
    for name, texts in sets.items():
        print(name, score(texts, find, asked.show))


if __name__ == "__main__":
    main()
