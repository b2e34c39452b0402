"""Detectors as a gate has them, for those who ask without one: `haechi inspect`, `haechi allow`, measurements."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from haechi.adapters.stores.company import company_file
from haechi.app.company import CompanyStudy
from haechi.app.settings.model import Settings
from haechi.app.wiring import eyes
from haechi.catalogue.combinations import combined
from haechi.domain.label import Label
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.inspection import Inspection, of
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.deidentify.replace import Plan
from haechi.gateway.taking_out import TakenOut, taken_out

Inspect = Callable[[str], Inspection]
TakeOut = Callable[[str], TakenOut]


def eyes_of(settings: Settings | None = None, data_dir: Path | None = None) -> Eyes:
    """What a gate with these settings and this data directory looks with."""
    kept = data_dir is not None and company_file(data_dir).exists()
    return eyes(settings, CompanyStudy(data_dir) if data_dir is not None and kept else None)


def inspector(settings: Settings | None = None, data_dir: Path | None = None) -> Inspect:
    """Looks at single texts."""
    looking = eyes_of(settings, data_dir)
    return lambda text: of(classify(text, looking))


def taker(plan: Plan, kinds: frozenset[str] | None, settings: Settings, data_dir: Path) -> TakeOut:
    """Takes values out of single texts."""
    looking = eyes_of(settings, data_dir)
    return lambda text: taken_out(text, classify(text, looking), looking, plan, kinds)


def labeller() -> Callable[[Any], Label]:
    """Labels decoded requests, by what comes with the product."""
    looking = eyes()
    return lambda body: combined(classify(body, looking).label)
