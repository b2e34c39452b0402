"""How chance is read: digits, letters, weighted choices, dates, and the small lists beside this file."""

import datetime as dt
import functools
import itertools
import random
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
TODAY = dt.date(2026, 11, 22)
"""The day on which all texts are written: a birth after it is no birth."""
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC = "0123456789" + UPPER + UPPER.lower()


@functools.cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a list, cut at tabs; the heading of a table left out."""
    lines = (HERE / "lists" / name).read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines[name.endswith(".tsv") :])


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """The first column of a list."""
    return tuple(row[0] for row in rows(name))


def digits(chance: random.Random, count: int) -> str:
    """So many figures, the first of which may be 0."""
    return "".join(chance.choices("0123456789", k=count))


def number(chance: random.Random, count: int) -> str:
    """So many figures, the first of which is not 0."""
    return chance.choice("123456789") + digits(chance, count - 1)


def letters(chance: random.Random, count: int, alphabet: str = ALPHANUMERIC) -> str:
    """So many signs of an alphabet."""
    return "".join(chance.choices(alphabet, k=count))


def day(chance: random.Random, first: int, last: int) -> dt.date:
    """A day between two years, both included, never after today."""
    start = dt.date(first, 1, 1).toordinal()
    end = min(dt.date(last, 12, 31), TODAY).toordinal()
    return dt.date.fromordinal(chance.randint(start, end))


def grouped(text: str, sizes: Sequence[int], separator: str = "-") -> str:
    """The text cut into groups of these sizes."""
    ends = [sum(sizes[:place]) for place in range(len(sizes) + 1)]
    return separator.join(text[start:end] for start, end in itertools.pairwise(ends))
