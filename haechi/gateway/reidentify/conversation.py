"""The channels of one answer: which text is restored how, and which not at all.

Each choice speaks in several channels (what it says, thinks, refuses, what it gives to each tool), and each is cut
somewhere else. Arguments are restored for tools that the caller declared, and never for those that policy names.
"""

from collections.abc import Iterator

from msgspec import Struct

from haechi.domain.mapping import Mapping
from haechi.gateway.reidentify.live import Live
from haechi.gateway.reidentify.stream import ARGUMENTS, JSON_TEXT, TEXT, Channel, Counts, Restorer


class Wish(Struct, frozen=True):
    """How an answer is to be restored. `json`: the caller asked for JSON; `never_into`: tools that receive no values."""

    json: bool = False
    never_into: frozenset[str] = frozenset()


PLAIN = Wish()

Place = tuple[int, str]
"""The number of a choice and the name of a channel in it."""


class Channels:
    """The restorers of one answer, made when they are first spoken to."""

    def __init__(self, mapping: Mapping, wish: Wish = PLAIN) -> None:
        self._live = Live(mapping)
        self._wish = wish
        self._open: dict[Place, Restorer] = {}

    def said(self, choice: int) -> Restorer:
        """What the choice says."""
        return self._of((choice, "said"), JSON_TEXT if self._wish.json else TEXT)

    def thought(self, choice: int) -> Restorer:
        """A summary of what it thinks. Signed and encrypted parts never come here."""
        return self._of((choice, "thought"), TEXT)

    def refused(self, choice: int) -> Restorer:
        """Why it refuses."""
        return self._of((choice, "refused"), TEXT)

    def arguments(self, choice: int, number: int, tool: str) -> Restorer:
        """What it gives to a tool."""
        given = tool in self._live.mapping.tools and tool not in self._wish.never_into
        return self._of((choice, f"tool {number}"), ARGUMENTS, withheld=not given)

    def names(self, tool: str) -> str:
        """The name of a tool, which may have been taken out of its declaration."""
        taken = self._live.taken.get(tool)
        return taken.value if taken is not None and tool in self._live.mapping.tools else tool

    def opened(self, choice: int) -> Iterator[tuple[str, Restorer]]:
        """The channels of a choice that were spoken to, by name."""
        return ((name, each) for (number, name), each in self._open.items() if number == choice)

    def choices(self) -> frozenset[int]:
        """Choices that have spoken."""
        return frozenset(number for number, _ in self._open)

    @property
    def counts(self) -> Counts:
        """What became of the tokens of the whole answer."""
        total = Counts()
        for each in self._open.values():
            total.add(each.counts)
        return total

    def _of(self, place: Place, channel: Channel, *, withheld: bool = False) -> Restorer:
        restorer = self._open.get(place)
        if restorer is None:
            restorer = self._open[place] = Restorer(self._live, channel, withheld=withheld)
        return restorer
