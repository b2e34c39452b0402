"""One request on its way: what is known of it so far, for headers and for the record."""

from msgspec import Struct

from haechi.domain.chat import Chat, Usage
from haechi.domain.decision import Call, Decision
from haechi.domain.destination import Destination
from haechi.domain.record import Attempt, Intent, Outcome
from haechi.gateway.classify.classify import Classified


class Journey(Struct):
    """Grows from the moment a request is judged until it is settled.

    Times are seconds: `at` and `attempts` in Unix time, `began` on the monotonic clock.
    """

    record: str
    key: str
    chat: Chat
    classified: Classified
    decision: Decision
    at: float
    began: float
    attempts: list[Attempt] = []
    route: str = "none"
    zone: str = "none"
    plumbing: bool = False
    first_byte: float | None = None
    settled: bool = False

    @property
    def at_home_only(self) -> bool:
        """Whether nothing but on-prem destinations were ever to be tried."""
        return self.decision.because[-1].code == "stays_home"

    def heads_for(self, call: Call, destination: Destination) -> None:
        """From now on the answer comes from here, if it comes."""
        self.route = f"{destination.zone}/{destination.name}/{call.model}"
        self.zone = destination.zone
        self.plumbing = destination.plumbing

    def cost(self) -> int | None:
        """The cost of all attempts in nano-dollars; unknown as soon as one of them is."""
        costs = [attempt.cost_nano_usd for attempt in self.attempts if attempt.outcome == "answered"]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if costs and len(known) == len(costs) else None

    def intent(self) -> Intent:
        """What is about to happen, as it is written down."""
        decision = self.decision
        return Intent(
            record=self.record,
            at=self.at,
            key=self.key,
            surface="chat",
            model=decision.calls[0].model if decision.calls else "",
            stream=bool(self.chat.stream),
            level=decision.label.level.word,
            kinds=tuple(sorted(decision.label.kinds)),
            findings=self.classified.counts(),
            calls=decision.calls,
            rule=decision.rule,
            because=decision.because,
            missing=decision.missing,
            policy=decision.policy,
        )


class Leg(Struct):
    """One attempt under way. `began` is monotonic."""

    call: Call
    destination: Destination
    at: float
    began: float
    first_byte: float | None = None
    usage: Usage | None = None

    def row(
        self,
        number: int,
        record: str,
        outcome: Outcome,
        fault: BaseException | None,
        now: float,
        cost: int | None,
    ) -> Attempt:
        """The attempt as it is written down."""
        usage = self.usage or Usage()
        return Attempt(
            record=record,
            number=number,
            at=self.at,
            destination=self.destination.name,
            zone=self.destination.zone,
            model=self.call.model,
            outcome=outcome,
            fault=type(fault).__name__ if fault else None,
            first_byte=None if self.first_byte is None else self.first_byte - self.began,
            total=now - self.began,
            tokens_in=usage.input,
            tokens_out=usage.output,
            tokens_cached=usage.cached,
            tokens_reasoning=usage.reasoning,
            tokens_counted_here=usage.counted_here,
            cost_nano_usd=cost,
        )
