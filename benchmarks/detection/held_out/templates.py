"""Texts with slots, read from the files beside this one.

A file is one family; `=== name` opens a template. A slot is one of

    «rrn»            a value, labelled with its kind        «rrn#a»          the same value wherever #a stands
    «!order»         a look-alike                           «!what|literal»  the literal as a look-alike
    «kind~literal»   the literal as a finding of a kind     «.firm»          a word that is nothing
    «.|one|two»      one of several wordings                «은/는»          the particle that fits the sound before

and a line that begins with `×3-6 ` comes that many times, with other values each time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.detection.held_out.fillers import FILLERS
from benchmarks.detection.held_out.lookalikes import LOOKALIKES
from benchmarks.detection.held_out.shape import HERE, Value
from benchmarks.detection.held_out.values import KINDS, RECIPES

_SLOT = re.compile("«([^«»]+)»")
_REPEAT = re.compile("^×([0-9]+)-([0-9]+) ")
_PARTICLES = {"은/는", "이/가", "을/를", "과/와", "아/야", "이에요/예요", "이라/라", "으로/로"}


@dataclass(frozen=True)
class Template:
    """One wording with its slots."""

    family: str
    name: str
    body: str

    @property
    def bare(self) -> str:
        """The wording alone, slots taken out."""
        return _SLOT.sub("", self.body)


@dataclass
class Draft:
    """A text as it grows, with what was put where."""

    text: str = ""
    findings: list[tuple[int, int, str]] = field(default_factory=list)
    lookalikes: list[tuple[int, int, str]] = field(default_factory=list)
    kept: dict[str, Value] = field(default_factory=dict)
    placed: list[str] = field(default_factory=list)

    def put(self, value: Value) -> None:
        """Write a value and note where its finding stands."""
        start = len(self.text) + len(value.before)
        self.findings.append((start, start + len(value.text), value.kind))
        self.placed.append(value.text)
        self.text += value.written

    def put_lookalike(self, what: str, text: str) -> None:
        """Write a look-alike and note where it stands."""
        self.lookalikes.append((len(self.text), len(self.text) + len(text), what))
        self.text += text


def families() -> list[str]:
    """The names of all families of templates."""
    return sorted(path.stem for path in (HERE / "templates").glob("*.txt"))


def family(name: str) -> list[Template]:
    """All templates of a family."""
    return read(HERE / "templates" / f"{name}.txt", name)


def read(path: Path, name: str) -> list[Template]:
    """The templates in a file, as a family of that name."""
    content = path.read_text(encoding="utf-8")
    found = []
    for block in re.split("^=== ", content, flags=re.MULTILINE)[1:]:
        title, _, body = block.partition("\n")
        found.append(Template(name, title.strip(), body.strip("\n")))
    return found


def fill(template: Template, chance: Random) -> Draft:
    """Write a template with fresh values."""
    draft = Draft()
    for number, line in enumerate(_lines(template.body, chance)):
        if number:
            draft.text += "\n"
        at = 0
        for slot in _SLOT.finditer(line):
            draft.text += line[at : slot.start()]
            _write(draft, slot[1], chance)
            at = slot.end()
        draft.text += line[at:]
    return draft


def _lines(body: str, chance: Random) -> Iterator[str]:
    for line in body.split("\n"):
        if repeat := _REPEAT.match(line):
            for number in range(chance.randint(int(repeat[1]), int(repeat[2]))):
                yield re.sub("#([a-z])", rf"#\g<1>{number}", line[repeat.end() :])
        else:
            yield line


def _write(draft: Draft, slot: str, chance: Random) -> None:
    if slot in _PARTICLES:
        draft.text += particle(draft.text, slot)
    elif slot.startswith(".|"):
        draft.text += chance.choice(slot[2:].split("|"))
    elif slot.startswith("."):
        draft.text += FILLERS[slot[1:]](chance)
    elif slot.startswith("!"):
        what, _, literal = slot[1:].partition("|")
        draft.put_lookalike(what, literal or LOOKALIKES[what](chance))
    elif "~" in slot:
        kind, _, literal = slot.partition("~")
        if kind not in KINDS:
            raise KeyError(kind)
        draft.put(Value(literal, kind))
    else:
        name, _, kept = slot.partition("#")
        value = draft.kept.get(slot) or RECIPES[name](chance)
        if kept:
            draft.kept[slot] = value
        draft.put(value)


def particle(before: str, pair: str) -> str:
    """The particle that follows the last sound: 은 after a consonant, 는 after a vowel."""
    closed, opened = pair.split("/")
    place = ord(before[-1]) - 0xAC00 if before else -1
    final = place % 28 if 0 <= place < 11172 else 0
    if pair == "으로/로" and final == 8:
        return opened
    return closed if final else opened
