"""Compound files (OLE), in which HWP 5 and old office programs keep streams: sectors in chains, names in a tree."""

import struct
from typing import Final

from haechi.adapters.readers.bounds import Unreadable

MAGIC: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST: Final = 0xFFFFFFFA
"""From here on a number names no sector."""

_NOBODY: Final = 0xFFFFFFFF
_ENTRY: Final = 128
_STORAGE, _STREAM = 1, 2


class Compound:
    """The streams of one file by their path, as `BodyText/Section0`. Raises `Unreadable` where it is damaged."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._open()
        except (struct.error, IndexError, UnicodeDecodeError):
            raise Unreadable("broken") from None

    @property
    def names(self) -> list[str]:
        """Of all streams."""
        return list(self._streams)

    def read(self, name: str) -> bytes:
        """A whole stream."""
        if name not in self._streams:
            raise Unreadable("broken")
        start, size = self._streams[name]
        try:
            whole = self._small(start) if size < self._cutoff else self._chain(start)
        except IndexError:
            raise Unreadable("broken") from None
        if len(whole) < size:
            raise Unreadable("broken")
        return whole[:size]

    def _open(self) -> None:
        self._shift, self._small_shift = struct.unpack_from("<HH", self._content, 30)
        if self._shift not in (9, 12) or self._small_shift != 6:
            raise Unreadable("broken")
        directory, self._cutoff, small_table, _, more, more_count = struct.unpack_from(
            "<I4xIIIII", self._content, 48
        )
        self._table = self._numbers(b"".join(map(self._sector, self._table_sectors(more, more_count))))
        self._small_table = self._numbers(self._chain(small_table))
        entries = self._chain(directory)
        root_start, root_size = struct.unpack_from("<IQ", entries, 116)
        self._small_content = self._chain(root_start)[:root_size]
        self._streams: dict[str, tuple[int, int]] = {}
        self._walk(entries, struct.unpack_from("<I", entries, 76)[0])

    def _table_sectors(self, more: int, count: int) -> list[int]:
        found = list(struct.unpack_from("<109I", self._content, 76))
        for _ in range(min(count, len(self._content) >> self._shift)):
            *numbers, more = self._numbers(self._sector(more))
            found += numbers
        return [number for number in found if number < _LAST]

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) << self._shift
        sector = self._content[begin : begin + (1 << self._shift)]
        if not sector:
            raise IndexError
        return sector

    def _chain(self, number: int) -> bytes:
        """The sectors from `number` on. One that leads in a circle is longer than the file."""
        sectors: list[bytes] = []
        while number < _LAST:
            sectors.append(self._sector(number))
            if len(sectors) > len(self._table):
                raise Unreadable("broken")
            number = self._table[number]
        return b"".join(sectors)

    def _small(self, number: int) -> bytes:
        pieces: list[bytes] = []
        size = 1 << self._small_shift
        while number < _LAST:
            pieces.append(self._small_content[number * size : (number + 1) * size])
            if len(pieces) > len(self._small_table):
                raise Unreadable("broken")
            number = self._small_table[number]
        return b"".join(pieces)

    def _walk(self, entries: bytes, child: int) -> None:
        """Name every stream below `child`. Siblings are a tree of their own; each entry is met once."""
        waiting, met = [("", child)], set[int]()
        while waiting:
            path, number = waiting.pop()
            if number == _NOBODY or number in met:
                continue
            met.add(number)
            entry = entries[number * _ENTRY : (number + 1) * _ENTRY]
            length, kind, left, right, inner, start, size = struct.unpack("<64xHBxIII36xIQ", entry)
            name = path + entry[: max(0, min(length, 64) - 2)].decode("utf-16-le")
            waiting += [(path, left), (path, right)]
            if kind == _STORAGE:
                waiting.append((f"{name}/", inner))
            elif kind == _STREAM:
                self._streams[name] = (start, size)

    @staticmethod
    def _numbers(table: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
