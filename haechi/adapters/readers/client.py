"""Asking the pool. However it fails, the file counts as unread, and never as read."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from haechi.adapters.readers.bounds import MOST_BYTES
from haechi.adapters.readers.limits import PATIENCE
from haechi.adapters.readers.wire import HEAD, Cut, frame, length, opened, receive
from haechi.domain.reading import File, Read

AT_ONCE: Final = 4
"""Files that one worker has read at the same time; others wait their turn."""

WAIT: Final = 2 * PATIENCE
"""Seconds from the moment a file stands first in the queue; a busy pool takes it later."""

Connect = Callable[[], Awaitable[socket.socket]]


class Readers:
    """The port `Readers` over the pool's socket. `pictures`: whether it looks for words in images."""

    def __init__(self, connect: Connect, *, pictures: bool = False) -> None:
        self.pictures = pictures
        self._connect = connect
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def read(self, file: File) -> Read:
        """What `file` says, or why it could not be read. Never raises."""
        if len(file.content) > MOST_BYTES:
            return Read(why="too_large")
        async with self._turns:
            try:
                async with asyncio.timeout(WAIT):
                    return await self._ask(file)
            except (TimeoutError, Cut, asyncio.IncompleteReadError):
                return Read(why="gave_up")
            except OSError:
                return Read(why="no_reader")

    async def _ask(self, file: File) -> Read:
        line = await self._connect()
        reader, writer = await asyncio.open_unix_connection(sock=line)
        try:
            writer.write(frame(file))
            head = await reader.readexactly(HEAD.size)
            return opened(await reader.readexactly(length(head)), Read)
        finally:
            writer.close()


def ask(line: socket.socket, file: File) -> Read:
    """The same for whoever waits for it: a command, a test. `line` is connected, and not closed."""
    if len(file.content) > MOST_BYTES:
        return Read(why="too_large")
    try:
        line.settimeout(WAIT)
        line.sendall(frame(file))
        return receive(line, Read)
    except (Cut, OSError):
        return Read(why="gave_up")
