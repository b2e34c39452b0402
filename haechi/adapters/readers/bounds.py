"""How much of a file anybody here takes upon himself, and the one way to give up.

A file at a bound is not read in part: the part that nobody looked at could be the one that matters.
"""

from typing import Final

from haechi.domain.reading import Why

MOST_BYTES: Final = 32 << 20
MOST_CHARACTERS: Final = 1_000_000
MOST_PAGES: Final = 500
MOST_ENTRIES: Final = 5_000
"""Files in an archive: a slide with notes and a picture takes six."""

MOST_UNPACKED: Final = 128 << 20
"""Bytes of all parts of an archive that are unpacked."""

MOST_PACKED: Final = 200
"""Times that a part may be larger than it is packed; deflate itself reaches a thousand."""

SMALL_PART: Final = 1 << 20
"""Bytes of a part that may be packed as tightly as it likes."""

DEEPEST: Final = 200
"""Elements within each other: tables in tables in a text box reach 60."""


class Unreadable(Exception):
    """This file cannot be read, or not whole."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why
