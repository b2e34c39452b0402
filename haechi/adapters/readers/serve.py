"""One file in a process of its own: take what may hurt away from it, read, answer."""

import codecs
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from haechi.adapters.readers import formats, limits, pictures
from haechi.adapters.readers.wire import Cut, frame, receive
from haechi.domain.reading import File, Read

for _encoding in (
    *(
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "utf-7",
        "ascii",
        "latin-1",
    ),
    *(
        "cp949",
        "euc_kr",
        "johab",
        "iso2022_kr",
        "cp437",
        "cp1252",
        "shift_jis",
        "iso2022_jp",
        "gb18030",
        "big5",
    ),
    *("iso8859-15", "mac_roman", "unicode_escape", "raw_unicode_escape", "idna"),
):
    codecs.lookup(_encoding)  # a confined process can load nothing later

Confine = Callable[[bool], None]
"""Closes the system to this process; told whether it still has to run another program. Raises `OSError`."""


def serve(line: socket.socket, confine: Confine, tesseract: str | None = None) -> None:
    """Read the file that comes over `line`. Nothing of it is looked at before the process is confined."""
    limits.lay_down()
    try:
        file = receive(line, File)
    except Cut:
        return
    draws = tesseract is not None and formats.is_picture(file.content)
    draw = partial(pictures.words, tesseract) if tesseract is not None and draws else None
    answer = frame(_read(file, confine, draw))
    with suppress(OSError):  # who asked may have left
        line.sendall(answer)


def _read(file: File, confine: Confine, draw: formats.Draw | None) -> Read:
    try:
        if draw is None:
            limits.close_everything()
        confine(draw is not None)
    except OSError:
        return Read(why="unguarded")
    try:
        return formats.read(file, draw)
    except MemoryError:
        return Read(why="gave_up")
    except Exception:  # a parser of ours that errs reads nothing; its words may quote the file
        return Read(why="broken")
