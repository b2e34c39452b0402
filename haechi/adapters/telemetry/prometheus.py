"""Metrics for Prometheus, summed over all processes of a node.

Every label comes from a closed set that is given at the start; what is not in it counts as `other`, so no text
of a request can become a label and the number of series is bounded.

A counter lies in a file that all processes share, and each addition to it asks for the process id and a lock: eight
of them cost a request 9 µs. So additions are summed up here and written down together, when `later` says so.

The supervisor sets `PROMETHEUS_MULTIPROC_DIR` to an empty directory before the first import of
prometheus_client; without it, a process counts for itself.
"""

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Any, Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from haechi.domain.destination import Zone
from haechi.domain.label import Level
from haechi.domain.record import Outcome

OTHER: Final = "other"
NOWHERE: Final = "none"
"""The zone of a request that went to no destination."""

ZONES: Final = frozenset({*get_args(Zone), NOWHERE})
LEVELS: Final = frozenset(level.word for level in Level)
OUTCOMES: Final = frozenset(get_args(Outcome))

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Buckets from a refusal, which takes milliseconds, to a long answer, which takes minutes."""

MULTIPROCESS: Final = "PROMETHEUS_MULTIPROC_DIR"


Later = Callable[[Callable[[], None]], object]
"""Calls what it is given, once, now or soon."""


def at_once(write_down: Callable[[], None]) -> None:
    """The `Later` that does not wait."""
    write_down()


class PrometheusMeter:
    """The `Meter` port. Bound children are kept, so that counting costs a dictionary look-up and an addition."""

    def __init__(self, *, rules: Iterable[str], destinations: Iterable[str], later: Later = at_once) -> None:
        """`rules` and `destinations` are the names of the configuration, the rules of the house included."""
        self._later = later
        self._pending: dict[Any, float] = {}
        self._registry = registry = CollectorRegistry()
        requests = Counter(
            "haechi_requests_total", "Requests that ended.", ["zone", "level", "outcome"], registry=registry
        )
        duration = Histogram(
            "haechi_request_seconds", "Duration of a request.", ["zone"], buckets=SECONDS, registry=registry
        )
        first = Histogram(
            "haechi_first_byte_seconds",
            "Time to the first byte of an answer.",
            ["zone"],
            buckets=SECONDS,
            registry=registry,
        )
        refusals = Counter("haechi_refusals_total", "Refused requests by rule.", ["rule"], registry=registry)
        attempts = Counter(
            "haechi_attempts_total", "Calls to destinations.", ["destination", "outcome"], registry=registry
        )
        tokens = Counter(
            "haechi_tokens_total", "Tokens taken in and written.", ["zone", "direction"], registry=registry
        )
        self._requests = _Children(requests, ZONES, LEVELS, OUTCOMES)
        self._duration = _Children(duration, ZONES)
        self._first = _Children(first, ZONES)
        self._refusals = _Children(refusals, frozenset(rules))
        self._attempts = _Children(attempts, frozenset(destinations), OUTCOMES)
        self._tokens = _Children(tokens, ZONES, frozenset({"in", "out"}))

    def settled(self, *, route: str, zone: str, level: str, outcome: str, seconds: float) -> None:
        """A request ended. The route has more values than a metric should and is left to the ledger."""
        zone = zone or NOWHERE
        self._add(self._requests[zone, level, outcome], 1)
        self._observe(self._duration[zone,], seconds)

    def refused(self, *, rule: str) -> None:
        """A request was refused by a rule or for want of a home."""
        self._add(self._refusals[rule,], 1)

    def attempted(self, *, destination: str, outcome: str) -> None:
        """A call to a destination ended."""
        self._add(self._attempts[destination, outcome], 1)

    def tokens(self, *, zone: str, taken: int, written: int) -> None:
        """Tokens that a call took in and wrote."""
        self._add(self._tokens[zone, "in"], taken)
        self._add(self._tokens[zone, "out"], written)

    def first_byte(self, *, zone: str, seconds: float) -> None:
        """Time from the start of a request to the first byte of its answer."""
        self._observe(self._first[zone,], seconds)

    def exposition(self) -> bytes:
        """The text that Prometheus scrapes, merged over all processes where there are several."""
        self.write_down()
        if MULTIPROCESS not in os.environ:
            return generate_latest(self._registry)
        return merged()

    def write_down(self) -> None:
        """Put what was summed up where Prometheus sees it."""
        pending, self._pending = self._pending, {}
        for value, amount in pending.items():
            value.inc(amount)

    def _add(self, value: Any, amount: float) -> None:
        first = not self._pending
        self._pending[value] = self._pending.get(value, 0) + amount
        if first:
            self._later(self.write_down)

    def _observe(self, histogram: Any, seconds: float) -> None:
        """What `Histogram.observe` does: the one bucket, and the sum."""
        self._add(histogram._buckets[bisect_left(histogram._upper_bounds, seconds)], 1)
        self._add(histogram._sum, seconds)


def merged() -> bytes:
    """The metrics of all processes of the node. For a process that counts nothing itself."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus-client leaves it untyped
    return generate_latest(registry)


class _Children(dict[tuple[str, ...], Any]):
    """The bound children of a metric by their labels, made when first asked for; foreign labels are `other`."""

    def __init__(self, metric: Counter | Histogram, *allowed: frozenset[str]) -> None:
        super().__init__()
        self._metric = metric
        self._allowed = allowed

    def __missing__(self, labels: tuple[str, ...]) -> Any:
        known = tuple(
            label if label in allowed else OTHER for label, allowed in zip(labels, self._allowed, strict=True)
        )
        child = self._metric.labels(*known)
        if known == labels:  # foreign labels are not kept: their number has no bound
            self[labels] = child
        return child
