"""What a door asks before it lets anything out: of its own policy, its own detectors, and the ledger's seal.

    on record?  ─>  does my policy send this label there?  ─>  do the bytes hold and ask for no more?

The gate has answered all of it already. A gate that was taken over, or that errs, would answer wrongly; so nothing
that can be asked again is taken from it.
"""

import hmac
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from haechi.catalogue.tokens import LOOKALIKE, OWN, token_name, token_names
from haechi.domain.decision import Call
from haechi.domain.destination import NEVER_OUTSIDE, Destination, Service, Wire
from haechi.domain.errors import UnknownModel
from haechi.domain.label import Label, Level, join_all
from haechi.domain.ports import Clock, Exceptions
from haechi.domain.releasable import Releasable, sealed
from haechi.domain.token import is_token
from haechi.gateway.classify.classify import Classified, classify
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.decide.decisions import Decisions
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.services import needed
from haechi.gateway.flow import in_time

AsksFor = Callable[[Wire, Any], frozenset[Service] | None]
"""Which services a decoded body asks for in a wire; `None` where it is none that we would write."""

MOST_RECEIPTS: Final = 1 << 17
"""Receipts that are remembered as spent, some 40 MB."""

NOTHING_SAID: Final = Label(Level.PUBLIC)


class Objection(Struct, frozen=True):
    """Why something does not pass: one word, and kinds of the catalogue. Never a value."""

    what: str
    kinds: tuple[str, ...] = ()


class _Spent:
    """Which bytes each receipt was used for. A retry says the same again; other bytes need a record of their own. The
    oldest are forgotten, so that memory has an end: using one of them again takes as many records in between."""

    def __init__(self) -> None:
        self._bytes: dict[tuple[bytes, str, str, str], bytes] = {}
        self._lock = Lock()

    def on(self, seal: bytes, call: Call, digest: bytes) -> bool:
        """Whether the receipt is good for the bytes of `digest`; the first to ask has it."""
        with self._lock:
            first = self._bytes.setdefault((seal, call.destination, call.model, call.transform), digest)
            if len(self._bytes) > MOST_RECEIPTS:
                del self._bytes[next(iter(self._bytes))]
        return first == digest


class SecondLook:
    """Asked of every release that comes from another process."""

    def __init__(
        self,
        *,
        policy: Callable[[], Policy],
        eyes: Eyes,
        key: bytes,
        clock: Clock,
        holds_for: float,
        asks_for: AsksFor,
        exceptions: Exceptions | None = None,
    ) -> None:
        """`key`: what the ledger seals with; `holds_for`: seconds for which a receipt is good."""
        self._policy = policy
        self._decisions = Decisions(policy())
        self._eyes = eyes
        self._asks_for = asks_for
        self._covering = exceptions.covering if exceptions is not None else None
        self._key = key
        self._clock = clock
        self._holds_for = holds_for
        self._spent = _Spent()

    def objection(self, release: Releasable) -> Objection | None:
        """What stands against `release`; `None` where nothing does. May run in any thread."""
        if not self._on_record(release):
            return Objection("receipt")
        if not self._sends(release.call, release.label):
            return Objection("policy", tuple(sorted(release.label.kinds & NEVER_OUTSIDE)))
        return self._in_the_bytes(release, self._policy().destinations[release.call.destination])

    def _on_record(self, release: Releasable) -> bool:
        """Whether the ledger wrote down this label and this call, not too long ago, and for these bytes alone."""
        receipt, label = release.receipt, release.label
        age = self._clock.monotonic() - receipt.at
        if release.call not in receipt.calls or not 0 <= age <= self._holds_for:
            return False
        seal = sealed(self._key, receipt.record, label.level.word, label.kinds, receipt.calls, receipt.at)
        return hmac.compare_digest(seal, receipt.seal) and self._spent.on(seal, release.call, release.digest)

    def _sends(self, call: Call, label: Label) -> bool:
        """Whether this door's policy, rules, contracts and law, would have sent this label there by itself."""
        policy, decisions = self._policy(), self._decisions
        if decisions.policy is not policy:
            decisions = self._decisions = Decisions(policy)
        try:
            decision = decisions.of(f"{call.destination}/{call.model}", label)
        except UnknownModel:
            return False
        return call in decision.calls

    def _in_the_bytes(self, release: Releasable, destination: Destination) -> Objection | None:
        """What the bytes make a service do that no policy line allows, and, outside, what the detectors find that the
        label does not say. Bytes must be as our own encoder would write them: a key that stands twice could hide a
        value from one reader and show it to another."""
        body, label = release.body, release.label
        try:
            decoded = msgspec.json.decode(body)
            ours = msgspec.json.encode(decoded) == body
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
            return Objection("not our JSON")
        if not ours:
            return Objection("not our JSON")
        if type(decoded) is dict and decoded.get("model", release.call.model) != release.call.model:
            return Objection("model")  # where the path does not name it, the body chooses what answers
        needs = self._asks_for(destination.wire, decoded)
        if needs is None:
            return Objection("service")
        if destination.closed_service(needed(needs, destination, release.call.model), label.level):
            return Objection("service")
        if not destination.outside:
            return None
        began = self._clock.monotonic()
        found = classify(decoded, self._eyes, self._excused)
        if not in_time(self._clock.monotonic() - began, decoded):
            return Objection("detector")
        if release.call.transform == "deidentified":
            return self._left_in(found, release.call)
        unsaid = found.label.kinds - label.kinds | found.label.kinds & NEVER_OUTSIDE
        level = join_all((Label(each.level) for each in found.findings), NOTHING_SAID).level
        if unsaid or level > label.level:
            return Objection("bytes", tuple(sorted(found.label.kinds)))
        return None

    def _left_in(self, found: Classified, call: Call) -> Objection | None:
        """What is still in bytes that should be without values: no more than what would go there as it stands."""
        if found.unreadable is None and self._sends(structs.replace(call, transform="raw"), found.label):
            return None
        return Objection("bytes", tuple(sorted(found.label.kinds)))

    def _excused(self, kind: str, value: str, document: str) -> str | None:
        """What stands for a value is none, whatever the words beside it make of it."""
        if is_token(value, _TOKEN_NAMES):
            return "token"
        return self._covering(kind, value, document) if self._covering is not None else None


_TOKEN_NAMES: Final = frozenset({OWN, token_name(LOOKALIKE), *(each.name for each in token_names())})
