"""Several detectors as one."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.normalise.reading import Spot
from haechi.gateway.classify.scanner import without_repetitions


class Detector(Protocol):
    """Looks at a text. Pure, safe in any thread, linear in the text; what it raises makes the request restricted."""

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`, in code points of it."""


@runtime_checkable
class Nearsighted(Detector, Protocol):
    """A detector that can look around some places alone, at less cost."""

    def scan_near(self, text: str, spots: Sequence[Spot]) -> list[Hit]:
        """Findings that touch one of the `spots`, and perhaps others."""


class Together:
    """Every detector looks at the whole text; what two of them find as one kind is said once. Where one of them fails,
    all of them have."""

    def __init__(self, *detectors: Detector) -> None:
        self._detectors = detectors
        self._near = [
            each.scan_near if isinstance(each, Nearsighted) else _everywhere(each) for each in detectors
        ]

    def scan(self, text: str) -> list[Hit]:
        """Findings of all, in order."""
        return _once([detector.scan(text) for detector in self._detectors])

    def scan_near(self, text: str, spots: Sequence[Spot]) -> list[Hit]:
        """Findings of all that touch one of the `spots`; others may be among them."""
        return _once([look(text, spots) for look in self._near])


def _everywhere(detector: Detector) -> Callable[[str, Sequence[Spot]], list[Hit]]:
    return lambda text, _: detector.scan(text)


def _once(found: Sequence[list[Hit]]) -> list[Hit]:
    hits = [hit for each in found for hit in each]
    return without_repetitions(hits) if len(hits) > 1 else hits
