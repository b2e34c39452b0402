"""What a second look at a match says.

A check digit raises confidence and never decides alone: numbers issued since October 2020 carry none, and
one random number in ten passes any of these. Each check returns `NO` (not this kind), `DOUBTFUL` (so unlikely
that the name of another number near it decides), `PLAIN` (may be: let the rule's context decide) or `STRONG`
(no context needed).
"""

from collections.abc import Callable
from enum import Enum


class Verdict(Enum):
    NO = 0
    PLAIN = 1
    STRONG = 2
    DOUBTFUL = 3


NO, DOUBTFUL, PLAIN, STRONG = Verdict.NO, Verdict.DOUBTFUL, Verdict.PLAIN, Verdict.STRONG
Check = Callable[[str, tuple[str | None, ...]], Verdict]
