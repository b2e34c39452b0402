"""A request without the values that were found in it, and its answer with them again.

    body ─ deidentify ─> body without values ─ looked at once more ─> what leaves
    answer, chunks ─ reidentify ─> what the caller reads

Where something is left that cannot be taken out, where a value still stands anywhere, or where rules still find what may
not leave as it is, there is no such request: it stays home.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec
import re2
from msgspec import Struct

from haechi.catalogue.tokens import LOOKALIKE
from haechi.domain.chat import Answer, Chat, JsonFormat, SchemaFormat
from haechi.domain.label import Level
from haechi.domain.mapping import Mapping, Taken
from haechi.gateway.classify.classify import Classified, Covering
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.deidentify.called import LAST, NUMBERED
from haechi.gateway.deidentify.replace import TOKENS, Plan, deidentify
from haechi.gateway.reidentify.answer import Restored, reidentify
from haechi.gateway.reidentify.chunks import ChunkRestorer
from haechi.gateway.reidentify.conversation import Wish
from haechi.gateway.stand_ins import left_in

SHORTEST_NUMBER: Final = 7
"""Figures of a number that is looked for in any spelling."""

SHORTEST_NAME: Final = 3
"""Characters of a name that is looked for anywhere: 이유 and 하나 are names and words."""


class WithoutValues(Struct, frozen=True):
    """A request that may leave, and what puts the values back. Nothing of the mapping reaches an adapter. `taken` counts
    the places that were changed, by kind; `gone` is what does not come back."""

    chat: Chat
    mapping: Mapping
    wish: Wish
    taken: dict[str, int] = {}
    gone: tuple[Taken, ...] = ()

    def still_in(self, body: bytes) -> bool:
        """Whether a value stands in what is about to leave, however its wire has written it."""
        return _remains((*self.mapping.taken, *self.gone), body.decode())

    def restored(self, answer: Answer) -> Restored:
        """The whole answer, as the caller reads it."""
        return reidentify(answer, self.mapping, self.wish)

    def restorer(self) -> ChunkRestorer:
        """The same for an answer that comes in pieces."""
        return ChunkRestorer(self.mapping, self.wish)


ToChat = Callable[[Any], Chat]
"""Reads a decoded body of some dialect into the internal form; raises where it cannot."""


def chat_of(body: Any) -> Chat:
    """Reads a body that is written in the internal form. Raises `msgspec.ValidationError`."""
    return msgspec.convert(body, Chat)


def without_values(
    body: Any,
    classified: Classified,
    eyes: Eyes,
    covering: Covering | None,
    strangers: tuple[str, ...] = (),
    to_chat: ToChat = chat_of,
    plan: Plan = TOKENS,
    never_into: frozenset[str] = frozenset(),
) -> WithoutValues | None:
    """`body`, a decoded request, without what was found in it; `None` where that cannot be had. `strangers` point at parts
    that are not the caller's words: an address that stands there is not his. `to_chat` reads the dialect of `body`. What stands
    for a value is up to `plan`; tools of `never_into` get none back."""
    try:
        made = deidentify(body, classified.findings, plan, strangers)
        chat = to_chat(made.body)  # it fails where the form wants a value as a number
    except Exception:  # whatever broke, nobody has taken anything out: promise 2
        return None
    if made.left or not made.counts:
        return None
    if _remains(made.replaced, msgspec.json.encode(chat).decode()):
        return None
    again = left_in(made.body, made.replaced, eyes, covering)
    if again.unreadable is not None or again.label.level > Level.INTERNAL:
        return None
    asks_for_json = isinstance(chat.response_format, JsonFormat | SchemaFormat)
    return WithoutValues(chat, made.mapping, Wish(asks_for_json, never_into), made.counts, made.gone)


def _remains(taken: tuple[Taken, ...], wire: str) -> bool:
    """Whether a value that was taken out still stands somewhere in what would leave. Linear, however many there are."""
    values = {_looked_for(each) for each in taken if _is_telling(each)}
    if values and re2.search("|".join(sorted(values)), wire) is not None:
        return True
    figures = {core for each in taken if len(core := _core(each.value)) >= SHORTEST_NUMBER}
    return bool(figures) and any(_core(run) in figures for run in _FIGURES.findall(wire))


def _core(value: str) -> str:
    """The figures of a number without its country and without zeros before it: what all of its spellings share."""
    return "".join(filter(str.isdigit, value)).removeprefix("0082").removeprefix("82").lstrip("0")


_FIGURES: Final = re.compile(r"[0-9](?:[0-9]|[-. ()](?=[0-9(])){5,40}")


def _is_telling(taken: Taken) -> bool:
    """Whether it says something where it stands in another word, or in another number. What only looks like a token does
    not: the same letters are the token of a value now."""
    if taken.kind == LOOKALIKE:
        return False
    if taken.kind in NUMBERED:
        return len(taken.value) > LAST
    return taken.kind != "person" or len(taken.value) >= SHORTEST_NAME


def _looked_for(taken: Taken) -> str:
    """The pattern of a value. `Kim` is none in `Kimchi`, and is one in `kim_2` and beside Hangul."""
    written: str = re2.escape(taken.escaped or _written(taken.value))
    if taken.kind != "person" or not taken.value.isascii():
        return written
    return f"(?:^|[^A-Za-z]){written}(?:[^A-Za-z]|$)"


def _written(value: str) -> str:
    """As it would stand in a string of our JSON."""
    return msgspec.json.encode(value).decode()[1:-1]
