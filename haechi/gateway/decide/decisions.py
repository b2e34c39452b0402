"""The decisions of one policy, remembered: ordinary traffic asks the same few questions again and again.

`decide` is pure, so an answer holds as long as its policy. The number of answers is bounded, since behind a cloud
destination callers may name any model.
"""

from typing import Final

from haechi.domain.decision import Decision, Reason
from haechi.domain.label import Label
from haechi.gateway.decide.decide import NOT_NARROWED, Narrowing, decide
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.targets import targets

MOST: Final = 1024

_Question = tuple[str, Label, Narrowing, tuple[str, ...]]


class Decisions:
    """Asked like `decide`, by model name."""

    __slots__ = ("_made", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._made: dict[_Question, Decision] = {}

    def of(
        self,
        model: str,
        label: Label,
        narrowing: Narrowing = NOT_NARROWED,
        noticed: tuple[Reason, ...] = (),
    ) -> Decision:
        """Where a request of `label` for `model` may go. Raises `UnknownModel`."""
        question = (model, label, narrowing, tuple(map(repr, noticed)))
        decision = self._made.get(question)
        if decision is None:
            decision = decide(label, targets(model, self.policy), narrowing, self.policy, noticed)
            if len(self._made) >= MOST:
                self._made.clear()
            self._made[question] = decision
        return decision
