"""What a model thought goes back to its provider byte for byte, or not at all.

Providers sign or encrypt it, and refuse it when a byte is missing, when somebody else issued it, or when what surrounds
it has changed. So it is packed together with who issued it and with the tokens that it speaks of, and it fits only
where both are the same again. Whoever seals the pack makes sure that nobody else wrote it.
"""

from hashlib import blake2b
from typing import Final

import msgspec
from msgspec import Struct

from haechi.domain.mapping import Mapping

FORMAT: Final = 1


class _Packed(Struct, frozen=True, array_like=True):
    """`said`: the block of the provider's wire; `taken`: how many values were out when it was written, `tokens` which."""

    format: int
    destination: str
    taken: int
    tokens: bytes
    said: str


def packed(said: str, destination: str, mapping: Mapping) -> bytes:
    """A thought that `destination` wrote about a request with this mapping."""
    count = len(mapping.taken)
    return msgspec.msgpack.encode(_Packed(FORMAT, destination, count, _tokens(mapping, count), said))


def fitting(pack: bytes, destination: str, mapping: Mapping) -> str | None:
    """The thought as its provider wrote it, where it goes back to him and every token still means what it meant; what
    came later may have tokens of its own."""
    try:
        thought = msgspec.msgpack.decode(pack, type=_Packed)
    except msgspec.MsgspecError:
        return None
    if thought.format != FORMAT or thought.destination != destination:
        return None
    return thought.said if thought.tokens == _tokens(mapping, thought.taken) else None


def _tokens(mapping: Mapping, count: int) -> bytes:
    """A digest of the first values and what stands for them."""
    pairs = [(each.token, each.value) for each in mapping.taken[:count]]
    return blake2b(msgspec.msgpack.encode((count, pairs)), digest_size=16).digest()
