"""Recorded questions, decided anew under two policies: what would go where that does not go there now.

Fed with one question at a time. Nothing is sent and no text is there to be looked at again: the label is taken as it
was recorded. Memory is bounded by what policies can answer, not by how much was asked; time is linear.
"""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from haechi.domain.decision import Decision
from haechi.domain.destination import Missing
from haechi.domain.errors import UnknownModel
from haechi.domain.label import Label, Level
from haechi.domain.record import Asked
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.targets import targets

EXAMPLES: Final = 3
"""Record ids kept for each kind of move."""

REMEMBERED: Final = 20_000
"""Answers kept; callers may name any model behind a cloud, so there is no end of questions."""

MOVES: Final = 2_000
"""Kinds of move kept apart; more are counted under their change alone."""

Change = Literal[
    "newly out", "newly home", "newly refused", "other cloud", "unknown model", "other home", "none"
]
CHANGES: Final[tuple[Change, ...]] = (
    "newly out",
    "newly home",
    "newly refused",
    "other cloud",
    "unknown model",
    "other home",
)


class Place(Struct, frozen=True):
    """Where a question leads: clouds in the order in which they would be tried, else home, else nowhere."""

    kind: Literal["out", "home", "refused", "unknown"]
    destinations: tuple[str, ...] = ()
    raw: bool = True
    rule: str = ""
    missing: Missing | None = None

    def __str__(self) -> str:
        """As it stands in a table: `cloud gpt, claude`."""
        names = ", ".join(self.destinations)
        form = "" if self.raw else " (de-identified)"
        words = {"out": "cloud", "home": "onprem", "refused": "refused", "unknown": "unknown model"}
        return f"{words[self.kind]} {names}{form}".rstrip()


class Move(Struct):
    """Questions that go the same way for the same reason."""

    change: Change
    level: str
    was: str
    becomes: str
    rule: str
    missing: Missing | None
    count: int
    examples: list[str]


class Replay:
    """Two policies and the questions put to both."""

    def __init__(self, present: Policy, new: Policy) -> None:
        self._present, self._new = present, new
        self._made: dict[tuple[object, ...], tuple[Place, Place]] = {}
        self._moves: dict[tuple[object, ...], Move] = {}
        self.otherwise: dict[tuple[str, str], int] = {}
        self.records = 0
        self.model_assumed = 0
        self.model_unknown = 0

    def add(self, asked: Asked) -> None:
        """Put one question to both policies."""
        self.records += 1
        model = "" if asked.kinds else asked.model
        self.model_assumed += not model
        question = (asked.level, asked.kinds, model, asked.home_only)
        places = self._made.get(question)
        if places is None:
            if len(self._made) >= REMEMBERED:
                self._made.clear()
            label = Label(Level.of(asked.level), asked.kinds)
            places = self._made[question] = (
                place(label, model, asked.home_only, self._present),
                place(label, model, asked.home_only, self._new),
            )
        was, becomes = places
        if was.kind == "unknown":
            self.model_unknown += 1
            if becomes.kind == "unknown":
                return
        self._recorded(asked, was)
        if (change := changed(was, becomes)) != "none":
            self._moved(change, was, becomes, asked)

    @property
    def moves(self) -> list[Move]:
        """The moves: by change, what goes out first, then by number."""
        return sorted(self._moves.values(), key=lambda move: (CHANGES.index(move.change), -move.count))

    def counts(self) -> Mapping[Change, int]:
        """How many questions each change concerns."""
        return {
            change: sum(move.count for move in self._moves.values() if move.change == change)
            for change in CHANGES
        }

    def _moved(self, change: Change, was: Place, becomes: Place, asked: Asked) -> None:
        reason = was if change == "newly out" else becomes  # what holds it now, or what will
        key: tuple[object, ...] = (change, asked.level, str(was), str(becomes), reason.rule, reason.missing)
        if key not in self._moves and len(self._moves) >= MOVES:
            key = (change,)
        move = self._moves.get(key)
        if move is None:
            apart = len(key) > 1
            said = (asked.level, str(was), str(becomes), reason.rule) if apart else ("…", "…", "…", "…")
            move = self._moves[key] = Move(change, *said, reason.missing if apart else None, 0, [])
        move.count += 1
        if len(move.examples) < EXAMPLES:
            move.examples.append(asked.record)

    def _recorded(self, asked: Asked, was: Place) -> None:
        """Count where the record and today's decision differ: a failure, a fallback, an earlier policy."""
        zone, _, rest = (asked.route or "").partition("/")
        name = rest.partition("/")[0]
        ended = f"{zone} {name}" if name else asked.outcome or "under way"
        zones = {"out": "cloud", "home": "onprem"}
        first = was.destinations[:1]
        expected = f"{zones.get(was.kind, was.kind)} {''.join(first)}".rstrip()
        pair = (ended, expected)
        if ended != expected:
            if pair not in self.otherwise and len(self.otherwise) >= MOVES:
                pair = ("…", "…")
            self.otherwise[pair] = self.otherwise.get(pair, 0) + 1


def place(label: Label, model: str, home_only: bool, policy: Policy) -> Place:
    """Where `policy` sends such a question. Without a model it is taken for one that asked for the first name of
    the configuration, `auto` as a rule."""
    try:
        wanted = targets(model or next(iter(policy.names), ""), policy)
    except UnknownModel:
        return Place("unknown")
    return _place(decide(label, wanted, Narrowing(home_only), policy), policy)


def _place(decision: Decision, policy: Policy) -> Place:
    out = [call for call in decision.calls if policy.destinations[call.destination].outside]
    why = decision.rule, decision.missing
    if out:
        raw = any(call.transform == "raw" for call in out)
        return Place("out", tuple(call.destination for call in out), raw, *why)
    if decision.calls:
        return Place("home", tuple(call.destination for call in decision.calls[:1]), True, *why)
    return Place("refused", (), True, *why)


def changed(was: Place, becomes: Place) -> Change:
    """What the new policy changes for a question. More clouds, or text as it is where it was de-identified: more."""
    if becomes.kind == "out":
        if was.kind != "out" or (becomes.raw and not was.raw):
            return "newly out"
        return "none" if was.destinations == becomes.destinations else "other cloud"
    if becomes.kind == was.kind:
        return "none" if was.destinations == becomes.destinations else "other home"
    if becomes.kind == "home":
        return "newly home"
    return "newly refused" if becomes.kind == "refused" else "unknown model"
