"""A small town for the state machine: workers that share stores, a home, three clouds, and everything that can break.

The gate, the road, the rules, the scanner and the label store are the real ones; models are haechi's own fakes, so
that a step takes a millisecond and twenty thousand of them a minute.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from haechi.adapters.backends.client import Timeouts
from haechi.adapters.backends.fake import FakeBackend
from haechi.adapters.backends.fake_faults import Fault, Faults
from haechi.adapters.stores.labels import SqliteLabels, prepare_labels
from haechi.adapters.stores.memory import MemoryLedger
from haechi.adapters.telemetry.nothing import NoMeter
from haechi.app.settings.compile import policy
from haechi.app.settings.load import parse
from haechi.app.web import errors
from haechi.app.web.app import Gate
from haechi.app.wiring import SystemNames, detectors, no_prices
from haechi.domain.errors import LedgerUnavailable
from haechi.domain.label import Label
from haechi.domain.record import Row
from haechi.domain.releasable import Receipt, Releasable
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.decide.policy import Policy
from haechi.gateway.flow import DETECTOR_BUDGET, Road

WORKERS: Final = 3
CLOUDS: Final = ("gpt", "claude", "seoul")
BEFORE, AFTER = date(2026, 11, 22), date(2026, 12, 5)
"""Days on which the contracts with an end are in force, and are not."""

HOME = "home: {provider: fake, zone: onprem, models: [home-model], services: {fetch: restricted}}"
GPT = "gpt: {provider: fake, models: [gpt-model], contract: openai-api-standard, services: {web_search: internal}}"
BARE = "gpt: {provider: fake, models: [gpt-model]}"
SIDE = "dpa_id: D-1, transfer_basis: policy_notice, attested_by: ciso, valid_until: 2026-11-30"
CLAUDE = (
    f"claude: {{provider: fake, models: [claude-model], contract: {{preset: anthropic-commercial, {SIDE}}}}}"
)
SECLUDED = (
    "verified_on: 2026-11-01, country_rest: KR, country_inference: KR, country_logs: KR, zero_retention: true, "
    "private_network: true"
)
SEOUL = (
    "seoul: {provider: fake, models: [seoul-model], contract: "
    f"{{preset: openai-api-standard, {SIDE}, facts: {{{SECLUDED}}}}}}}"
)
PLAIN, SECRET = "profile: general", "profile: finance-kr"
HOUSES: Final[dict[str, str]] = {
    "one cloud": f"{PLAIN}\ndestinations: {{{HOME}, {GPT}}}",
    "two clouds": f"{PLAIN}\ndestinations: {{{HOME}, {CLAUDE}, {GPT}}}",
    "no contract": f"{PLAIN}\ndestinations: {{{HOME}, {BARE}}}",
    "a bank": f"{SECRET}\ndestinations: {{{HOME}, {CLAUDE}, {GPT}}}",
    "no home": f"{PLAIN}\ndestinations: {{{GPT}, {CLAUDE}}}",
    "secluded": f"{PLAIN}\ndestinations: {{{HOME}, {SEOUL}}}",
    "home alone": f"{PLAIN}\ndestinations: {{{HOME}}}",
}
Health = Literal["well", "raises", "slow"]


@cache
def house(name: str, today: date) -> Policy:
    """The policy of one house on one day."""
    return policy(parse(HOUSES[name], "t", {}), None, today)


class Clock:
    """Time that passes only when something takes long."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000.0

    def now(self) -> float:
        return self.seconds

    monotonic = now


class Reply(NamedTuple):
    """What a caller got."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def route(self) -> str:
        return self.headers.get("x-haechi-route", "none")


class Ledger(MemoryLedger):
    """A ledger that may refuse to open, or to close, or both."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses: frozenset[str] = frozenset()

    async def open(self, row: Row) -> Receipt:
        if "open" in self.refuses:
            raise LedgerUnavailable
        return await super().open(row)

    async def append(self, rows: Sequence[Row]) -> None:
        if "append" in self.refuses:
            raise LedgerUnavailable
        await super().append(rows)


class Labels:
    """The real label store of one worker, unless the disk is gone."""

    def __init__(self, town: "Town") -> None:
        self._town = town
        self._store = SqliteLabels(town.data)

    def known(self, texts: Any) -> Label:
        self._alive()
        return self._store.known(texts)

    def remember(self, texts: Any, label: Label) -> None:
        self._alive()
        self._store.remember(texts, label)

    def close(self) -> None:
        self._store.close()

    def _alive(self) -> None:
        if not self._town.labels_well:
            raise LedgerUnavailable


class Place(FakeBackend):
    """A model service that notes whose request it got, and whether that was on record at that moment."""

    def __init__(self, name: str, town: "Town") -> None:
        soon = Timeouts(connect=0.001, first_byte=0.001, idle=0.001, total=0.1)
        super().__init__(name, outside=name != "home", timeouts=soon)
        self._town = town
        self.records: list[str] = []
        self.unrecorded = 0

    def breaks(self, fault: str) -> None:
        self._faults = Faults(Fault.of(fault))

    async def _take(self, release: Releasable) -> Any:
        self.records.append(release.receipt.record)
        self.unrecorded += not any(row.record == release.receipt.record for row in self._town.ledger.rows)
        return await super()._take(release)


class Town:
    """Everything, and a way to ask any worker for anything."""

    def __init__(self, data: Path) -> None:
        self.data = data
        prepare_labels(data)
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.ledger = Ledger()
        self.labels_well = True
        self.detector: Health = "well"
        self.name, self.today = "one cloud", BEFORE
        self.places = {name: Place(name, self) for name in ("home", *CLOUDS)}
        self._scan = _SCAN
        self._labels = [Labels(self) for _ in range(WORKERS)]
        self.workers = [self._worker(number) for number in range(WORKERS)]

    @property
    def policy(self) -> Policy:
        return house(self.name, self.today)

    def restart(self, number: int) -> None:
        """A worker dies and another one takes its place, with nothing in its memory."""
        self._labels[number].close()
        self._labels[number] = Labels(self)
        self.workers[number] = self._worker(number)

    def ask(self, worker: int, body: dict[str, Any], headers: dict[str, str]) -> Reply:
        """POST a chat to one worker."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/chat/completions",
            "client": ("127.0.0.1", 1),
            "headers": [(b"host", b"localhost"), *((k.encode(), v.encode()) for k, v in headers.items())],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        self.loop.run_until_complete(self.workers[worker](scope, receive, send))
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Reply(sent[0]["status"], head, b"".join(part.get("body", b"") for part in sent[1:]))

    def close(self) -> None:
        for labels in self._labels:
            labels.close()
        self.loop.close()

    def _look(self, text: str) -> list[Hit]:
        if self.detector == "raises":
            raise MemoryError
        if self.detector == "slow":
            self.clock.seconds += DETECTOR_BUDGET + 1
        hits: list[Hit] = self._scan(text)
        return hits

    def _worker(self, number: int) -> Gate:
        road = Road(
            policy=lambda: self.policy,
            eyes=Eyes(self._look),
            backends=dict(self.places),
            ledger=self.ledger,
            clock=self.clock,
            names=SystemNames(),
            meter=NoMeter(),
            price=no_prices,
            status=errors.status,
            labels=self._labels[number],
        )
        return Gate(
            road=road,
            policy=lambda: self.policy,
            keys=None,
            clock=self.clock,
            names=SystemNames(),
            exposition=lambda: b"",
            ready=dict,
            body_limit=1 << 20,
        )


_SCAN = detectors().scan
