"""What every process that serves many connections sets for itself once, at its start."""

import contextlib
import gc
import resource
from typing import Final

YOUNG: Final = 10_000
"""Objects that are made, and not yet let go, between two looks of the garbage collector: more than all requests
under way hold."""

METER_EVERY: Final = 0.2
"""Seconds for which metrics are summed up before other processes see them."""

OTHER_FILES: Final = 256
"""Descriptors for everything that is no connection."""


def connections(most: int) -> int:
    """Raise the number of open files as far as this machine lets us; how many connections, `most` at the highest,
    can then be taken: each may need another to a destination."""
    wanted = 2 * most + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted or soft == resource.RLIM_INFINITY:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(most, max(1, (soft - OTHER_FILES) // 2))


def calm_collector() -> None:
    """Let the garbage collector leave alone what stands for good, and look for cycles less often: a request makes
    none, and at Python's own pace the search for them is about 7 % of its CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
