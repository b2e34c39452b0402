"""Files of a request become text before anybody judges it: only what was looked at travels.

A file that cannot be read stays where it is and is unreadable content, which is restricted.
"""

import asyncio
from typing import Final

from msgspec import structs

from haechi.app.web.dialects.dialect import Decoded
from haechi.app.web.dialects.files import Place, file_at, places, with_texts
from haechi.domain.decision import Reason
from haechi.domain.ports import Readers
from haechi.domain.reading import Read

MOST_FILES: Final = 16
"""Files of one request that are read."""

_MOST_SAID: Final = 4
"""Files of which it is said why they were not read."""


async def read_files(decoded: Decoded, readers: Readers) -> tuple[Decoded, tuple[Reason, ...]]:
    """The request with the text of its files in their place, and what became of them."""
    there = places(decoded.body, pictures=readers.pictures)
    taken = await asyncio.gather(*(_read(place, readers) for place in there[:MOST_FILES]))
    found = dict(zip(there, taken, strict=False)) | {at: Read(why="too_many") for at in there[MOST_FILES:]}
    texts = {place: _told(place, read) for place, read in found.items() if read.readable}
    if texts:
        pointers = tuple(place.pointer for place in texts)
        decoded = structs.replace(with_texts(decoded, texts), strangers=pointers)
    return decoded, _reasons(found)


async def _read(place: Place, readers: Readers) -> Read:
    file = await asyncio.to_thread(file_at, place)
    return await readers.read(file) if file is not None else Read(why="broken")


def _told(place: Place, read: Read) -> str:
    """The part that stands in a file's place: its name, its text, and that something of it was left out."""
    name = place.name or "file"
    left = f"\n\n{LEFT_OUT.format(', '.join(read.left))}" if read.left else ""
    return f"{name}\n\n{read.text}{left}"


LEFT_OUT: Final = "(파일의 일부가 빠졌습니다. Left out of this file: {})"
"""For the model that reads it: it should not answer as if it had seen everything."""


def _reasons(found: dict[Place, Read]) -> tuple[Reason, ...]:
    taken = [read for read in found.values() if read.readable]
    left = sorted({each for read in taken for each in read.left})
    reasons = []
    if taken:
        characters = sum(len(read.text) for read in taken)
        reasons.append(Reason("file_read", {"files": str(len(taken)), "characters": str(characters)}))
    if left:
        reasons.append(Reason("file_left", {"left": ", ".join(left)}))
    unread = [(place, read.why) for place, read in found.items() if read.why is not None]
    reasons += [Reason("file_unread", {"pointer": at.pointer, "why": why}) for at, why in unread[:_MOST_SAID]]
    return tuple(reasons)
