"""Everything that can go wrong, as one small tree.

    HaechiError
    ├── ConfigurationError      haechi.yaml, the command line, the machine: fix it and start again
    ├── CallerError             the request: the caller can mend it
    │   ├── BadRequest
    │   ├── Unauthenticated
    │   ├── UnknownModel
    │   ├── UnknownRoute
    │   ├── MethodNotAllowed
    │   ├── TooLarge
    │   └── SealBroken          what was handed out sealed is another's, changed or expired
    ├── Refused                 policy says no, or nobody who may answer is there
    │   ├── NotCleared
    │   ├── Forbidden
    │   └── HomeUnavailable
    ├── LedgerUnavailable       nothing can be put on record, so nothing is sent
    ├── AnswerWithheld          it was sent and answered, but its end cannot be put on record
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

from haechi.domain.korean import with_particle
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


class UnknownObject(CallerError):
    """No object of that name belongs to this caller."""


class MethodNotAllowed(CallerError):
    """Something is served at that path, by another method."""


class TooLarge(CallerError):
    """The body is larger than the limit."""


class SealBroken(CallerError):
    """What was handed out sealed does not open: it is another caller's or site's, was changed, or has expired."""


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
                ko=f"보내지 않았습니다: 등급 {with_particle(level, '은/는')} 목적지 "
                f"{with_particle(destination, '으로/로')} 나갈 수 없습니다.",
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


class AnswerWithheld(HaechiError):
    """The settlement could not be made durable, so the last byte is not given out. The call was made."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                ko="요청은 보냈고 답도 왔지만 원장에 마무리를 기록하지 못해 답을 내보내지 않습니다. 다시 보내면 두 번 과금될 수 "
                "있습니다. 디스크 여유와 `haechi doctor` 를 확인하세요.",
                en="The request was sent and answered, but its end could not be put on record, so the answer is withheld. "
                "Sending it again may be charged twice. Check disk space and `haechi doctor`.",
            )
        )


class BackendFault(HaechiError):
    """A destination failed. The backend's own words are never part of it."""

    happened = Text(ko="요청을 처리하지 못했습니다", en="could not serve the request")
    mend = Text(ko="잠시 뒤에 다시 보내세요.", en="Send it again in a while.")

    def __init__(self, destination: str, *, retry_after: int | None = None) -> None:
        super().__init__(
            Text(
                ko=f"목적지 {destination}: {self.happened.ko}. {self.mend.ko}",
                en=f"Destination {destination} {self.happened.en}. {self.mend.en}",
            )
        )
        self.destination = destination
        self.retry_after = retry_after


class Unreachable(BackendFault):
    """No connection, or it broke."""

    happened = Text(ko="연결할 수 없거나 연결이 끊겼습니다", en="cannot be reached, or broke the connection")
    mend = Text(
        ko="주소와 망을 확인하거나 잠시 뒤에 다시 보내세요.",
        en="Check its address and the network, or send it again.",
    )


class TimedOut(BackendFault):
    """No answer in time."""

    happened = Text(ko="제때 답하지 않았습니다", en="did not answer in time")
    mend = Text(
        ko="다시 보내거나 haechi.yaml 의 limits 를 올리세요.",
        en="Send it again, or raise the limits in haechi.yaml.",
    )


class Overloaded(BackendFault):
    """It answered 429, 5xx or «loading»."""

    happened = Text(ko="바쁘거나 장애가 있습니다", en="is busy or has a fault of its own")


class Rejected(BackendFault):
    """It answered 400, 413 or 422: the request is wrong for it."""

    happened = Text(ko="이 요청을 받아들이지 않았습니다", en="does not accept this request")
    mend = Text(
        ko="모델이 지원하는 항목인지 확인하세요.", en="Check that its model supports every field of it."
    )


class ContextTooLong(Rejected):
    """The request is longer than the model's context."""

    happened = Text(
        ko="요청이 모델의 문맥 길이를 넘습니다", en="says that the request is longer than its model's context"
    )
    mend = Text(
        ko="대화를 줄이거나 문맥이 더 긴 모델을 쓰세요.",
        en="Shorten the conversation, or use a model with a longer context.",
    )


class Misconfigured(BackendFault):
    """It answered 401, 403, 404 or a redirect: our key, model name or address is wrong."""

    happened = Text(
        ko="키나 모델 이름, 주소를 받아들이지 않았습니다",
        en="does not accept our key, the model name or the address",
    )
    mend = Text(
        ko="haechi.yaml 의 그 목적지에서 key, models, base_url 을 확인하세요.",
        en="Check key, models and base_url of that destination in haechi.yaml.",
    )


class Garbled(BackendFault):
    """It answered something that is not its protocol."""

    happened = Text(ko="알아들을 수 없는 답을 보냈습니다", en="answered something that is not its protocol")
    mend = Text(
        ko="그 목적지의 provider 와 base_url 을 확인하거나 다시 보내세요.",
        en="Check provider and base_url of that destination, or send it again.",
    )
