"""What was seen in one text, as `haechi inspect` and `POST /haechi/v1/inspect` say it."""

from typing import Any

from msgspec import Struct

from haechi.catalogue.combinations import combined
from haechi.domain.label import Finding, Label
from haechi.gateway.classify.classify import Classified
from haechi.gateway.classify.overlaps import resolved


class Inspection(Struct, frozen=True):
    """The label of a text, and what was found where: every place once (see `overlaps`). `findings` count code points
    of the text; `unreadable` says that something in it could not be looked at."""

    label: Label
    findings: tuple[Finding, ...]
    unreadable: bool

    def row(self) -> dict[str, Any]:
        """As JSON. No value of the text is in it."""
        found: dict[str, Any] = {
            "label": {"level": self.label.level.word, "kinds": sorted(self.label.kinds)},
            "findings": [
                {
                    "start": one.start,
                    "end": one.end,
                    "kind": one.kind,
                    "level": one.level.word,
                    "confidence": one.confidence,
                    "rule": one.rule,
                }
                for one in self.findings
            ],
        }
        return found | {"unreadable": True} if self.unreadable else found


def of(classified: Classified) -> Inspection:
    """The inspection of a text that was classified."""
    return Inspection(
        combined(classified.label), tuple(resolved(classified.findings)), classified.unreadable is not None
    )
