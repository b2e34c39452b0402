"""Public sentences of KLUE-NER (CC BY-SA 4.0), in three parts that never mix: 3,200 to learn from, 400 to tune on,
400 to measure on."""

import collections
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from training.names.people import People
from training.names.slots import Labelled, plain

_SPLIT_SEED = 20261123
SORTS = {"PS": 1, "LC": 2, "OG": 3, "DT": 4, "TI": 4, "QT": 4}
"""The network is asked for all of them while it learns, so that it knows what is no person."""
_LAST_EXCHANGED = SORTS["OG"]
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


class Exchange:
    """Sentences told again of others: each person, place or group exchanged for one of its sort, the same for the same."""

    def __init__(self, sentences: list[Labelled], people: People) -> None:
        self._people = people
        self._named: dict[tuple[object, ...], list[str]] = collections.defaultdict(list)
        for sentence in sentences:
            for start, end, sort in sentence.others:
                word = sentence.text[start:end]
                self._named[_shape(word, sort)].append(word)

    def renamed(self, sentence: Labelled, chance: random.Random) -> Labelled:
        """The sentence about invented people."""
        return _exchanged(sentence, lambda old, sort: _other(old, self._people, chance) if sort == 1 else old)

    def mingled(self, sentence: Labelled, chance: random.Random) -> Labelled:
        """The sentence with half of what it names taken from other sentences."""

        def other(old: str, sort: int) -> str:
            if sort > _LAST_EXCHANGED or chance.random() < 0.5:
                return old
            some = chance.choices(self._named[_shape(old, sort)], k=6)
            return next((word for word in some if _closed(word) == _closed(old)), old)

        return _exchanged(sentence, other)


def _shape(word: str, sort: int) -> tuple[object, ...]:
    whole = " " not in word
    return sort, min(len(word), 6) if whole else 0, whole, bool(re.match("[가-힣]", word))


def _closed(word: str) -> bool:
    """Whether a final consonant ends the word, on which the particle behind it depends."""
    return "가" <= word[-1] <= "힣" and (ord(word[-1]) - 0xAC00) % 28 > 0


def _exchanged(sentence: Labelled, other: Callable[[str, int], str]) -> Labelled:
    exchanged: dict[tuple[str, int], str] = {}
    text, place = plain(""), 0
    for start, end, sort in sorted(sentence.others):
        old = sentence.text[start:end]
        if (old, sort) not in exchanged:
            exchanged[old, sort] = other(old, sort)
        new = exchanged[old, sort]
        whole = ((0, len(new)),) if sort == SORTS["PS"] else ()
        text = text + plain(sentence.text[place:start]) + Labelled(new, whole, ((0, len(new), sort),))
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
