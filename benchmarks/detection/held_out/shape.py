"""What a value is before it stands in a text, and how a table of weighted makers is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
"""Where the lists and templates of this package lie."""


@dataclass(frozen=True)
class Value:
    """A piece of text of one kind; `before` and `after` are written with it but are no part of the finding."""

    text: str
    kind: str
    before: str = ""
    after: str = ""

    @property
    def written(self) -> str:
        """All that goes into the text."""
        return self.before + self.text + self.after


Recipe = Callable[[Random], Value]
Maker = Callable[[Random], str]


def digits(chance: Random, count: int) -> str:
    """So many decimal digits."""
    return "".join(chance.choice("0123456789") for _ in range(count))


def letters(chance: Random, count: int, alphabet: str) -> str:
    """So many characters of an alphabet."""
    return "".join(chance.choice(alphabet) for _ in range(count))


def grouped(number: str, sizes: Sequence[int], separator: str) -> str:
    """A number cut into groups of the given sizes."""
    groups, at = [], 0
    for size in sizes:
        groups.append(number[at : at + size])
        at += size
    return separator.join(groups)


def weighted(chance: Random, table: Sequence[tuple[int, str]]) -> str:
    """One entry of a table of (weight, entry)."""
    return chance.choices([entry for _, entry in table], [weight for weight, _ in table])[0]


def rows(name: str) -> list[list[str]]:
    """The rows of a tab-separated list, without its heading."""
    lines = (HERE / "lists" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


def lines(name: str) -> list[str]:
    """The lines of a plain list."""
    return (HERE / "lists" / name).read_text(encoding="utf-8").splitlines()
