"""Sorts of Korean words by the company they keep: `python -m training.names.senses --kiwi-model DIR`.

Kiwi's language model knows how alike two words are used. Words that are alike to the same words are one sort: towns
of one country, writers, illnesses, verbs of haste. The network is told the sort of each word, not what the sort is.
"""

import argparse
import random
import re
from pathlib import Path

import numpy as np
from kiwipiepy import Kiwi

_TARGET = Path("haechi/gateway/classify/names/lists/korean_senses.txt")
_MORPHEMES = 74_400
"""The morpheme table proper; behind it stand headwords of wikis, which have another licence."""
_PROPER, _COMMON = {"NNP"}, {"NNG"}
_OTHERS = {"VV", "VA", "MAG", "XR", "VV-R", "VA-R", "VV-I", "VA-I", "MAJ", "IC", "NR", "NP", "MM"}
_SORTS = ((_PROPER, 120), (_COMMON, 105), (_OTHERS, 28))
"""How many sorts of proper names, of nouns, of other words."""
_WORD = re.compile("[가-힣]{2,5}")
_DIMENSIONS, _ROUNDS, _SAMPLE = 80, 40, 8000


def words_of(model: Path) -> tuple[list[tuple[str, str]], np.ndarray]:
    """Words and tags, and how alike each is to some words drawn once."""
    kiwi = Kiwi(
        num_workers=1, model_path=str(model), model_type="cong-global",
        load_default_dict=False, load_multi_dict=False, load_typo_dict=False,
    )  # fmt: skip
    table = [(place, kiwi.morpheme(place)) for place in range(_MORPHEMES)]
    tags = _PROPER | _COMMON | _OTHERS
    words = [
        (place, found.form, found.tag)
        for place, found in table
        if found.tag in tags and _WORD.fullmatch(found.form)
    ]
    chance = random.Random(3)
    drawn = chance.sample([word for word in words if word[2] in _PROPER], 70) + chance.sample(words, 90)
    rows = [[kiwi.morpheme_similarity(one[0], two[0]) for two in drawn] for one in words]
    alike = np.array(rows, np.float32)
    usable = np.isfinite(alike).mean(axis=1) > 0.5  # some words have no place in the model
    columns = np.isfinite(alike[usable]).mean(axis=0) > 0.9
    usable &= np.isfinite(alike[:, columns]).all(axis=1)
    kept = [words[place][1:] for place in np.flatnonzero(usable)]
    return kept, alike[usable][:, columns]


def directions(alike: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Each word as a direction, the strongest differences weighed down."""
    centred = alike - alike.mean(axis=0)
    _, strength, axes = np.linalg.svd(
        centred[chance.choice(len(centred), _SAMPLE, replace=False)], full_matrices=False
    )
    there = centred @ axes[:_DIMENSIONS].T
    there /= (strength[:_DIMENSIONS] / np.sqrt(_SAMPLE)) ** 0.5
    there /= np.linalg.norm(there, axis=1, keepdims=True).clip(1e-6)
    return there


def grouped(there: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    """The group of each word: means on the sphere."""
    middles = there[chance.choice(len(there), count, replace=False)]
    for _ in range(_ROUNDS):
        nearest = (there @ middles.T).argmax(axis=1)
        for place in range(count):
            inside = nearest == place
            if inside.any():
                middles[place] = there[inside].sum(axis=0)
            middles[place] /= np.linalg.norm(middles[place])
    return np.asarray(nearest)


def main() -> None:
    """Write the list: one sort a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kiwi-model", type=Path, required=True, help="folder of kiwipiepy_model 0.24.0")
    parser.add_argument("--out", type=Path, default=_TARGET)
    asked = parser.parse_args()
    words, alike = words_of(asked.kiwi_model)
    chance = np.random.default_rng(5)
    there = directions(alike, chance)
    sort_of: dict[int, int] = {}
    begin = 0
    for tags, count in _SORTS:
        places = [place for place, (_, tag) in enumerate(words) if tag in tags]
        sort_of |= dict(zip(places, begin + grouped(there[places], count, chance), strict=True))
        begin += count
    lines: list[list[str]] = [[] for _ in range(begin)]
    taken = set()
    for place, (word, _) in enumerate(words):
        if word not in taken:
            taken.add(word)
            lines[sort_of[place]].append(word)
    asked.out.write_text("".join(" ".join(sorted(line)) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
