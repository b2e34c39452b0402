"""A caller who leaves ends his request, without a traceback; whoever else cancels is heard."""

import asyncio
from typing import Any

import pytest

from haechi.app.web import http
from haechi.app.web.http import CancelledWhenGone, Incoming

SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": []}


async def leaves() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def stays() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WATCH_AFTER", 0.0)


def test_who_leaves_is_noticed() -> None:
    async def scenario() -> None:
        request = Incoming(SCOPE, leaves)
        with pytest.raises(asyncio.CancelledError), CancelledWhenGone(request):
            await asyncio.sleep(5)
        assert request.gone

    asyncio.run(scenario())


def test_who_stays_is_not_disturbed() -> None:
    async def scenario() -> None:
        request = Incoming(SCOPE, stays)
        with CancelledWhenGone(request):
            await asyncio.sleep(0.01)
        assert not request.gone
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1  # the watch has ended

    asyncio.run(scenario())
