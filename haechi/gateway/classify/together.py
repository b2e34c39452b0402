"""Several detectors as one."""

from typing import Protocol

from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.scanner import without_repetitions


class Detector(Protocol):
    """Looks at a text. Pure, safe in any thread, linear in the text; what it raises makes the request restricted."""

    def scan(self, text: str) -> list[Hit]:
        """Findings in `text`, in code points of it."""


class Together:
    """Every detector looks at the whole text; what two of them find as one kind is said once. Where one of them fails,
    all of them have."""

    def __init__(self, *detectors: Detector) -> None:
        self._detectors = detectors

    def scan(self, text: str) -> list[Hit]:
        """Findings of all, in order."""
        hits: list[Hit] = []
        for detector in self._detectors:
            if found := detector.scan(text):
                hits += found
        return without_repetitions(hits) if len(hits) > 1 else hits
