"""The diagnosis codes of `diagnosis_codes.toml`: a shape alone (`B12`) is no code."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import msgspec


@cache
def diagnosis_codes() -> frozenset[str]:
    """Every code of three characters."""
    table = msgspec.toml.decode(
        (files("haechi.catalogue") / "diagnosis_codes.toml").read_bytes(), type=dict[str, str]
    )
    return frozenset(
        f"{letter}{number:02d}" for letter, ranges in table.items() for number in _numbers(ranges)
    )


def _numbers(ranges: str) -> Iterator[int]:
    """`00-03 05` to 0, 1, 2, 3, 5."""
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)
