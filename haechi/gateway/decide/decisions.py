"""The decisions of one policy, remembered: ordinary traffic asks the same few questions again and again.

`decide` is pure, so an answer holds as long as its policy. The number of answers is bounded, and so is the length
of a model name that is kept, since behind a cloud destination callers may name any.
"""

from typing import Final

from haechi.domain.decision import Decision
from haechi.domain.label import Label
from haechi.gateway.decide.decide import Narrowing, decide
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.targets import targets

MOST: Final = 1024
LONGEST_NAME: Final = 100


class Decisions:
    """Asked like `decide`, by model name."""

    __slots__ = ("_made", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._made: dict[tuple[str, Label, bool], Decision] = {}

    def of(self, model: str, label: Label, *, home_only: bool) -> Decision:
        """Where a request of `label` for `model` may go. Raises `UnknownModel`."""
        question = (model, label, home_only)
        decision = self._made.get(question)
        if decision is None:
            decision = decide(label, targets(model, self.policy), Narrowing(home_only), self.policy)
            if len(model) <= LONGEST_NAME:
                if len(self._made) >= MOST:
                    self._made.clear()
                self._made[question] = decision
        return decision
