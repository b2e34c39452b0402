"""A request's body in, its label and findings out. Unknown is restricted."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from haechi.domain.decision import Reason
from haechi.domain.label import ORDINARY, UNREADABLE, Finding, Label, join_all
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.leaves import FIXED_KEYS, Leaves, opaque_pointers
from haechi.gateway.classify.sight import Eyes, Sight, look, without

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


def _findings(seen: Sight, leaves: Leaves) -> Iterator[Finding]:
    """Hits with their places; each piece of a split value by itself."""
    spans = [(hit, span) for hit in seen.hits for span in without(seen.gaps, hit)]
    for (hit, _), pieces in zip(spans, leaves.places([span for _, span in spans]), strict=True):
        for pointer, start, end in pieces:
            yield Finding(hit.kind, pointer, start, end, hit.level, hit.confidence, hit.rule)


def _without_excepted(seen: Sight, leaves: Leaves, covering: Covering) -> tuple[list[Hit], tuple[str, ...]]:
    """Hits that no exception covers, and the ids of those exceptions that cover the others. A value is what it reads
    as, however it is written; what goes on behind a document's end stands in none."""
    kept, used = [], dict[str, None]()
    running = leaves.running_text()
    whole = leaves.documents([(hit.start, hit.end) for hit in seen.hits])
    for hit, text in zip(seen.hits, whole, strict=True):
        value = seen.values.get((hit.start, hit.end, hit.kind)) or running[hit.start : hit.end]
        name = covering(hit.kind, value, text)
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


def classify(body: Any, eyes: Eyes, covering: Covering | None = None) -> Classified:
    """Look at every string of `body`, as written and as it can be read. A detector that fails makes the whole request
    restricted; what `covering` knows as a reviewed false alarm is left out."""
    excepted: tuple[str, ...] = ()
    try:
        leaves = Leaves(body)
        seen = look(leaves, eyes, values_too=covering is not None)
        if not seen.hits and not leaves.opaque and seen.unreadable is None:
            return _NOTHING
        if seen.hits and covering is not None:
            hits, excepted = _without_excepted(seen, leaves, covering)
            seen = replace(seen, hits=hits)
        findings = tuple(_findings(seen, leaves))
        unreadable = _unreadable(seen, leaves)
    except Exception:  # whatever broke, nobody has looked at this text: promise 2
        return UNSEEN
    label = join_all(Label(finding.level, frozenset({finding.kind})) for finding in findings)
    if unreadable is not None:
        return Classified(label.join(UNREADABLE), findings, unreadable, excepted)
    return Classified(label, findings, excepted=excepted)


def _unreadable(seen: Sight, leaves: Leaves) -> str | None:
    """Where the first part stands that could not be read; `None` where all could."""
    if leaves.opaque:
        return next(opaque_pointers(leaves.body))
    if seen.unreadable is None:
        return None
    return next(leaves.places([(seen.unreadable, seen.unreadable + 1)]))[0][0]
