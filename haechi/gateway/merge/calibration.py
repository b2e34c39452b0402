"""Is a chance of 0.8 right eight times in ten? And how many answers must be held back for the rest to be right?"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from haechi.gateway.merge.votes import Floats

_BINS: Final = 15


def calibration_error(chance: Floats, right: NDArray[np.bool_]) -> float:
    """ECE: mean distance between chance and share of right answers over 15 bins of equal width (Guo et al., 2017)."""
    if not len(chance):
        return 0.0
    bins = np.minimum((chance * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=chance - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(chance))


def reliability(chance: Floats, right: NDArray[np.bool_], bins: int = 10) -> list[tuple[float, float]]:
    """Mean chance and share of right answers of `bins` groups of equal size, from the least sure one up."""
    order = np.argsort(chance, kind="stable")
    groups = [group for group in np.array_split(order, bins) if len(group)]
    return [(float(chance[group].mean()), float(right[group].mean())) for group in groups]


def selective(chance: Floats, right: NDArray[np.bool_], coverage: float) -> float:
    """Share of right answers among the surest `coverage` of all questions."""
    kept = np.argsort(-chance, kind="stable")[: max(1, round(coverage * len(chance)))]
    return float(right[kept].mean()) if len(chance) else 0.0
