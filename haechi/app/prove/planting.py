"""What a known hole is, and how it is made: an exact replacement in a copy of the package.

Nothing here is ever planted in the package that runs. Where the code has moved on, a hole that no longer fits fails
loudly; then it is to be written anew for the new code.
"""

from pathlib import Path

from msgspec import Struct

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text


class Patch(Struct, frozen=True):
    """In `file` of the package `old`, which stands there once, becomes `new`."""

    file: str
    old: str
    new: str


class Hole(Struct, frozen=True):
    """A way to leak, and the parts of a proof that are enough to find it."""

    name: str
    parts: tuple[str, ...]
    patches: tuple[Patch, ...]
    split: bool = False
    """Whether it shows with `deploy: split` only."""


def plant(hole: Hole, package: Path) -> None:
    """Make the hole in a copy of the package. Raises `ConfigurationError` where it no longer fits."""
    for patch in hole.patches:
        file = package / patch.file
        text = file.read_text(encoding="utf-8")
        if text.count(patch.old) != 1:
            raise ConfigurationError(
                Text(
                    ko=f"구멍 «{hole.name}»: {patch.file} 에 더는 맞지 않습니다. holes.py 를 고치세요.",
                    en=f"The hole «{hole.name}» no longer fits {patch.file}. The code has moved: mend holes.py.",
                ),
                patch.file,
            )
        file.write_text(text.replace(patch.old, patch.new), encoding="utf-8")
