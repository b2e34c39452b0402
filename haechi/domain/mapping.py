"""What was taken out of one request, and where it may be put back.

A mapping is made anew from every request's own text and is never looked up, so no other conversation, key or tenant can
have it. Only stored Responses state keeps one: `to_bytes` and `from_bytes` are for whoever seals it. It holds values:
nothing of it is ever shown, also not by `repr`.
"""

from typing import Final

import msgspec
from msgspec import Struct

from haechi.domain.particles import NOTHING_HEARD, Heard

FORMAT: Final = 1

NO_HOST: Final = ""
"""Among the hosts: the caller himself wrote an address that names none (`/people/1`)."""


class Taken(Struct, frozen=True, array_like=True):
    """One value and the token that stands for it.

    `escaped`: how it is spelled inside a JSON string, where that is not how we would; `bare`: it is a JSON number and has
    no quotes of its own; `heard`: which particles the caller wrote after it; `fixed`: the token is a surrogate, known
    only as it is written.
    """

    token: str
    value: str
    kind: str
    escaped: str = ""
    bare: bool = False
    heard: Heard = NOTHING_HEARD
    fixed: bool = False

    def __repr__(self) -> str:
        return f"Taken({self.token})"


class Mapping(Struct, frozen=True, array_like=True):
    """Everything that was taken out of one request.

    `hosts` stood in the caller's own words, as they are sent; `tools` are those he declared; `words` are tokens that he
    wrote in another form himself (`Person 1`), so that only the exact form of them is sure; `framed` are tokens that were
    sent in brackets, behind which no particle is to be changed.
    """

    taken: tuple[Taken, ...] = ()
    hosts: frozenset[str] = frozenset()
    tools: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    framed: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Mapping({len(self.taken)} values)"

    def __bool__(self) -> bool:
        return bool(self.taken)

    def to_bytes(self) -> bytes:
        """For whoever seals it: the values stand in there."""
        return msgspec.msgpack.encode((FORMAT, self))

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Mapping":
        """What `to_bytes` gave. Raises `ValueError` for anything else."""
        try:
            number, mapping = msgspec.msgpack.decode(packed, type=tuple[int, cls])  # type: ignore[valid-type]
        except msgspec.MsgspecError as unreadable:
            raise ValueError("not a mapping") from unreadable
        if number != FORMAT:
            raise ValueError("a mapping of another version")
        return mapping


NOTHING_TAKEN: Final = Mapping()
