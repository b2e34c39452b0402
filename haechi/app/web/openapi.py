"""`GET /haechi/v1/openapi.json`: everything that is served, as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1).

Made from the types that decode requests, so that it cannot say something else than the gate does.
"""

from functools import cache
from importlib.metadata import version
from typing import Any, Final, Protocol

import msgspec
import orjson

from haechi.app.web.http import Headers, Incoming, Send, send_whole
from haechi.app.web.operations import BEYOND, JSON, OPERATIONS, Header, Key, Operation
from haechi.domain.chat import JsonObject
from haechi.domain.text import Language, Text

_INTEGERS: Final[JsonObject] = {"minimum": -(1 << 63), "maximum": (1 << 64) - 1}
WHERE: Final = "#/components/schemas/{name}"
SECURITY: Final[dict[Key, list[JsonObject]]] = {
    "required": [{"bearer": []}, {"x-api-key": []}, {"api-key": []}],
    "elsewhere": [{}, {"bearer": []}, {"x-api-key": []}, {"api-key": []}],
    "none": [],
}
_ABOUT: Final = Text(
    ko="하이브리드 LLM 관문. 키는 헤더 하나로만 보냅니다. 이 컴퓨터에만 열린 관문은 키를 묻지 않습니다.",
    en="A hybrid LLM gateway. Send a key in one header only. A gate that is open to this machine alone asks for none.",
)
_FAILED: Final = Text(ko="오류. 무엇을 하면 되는지 말합니다.", en="An error, which says what to do.")
_ANSWER: Final = Text(ko="답.", en="The answer.")
_RECORD: Final[dict[str, Text]] = {
    "x-request-id": Text(ko="기록 번호.", en="The id of the record."),
    "x-haechi-route": Text(
        ko="답한 곳, `none` 은 아무 데도 묻지 않음.", en="What answered; `none` where nobody was asked."
    ),
}
_DECIDED: Final[dict[str, Text]] = {
    "x-haechi-record": Text(ko="`haechi explain` 에 줄 기록 번호.", en="The record, for `haechi explain`."),
    "x-haechi-level": Text(ko="요청의 등급.", en="Level of the request."),
    "x-haechi-kinds": Text(ko="발견된 종류.", en="Kinds that were found."),
    "x-haechi-rule": Text(ko="정한 규칙.", en="The rule that decided."),
}


class Describing(Protocol):
    """What this surface asks of the gate."""

    def caller(self, request: Incoming) -> str:
        """The name of the key that asks. Raises `Unauthenticated`."""

    def headers(self, journey: None, dropped: tuple[str, ...]) -> Headers:
        """The headers that every answer carries."""


async def openapi(gate: Describing, request: Incoming, send: Send) -> None:
    """Describe everything; with a key, or from this machine."""
    if not request.from_loopback:
        gate.caller(request)
    language: Language = "ko" if request.language == "ko" else "en"
    headers: Headers = [(b"content-type", b"application/json"), *gate.headers(None, ())]
    await send_whole(send, 200, headers, document(language))


@cache
def document(language: Language) -> bytes:
    """The document, in one language."""
    return orjson.dumps(described(language))


def described(language: Language) -> JsonObject:
    """The document as JSON."""
    kinds = dict.fromkeys(each for each in _kinds() if isinstance(each, type))
    schemas = _public(msgspec.json.schema_components(list(kinds), ref_template=WHERE)[1])
    _tighten(schemas)
    return {
        "openapi": "3.1.1",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {"title": "haechi", "version": version("haechi"), "description": _ABOUT.say(language)},
        "servers": [{"url": "/"}],
        "paths": {
            path: {
                method.lower(): _operation(path, operation, language) for method, operation in methods.items()
            }
            for path, methods in OPERATIONS.items()
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "x-api-key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
                "api-key": {"type": "apiKey", "in": "header", "name": "api-key"},
            },
        },
    }


def _public(schemas: dict[str, Any]) -> dict[str, JsonObject]:
    """`schemas` under names without the mark of what is private in the code."""
    private = orjson.dumps(schemas).replace(WHERE.format(name="_").encode(), WHERE.format(name="").encode())
    return {name.lstrip("_"): schema for name, schema in _bound(orjson.loads(private)).items()}


def _kinds() -> list[Any]:
    every = [each for methods in OPERATIONS.values() for each in methods.values()]
    given = [kind for each in every for content in each.gives.values() for kind in content.values()]
    return [*(each.fails for each in every), *(each.takes for each in every), *given]


def _tighten(schemas: dict[str, JsonObject]) -> None:
    """Say what types cannot."""
    for kind, more in BEYOND.items():
        schema = schemas[kind.__name__]
        for name, said in more.get("properties", {}).items():
            known = schema["properties"].get(name)
            schema["properties"][name] = said if known is None else known | said
        schema |= {name: said for name, said in more.items() if name != "properties"}


def _bound(schema: Any) -> Any:
    """`schema` with the integers that are read whole: larger ones become fractions."""
    if isinstance(schema, list):
        return [_bound(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    bounded = {name: _bound(inner) for name, inner in schema.items()}
    return _INTEGERS | bounded if schema.get("type") == "integer" else bounded


def _operation(path: str, operation: Operation, language: Language) -> JsonObject:
    parameters = [_header(each, language) for each in operation.headers]
    if "{name}" in path:
        schema = {"type": "string", "examples": ["auto"]}
        parameters.append({"name": "name", "in": "path", "required": True, "schema": schema})
    said: JsonObject = {
        "operationId": operation.name,
        "summary": operation.says.say(language),
        "security": SECURITY[operation.key],
        "responses": _responses(operation, language),
    }
    if parameters:
        said["parameters"] = parameters
    if operation.takes is not None:
        said["requestBody"] = {"required": True, "content": {JSON: {"schema": _schema(operation.takes)}}}
    return said


def _header(header: Header, language: Language) -> JsonObject:
    return {
        "name": header.name,
        "in": "header",
        "description": header.effect.say(language),
        "schema": {"type": "string", "enum": list(header.words)},
    }


def _responses(operation: Operation, language: Language) -> JsonObject:
    answers: JsonObject = {}
    for status, content in operation.gives.items():
        answers[str(status)] = {
            "description": _ANSWER.say(language),
            "content": {media: {"schema": _schema(kind)} for media, kind in content.items()},
        }
        if headers := _headers(operation):
            answers[str(status)]["headers"] = {
                name: {"description": text.say(language), "required": True, "schema": {"type": "string"}}
                for name, text in headers.items()
            }
    failed = {"description": _FAILED.say(language), "content": {JSON: {"schema": _schema(operation.fails)}}}
    return answers | {"default": failed}


def _headers(operation: Operation) -> dict[str, Text]:
    if operation.recorded:
        return _RECORD | _DECIDED
    return {} if operation.key == "none" or operation.name == "metrics" else _RECORD


def _schema(kind: Any) -> JsonObject:
    if isinstance(kind, type):
        return {"$ref": WHERE.format(name=kind.__name__.lstrip("_"))}
    return dict(kind)
