"""Arrays in one file that workers map and share: a head in JSON, then the arrays, each on a round place.

A file that was cut or changed is refused as a whole: what it would no longer find would leave unnoticed.
"""

import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_MAGIC: Final = b"haechi company index 1\n"
_ROUND: Final = 64
_LONGEST_HEAD: Final = 1 << 26

Arrays = Mapping[str, NDArray[Any]]


class _Place(Struct, frozen=True):
    kind: str
    count: int
    start: int


class _Head(Struct, frozen=True):
    size: int
    checksum: int
    places: dict[str, _Place]
    notes: msgspec.Raw


def pack(arrays: Arrays, notes: Any) -> Iterator[bytes | memoryview]:
    """The bytes of a file that holds `arrays` and `notes`, piece by piece."""
    places, size, checksum = {}, 0, 0
    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in whole.items():
        places[name] = _Place(array.dtype.str, len(array), size)
        checksum = zlib.crc32(array.view(np.uint8).data, checksum)
        size += _rounded(array.nbytes)
    head = msgspec.json.encode(_Head(size, checksum, places, msgspec.Raw(msgspec.json.encode(notes))))
    before = _MAGIC + len(head).to_bytes(8, "little") + head
    yield before
    yield bytes(_rounded(len(before)) - len(before))
    for array in whole.values():
        yield array.view(np.uint8).data
        yield bytes(_rounded(array.nbytes) - array.nbytes)


def unpack(file: memoryview) -> tuple[dict[str, NDArray[Any]], bytes]:
    """The arrays of a file, where they lie, and the notes as JSON. Raises `ValueError` for any other file."""
    start = len(_MAGIC) + 8
    length = int.from_bytes(file[len(_MAGIC) : start], "little")
    if bytes(file[: len(_MAGIC)]) != _MAGIC or length > min(_LONGEST_HEAD, len(file)):
        raise ValueError("no index of haechi's")
    head = msgspec.json.decode(file[start : start + length], type=_Head)
    body = file[_rounded(start + length) :]
    if len(body) != head.size:
        raise ValueError("an index that was cut")
    arrays, checksum = {}, 0
    for name, place in head.places.items():
        array = np.frombuffer(body, np.dtype(place.kind), place.count, place.start)
        checksum = zlib.crc32(array.view(np.uint8).data, checksum)
        arrays[name] = array
    if checksum != head.checksum:
        raise ValueError("an index that was changed")
    return arrays, bytes(head.notes)


def _rounded(size: int) -> int:
    return -(-size // _ROUND) * _ROUND
