"""Server-sent events, fed with bytes: `feed(bytes) -> list[bytes]` of event data, `finish()`. No sockets inside.

Standard: WHATWG HTML, «Server-sent events», with three simplifications that no model service can notice: event
names, ids and retry times are read over, since the data of all wires says itself what it is.

Line ends are made uniform first, remembering a CR at a cut, so that an event is everything up to an empty line.
"""

from typing import Final

BOM: Final = b"\xef\xbb\xbf"
MAX_EVENT: Final = 8 * 1024 * 1024
"""Bytes of one event. A picture may come in one; an endless one is an attack or a fault."""


class EventTooLong(ValueError):
    """An event grew beyond its limit without ending."""


class EventStream:
    """Cuts a byte stream into the data of its events. Raises `EventTooLong`."""

    def __init__(self, max_event: int = MAX_EVENT) -> None:
        self._max = max_event
        self._pieces: list[bytes] = []
        self._size = 0
        self._line_ended = False
        self._after_cr = False
        self._at_start = True

    def feed(self, data: bytes) -> list[bytes]:
        """The data of every event that `data` completes."""
        if self._after_cr and data:
            self._after_cr = False
            if data[0] == 10:
                data = data[1:]
        if b"\r" in data:
            self._after_cr = data[-1] == 13
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not data:
            return []
        if self._at_start:
            data = b"".join(self._pieces) + data
            self._pieces.clear()
            self._size = 0
            if len(data) < 3 and BOM.startswith(data):
                self._pieces.append(data)
                return []
            self._at_start = False
            data = data.removeprefix(BOM)
        if b"\n\n" not in data and not (self._line_ended and data[:1] == b"\n"):
            self._keep(data)
            return []
        if self._pieces:
            data = b"".join(self._pieces) + data
        *events, rest = data.split(b"\n\n")
        self._pieces, self._size, self._line_ended = [], 0, False
        self._keep(rest)
        return [found for event in events if (found := _data_of(event)) is not None]

    def finish(self) -> bool:
        """The stream ended. Whether it ended between two events; a half event is dropped, as the standard says."""
        return not b"".join(self._pieces).strip(b"\n")

    def _keep(self, rest: bytes) -> None:
        if not rest:
            return
        self._pieces.append(rest)
        self._size += len(rest)
        self._line_ended = rest[-1] == 10
        if self._size > self._max:
            raise EventTooLong


def _data_of(event: bytes) -> bytes | None:
    if event[:6] == b"data: " and b"\n" not in event:
        return event[6:]
    lines = []
    for line in event.split(b"\n"):
        name, _, value = line.partition(b":")
        if name == b"data":
            lines.append(value.removeprefix(b" "))
    return b"\n".join(lines) if lines else None
