"""The fake model as a backend in the process: what `haechi demo` and the tests of the gate call."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final

import msgspec
from msgspec.structs import replace

from haechi.adapters.backends.client import DEFAULT_TIMEOUTS, Timeouts
from haechi.adapters.backends.door import check
from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.backends.fake_model import ContextExceeded, FakeModel, chunks
from haechi.adapters.backends.faults import fault
from haechi.domain.chat import Answer, Chat, Chunk
from haechi.domain.errors import (
    BackendFault,
    ContextTooLong,
    Garbled,
    Misconfigured,
    Overloaded,
    TimedOut,
    Unreachable,
)
from haechi.domain.releasable import Releasable

_CHAT: Final = msgspec.json.Decoder(Chat)

_BEFORE: Final[dict[str, type[BackendFault]]] = {
    "redirect": Misconfigured,
    "context": ContextTooLong,
    "reset": Unreachable,
    "garbage": Garbled,
}
_MIDWAY: Final[dict[str, type[BackendFault]]] = {
    "reset-mid": Unreachable,
    "truncate": Garbled,
    "error-mid": Overloaded,
}


class FakeBackend:
    """The `Backend` port without a network. `received` holds the exact bytes of every body that came in."""

    def __init__(
        self,
        name: str,
        *,
        outside: bool = False,
        model: FakeModel | None = None,
        faults: Faults | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        max_output: int | None = None,
    ) -> None:
        self.name = name
        self.received: list[bytes] = []
        self._outside = outside
        self._model = model or FakeModel()
        self._faults = faults or Faults()
        self._timeouts = timeouts
        self._max_output = max_output

    def render(self, chat: Chat, model: str) -> bytes:
        """The internal form itself."""
        limits = [limit for limit in (chat.token_limit, self._max_output) if limit is not None]
        limit = min(limits, default=None)
        return msgspec.json.encode(replace(chat, model=model, max_tokens=limit, max_completion_tokens=None))

    async def complete(self, release: Releasable) -> Answer:
        """The whole answer. Raises the `BackendFault` that the configured fault amounts to."""
        answer, trouble = await self._take(release)
        if trouble.kind == "stall-mid":
            await self._silence(self._timeouts.idle)
        if trouble.kind in _MIDWAY and trouble.kind != "error-mid":
            raise _MIDWAY[trouble.kind](self.name)
        return answer

    async def stream(self, release: Releasable) -> AsyncGenerator[Chunk, None]:
        """The answer, a token at a time. Raises as `complete` does, in the middle where the fault says so."""
        answer, trouble = await self._take(release)
        steps = chunks(answer)
        for number, chunk in enumerate(steps):
            if number == len(steps) // 2:
                if trouble.kind == "stall-mid":
                    await self._silence(self._timeouts.idle)
                if trouble.kind in _MIDWAY:
                    raise _MIDWAY[trouble.kind](self.name)
            await asyncio.sleep(trouble.number if trouble.kind == "slow" else 0)
            yield chunk

    async def _take(self, release: Releasable) -> tuple[Answer, Fault]:
        check(release, self.name, outside=self._outside)
        self.received.append(release.body)
        trouble = self._faults.next()
        if trouble.kind == "status":
            raise fault(self.name, int(trouble.number), {}, b"")
        if trouble.kind == "stall":
            await self._silence(self._timeouts.first_byte)
        if trouble.kind in _BEFORE:
            raise _BEFORE[trouble.kind](self.name)
        try:
            return self._model.answer(_CHAT.decode(release.body)), trouble
        except ContextExceeded:
            raise ContextTooLong(self.name) from None

    async def _silence(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        raise TimedOut(self.name)
