"""The upstream that the gate is measured against: `python -m benchmarks.mock`, says `ready PORT`.

It speaks OpenAI's chat completions and does nothing else: a raw protocol, a fixed answer, no JSON. An upstream
that costs as much as the gate would hide the gate. Where the body asks for a stream it sends `CHUNKS` chunks,
`PACE` seconds apart, like a model that writes a hundred tokens a second. It ends with its standard input.
"""

import asyncio
import json
import sys
from typing import Final, cast

import httptools
import uvloop

CHUNKS: Final = 50
PACE: Final = 0.01

WHOLE_BODY: Final = json.dumps(
    {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1_767_225_600,
        "model": "gpt-bench",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "회의는 다음 주 화요일 오후로 옮기는 것이 좋겠습니다.",
                },
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 312, "completion_tokens": 21, "total_tokens": 333},
    },
    ensure_ascii=False,
).encode()
_WHOLE: Final = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(WHOLE_BODY)
    + WHOLE_BODY
)
_STREAM: Final = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def _event(data: bytes) -> bytes:
    event = b"data: " + data + b"\n\n"
    return b"%x\r\n%s\r\n" % (len(event), event)


def _chunk(content: str | None, finish: str | None) -> bytes:
    delta = {"content": content} if content else {}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-bench", "object": "chat.completion.chunk", "created": 1_767_225_600}
    return _event(json.dumps(head | {"model": "gpt-bench", "choices": [choice]}, ensure_ascii=False).encode())


_STEP: Final = _chunk("회의는 ", None)
_LAST: Final = _chunk(None, "stop") + _event(b"[DONE]") + b"0\r\n\r\n"


class Upstream(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._streaming = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._streaming = False

    def on_body(self, body: bytes) -> None:
        # A stream is asked for near the end of a body (ours and haechi's); a cut through the word is no matter
        # for bodies that come in one piece, and only those are streamed here.
        if not self._streaming:
            self._streaming = b'"stream":true' in body[-400:]

    def on_message_complete(self) -> None:
        if self._streaming:
            self._transport.write(_STREAM)
            self._step(CHUNKS - 1)
        else:
            self._transport.write(_WHOLE)

    def _step(self, left: int) -> None:
        if self._transport.is_closing():
            return
        if not left:
            self._transport.write(_LAST)
            return
        self._transport.write(_STEP)
        asyncio.get_running_loop().call_later(PACE, self._step, left - 1)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Upstream, "127.0.0.1", 0, backlog=1024)
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await ended.wait()


if __name__ == "__main__":
    uvloop.run(_serve())
