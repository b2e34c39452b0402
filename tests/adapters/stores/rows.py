"""Rows as the tests need them."""

from haechi.domain.decision import Call, Reason
from haechi.domain.destination import Missing
from haechi.domain.record import Attempt, Intent, Outcome, Settlement
from haechi.domain.text import Text


def intent(record: str, at: float = 1_790_000_000.0) -> Intent:
    """An intent with something in every field."""
    return Intent(
        record=record,
        at=at,
        key="app",
        surface="chat",
        model="auto",
        stream=True,
        level="confidential",
        kinds=("person", "phone"),
        findings={"person": 2, "phone": 1},
        calls=(Call("claude", "opus", "deidentified"), Call("home", "local")),
        rule="confidential-out",
        because=(Reason("label", {"level": "confidential", "kinds": "person, phone"}),),
        missing=Missing("destinations.claude.contract.dpa_id", Text("위탁 계약 번호", "the DPA number")),
        policy="p-1",
    )


def attempt(record: str, number: int = 1) -> Attempt:
    """An attempt that was answered."""
    return Attempt(
        record=record,
        number=number,
        at=1_790_000_000.5,
        destination="claude",
        zone="cloud",
        model="opus",
        outcome="answered",
        fault=None,
        first_byte=0.25,
        total=1.5,
        tokens_in=1000,
        tokens_out=200,
        tokens_cached=0,
        tokens_reasoning=10,
        tokens_counted_here=False,
        cost_nano_usd=8_000_000,
    )


def settlement(record: str, outcome: Outcome = "answered") -> Settlement:
    """A settlement of an answered request."""
    return Settlement(record, 1_790_000_002.0, outcome, 200, "cloud/claude/opus", 8_000_000)
