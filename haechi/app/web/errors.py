"""The error tree as HTTP, in one table."""

from asyncio import CancelledError
from typing import Final

from haechi.domain import errors

TABLE: Final[dict[type[BaseException], tuple[int, str, str | None]]] = {
    errors.BadRequest: (400, "invalid_request_error", None),
    errors.Unauthenticated: (401, "authentication_error", "invalid_api_key"),
    errors.UnknownModel: (404, "invalid_request_error", "model_not_found"),
    errors.UnknownRoute: (404, "invalid_request_error", "unknown_url"),
    errors.UnknownObject: (404, "invalid_request_error", None),
    errors.MethodNotAllowed: (405, "invalid_request_error", "method_not_allowed"),
    errors.TooLarge: (413, "invalid_request_error", "request_too_large"),
    errors.SealBroken: (403, "permission_error", "mapping_refused"),
    errors.Forbidden: (403, "permission_error", "refused_by_policy"),
    errors.NotCleared: (403, "permission_error", "not_cleared"),
    errors.HomeUnavailable: (503, "service_unavailable_error", "onprem_unavailable"),
    errors.LedgerUnavailable: (503, "service_unavailable_error", "ledger_unavailable"),
    errors.AnswerWithheld: (500, "server_error", "answer_not_recorded"),
    errors.Unreachable: (502, "upstream_error", "upstream_unreachable"),
    errors.TimedOut: (504, "upstream_error", "upstream_timeout"),
    errors.Overloaded: (503, "upstream_error", "upstream_overloaded"),
    errors.ContextTooLong: (400, "invalid_request_error", "context_length_exceeded"),
    errors.Rejected: (400, "invalid_request_error", "upstream_rejected"),
    errors.Misconfigured: (502, "upstream_error", "upstream_misconfigured"),
    errors.Garbled: (502, "upstream_error", "upstream_garbled"),
    CancelledError: (499, "client_closed_request", None),
    GeneratorExit: (499, "client_closed_request", None),
}
"""Status, type and code by error. What is not named takes its parent's row; what has none is our own fault."""

_OURS: Final = (500, "server_error", "internal_error")
RETRY_LATER: Final = 5
"""Seconds a caller may wait after an answer that may pass by itself."""


def row(error: BaseException) -> tuple[int, str, str | None]:
    """Status, type and code of `error`."""
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), _OURS)


def status(error: BaseException) -> int:
    """The status of `error`."""
    return row(error)[0]


def retry_after(error: BaseException) -> int | None:
    """Seconds to wait where waiting may help."""
    given: int | None = getattr(error, "retry_after", None)
    return given or (RETRY_LATER if isinstance(error, errors.LedgerUnavailable) else None)
