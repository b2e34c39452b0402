"""From status, headers and body to a fault."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from haechi.adapters.backends.faults import MAX_RETRY_AFTER, fault
from haechi.domain.errors import (
    BackendFault,
    ContextTooLong,
    Garbled,
    Misconfigured,
    Overloaded,
    Rejected,
    TimedOut,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, Garbled),
        (301, Misconfigured),
        (308, Misconfigured),
        (400, Rejected),
        (401, Misconfigured),
        (402, Misconfigured),
        (403, Misconfigured),
        (404, Misconfigured),
        (408, TimedOut),
        (409, Overloaded),
        (413, Rejected),
        (418, Rejected),
        (422, Rejected),
        (429, Overloaded),
        (500, Overloaded),
        (503, Overloaded),
        (504, TimedOut),
        (529, Overloaded),
        (599, Overloaded),
    ],
)
def test_a_status_has_a_meaning(status: int, kind: type[BackendFault]) -> None:
    assert type(fault("cloud", status, {}, b"<html>")) is kind


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"error":{"code":"context_length_exceeded","message":"..."}}'),
        (
            400,
            b'{"error":{"code":400,"message":"request (9 tokens) exceeds","type":"exceed_context_size_error"}}',
        ),
        (500, b'{"error":{"code":500,"message":"Context size has been exceeded.","type":"server_error"}}'),
        (400, b'{"object":"error","message":"This model\'s maximum context length is 16384 tokens."}'),
        (400, b'{"error":{"message":"However, the model\'s context length is only 1024 tokens"}}'),
        (400, b'{"error":{"message":"prompt is too long: 207791 tokens > 200000 maximum"}}'),
        (400, b'{"error":{"message":"input length and `max_tokens` exceed context limit: 1 + 2 > 2"}}'),
        (
            400,
            b'{"error":{"message":"The input token count (9) exceeds the maximum number of tokens allowed (8)."}}',
        ),
    ],
)
def test_services_say_in_many_ways_that_a_prompt_is_too_long(status: int, body: bytes) -> None:
    assert type(fault("cloud", status, {}, body)) is ContextTooLong


def test_a_refused_key_is_our_fault_even_where_it_is_answered_with_400() -> None:
    body = b'{"error":{"code":400,"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}'
    assert type(fault("cloud", 400, {}, body)) is Misconfigured


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"0", 0),
        (b"7", 7),
        (b"1.2", 2),
        (b" 30 ", 30),
        (b"999999999", MAX_RETRY_AFTER),
        (b"-1", None),
        (b"nan", None),
        (b"inf", None),
        (b"soon", None),
        (b"", None),
        (b"\xff", None),
        (b"Wed, 21 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_how_long_to_wait(value: bytes, seconds: int | None) -> None:
    assert fault("cloud", 429, {b"retry-after": value}, b"").retry_after == seconds


def test_how_long_to_wait_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True).encode()
    seconds = fault("cloud", 503, {b"retry-after": date}, b"").retry_after
    assert seconds is not None
    assert 0 < seconds <= 600


def test_what_a_service_says_is_not_passed_on() -> None:
    found = fault("cloud", 400, {}, b'{"error":{"message":"your secret 900101-1234567"}}')
    assert "900101" not in f"{found} {found!r} {found.text}"
