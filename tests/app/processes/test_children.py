"""A child that fell comes back, also where the system would not start it for a while."""

import asyncio
import errno
import os
import signal
from typing import Any

import pytest

from haechi.app.processes.children import Child

MODULE = "tests.app.processes.run_code"
WAITS = "import sys; print('ready', flush=True); sys.stdin.buffer.read()"


def test_a_fork_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    start, refusals = asyncio.create_subprocess_exec, 1

    async def short_of_processes(*arguments: Any, **more: Any) -> asyncio.subprocess.Process:
        nonlocal refusals
        if fallen and refusals:
            refusals -= 1
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return await start(*arguments, **more)

    async def fall() -> None:
        await child.start()
        keeping = asyncio.create_task(child.keep(fallen.append))
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(20):
            while child.pid == first:  # noqa: ASYNC110  nobody tells when a child is back
                await asyncio.sleep(0.02)
        keeping.cancel()
        await child.stop()

    fallen: list[str] = []
    child = Child("a child", [MODULE, WAITS], lambda: b"", grace=1.0)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", short_of_processes)
    asyncio.run(fall())
    assert refusals == 0
