"""What would the strong model win over the weak one on this prompt? Predicted from its text alone.

The *gain* (strong right minus weak right) is what routing needs, not the difficulty: where both are wrong, the strong
one is wasted. Features are hashed n-grams of characters and words, weighted by how rare they are, and a few lexical
ones; a ridge in its dual form learns from a thousand labels in a second and decides in well under a millisecond.
RouteLLM (Ong et al., arXiv 2406.18665) sets the task and its measures.
"""

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_SPACE: Final = 1 << 13
_LONGEST: Final = 6000
"""Characters of a prompt that are looked at: the first and the last half of it each."""
_LENGTHS: Final = (3, 4, 5)
_WORD: Final = re.compile(r"\w+")
_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)
RIDGE: Final = 15.0
_LEXICAL_WEIGHT: Final = 1.0


class Gain(Struct, frozen=True):
    """A fitted predictor; `predict` gives the expected gain of strong over weak, between about -1 and 1."""

    weights: Floats
    rarity: Floats
    mean: Floats
    spread: Floats
    base: float

    def predict(self, prompt: str) -> float:
        """The expected gain on `prompt`."""
        where, much, lexical = _look(prompt)
        scaled = much * self.rarity[where]
        size = float(np.sqrt((scaled * scaled).sum())) or 1.0
        own = (lexical - self.mean) / self.spread * _LEXICAL_WEIGHT
        found = float(self.weights[where] @ scaled) / size + float(self.weights[_SPACE:] @ own)
        return self.base + found


def fit_gain(prompts: Sequence[str], gains: Sequence[float], ridge: float = RIDGE) -> Gain:
    """Fit on prompts and their gains; with no prompt at all, every gain is zero."""
    seen = [_look(prompt) for prompt in prompts]
    often = np.zeros(_SPACE, dtype=np.float32)
    for where, _, _ in seen:
        often[where] += 1
    rarity = (np.log((1 + len(seen)) / (1 + often)) + 1).astype(np.float32)
    rarity[often < 2] = 0  # what stands in one prompt alone teaches nothing about another
    lexical = np.array([one for _, _, one in seen], dtype=np.float32).reshape(len(seen), _LEXICAL)
    mean = lexical.mean(axis=0) if seen else np.zeros(_LEXICAL, dtype=np.float32)
    spread = (lexical.std(axis=0) if seen else np.zeros(_LEXICAL)) + np.float32(1e-3)
    table = np.zeros((len(seen), _SPACE + _LEXICAL), dtype=np.float32)
    for row, (where, much, _) in enumerate(seen):
        scaled = much * rarity[where]
        table[row, where] = scaled / (np.sqrt((scaled * scaled).sum()) or 1.0)
    table[:, _SPACE:] = (lexical - mean) / spread * _LEXICAL_WEIGHT
    goal = np.asarray(gains, dtype=np.float32)
    base = float(goal.mean()) if len(goal) else 0.0
    alike = table @ table.T
    alike[np.diag_indices_from(alike)] += ridge
    dual: Any = np.linalg.solve(alike, goal - base) if len(goal) else np.zeros(0, dtype=np.float32)
    return Gain(weights=table.T @ dual, rarity=rarity, mean=mean, spread=spread.astype(np.float32), base=base)


def _look(prompt: str) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Places of the features in the table, how much there is of each, and the lexical features."""
    text = prompt if len(prompt) <= _LONGEST else prompt[: _LONGEST // 2] + prompt[-_LONGEST // 2 :]
    lower = text.lower()
    signs = np.frombuffer(lower.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    found = []
    for length in _LENGTHS:
        rolled = np.zeros(max(len(signs) - length + 1, 0), dtype=np.uint64)
        for at in range(length):
            rolled = (rolled * np.uint64(1_000_003)) ^ signs[at : at + len(rolled)]
        found.append((rolled * _PRIME) >> np.uint64(64 - 12))
    words = _WORD.findall(lower)
    numbers = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words]
    pairs = [one * 31 ^ two for one, two in pairwise(numbers)]
    hashed = np.array(numbers + pairs, dtype=np.uint64)
    found.append(((hashed * _PRIME) >> np.uint64(64 - 12)) + np.uint64(1 << 12))
    where, much = np.unique(np.concatenate(found).astype(np.int64), return_counts=True)
    return where, (1 + np.log(much)).astype(np.float32), _lexical(text, words)


_LEXICAL: Final = 7


def _lexical(text: str, words: list[str]) -> Floats:
    """Length, digits, mathematical signs, lines, long words, share of Hangul, negations."""
    size = len(text) + 1
    digits = sum(map(text.count, "0123456789"))
    signs = sum(map(text.count, "=+^\\$<>/*"))
    hangul = sum("가" <= sign <= "힣" for sign in text[:500])
    return np.array(
        [
            np.log(size),
            np.log1p(digits),
            np.log1p(signs),
            np.log1p(text.count("\n")),
            sum(map(len, words)) / (len(words) + 1),
            hangul / min(size, 500),
            np.log1p(sum(word in {"not", "except", "least", "false", "incorrect"} for word in words)),
        ],
        dtype=np.float32,
    )
