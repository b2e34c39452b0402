"""The ZIP files that office documents are, unpacked within bounds: a bomb is noticed before it goes off."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from haechi.adapters.readers.bounds import MOST_ENTRIES, MOST_PACKED, MOST_UNPACKED, SMALL_PART, Unreadable

_ENCRYPTED: Final = 0x1
_KNOWN_WAYS: Final = frozenset({0, 8})
"""Stored and deflated, all that office programs write. Others unpack a thousandfold."""


class Archive:
    """The parts of one file by name. What is unpacked is counted over all of them."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, OSError, ValueError, NotImplementedError):
            raise Unreadable("broken") from None
        found = self._zip.infolist()
        if len(found) > MOST_ENTRIES:
            raise Unreadable("too_large")
        self._parts = {entry.filename: entry for entry in found}
        if len(self._parts) != len(found):  # two of one name: which one is it that another program reads?
            raise Unreadable("broken")
        self._left = MOST_UNPACKED

    @property
    def names(self) -> list[str]:
        """Of all parts, as they stand in the archive."""
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """The whole part. Raises `Unreadable`."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part, piece by piece. Raises `Unreadable`; sizes that the archive claims are not believed."""
        entry = self._parts.get(name)
        if entry is None:
            raise Unreadable("broken")
        if entry.flag_bits & _ENCRYPTED:
            raise Unreadable("encrypted")
        if entry.compress_type not in _KNOWN_WAYS:
            raise Unreadable("broken")
        return self._unpacked(entry)

    def _unpacked(self, entry: ZipInfo) -> Iterator[bytes]:
        most = max(SMALL_PART, entry.compress_size * MOST_PACKED)
        size = 0
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(1 << 16):
                    size += len(piece)
                    self._left -= len(piece)
                    if self._left < 0 or size > most:
                        raise Unreadable("too_large")
                    yield piece
        except (BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error):
            raise Unreadable("broken") from None
