"""What is written down about a request: three kinds of row, appended and never changed. No text, ever.

    intent ──> attempt* ──> settlement

An intent is durable before anything is sent to any destination; an attempt says how one call went; the
settlement is durable before the last byte of the answer. An intent without a settlement after a crash is
settled as `interrupted`.
"""

from typing import Literal

from msgspec import Struct

from haechi.domain.decision import Call, Reason
from haechi.domain.destination import Missing, Zone

Outcome = Literal["answered", "refused", "failed", "cancelled", "interrupted"]


class Intent(Struct, frozen=True, tag="intent", gc=False):
    """What is about to happen. `at` is Unix time in seconds; `findings` counts findings by kind."""

    record: str
    at: float
    key: str
    surface: str
    model: str
    stream: bool
    level: str
    kinds: tuple[str, ...]
    findings: dict[str, int]
    calls: tuple[Call, ...]
    rule: str
    because: tuple[Reason, ...]
    missing: Missing | None
    policy: str


class Attempt(Struct, frozen=True, tag="attempt", gc=False):
    """How one call went. Times are seconds from the attempt's start; `fault` is a name of the error tree."""

    record: str
    number: int
    at: float
    destination: str
    zone: Zone
    model: str
    outcome: Outcome
    fault: str | None
    first_byte: float | None
    total: float
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    tokens_reasoning: int
    tokens_counted_here: bool
    cost_nano_usd: int | None


class Transforms(Struct, frozen=True, gc=False):
    """What was taken out of a request, and what became of it on the way home. Counts alone.

    `taken`: places by kind. Of the tokens of the answer: `restored`, of those `loose` ones that were not written as we write
    them; `unresolved` ones that read like a token and were none for sure; `refused` where somebody else would have
    fetched them; `withheld` from a tool. `forgotten`: thoughts of a model that could not go back to it.
    """

    taken: dict[str, int] = {}
    restored: int = 0
    loose: int = 0
    unresolved: int = 0
    refused: int = 0
    withheld: int = 0
    forgotten: int = 0


class Settlement(Struct, frozen=True, tag="settlement", gc=False):
    """How it ended for the caller. `cost_nano_usd` is `None` where a price is unknown, never a made-up 0; `transforms` is
    `None` where nothing was taken out."""

    record: str
    at: float
    outcome: Outcome
    status: int
    route: str
    cost_nano_usd: int | None
    transforms: Transforms | None = None


Row = Intent | Attempt | Settlement


class Record(Struct, frozen=True):
    """All rows of one request, joined. `settlement` is `None` while it is under way."""

    intent: Intent
    attempts: tuple[Attempt, ...]
    settlement: Settlement | None


class Asked(Struct, frozen=True, gc=False):
    """A recorded request as a question that can be asked again, and how it ended the first time.

    Surface and streaming are left out: no decision looks at them. Where something was found, `model` is what was
    called and not what was asked for, which is not kept then.
    """

    record: str
    model: str
    level: str
    kinds: frozenset[str]
    home_only: bool
    outcome: Outcome | None
    route: str | None
