"""Everything that can go wrong, as one small tree.

    HaechiError
    ├── ConfigurationError      haechi.yaml, the command line, the machine: fix it and start again
    ├── CallerError             the request: the caller can mend it
    │   ├── BadRequest
    │   ├── Unauthenticated
    │   ├── UnknownModel
    │   ├── UnknownRoute
    │   ├── MethodNotAllowed
    │   └── TooLarge
    ├── Refused                 policy says no, or nobody who may answer is there
    │   ├── NotCleared
    │   ├── Forbidden
    │   └── HomeUnavailable
    ├── LedgerUnavailable       nothing can be put on record, so nothing is sent
    └── BackendFault            a destination failed
        ├── Unreachable
        ├── TimedOut
        ├── Overloaded
        ├── Rejected            it says the request is wrong: no reason to try elsewhere
        │   └── ContextTooLong
        ├── Misconfigured       it refuses our key, or does not know the model
        └── Garbled

Every error says what happened, why, and what to do next, in both languages, and never quotes a customer's
text. `app/web/errors.py` turns the tree into HTTP, `app/cli` into exit codes.
"""

from haechi.domain.label import Label
from haechi.domain.text import Text


class HaechiError(Exception):
    """The root. `text` is what people read."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class ConfigurationError(HaechiError):
    """The installation is at fault. `where` names file, line or option."""

    def __init__(self, text: Text, where: str = "") -> None:
        super().__init__(text)
        self.where = where


class CallerError(HaechiError):
    """The request is at fault. `param` is the field, `code` what SDKs switch on."""

    def __init__(self, text: Text, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(text)
        self.param = param
        self.code = code


class BadRequest(CallerError):
    """Malformed, ill-typed or contradictory."""


class Unauthenticated(CallerError):
    """No key, or a key that is not ours."""


class UnknownModel(CallerError):
    """No destination offers a model of that name."""


class UnknownRoute(CallerError):
    """Nothing is served at that path."""


class MethodNotAllowed(CallerError):
    """Something is served at that path, by another method."""


class TooLarge(CallerError):
    """The body is larger than the limit."""


class Refused(HaechiError):
    """The decision was no. `retry_after` in seconds where waiting may help."""

    def __init__(self, text: Text, *, retry_after: int | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class NotCleared(Refused):
    """Something was about to go where its label may not go. Raised before any byte is sent."""

    def __init__(self, destination: str, label: Label) -> None:
        level = label.level.word
        super().__init__(
            Text(
                ko=f"보내지 않았습니다: 등급 {level} 은(는) 목적지 {destination}(으)로 나갈 수 없습니다.",
                en=f"Not sent: level {level} is not cleared for destination {destination}.",
            )
        )


class Forbidden(Refused):
    """A rule refuses the request outright."""


class HomeUnavailable(Refused):
    """The request must stay on-prem and nothing on-prem can answer."""


class LedgerUnavailable(HaechiError):
    """The intent could not be made durable; nothing was sent."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="원장에 기록할 수 없어 요청을 보내지 않았습니다. 디스크 여유와 `haechi doctor` 를 확인하세요.",
                en="Nothing was sent, because it could not be put on record. Check disk space and `haechi doctor`.",
            )
        )


class BackendFault(HaechiError):
    """A destination failed. The backend's own words are never part of it."""

    def __init__(self, destination: str, *, retry_after: int | None = None) -> None:
        kind = type(self).__name__
        super().__init__(Text(ko=f"목적지 {destination}: {kind}", en=f"Destination {destination}: {kind}"))
        self.destination = destination
        self.retry_after = retry_after


class Unreachable(BackendFault):
    """No connection, or it broke."""


class TimedOut(BackendFault):
    """No answer in time."""


class Overloaded(BackendFault):
    """It answered 429, 5xx or «loading»."""


class Rejected(BackendFault):
    """It answered 400, 413 or 422: the request is wrong for it."""


class ContextTooLong(Rejected):
    """The request is longer than the model's context."""


class Misconfigured(BackendFault):
    """It answered 401, 403, 404 or a redirect: our key, model name or address is wrong."""


class Garbled(BackendFault):
    """It answered something that is not its protocol."""
