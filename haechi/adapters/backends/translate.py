"""What translations out of the internal form share: saying what a wire cannot say, and reading small pieces."""

import re
from typing import Final

import msgspec

from haechi.domain.chat import Chat, JsonObject, Message, TextPart
from haechi.domain.errors import BadRequest
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

_DATA_URL: Final = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,([A-Za-z0-9+/=]+)", re.IGNORECASE)

_NEUTRAL: Final = {"logprobs": False, "logit_bias": {}, "frequency_penalty": 0, "presence_penalty": 0}
"""Values that ask for nothing."""


def unsupported(param: str, wire: str) -> BadRequest:
    """The refusal of a field that `wire` cannot express: answering without it would be answering something else."""
    return BadRequest(
        Text(
            ko=f"{with_particle(param, '은/는')} {wire} 로 보내는 모델에서 지원되지 않습니다. 이 필드를 빼거나 "
            "다른 모델을 고르세요.",
            en=f"{param} cannot be expressed for a model served over {wire}. Leave it out or choose another model.",
        ),
        param=param,
        code="unsupported_parameter",
    )


def refuse_fields(chat: Chat, wire: str, names: tuple[str, ...]) -> None:
    """Refuse every field in `names` that the caller has set, other than to what is meant without it."""
    for name in names:
        value = getattr(chat, name)
        if value is not None and value != _NEUTRAL.get(name):
            raise unsupported(name, wire)


def text_only(message: Message, number: int, wire: str) -> str:
    """The text of a message that may hold nothing else."""
    parts = () if isinstance(message.content, str) else message.content or ()
    if not all(isinstance(part, TextPart) for part in parts):
        raise unsupported(f"messages.{number}.content", wire)
    return message.text


def data_url(url: str) -> tuple[str, str] | None:
    """Media type and base64 of a `data:` URL, or `None` for any other URL.

    >>> data_url("data:image/png;base64,iVBO")
    ('image/png', 'iVBO')
    """
    match = _DATA_URL.fullmatch(url)
    return (match[1].lower(), match[2]) if match else None


def arguments(text: str, param: str) -> JsonObject:
    """The arguments of a tool call as an object. Raises `BadRequest` for anything else."""
    try:
        return msgspec.json.decode(text or "{}", type=JsonObject)
    except (ValueError, RecursionError):
        raise BadRequest(
            Text(
                ko=f"{with_particle(param, '은/는')} JSON 객체여야 합니다.",
                en=f"{param} must be a JSON object.",
            ),
            param=param,
        ) from None


def least(*limits: int | None) -> int | None:
    """The smallest limit that was set."""
    return min((limit for limit in limits if limit is not None), default=None)
