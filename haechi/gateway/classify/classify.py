"""A request's body in, its label and findings out. Unknown is restricted."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct

from haechi.domain.decision import Reason
from haechi.domain.label import ORDINARY, UNREADABLE, Finding, Label, join_all
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.leaves import FIXED_KEYS, Leaves, opaque_pointers

Scan = Callable[[str], list[Hit]]
Covering = Callable[[str, str, str], str | None]
"""Kind, value and the string it stands in, to the id of an exception in force."""


class Classified(Struct, frozen=True):
    """What a body turned out to be. `unreadable` says where nobody could look, `""` being the whole of it;
    `excepted` are the ids of reviewed exceptions that were applied."""

    label: Label
    findings: tuple[Finding, ...] = ()
    unreadable: str | None = None
    excepted: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many findings of each kind."""
        return dict(Counter(finding.kind for finding in self.findings)) if self.findings else {}

    def reasons(self) -> tuple[Reason, ...]:
        """What is not said by the label alone: what was excepted, where something could not be read."""
        reasons = [Reason("excepted", {"ids": ", ".join(self.excepted)})] if self.excepted else []
        if self.unreadable is not None:
            reasons.append(Reason("unreadable", {"pointer": _nameless(self.unreadable) or "/"}))
        return tuple(reasons)


def _findings(hits: list[Hit], leaves: Leaves) -> Iterator[Finding]:
    """Hits with their places. Another reading of a string adds only kinds that the string itself did not show."""
    seen: set[tuple[str, str]] = set()
    spans = [(hit.start, hit.end) for hit in hits]
    for hit, (pointer, start, end, as_written) in zip(hits, leaves.places(spans), strict=True):
        if as_written or (pointer, hit.kind) not in seen:
            seen.add((pointer, hit.kind))
            yield Finding(hit.kind, pointer, start, end, hit.level, hit.confidence, hit.rule)


def _without_excepted(
    hits: list[Hit], running: str, leaves: Leaves, covering: Covering
) -> tuple[list[Hit], tuple[str, ...]]:
    """Hits that no exception covers, and the ids of those exceptions that cover the others."""
    kept, used = [], dict[str, None]()
    for hit, text in zip(hits, leaves.texts_at([hit.start for hit in hits]), strict=True):
        name = covering(hit.kind, running[hit.start : hit.end], text)
        if name is None:
            kept.append(hit)
        else:
            used[name] = None
    return kept, tuple(used)


def _nameless(pointer: str) -> str:
    """A pointer without words that a caller may have chosen: those of the form and numbers stay."""
    steps = pointer.split("/")
    return "/".join(step if step in FIXED_KEYS or _INDEX.match(step) or not step else "…" for step in steps)


_INDEX: Final = re.compile(r"[0-9]{1,4}\Z")
_NOTHING = Classified(ORDINARY)
UNSEEN: Final = Classified(UNREADABLE, unreadable="")
"""What nobody has looked at."""


def classify(body: Any, scan: Scan, covering: Covering | None = None) -> Classified:
    """Look at every string of `body`. A detector that fails makes the whole request restricted; what `covering`
    knows as a reviewed false alarm is left out."""
    excepted: tuple[str, ...] = ()
    try:
        leaves = Leaves(body)
        running = leaves.running_text()
        hits = scan(running)
        if type(hits) is not list:  # an answer that is none says nothing about the text
            return UNSEEN
        if not hits and not leaves.opaque:
            return _NOTHING
        if hits and covering is not None:
            hits, excepted = _without_excepted(hits, running, leaves, covering)
        findings = tuple(_findings(hits, leaves))
    except Exception:  # whatever broke, nobody has looked at this text: promise 2
        return UNSEEN
    label = join_all(Label(finding.level, frozenset({finding.kind})) for finding in findings)
    if leaves.opaque:
        return Classified(label.join(UNREADABLE), findings, next(opaque_pointers(body)), excepted)
    return Classified(label, findings, excepted=excepted)
