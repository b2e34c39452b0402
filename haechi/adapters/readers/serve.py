"""One file in a process of its own: take what may hurt away from it, read, answer."""

import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from haechi.adapters.readers import formats, limits, pictures
from haechi.adapters.readers.wire import Cut, frame, receive
from haechi.domain.reading import File, Read

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
