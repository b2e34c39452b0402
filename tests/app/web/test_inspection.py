"""Who only asks what would be found keeps no request waiting."""

import asyncio
import json
from threading import Event
from typing import Any, cast

from haechi.app.web.app import AT_ONCE, Gate
from haechi.app.web.dialects import openai
from haechi.gateway.classify.classify import Classified
from haechi.gateway.flow import Road


class Busy:
    """A road on which single texts take until they are let go."""

    def __init__(self) -> None:
        self.released = Event()

    def classify(self, body: Any) -> Classified:
        if type(body) is str:
            assert self.released.wait(10)
        return Classified(label=cast("Any", None))


def test_a_long_request_is_read_beside_a_long_inspection() -> None:
    road, unused = Busy(), cast("Any", None)
    gate = Gate(
        road=cast("Road", road),
        policy=unused,
        keys=None,
        clock=unused,
        names=unused,
        exposition=unused,
        ready=unused,
        body_limit=1 << 20,
    )
    long = "글" * (AT_ONCE + 1)

    async def walked() -> None:
        inspection = asyncio.create_task(gate.looked_at(long, len(long)))
        await asyncio.sleep(0.01)
        try:
            body = json.dumps({"model": "auto", "messages": [{"role": "user", "content": long}]})
            async with asyncio.timeout(5):
                decoded, _, _ = await gate.read(openai.CHAT, body.encode(), "/v1/chat/completions")
            assert decoded.chat.messages[0].content == long
            assert not inspection.done()
        finally:
            road.released.set()
            await inspection

    asyncio.run(walked())
