"""The road of one request, on one screen.

    judge:           admit ─> classify ─> decide ─> deidentify
    answer, stream:  record intent ─> dispatch ─> release ─> send ─> reidentify ─> record settlement

Nothing is sent before its intent is durable, every send is cleared anew for where it goes, and the settlement
is durable before the last byte of the answer. A failure never becomes a trip to the cloud: what may be tried
next was decided before the first try, under the same label.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

from msgspec import structs

from haechi.catalogue.combinations import combined
from haechi.catalogue.prices import Price
from haechi.domain.chat import Answer, Chat, Chunk
from haechi.domain.decision import Call, Reason
from haechi.domain.errors import (
    AnswerWithheld,
    BackendFault,
    BadRequest,
    HomeUnavailable,
    LedgerUnavailable,
    NotCleared,
    Rejected,
)
from haechi.domain.label import Label, Level
from haechi.domain.ports import Backend, Clock, Exceptions, LabelStore, Ledger, Meter, Names, Seals
from haechi.domain.record import Outcome, Settlement
from haechi.domain.releasable import Receipt, Releasable, release
from haechi.gateway.admit.narrowing import Asked, declared
from haechi.gateway.classify.classify import UNSEEN, Classified, classify
from haechi.gateway.classify.leaves import Leaves
from haechi.gateway.classify.sight import Eyes
from haechi.gateway.decide.decide import NOT_NARROWED, Narrowing
from haechi.gateway.decide.decisions import Decisions
from haechi.gateway.decide.policy import Policy
from haechi.gateway.decide.refusals import forbidden, home_down, no_home
from haechi.gateway.decide.services import needed
from haechi.gateway.deidentify.replace import Plan
from haechi.gateway.dispatch.schedule import Schedule
from haechi.gateway.journey import Journey, Leg, combined_reasons, own_words, remembered_reasons, said, spoken
from haechi.gateway.taking_out import TakenOut, taken_out
from haechi.gateway.thoughts import Thoughts
from haechi.gateway.without_values import ToChat, chat_of, without_values

PriceOf = Callable[[str, str], Price | None]
"""Destination and model to a price; `None` where none is known."""


SHORTEST_REMEMBERED: Final = 8
"""Characters of a text that is worth a label: «네» and «계속해 줘» belong to every conversation."""

RAISED: Final = Label(Level.CONFIDENTIAL)
"""From here on a label is handed on. What is ordinary needs no memory."""


DETECTOR_BUDGET: Final = 2.0
"""Seconds that detectors may take for any text, and `DETECTOR_PACE` more for each of its characters: four times what new
Korean text costs, names and all, where another process shares the core."""

DETECTOR_PACE: Final = 5e-5


def in_time(seconds: float, body: Any) -> bool:
    """Whether detectors that took so long for `body` still worked, rather than hung."""
    return seconds <= DETECTOR_BUDGET or seconds <= DETECTOR_BUDGET + DETECTOR_PACE * sum(
        map(len, Leaves(body).texts)
    )


class Road:
    """The gateway's flow over its ports. One per worker; it keeps no state of any request. `thoughtful`: what a model
    thought, signed, is handed out sealed."""

    def __init__(
        self,
        *,
        policy: Callable[[], Policy],
        eyes: Eyes,
        backends: Mapping[str, Backend],
        ledger: Ledger,
        clock: Clock,
        names: Names,
        meter: Meter,
        price: PriceOf,
        status: Callable[[BaseException], int],
        labels: LabelStore,
        exceptions: Exceptions | None = None,
        seals: Seals | None = None,
        thoughtful: bool = True,
    ) -> None:
        self._policy = policy
        self._decisions = Decisions(policy())
        self._eyes = eyes
        self._backends = backends
        self._ledger = ledger
        self._clock = clock
        self._names = names
        self._meter = meter
        self._price = price
        self._status = status
        self._labels = labels
        self._covering = exceptions.covering if exceptions is not None else None
        self._seals = seals
        self._thoughts = Thoughts(seals if thoughtful else None)

    def classify(self, body: Any) -> Classified:
        """What a decoded body holds. May run in any thread. A detector that takes too long is not believed."""
        began = self._clock.monotonic()
        found = classify(body, self._eyes, self._covering)
        return found if in_time(self._clock.monotonic() - began, body) else UNSEEN

    def taken_out(self, body: Any, key: str) -> TakenOut:
        """`body`, in any form, without its values, for a caller who keeps what puts them back. May run in any thread.
        Raises `BadRequest`."""
        return taken_out(body, self.classify(body), self._eyes, self._plan(key), covering=self._covering)

    def remembered(self, text: str) -> Label:
        """What a text is known to be, whatever is found in it. Raises `LedgerUnavailable`."""
        return self._labels.known([text])

    def judge(
        self,
        classified: Classified,
        body: Any,
        chat: Chat,
        asked: Asked,
        key: str,
        reasons: tuple[Reason, ...] = (),
        strangers: tuple[str, ...] = (),
        *,
        surface: str = "chat",
        to_chat: ToChat = chat_of,
    ) -> Journey:
        """Decide about a classified request, whose `body` says what `chat` says; `reasons` are what happened to it
        before, `strangers` point at what is not the caller's own words, `to_chat` reads the dialect of `surface`. Raises
        `UnknownModel` and `LedgerUnavailable`.

        What a caller says of his own words by header holds whatever becomes of this request, and no more than he said:
        what was found in one of them is found there again, and is nothing that the others hold.
        """
        remembered = self._labels.known(spoken(chat))
        apart = classified.label.join(remembered)
        scanned = combined(apart)
        label = asked.raise_label(scanned)
        if asked.level is not None:
            self._keep(own_words(chat), declared(asked.level))
        noticed = (
            *reasons,
            *classified.reasons(),
            *remembered_reasons(remembered, classified.label),
            *combined_reasons(scanned, apart),
            *asked.reasons(scanned),
        )
        needs = chat.services
        inseparable = label != combined(classified.label) or self._knows_more(chat, remembered)
        narrowing = NOT_NARROWED
        if needs or asked.home_only or inseparable:
            narrowing = Narrowing(asked.home_only, needs, inseparable)
        decision, values = self._current().of(chat.model, label, narrowing, noticed), None
        if any(call.transform == "deidentified" for call in decision.calls):
            values = without_values(
                body,
                classified,
                self._eyes,
                self._covering,
                strangers,
                to_chat,
                self._plan(key),
                self._policy().taking.never_into,
            )
            if values is None:
                narrowing = structs.replace(narrowing, inseparable=True)
                decision = self._current().of(chat.model, label, narrowing, noticed)
        now, began = self._clock.now(), self._clock.monotonic()
        return Journey(
            self._names.record(),
            key,
            chat,
            classified,
            decision,
            now,
            began,
            narrowing,
            values,
            surface=surface,
        )

    def _plan(self, key: str) -> Plan:
        """How values of this caller are taken out. What is made up for them is drawn with a seed of his own."""
        policy = self._policy()
        strategies = policy.taking.strategies
        seed = b""
        if self._seals is not None and "surrogate" in strategies.values():
            seed = self._seals.seed(key)
        return Plan(strategies, seed, policy.today)

    def _knows_more(self, chat: Chat, remembered: Label) -> bool:
        """Whether a text is known to be more than what is found in it now: what another text of the request holds does
        not explain that."""
        if not remembered.covers(RAISED):
            return False
        return any(
            known.covers(RAISED) and not self.classify(text).label.covers(known)
            for text in spoken(chat)
            if (known := self._labels.known([text])).level > Level.PUBLIC
        )

    async def answer(self, journey: Journey) -> Answer:
        """Send and wait for the whole answer. Raises `Refused`, `LedgerUnavailable` or a `BackendFault`."""
        leg: Leg | None = None
        try:
            receipt = await self._enter(journey)
            schedule = Schedule(journey.decision.calls)
            call = schedule.first()
            while True:
                try:
                    leg, backend, released = self._leg(journey, call, receipt)
                    answer = await backend.complete(released)
                except (BackendFault, BadRequest) as fault:
                    call, leg = self._after(fault, journey, leg, schedule), None
                else:
                    self._arrived(journey, leg)
                    leg.usage = answer.usage
                    if leg.values is not None:
                        restored = leg.values.restored(answer)
                        answer = restored.answer
                        journey.restored.add(restored.counts)
                    answer = self._thoughts.of_answer(answer, *leg.issued(journey))
                    texts = (text for choice in answer.choices for text in said(choice.message))
                    self._remember(journey, texts)
                    await self._settle(journey, leg, "answered", None)
                    return answer
        except BaseException as error:
            await self._close(journey, leg, error)
            raise

    async def stream(self, journey: Journey) -> AsyncGenerator[Chunk, None]:
        """Send and yield the answer as it comes; another call is tried only before the first chunk."""
        leg: Leg | None = None
        try:
            receipt = await self._enter(journey)
            schedule = Schedule(journey.decision.calls)
            call = schedule.first()
            while True:
                try:
                    leg, backend, released = self._leg(journey, call, receipt)
                    async with aclosing(backend.stream(released)) as chunks:
                        async for chunk in chunks:
                            if leg.first_byte is None:
                                self._arrived(journey, leg)
                            leg.usage = chunk.usage or leg.usage
                            for piece in leg.read(chunk):
                                journey.hear(piece)
                                yield self._thoughts.of_chunk(piece, *leg.issued(journey))
                    for piece in leg.rest(journey.restored):
                        journey.hear(piece)
                        yield piece
                except (BackendFault, BadRequest) as fault:
                    if leg is not None and leg.first_byte is not None:
                        for piece in leg.rest(journey.restored):
                            journey.hear(piece)
                            yield piece
                        raise
                    call, leg = self._after(fault, journey, leg, schedule), None
                else:
                    self._remember(journey, journey.heard_texts)
                    await self._settle(journey, leg, "answered", None)
                    return
        except BaseException as error:
            with suppress(LedgerUnavailable):  # what was read of it may come back as history, too
                self._keep(journey.heard_texts, journey.answer_label)
            await self._close(journey, leg, error)
            raise

    def _remember(self, journey: Journey, answers: Iterable[str]) -> None:
        """Let the answer carry the request's label into later turns, where a scan of it would not give it. What is
        ordinary is not even read."""
        try:
            self._keep(answers, journey.answer_label)
        except LedgerUnavailable as unwritten:  # the call was made: nobody may be told that nothing was sent
            raise AnswerWithheld from unwritten

    def _keep(self, texts: Iterable[str], label: Label) -> None:
        if label.covers(RAISED) and (long := [text for text in texts if len(text) >= SHORTEST_REMEMBERED]):
            self._labels.remember(long, label)

    async def _enter(self, journey: Journey) -> Receipt:
        """Put the intent on record; a refusal is recorded and raised here."""
        decision = journey.decision
        intent = journey.intent()
        if not decision.refused:
            return await self._ledger.open(intent)
        error = forbidden(decision) if decision.because[-1].code == "refused" else no_home()
        self._meter.refused(rule=decision.rule)
        journey.settled = True
        await self._ledger.append([intent, self._settlement(journey, "refused", self._status(error))])
        raise error

    def _leg(self, journey: Journey, call: Call, receipt: Receipt) -> tuple[Leg, Backend, Releasable]:
        """The next leg: decided, rendered in its backend's wire and cleared, anew, for its destination. A day may have
        ended since the first decision, and with it a contract or a fact."""
        current, label = self._current(), journey.decision.label
        if call not in current.of(journey.chat.model, label, journey.narrowing).calls:
            raise NotCleared(call.destination, label)
        policy = current.policy
        destination = policy.destinations[call.destination]
        backend = self._backends[call.destination]
        chat, values = journey.told(call)
        mapping = values.mapping if values is not None else None
        chat, journey.forgotten = self._thoughts.recalled(chat, journey.key, call.destination, mapping)
        body = backend.render(chat, call.model)
        if values is not None and values.still_in(body):
            raise NotCleared(call.destination, label)
        clearance = policy.clearances[call.destination]
        released = release(
            body,
            call,
            destination,
            clearance,
            label,
            receipt,
            policy.version,
            needed(journey.narrowing.needs, destination, call.model),
        )
        journey.heads_for(call, destination)
        leg = Leg(call, destination, self._clock.now(), self._clock.monotonic(), values)
        return leg, backend, released

    def _current(self) -> Decisions:
        """The decisions of the policy that is in force now."""
        policy = self._policy()
        if self._decisions.policy is not policy:
            self._decisions = Decisions(policy)
        return self._decisions

    def _arrived(self, journey: Journey, leg: Leg) -> None:
        leg.first_byte = now = self._clock.monotonic()
        self._meter.first_byte(zone=leg.destination.zone, seconds=now - journey.began)

    def _after(
        self, fault: BackendFault | BadRequest, journey: Journey, leg: Leg | None, schedule: Schedule
    ) -> Call:
        """The next call. Where there is none, raises what the caller is told."""
        following = schedule.after(fault)
        if following is None:
            if journey.at_home_only and isinstance(fault, BackendFault) and not isinstance(fault, Rejected):
                raise home_down(fault) from fault
            raise fault
        if leg is not None:
            self._note(journey, leg, "failed", fault)
        return following

    def _note(self, journey: Journey, leg: Leg, outcome: Outcome, fault: BaseException | None) -> None:
        """Keep the leg as a row of the journey."""
        price = self._price(leg.destination.name, leg.call.model)
        journey.attempts.append(leg.row(journey, outcome, fault, self._clock.monotonic(), price))
        self._meter.attempted(destination=leg.destination.name, outcome=outcome)
        if leg.usage:
            self._meter.tokens(zone=leg.destination.zone, taken=leg.usage.input, written=leg.usage.output)

    async def _close(self, journey: Journey, leg: Leg | None, error: BaseException) -> None:
        """Settle a journey that ends in an error, whatever it is, also when its own task is being cancelled."""
        if journey.settled or isinstance(error, LedgerUnavailable):
            return
        left = isinstance(error, asyncio.CancelledError | GeneratorExit)
        outcome: Outcome = "cancelled" if left else "failed"
        fault = error.__cause__ if isinstance(error, HomeUnavailable) else error
        with suppress(
            AnswerWithheld
        ):  # the caller is told what went wrong first; the writer settles what is left
            await asyncio.shield(self._settle(journey, leg, outcome, fault, error))

    async def _settle(
        self,
        journey: Journey,
        leg: Leg | None,
        outcome: Outcome,
        fault: BaseException | None,
        error: BaseException | None = None,
    ) -> None:
        """Make the last attempt and the end of the journey durable."""
        journey.settled = True
        if leg is not None:
            self._note(journey, leg, outcome, fault)
        status = 200 if error is None else self._status(error)
        settlement = self._settlement(journey, outcome, status)
        try:
            await self._ledger.append([*journey.attempts, settlement])
        except LedgerUnavailable as unwritten:
            raise AnswerWithheld from unwritten

    def _settlement(self, journey: Journey, outcome: Outcome, status: int) -> Settlement:
        seconds = self._clock.monotonic() - journey.began
        level = journey.decision.label.level.word
        self._meter.settled(
            route=journey.route, zone=journey.zone, level=level, outcome=outcome, seconds=seconds
        )
        return journey.settlement(self._clock.now(), outcome, status)
