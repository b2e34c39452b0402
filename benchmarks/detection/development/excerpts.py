"""Excerpts of invented confidential documents, some of them lightly edited, inside ordinary requests.

The documents lie in `documents/`; a detector indexes them first. An excerpt has 120 characters or more, of which
up to one in twenty is changed.
"""

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.detection.development.draw import HERE
from benchmarks.detection.development.weave import Span, Text

_FRAMES = (
    ("다음 글을 세 줄로 요약해 줘.\n\n", "\n\n핵심만 부탁해."),
    ("아래 문단의 맞춤법을 고쳐 줘.\n", ""),
    ("Translate this into English:\n", "\nKeep the tone formal."),
    ('이 내용이 이해가 안 가요. "', '" 무슨 뜻인가요?'),
)
_SYLLABLES = "가나다라마바사아자차카타파하고도로모보소오조"
EDITS = (0.0, 0.05)
"""Shares of characters changed."""
LENGTHS = (120, 120, 160, 240)


def documents() -> dict[str, str]:
    """Name → text of each confidential document."""
    folder: Path = HERE / "documents"
    return {file.stem: file.read_text(encoding="utf-8").strip() for file in sorted(folder.glob("*.txt"))}


def edited(text: str, share: float, chance: random.Random) -> str:
    """The text with a share of its characters replaced, left out or doubled."""
    signs = list(text)
    for place in chance.sample(range(len(signs)), int(len(signs) * share)):
        signs[place] = chance.choice((chance.choice(_SYLLABLES), "", signs[place] * 2))
    return "".join(signs)


def excerpts(seed: int, count: int) -> Iterator[Text]:
    """Excerpts in frames: as written, and with one character in twenty edited."""
    chance, shelf = random.Random(f"excerpts {seed}"), documents()
    for place in range(count):
        name = sorted(shelf)[place % len(shelf)]
        share, length = EDITS[place // len(shelf) % 2], chance.choice(LENGTHS)
        start = chance.randint(0, len(shelf[name]) - length)
        piece = edited(shelf[name][start : start + length], share, chance)
        before, after = chance.choice(_FRAMES)
        span = Span(len(before), len(before) + len(piece), "fingerprint")
        yield Text(
            f"dev-{seed}-excerpt-{place:06d}-{name}-{share}", before + piece + after, "excerpt", (span,)
        )


def whole(text: Text, topic: str) -> Text:
    """A text of a topic: the one finding is all of it."""
    return dataclasses.replace(
        text, domain="topic", findings=(Span(0, len(text.text), f"topic.{topic}"),), lookalikes=()
    )
