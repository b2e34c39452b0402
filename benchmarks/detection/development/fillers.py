"""Words that fill a text without being sensitive or looking so, and particles that fit what stands before them."""

import random
import tomllib

from benchmarks.detection.development.draw import HERE

FILLERS: dict[str, list[str]] = tomllib.loads((HERE / "lists" / "fillers.toml").read_text(encoding="utf-8"))
"""Filler → what it may say."""

_FINAL_DIGITS = "013678"
_FINAL_LETTERS = "lmnrLMNR"


def fill(name: str, chance: random.Random) -> str:
    """A word for a filler slot."""
    return chance.choice(FILLERS[name])


def particle(pair: str, before: str) -> str:
    """The particle of a pair such as 은/는 that fits the word before it."""
    closed, open_ = pair.split("/")
    last = next((sign for sign in reversed(before) if sign.isalnum()), "가")
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return open_ if final == 0 or (closed == "으로" and final == 8) else closed
    if closed == "으로" and last in "178lL":
        return open_
    return closed if last in _FINAL_DIGITS + _FINAL_LETTERS else open_
