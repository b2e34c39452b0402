from haechi.catalogue.prices import Price, Rates
from haechi.domain.chat import Usage
from haechi.domain.decision import Call, Decision, Reason
from haechi.domain.errors import Overloaded
from haechi.domain.label import Finding, Label, Level
from haechi.gateway.record.rows import attempt, count, intent, settlement

CALLS = (Call("claude", "opus"), Call("home", "local"))
FINDINGS = [
    Finding("phone", "/messages/0/content", 0, 13, Level.CONFIDENTIAL, 1.0, "phone.kr"),
    Finding("person", "/messages/0/content", 20, 23, Level.CONFIDENTIAL, 0.9, "person.ko"),
    Finding("phone", "/messages/1/content", 5, 18, Level.CONFIDENTIAL, 1.0, "phone.kr"),
]
DECISION = Decision(
    Label(Level.CONFIDENTIAL, frozenset({"phone", "person"})),
    CALLS,
    "r-1",
    (Reason("nothing_found"),),
    policy="p",
)


def test_an_intent_counts_findings_and_keeps_no_place_of_them() -> None:
    row = intent(
        record="r",
        at=1.0,
        key="k",
        surface="chat",
        model="auto",
        stream=False,
        findings=count(FINDINGS),
        decision=DECISION,
    )
    assert row.findings == {"person": 1, "phone": 2}
    assert (row.level, row.kinds, row.calls, row.policy) == ("confidential", ("person", "phone"), CALLS, "p")


def test_a_request_that_fell_back_is_settled_with_the_route_that_answered() -> None:
    price = Price(Rates(1_000_000, 100_000, 2_000_000))
    first = attempt(
        record="r",
        number=1,
        at=1.0,
        call=CALLS[0],
        zone="cloud",
        outcome="failed",
        total_seconds=0.5,
        fault=Overloaded("claude"),
        usage=Usage(),
        price=price,
    )
    second = attempt(
        record="r",
        number=2,
        at=1.5,
        call=CALLS[1],
        zone="onprem",
        outcome="answered",
        total_seconds=2.0,
        first_byte=0.2,
        usage=Usage(input=10, output=20),
    )
    row = settlement(record="r", at=4.0, outcome="answered", status=200, attempts=[first, second])
    assert (first.fault, first.cost_nano_usd) == ("Overloaded", 0)
    assert (second.tokens_in, second.tokens_out, second.cost_nano_usd) == (10, 20, None)
    assert (row.route, row.cost_nano_usd) == ("onprem/home/local", 0)


def test_a_refusal_has_no_route_and_no_cost() -> None:
    row = settlement(record="r", at=1.0, outcome="refused", status=403)
    assert (row.route, row.cost_nano_usd) == ("", None)


def test_what_broke_under_way_is_settled_with_the_route_that_was_tried_last() -> None:
    tries = [
        attempt(
            record="r",
            number=number,
            at=1.0,
            call=call,
            zone="cloud",
            outcome="failed",
            total_seconds=0.5,
            fault=Overloaded(call.destination),
        )
        for number, call in ((1, CALLS[1]), (2, CALLS[0]))
    ]
    row = settlement(record="r", at=2.0, outcome="failed", status=502, attempts=tries)
    assert row.route == "cloud/claude/opus"
