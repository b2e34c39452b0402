"""The words of `texts/words.toml`, that templates and layouts draw from."""

import tomllib
from pathlib import Path
from typing import Any, Final

_TABLE: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "texts" / "words.toml").read_text("utf-8")
)


def words(name: str) -> list[str]:
    """The entries of one list, in order."""
    entries = _TABLE[name]
    return entries.split() if isinstance(entries, str) else list(entries)


def syllables(name: str) -> str:
    """The syllables of one list, in order."""
    return "".join(_TABLE[name].split())


def others() -> dict[str, list[str]]:
    """Fields that hold no name: what stands in them, and how they are called."""
    return dict(_TABLE["others"])
