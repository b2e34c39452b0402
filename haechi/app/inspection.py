"""Detectors as a gate has them, for those who ask without one: `haechi inspect`, measurements."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from haechi.app.wiring import scanner
from haechi.catalogue.combinations import combined
from haechi.domain.label import Label
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.inspection import Inspection, of

Inspect = Callable[[str], Inspection]


def inspector(config: Path | None = None, data: Path | None = None) -> Inspect:
    """Detectors as a gate with this configuration and data directory has them."""
    scan = scanner().scan
    return lambda text: of(classify(text, scan))


def labeller() -> Callable[[Any], Label]:
    """The label of a decoded request, by the detectors of the catalogue."""
    scan = scanner().scan
    return lambda body: combined(classify(body, scan).label)
