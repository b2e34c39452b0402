"""Train the name detector: `python -m training.names.train --lists DIR [--klue FILE] --out FILE`. Same seed, same weights."""

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from haechi.gateway.classify.names.lexicon import Lexicon, shipped
from haechi.gateway.classify.names.units import Units
from training.names import klue
from training.names.corpus import Corpus
from training.names.network import Network
from training.names.slots import Labelled

_LONGEST = 400
_BATCH = 4500  # units
_ASIDE = 0.5
"""How much the sorts of public sentences count beside the names."""
Encoded = tuple[np.ndarray, np.ndarray, np.ndarray]


def labels(text: Labelled, units: Units) -> np.ndarray:
    """O, B, I, E, S for each unit; a name that does not begin and end with units is left out."""
    marks = np.zeros(len(units), np.int64)
    for start, end in text.names:
        first, last = np.searchsorted(units.starts, start), np.searchsorted(units.starts, end) - 1
        if first > last or units.starts[first] != start or units.ends[last] != end:
            marks[first : last + 1] = -100
        elif first == last:
            marks[first] = 4
        else:
            marks[first + 1 : last] = 2
            marks[first], marks[last] = 1, 3
    return marks


def sorts(text: Labelled, units: Units) -> np.ndarray:
    """The sort of thing each unit names; unknown everywhere but in public sentences."""
    marks = np.full(len(units), 0 if text.others else -100, np.int64)
    for start, end, sort in text.others:
        marks[(units.starts >= start) & (units.ends <= end)] = sort
    return marks


def encode(text: Labelled, lexicon: Lexicon) -> Encoded:
    """Rows, labels and sorts of a text."""
    units = Units(text.text, lexicon)
    return units.rows[:_LONGEST], labels(text, units)[:_LONGEST], sorts(text, units)[:_LONGEST]


def batches(encoded: list[Encoded], chance: random.Random) -> Iterator[tuple[torch.Tensor, ...]]:
    """Texts of like length together, in random order."""
    order = sorted(range(len(encoded)), key=lambda place: len(encoded[place][1]) + chance.random() * 12)
    groups, group = [], []
    for place in order:
        group.append(encoded[place])
        if len(group) * len(group[-1][1]) > _BATCH:
            groups.append(group)
            group = []
    groups += [group] if group else []
    chance.shuffle(groups)
    for some in groups:
        length = max(len(marks) for _, marks, _ in some)
        if not length:
            continue
        rows = np.zeros((len(some), length, some[0][0].shape[1]), np.int64)
        marks = np.full((len(some), length), -100, np.int64)
        others = marks.copy()
        mask = np.zeros((len(some), length, 1), np.float32)
        for place, (row, mark, other) in enumerate(some):
            here = (place, slice(len(mark)))
            rows[here], marks[here], others[here], mask[here] = row, mark, other, 1
        yield tuple(torch.from_numpy(part) for part in (rows, marks, others, mask))


def train(arguments: argparse.Namespace) -> Network:
    """The trained network."""
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(arguments.threads)
    lexicon = shipped()
    corpus = Corpus(arguments.lists, arguments.kiwi, frozenset(arguments.without))
    news = klue.parts(arguments.klue)[0] if arguments.klue else []
    exchange = klue.Exchange(news, corpus.slots.people)
    network = Network()
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.01, betas=(0.9, 0.98))
    per_epoch = arguments.texts
    average = {name: value.clone() for name, value in network.state_dict().items()}
    step, begun = 0, time.monotonic()
    for epoch in range(arguments.epochs):
        chance = random.Random(f"{arguments.seed} {epoch}")
        texts = [corpus.draw(chance) for _ in range(per_epoch)]
        for sentence in news:
            texts.append(sentence)
            texts += [exchange.mingled(sentence, chance) for _ in range(2)] if sentence.others else []
            texts += [exchange.renamed(sentence, chance)] if sentence.names else []
        encoded = [encode(text, lexicon) for text in texts]
        units_in_epoch = sum(len(marks) for _, marks, _ in encoded)
        total, count = 0.0, 0
        network.train()
        for rows, marks, others, mask in batches(encoded, chance):
            progress = (epoch + count * _BATCH / max(1, units_in_epoch)) / arguments.epochs
            rate = 3e-3 * min(1, step / 100) * max(0.02, 1 - progress)
            for group in optimiser.param_groups:
                group["lr"] = rate
            seen = network.seen(rows, mask)
            loss = functional.cross_entropy(network.out(seen).transpose(1, 2), marks, ignore_index=-100)
            if (others >= 0).any():
                loss = loss + _ASIDE * functional.cross_entropy(network.sorts(seen).transpose(1, 2), others)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            step, count, total = step + 1, count + 1, total + loss.item()
            for name, value in network.state_dict().items():
                average[name].lerp_(value, 0.01) if value.is_floating_point() else None
        print(
            f"epoch {epoch} loss {total / count:.4f} steps {count} {time.monotonic() - begun:.0f} s",
            flush=True,
        )
    network.load_state_dict(average)
    return network


def main() -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=Path, required=True, help="folder of the reference lists")
    parser.add_argument("--kiwi", type=Path, required=True, help="multi.dict of kiwipiepy_model 0.24.0")
    parser.add_argument("--klue", type=Path, help="KLUE-NER sentences; without it on generated text alone")
    parser.add_argument(
        "--without", nargs="*", default=[], help="domains of the development corpus to keep apart"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", type=int, default=24_000)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.save(train(arguments).state_dict(), arguments.out)


if __name__ == "__main__":
    main()
