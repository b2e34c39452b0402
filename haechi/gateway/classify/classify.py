"""A request's body in, its label and findings out. Unknown is restricted."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from haechi.domain.decision import Reason
from haechi.domain.label import ORDINARY, UNREADABLE, Finding, Label, join_all
from haechi.gateway.classify.leaves import FIXED_KEYS, Leaves, opaque_pointers
from haechi.gateway.classify.scanner import Hit

Scan = Callable[[str], list[Hit]]


class Classified(Struct, frozen=True):
    """What a body turned out to be. `unreadable` says where nobody could look, `""` being the whole of it."""

    label: Label
    findings: tuple[Finding, ...] = ()
    unreadable: str | None = None

    def counts(self) -> dict[str, int]:
        """How many findings of each kind."""
        return dict(Counter(finding.kind for finding in self.findings)) if self.findings else {}

    def reasons(self) -> tuple[Reason, ...]:
        """What is not said by the label alone: where something could not be read."""
        if self.unreadable is None:
            return ()
        return (Reason("unreadable", {"pointer": _nameless(self.unreadable) or "/"}),)


def _nameless(pointer: str) -> str:
    """A pointer without words that a caller may have chosen: those of the form and numbers stay."""
    steps = pointer.split("/")
    return "/".join(step if step in FIXED_KEYS or step.isdecimal() or not step else "…" for step in steps)


_NOTHING = Classified(ORDINARY)


def classify(body: Any, scan: Scan) -> Classified:
    """Look at every string of `body`. A detector that fails makes the whole request restricted."""
    try:
        leaves = Leaves(body)
        hits = scan(leaves.running_text())
        if not hits and not leaves.opaque:
            return _NOTHING
        places = leaves.places([(hit.start, hit.end) for hit in hits])
        findings = tuple(
            Finding(hit.kind, pointer, start, end, hit.level, hit.confidence, hit.rule)
            for hit, (pointer, start, end) in zip(hits, places, strict=True)
        )
    except Exception:  # whatever broke, nobody has looked at this text: promise 2
        return Classified(UNREADABLE, unreadable="")
    label = join_all(Label(finding.level, frozenset({finding.kind})) for finding in findings)
    if leaves.opaque:
        return Classified(label.join(UNREADABLE), findings, next(opaque_pointers(body)))
    return Classified(label, findings)
