"""A company's proxy, as far as CONNECT goes."""

import asyncio
import contextlib


class Company:
    """A proxy as companies have them. `heard` is every byte that it could read; `asked` the heads of requests."""

    def __init__(self, service: int, *answer: bytes, authorization: str = "") -> None:
        self.heard = b""
        self.asked: list[bytes] = []
        self._service = service
        self._answer = answer
        self._authorization = authorization.encode()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        if self._answer:
            for piece in self._answer:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            return
        if self._authorization not in head:
            writer.write(b"HTTP/1.1 407 No\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n")
            return
        inward, outward = await asyncio.open_connection("127.0.0.1", self._service)
        writer.write(b"HTTP/1.1 200 Connection established\r\nvia: company\r\n\r\n")

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                while piece := await source.read(65536):
                    self.heard += piece
                    sink.write(piece)
                    await sink.drain()
            sink.close()

        try:
            await asyncio.gather(pump(reader, outward), pump(inward, writer))
        finally:
            outward.transport.abort()
