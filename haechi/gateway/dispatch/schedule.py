"""A decision's calls as a schedule: which call comes next after which fault. No I/O, no clock.

A request that a destination calls wrong is wrong: it is not tried elsewhere, and the caller hears about it.
Everything else may be another destination's chance, in the order of the decision, each once: a fault, or a
wire that has no words for what was asked. After the first byte of an answer nothing is tried again.
"""

from haechi.domain.decision import Call
from haechi.domain.errors import BackendFault, BadRequest, Rejected


class Schedule:
    """The calls of one decision and how far they have come."""

    __slots__ = ("_left",)

    def __init__(self, calls: tuple[Call, ...]) -> None:
        self._left = list(calls)

    def first(self) -> Call:
        """The call to begin with. Raises `IndexError` for a refusal, which has none."""
        return self._left.pop(0)

    def after(self, fault: BackendFault | BadRequest) -> Call | None:
        """The call to make after `fault`, or `None` where the answer is the fault itself."""
        if isinstance(fault, Rejected) or not self._left:
            return None
        return self._left.pop(0)
