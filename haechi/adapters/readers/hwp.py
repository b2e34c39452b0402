"""HWP 5: records of paragraphs in the compressed streams of a compound file. Format: «한글 문서 파일 형식 5.0», Hancom.

Other documents in such files (Word, Excel and PowerPoint before 2007, encrypted newer ones) are not read; which it is,
is told.
"""

import re
import struct
import zlib
from array import array
from collections.abc import Iterator
from typing import Final

from haechi.adapters.readers.bounds import MOST_UNPACKED, Unreadable
from haechi.adapters.readers.compound import Compound
from haechi.adapters.readers.lines import Lines
from haechi.domain.reading import Left, Read

_COMPRESSED, _LOCKED = 0x1, 0x2 | 0x4 | 0x10 | 0x100
"""Flags of the head: compressed; with a password, for distribution only, under rights management or a certificate."""

_PARAGRAPH, _TEXT, _CONTROL, _LIST = 66, 67, 71, 72
_TABLE: Final = b" lbt"
_LONE: Final = frozenset({0, 10, 13, *range(24, 32)})
"""Control characters that stand alone; all others fill eight places."""

_SIGNS: Final = {9: "\t", 10: "\n", 24: "-", 30: " ", 31: " "}
_SUMMARY: Final = "\x05HwpSummaryInformation"
_PROPERTIES: Final = {2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "comments", 8: "last author"}
_WIDE_TEXT: Final = 31


def read(content: bytes) -> Read:
    """What the document says. Raises `Unreadable`."""
    file = Compound(content)
    if "FileHeader" not in file.names:
        raise Unreadable("encrypted" if "EncryptedPackage" in file.names else "old_format")
    head = file.read("FileHeader")
    flags = int.from_bytes(head[36:40], "little")
    if flags & _LOCKED:
        raise Unreadable("encrypted")
    sections = sorted(
        (int(name[16:]), name) for name in file.names if re.fullmatch(r"BodyText/Section\d{1,4}", name)
    )
    lines = Lines()
    for _, name in sections:
        stream = file.read(name)
        _tell(_unpacked(stream) if flags & _COMPRESSED else stream, lines)
    left: tuple[Left, ...] = ("images",) if any(name.startswith("BinData/") for name in file.names) else ()
    told = _properties(file.read(_SUMMARY)) if _SUMMARY in file.names else {}
    return Read(lines.text(), told, left)


def _unpacked(stream: bytes) -> bytes:
    try:
        unpacker = zlib.decompressobj(-15)
        whole = unpacker.decompress(stream, MOST_UNPACKED)
    except zlib.error:
        raise Unreadable("broken") from None
    if unpacker.unconsumed_tail:
        raise Unreadable("too_large")
    return whole


def _tell(stream: bytes, lines: Lines) -> None:
    """Paragraphs on lines, the cells of a row beside each other."""
    control, row, cell_level, fresh = b"", -1, 0, False
    lines.separate("\n")
    for tag, level, record in _records(stream):
        if tag == _CONTROL:
            control, row = record[:4], -1
        elif tag == _LIST and control == _TABLE and len(record) >= 12:
            before, row = row, int.from_bytes(record[10:12], "little")
            lines.separate("\t" if row == before else "\n")
            cell_level, fresh = level, True
        elif tag == _PARAGRAPH:
            if level < cell_level:
                cell_level = 0
            if not fresh:
                lines.separate(" " if cell_level else "\n")
            fresh = False
        elif tag == _TEXT:
            lines.say(_words(record))


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Tag, level and content of each record. Raises `Unreadable`."""
    at = 0
    while at + 4 <= len(stream):
        (head,) = struct.unpack_from("<I", stream, at)
        size, at = head >> 20, at + 4
        if size == 0xFFF:
            if at + 4 > len(stream):
                raise Unreadable("broken")
            (size,) = struct.unpack_from("<I", stream, at)
            at += 4
        if at + size > len(stream):
            raise Unreadable("broken")
        yield head & 0x3FF, head >> 10 & 0x3FF, stream[at : at + size]
        at += size


def _words(record: bytes) -> str:
    """The text of a paragraph, without what controls put between."""
    signs = array("H", record[: len(record) // 2 * 2])
    told: list[str] = []
    at = begin = 0
    while at < len(signs):
        sign = signs[at]
        if sign >= 32:
            at += 1
            continue
        told += [signs[begin:at].tobytes().decode("utf-16-le", "replace"), _SIGNS.get(sign, "")]
        at += 1 if sign in _LONE else 8
        begin = at
    told.append(signs[begin:at].tobytes().decode("utf-16-le", "replace"))
    return "".join(told)


def _properties(stream: bytes) -> dict[str, str]:
    """Title, author and the like: a property set with wide text."""
    try:
        (begin,) = struct.unpack_from("<I", stream, 44)
        _, count = struct.unpack_from("<II", stream, begin)
        found = {}
        for number in range(min(count, 64)):
            which, place = struct.unpack_from("<II", stream, begin + 8 + 8 * number)
            kind, length = struct.unpack_from("<II", stream, begin + place)
            words = stream[begin + place + 8 : begin + place + 8 + 2 * length]
            if which in _PROPERTIES and kind == _WIDE_TEXT:
                found[_PROPERTIES[which]] = words.decode("utf-16-le", "replace").rstrip("\x00").strip()
    except struct.error:
        raise Unreadable("broken") from None
    return {name: value for name, value in found.items() if value}
