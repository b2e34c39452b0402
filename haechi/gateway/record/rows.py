"""What happened, as rows of the ledger. No text of a request or an answer comes in here."""

from collections import Counter
from collections.abc import Iterable, Sequence

from haechi.catalogue.prices import Price
from haechi.domain.chat import Usage
from haechi.domain.decision import Call, Decision
from haechi.domain.destination import Zone
from haechi.domain.label import Finding
from haechi.domain.record import Attempt, Intent, Outcome, Settlement, Transforms
from haechi.gateway.record.cost import cost, total

NO_USAGE = Usage()


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each kind, in the order of the alphabet."""
    return dict(sorted(Counter(finding.kind for finding in findings).items()))


def intent(
    *,
    record: str,
    at: float,
    key: str,
    surface: str,
    model: str,
    stream: bool,
    findings: dict[str, int],
    decision: Decision,
) -> Intent:
    """What is about to happen. `model` is the name the caller asked for, `findings` comes from `count`."""
    return Intent(
        record=record,
        at=at,
        key=key,
        surface=surface,
        model=model,
        stream=stream,
        level=decision.label.level.word,
        kinds=tuple(sorted(decision.label.kinds)),
        findings=findings,
        calls=decision.calls,
        rule=decision.rule,
        because=decision.because,
        missing=decision.missing,
        policy=decision.policy,
    )


def attempt(
    *,
    record: str,
    number: int,
    at: float,
    call: Call,
    zone: Zone,
    outcome: Outcome,
    total_seconds: float,
    first_byte: float | None = None,
    fault: BaseException | None = None,
    usage: Usage | None = None,
    price: Price | None = None,
) -> Attempt:
    """How one call went. Without `usage` its cost is unknown, whatever the price."""
    tokens = usage or NO_USAGE
    return Attempt(
        record=record,
        number=number,
        at=at,
        destination=call.destination,
        zone=zone,
        model=call.model,
        outcome=outcome,
        fault=type(fault).__name__ if fault else None,
        first_byte=first_byte,
        total=total_seconds,
        tokens_in=tokens.input,
        tokens_out=tokens.output,
        tokens_cached=tokens.cached,
        tokens_reasoning=tokens.reasoning,
        tokens_counted_here=tokens.counted_here,
        cost_nano_usd=cost(usage, price),
    )


def settlement(
    *,
    record: str,
    at: float,
    outcome: Outcome,
    status: int,
    attempts: Sequence[Attempt] = (),
    transforms: Transforms | None = None,
) -> Settlement:
    """How it ended for the caller. The route is that of the attempt that answered, else of the last one that was
    made: what broke after bytes went out has gone somewhere, too."""
    answered = [each for each in attempts if each.outcome == "answered"] or attempts
    return Settlement(
        record=record,
        at=at,
        outcome=outcome,
        status=status,
        route=route(answered[-1]) if answered else "",
        cost_nano_usd=total(attempts),
        transforms=transforms,
    )


def route(attempt: Attempt) -> str:
    """`zone/destination/model`, as in the header x-haechi-route."""
    return f"{attempt.zone}/{attempt.destination}/{attempt.model}"
