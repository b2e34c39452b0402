"""What an upstream's refusal means: one table from status to fault. Its own words are read, never passed on."""

from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import time
from typing import Final

from haechi.domain.errors import (
    BackendFault,
    ContextTooLong,
    Garbled,
    Misconfigured,
    Overloaded,
    Rejected,
    TimedOut,
)

_BY_STATUS: Final[dict[int, type[BackendFault]]] = {
    400: Rejected,
    401: Misconfigured,
    402: Misconfigured,  # no credit left: the account, not the request
    403: Misconfigured,
    404: Misconfigured,
    405: Misconfigured,
    408: TimedOut,
    409: Overloaded,
    413: Rejected,
    415: Rejected,
    422: Rejected,
    425: Overloaded,
    429: Overloaded,
    504: TimedOut,
}

MAX_RETRY_AFTER: Final = 3600
"""Seconds. An upstream that asks for more is not believed."""

OVERFLOW_SIGNS: Final = (
    b"context_length_exceeded",  # OpenAI, Azure: error.code
    b"exceed_context_size_error",  # llama.cpp: error.type
    b"maximum context length",  # vLLM < 0.16, OpenAI: error.message
    b"model's context length",  # vLLM >= 0.16
    b"context size has been exceeded",  # llama.cpp, answered with 500
    b"prompt is too long",  # Anthropic
    b"exceed context limit",  # Anthropic: input length and max_tokens
    b"exceeds the maximum number of tokens",  # Gemini: the input token count (...)
)
"""How services say, in lower case, that a request is longer than the model's context; most have no code for it."""


KEY_REFUSED: Final = b"API_KEY_INVALID"
"""How Gemini refuses a key: with 400."""


_PASSING: Final = (Overloaded, TimedOut)
"""Faults that may pass by themselves; to wait for any other would be in vain."""


def fault(destination: str, status: int, headers: dict[bytes, bytes], body: bytes) -> BackendFault:
    """The fault that an answer with `status` stands for."""
    if status in (400, 413, 422, 500) and _overflows(body):
        return ContextTooLong(destination)
    if 300 <= status < 400 or (status == 400 and KEY_REFUSED in body):
        return Misconfigured(destination)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
        kind = _BY_STATUS.get(status, Overloaded)
    else:
        kind = _BY_STATUS.get(status, Rejected if 400 <= status < 500 else Garbled)
    wait = _seconds(headers.get(b"retry-after")) if kind in _PASSING else None
    return kind(destination, retry_after=wait)


def _overflows(body: bytes) -> bool:
    said = body[:8192].lower()
    return any(sign in said for sign in OVERFLOW_SIGNS)


def _seconds(value: bytes | None) -> int | None:
    """`Retry-After` (RFC 9110, 10.2.3) in seconds from now, rounded up; `None` where it says nothing usable."""
    if value is None:
        return None
    text = value.decode("latin-1").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time()
        except ValueError:
            return None
    if not 0 <= seconds < float("inf"):
        return None
    return min(int(-(-seconds // 1)), MAX_RETRY_AFTER)
