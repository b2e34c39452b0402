"""Templates become texts whose sensitive spans are known, because they were put there.

A slot stands between « and »: `kind` or `kind/spelling` a finding, `~what` a look-alike, either with `:text` for
a fixed one; `+name` a filler; `?a|b` a choice; `:은/는` a particle. `«2-5»` at the head of a line repeats it.
"""

import dataclasses
import functools
import itertools
import random
import re
from pathlib import Path

from benchmarks.detection.development import fillers, values

_SLOT = re.compile("«([^»]*)»")
_REPEAT = re.compile(r"«(\d+)-(\d+)»")
_END = "\n=====\n"
_JOINED_TITLES = 0.2
"""How often a title follows the name without a space."""


@dataclasses.dataclass(frozen=True)
class Span:
    """A piece of a text, in code points, and what it is."""

    start: int
    end: int
    what: str


@dataclasses.dataclass(frozen=True)
class Text:
    """A labelled text; `parts` are the cuts of one that is split over messages."""

    id: str
    text: str
    domain: str
    findings: tuple[Span, ...] = ()
    lookalikes: tuple[Span, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()


@functools.cache
def templates(folder: Path) -> dict[str, tuple[str, ...]]:
    """Domain → its templates, one file each."""
    files = sorted(folder.glob("*.txt"))
    return {file.stem: tuple(file.read_text(encoding="utf-8").rstrip("\n").split(_END)) for file in files}


def weave(name: str, domain: str, template: str, chance: random.Random) -> Text:
    """Fill the slots of a template and keep account of where each value stands."""
    written = _Page(chance)
    for line in _repeated(template, chance):
        place = 0
        for slot in _SLOT.finditer(line):
            written.plain(line[place : slot.start()])
            written.slot(slot[1])
            place = slot.end()
        written.plain(line[place:])
    text = written.text.removesuffix("\n")
    whole = Text(name, text, domain, tuple(written.findings), tuple(written.lookalikes))
    check(whole, tuple(written.values))
    return whole


def check(text: Text, expected: tuple[str, ...]) -> None:
    """Refuse a text whose spans do not hold what was put there, or stand on one another."""
    spans = sorted((*text.findings, *text.lookalikes), key=lambda span: span.start)
    found = tuple(text.text[span.start : span.end] for span in spans)
    if found != expected:
        raise ValueError(f"{text.id}: a span does not hold what was put there")
    if any(one.end > other.start for one, other in itertools.pairwise(spans)):
        raise ValueError(f"{text.id}: two spans overlap")


def _repeated(template: str, chance: random.Random) -> list[str]:
    lines: list[str] = []
    for line in template.split("\n"):
        times = 1
        if repeat := _REPEAT.match(line):
            times, line = chance.randint(int(repeat[1]), int(repeat[2])), line[repeat.end() :]
        lines += [line + "\n"] * times
    return lines


class _Page:
    """A text while it is being written."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.text = ""
        self.findings: list[Span] = []
        self.lookalikes: list[Span] = []
        self.values: list[str] = []

    def plain(self, words: str) -> None:
        """Words of the template itself."""
        self.text += words

    def slot(self, slot: str) -> None:
        """Whatever a slot asks for."""
        if slot.startswith("+"):
            self._filler(slot[1:])
        elif slot.startswith("?"):
            self.text += self.chance.choice(slot[1:].split("|"))
        elif slot.startswith(":"):
            self.text += fillers.particle(slot[1:], self.text)
        else:
            self._value(slot)

    def _filler(self, name: str) -> None:
        behind_a_name = (
            self.text.endswith(" ") and bool(self.findings) and self.findings[-1].end == len(self.text) - 1
        )
        if name == "title" and behind_a_name and self.chance.random() < _JOINED_TITLES:
            self.text = self.text[:-1]
        self.text += fillers.fill(name, self.chance)

    def _value(self, slot: str) -> None:
        name, _, fixed = slot.partition(":")
        value = fixed or values.draw(name, self.chance)
        spans = self.lookalikes if name.startswith("~") else self.findings
        spans.append(Span(len(self.text), len(self.text) + len(value), name.lstrip("~").split("/")[0]))
        self.values.append(value)
        self.text += value
