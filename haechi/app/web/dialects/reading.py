"""What reading a request has in common in every dialect: JSON that means one thing, and errors that quote nobody.

Fields that haechi does not know are scanned with the rest, never forwarded, and named to the caller.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
import orjson
from msgspec import Struct

from haechi.domain.chat import JsonObject
from haechi.domain.errors import BadRequest
from haechi.domain.text import Text

WIDENING: Final = frozenset(
    {
        "api_base",
        "api_key",
        "base_url",
        "custom_llm_provider",
        "extra_body",
        "extra_headers",
        "fallbacks",
        "mcp_servers",
    }
)
"""Fields by which other gateways let a caller choose where a request goes, or what a provider connects to."""

_SHOWN: Final = re.compile(r"[A-Za-z_][A-Za-z_.\-]{0,39}\d{0,2}\Z")
_MOST_SHOWN: Final = 20
_WHERE: Final = re.compile(r" - at `\$((?:\.[A-Za-z_]+|\[(?:\d{1,6}|\.\.\.)\])*)`\Z")
_WHAT: Final = re.compile(
    r"(?:Expected `[a-z |]+`(?:, got `[a-z]+`| [<>=]+ -?[0-9.]+)?|Object missing required field `[A-Za-z_]+`)\Z"
)
"""What may be said of msgspec's messages: the rest quotes values, which are the caller's."""


class Form(NamedTuple):
    """The fields of one piece of the body that are sent on, and the pieces in it. What a schema or a tool's parameters
    hold is the caller's own, and has no form."""

    fields: frozenset[str]
    inner: dict[str, "Form"]


def form_of(*kinds: type[Struct], **inner: Form) -> Form:
    """The form of a piece that is one of `kinds`."""
    fields = {name for kind in kinds for name in kind.__struct_encode_fields__}
    tags = {field for kind in kinds if (field := kind.__struct_config__.tag_field) is not None}
    return Form(frozenset(fields | tags), inner)


Typed = TypeVar("Typed")


def nothing_to_add(body: JsonObject) -> BadRequest | None:
    """No dialect knows better why such a body does not fit."""
    return None


def typed(
    body: JsonObject, kind: type[Typed], told: Callable[[JsonObject], BadRequest | None] = nothing_to_add
) -> Typed:
    """`body` as `kind`. Raises `BadRequest`: what `told` says of it, else which field does not fit."""
    try:
        return msgspec.convert(body, kind)
    except msgspec.ValidationError as error:
        raise told(body) or ill_typed(str(error)) from None
    except RecursionError:
        raise too_deep() from None


def request_of(raw: bytes) -> JsonObject:
    """A JSON object in which the caller chooses nothing that is for policy to choose. Raises `BadRequest`."""
    body = object_of(raw)
    if not WIDENING.isdisjoint(body):
        raise bad(
            min(WIDENING.intersection(body)),
            "목적지는 요청이 아니라 정책이 정합니다. 이 필드를 빼세요.",
            "Destinations are chosen by policy, not by requests. Leave this field out.",
        )
    return body


def not_the_callers(param: str) -> BadRequest:
    """The refusal of a tool that is not the caller's own function: a provider would run it, or connect to it."""
    return bad(
        param,
        "호출하는 쪽이 직접 실행하는 함수(type: function)만 받습니다. 제공자가 실행하거나 접속하는 도구는 빼세요.",
        "Only functions that the caller runs are taken (type: function). Leave out tools that a provider would run "
        "or connect to.",
    )


def object_of(raw: bytes) -> JsonObject:
    """A JSON object without duplicate keys."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise bad(None, "올바른 JSON 이 아닙니다.", "This is not valid JSON.", "invalid_json") from None
    if type(body) is not dict:
        raise bad(None, "본문은 JSON 객체여야 합니다.", "The body must be a JSON object.", "invalid_json")
    try:
        lost = _lost_a_key(raw, body)
    except (TypeError, RecursionError):  # both writers of JSON have a limit of depth
        raise too_deep() from None
    if lost:
        raise bad(
            None,
            "같은 키가 두 번 나옵니다. 하나만 남기세요.",
            "A key stands twice. Keep one.",
            "duplicate_key",
        )
    return body


def _lost_a_key(raw: bytes, body: JsonObject) -> bool:
    """Whether decoding dropped a pair because its key came twice.

    Outside strings a colon stands once for each pair, inside strings decoding keeps it: so the number of
    colons falls exactly when a pair is lost. Only an escaped colon would upset the count; then look closely.
    """
    if b"\\" not in raw or b"\\u003" not in raw:
        return raw.count(b":") != orjson.dumps(body).count(b":")
    repeated = False

    def pairs(found: list[tuple[str, Any]]) -> None:
        nonlocal repeated
        repeated = repeated or len({key for key, _ in found}) != len(found)

    json.loads(raw, object_pairs_hook=pairs)
    return repeated


def left_behind(body: JsonObject, form: Form) -> tuple[str, ...]:
    """Names of fields that are not forwarded, by their place; names of the caller's own making are masked."""
    lost: list[str] = []
    _compare(body, form, "", lost)
    return tuple(dict.fromkeys(lost))[:_MOST_SHOWN] if lost else ()


def _compare(node: JsonObject, form: Form, where: str, lost: list[str]) -> None:
    """Gather the fields of `node` and of what is in it that `form` does not know."""
    fields, inner = form
    if not node.keys() <= fields:
        unknown = (key for key in node if key not in fields)
        lost += [where + (key if _SHOWN.match(key) else "?") for key in unknown]
    for key in node if inner else ():
        if key in inner:
            value, there = node[key], f"{where}{key}."
            if type(value) is dict:
                _compare(value, inner[key], there, lost)
            elif type(value) is list:
                for member in value:
                    if type(member) is dict:
                        _compare(member, inner[key], there, lost)


def ill_typed(message: str) -> BadRequest:
    """What msgspec found, without a word of the value."""
    place = _WHERE.search(message)
    said = message[: place.start()] if place else message
    param = place[1].lstrip(".") if place else None
    what = said if _WHAT.match(said) else "this value is not allowed here"
    name = param or "body"
    return bad(param or None, f"{name} 의 값이 맞지 않습니다: {what}", f"{name} is not right: {what}")


def too_deep() -> BadRequest:
    """The refusal of what is nested beyond all readers."""
    return bad(None, "본문이 너무 깊게 중첩되어 있습니다.", "The body is nested too deeply.", "invalid_json")


def bad(param: str | None, ko: str, en: str, code: str | None = None) -> BadRequest:
    """The refusal of a request, in both languages."""
    return BadRequest(Text(ko=ko, en=en), param=param, code=code)


def given_object(arguments: str) -> JsonObject | None:
    """What a tool is given, as the object that some dialects ask for; `None` where a model wrote no JSON. What is JSON and
    no object keeps its words, under the name of what it is.

    >>> given_object('{"q": 1}'), given_object("[1]"), given_object(""), given_object("{")
    ({'q': 1}, {'arguments': [1]}, {}, None)
    """
    try:
        given = orjson.loads(arguments or "{}")
    except orjson.JSONDecodeError:
        return None
    return given if type(given) is dict else {"arguments": given}
