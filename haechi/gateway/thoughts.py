"""Thoughts on the road: sealed for the caller who hands them back, and opened for the destination that wrote them.

    answer ─ pack ─ seal ─> caller ─> next request ─ open ─ does it fit? ─> the same bytes, or nothing

No store is needed: all that has to be known travels inside the seal. It opens for the key it was made for alone. What
callers hand in otherwise, or for another destination, is left out and counted: nothing that nobody here has seen goes
anywhere.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import structs

from haechi.domain.chat import Answer, Chat, Chunk, Message
from haechi.domain.errors import BadRequest, SealBroken, TooLarge
from haechi.domain.mapping import NOTHING_TAKEN, Mapping
from haechi.domain.ports import Seals
from haechi.gateway.reidentify.thoughts import fitting, packed

KEPT: Final = 30 * 86_400.0
"""Seconds for which a conversation may be taken up again with its thoughts."""


class Thoughts:
    """Those of one worker. Without `seals` none are handed out and none are taken back."""

    def __init__(self, seals: Seals | None) -> None:
        self._seals = seals

    def of_answer(self, answer: Answer, key: str, destination: str, mapping: Mapping | None) -> Answer:
        """The answer of `destination` with its thoughts sealed for the caller with this `key`."""
        if not any(choice.message.thoughts for choice in answer.choices):
            return answer
        return structs.replace(
            answer,
            choices=tuple(
                structs.replace(
                    choice,
                    message=structs.replace(
                        choice.message,
                        thoughts=self._sealed(choice.message.thoughts or (), key, destination, mapping),
                    ),
                )
                for choice in answer.choices
            ),
        )

    def of_chunk(self, chunk: Chunk, key: str, destination: str, mapping: Mapping | None) -> Chunk:
        """The same for a piece of an answer."""
        if not any(choice.delta.thoughts for choice in chunk.choices):
            return chunk
        return structs.replace(
            chunk,
            choices=tuple(
                structs.replace(
                    choice,
                    delta=structs.replace(
                        choice.delta,
                        thoughts=self._sealed(choice.delta.thoughts or (), key, destination, mapping),
                    ),
                )
                for choice in chunk.choices
            ),
        )

    def recalled(self, chat: Chat, key: str, destination: str, mapping: Mapping | None) -> tuple[Chat, int]:
        """`chat` with those thoughts that go back to `destination`, and how many do not."""
        if not any(message.thoughts for message in chat.messages):
            return chat, 0
        forgotten, messages = 0, list[Message]()
        for message in chat.messages:
            if message.thoughts:
                thoughts = self._opened(message.thoughts, key, destination, mapping or NOTHING_TAKEN)
                forgotten += len(message.thoughts) - len(thoughts)
                message = structs.replace(message, thoughts=thoughts or None)
            messages.append(message)
        return structs.replace(chat, messages=tuple(messages)), forgotten

    def _sealed(
        self, thoughts: Iterable[str], key: str, destination: str, mapping: Mapping | None
    ) -> tuple[str, ...] | None:
        if self._seals is None:
            return None
        try:
            packs = [packed(said, destination, mapping or NOTHING_TAKEN) for said in thoughts]
            return tuple(self._seals.sealed(pack, _owner(key), KEPT) for pack in packs) or None
        except TooLarge:
            return None

    def _opened(self, seals: Iterable[str], key: str, destination: str, mapping: Mapping) -> tuple[str, ...]:
        """All thoughts of a message, or none: a provider misses each of them."""
        if self._seals is None:
            return ()
        found = []
        for seal in seals:
            try:
                said = fitting(self._seals.opened(seal, _owner(key)), destination, mapping)
            except (BadRequest, SealBroken):
                said = None
            if said is None:
                return ()
            found.append(said)
        return tuple(found)


def _owner(key: str) -> str:
    """Nothing that is sealed for another purpose opens as a thought."""
    return f"{key}\0thoughts"
