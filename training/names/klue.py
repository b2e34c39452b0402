"""Public sentences of KLUE-NER (CC BY-SA 4.0), in three parts that never mix: 3,200 to learn from, 400 to tune on,
400 to measure on."""

import json
import random
import re
from pathlib import Path

from training.names.people import People
from training.names.slots import Labelled, plain

_SPLIT_SEED = 20261123
SORTS = {"PS": 1, "LC": 2, "OG": 3, "DT": 4, "TI": 4, "QT": 4}
"""The network is asked for all of them while it learns, so that it knows what is no person."""
_KOREAN = re.compile("[가-힣]{3}")


def parts(path: Path) -> tuple[list[Labelled], list[Labelled], list[Labelled]]:
    """The parts for learning, tuning and measuring."""
    sentences = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names = tuple((span["start"], span["end"]) for span in row["spans"] if span["label"] == "PS")
        others = tuple((span["start"], span["end"], SORTS[span["label"]]) for span in row["spans"])
        sentences.append(Labelled(row["text"], names, others))
    random.Random(_SPLIT_SEED).shuffle(sentences)
    return sentences[800:], sentences[400:800], sentences[:400]


def renamed(sentence: Labelled, people: People, chance: random.Random) -> Labelled:
    """The sentence about somebody else: each name exchanged for one of its sort, the same for the same."""
    exchanged: dict[str, str] = {}
    text, place = plain(""), 0
    for start, end, sort in sorted(sentence.others):
        old = sentence.text[start:end]
        if sort != SORTS["PS"]:
            new = Labelled(old, (), ((0, len(old), sort),))
        else:
            if old not in exchanged:
                exchanged[old] = _other(old, people, chance)
            new = Labelled(exchanged[old], ((0, len(exchanged[old])),), ((0, len(exchanged[old]), sort),))
        text = text + plain(sentence.text[place:start]) + new
        place = end
    return text + plain(sentence.text[place:])


def _other(old: str, people: People, chance: random.Random) -> str:
    if old in people.surnames:
        return people.surname(chance)
    if _KOREAN.fullmatch(old) and old[0] in people.surnames:
        return people.korean(chance)
    if re.fullmatch("[가-힣]{4,}", old):
        return chance.choice([people.foreign_word(chance), people.foreign(chance).replace(" ", "")])
    if re.fullmatch("[가-힣]+( [가-힣]+)+", old):
        return people.foreign(chance)
    if re.fullmatch("[가-힣]{2}", old):
        return chance.choice([old, people.called(chance), people.foreign_word(chance)])
    return old
