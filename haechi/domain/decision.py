"""What was decided about one request, and why."""

from typing import Literal

from msgspec import Struct

from haechi.domain.destination import Missing
from haechi.domain.label import Label

Transform = Literal["raw", "deidentified"]
ReasonArgs = dict[str, str]


class Reason(Struct, frozen=True):
    """One step of a because: a code of `catalogue/reasons.toml` and the words that fill its sentence."""

    code: str
    args: ReasonArgs = {}


class Call(Struct, frozen=True):
    """One request to one model at one destination."""

    destination: str
    model: str
    transform: Transform = "raw"


class Decision(Struct, frozen=True):
    """Calls in the order they are to be tried, the rule that narrowed them, and the reasons.

    Without calls it is a refusal. `missing` is the one fact that would have let the request out.
    """

    label: Label
    calls: tuple[Call, ...]
    rule: str
    because: tuple[Reason, ...]
    missing: Missing | None = None
    policy: str = ""

    @property
    def refused(self) -> bool:
        """Whether nothing may be called at all."""
        return not self.calls
