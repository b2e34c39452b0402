"""Every place of a request that can hold a text, read off the schema of the type that decodes it.

A new field of a surface brings its own trials; a new surface has none until it stands in `SURFACES`, and until
then a proof does not count as whole.
"""

import math
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from haechi.app.web import gemini, mcp
from haechi.app.web.app import ROUTES
from haechi.app.web.deidentification import HomeRequest, OutRequest
from haechi.app.web.dialects import anthropic_form
from haechi.app.web.dialects.gemini_form import ContentRequest
from haechi.app.web.dialects.responses_form import ResponsesRequest
from haechi.app.web.inspection import InspectionRequest
from haechi.app.web.moderations import ModerationRequest
from haechi.domain.chat import Chat

Schema = dict[str, Any]
Place = tuple[str, Any]
"""Where a canary stands, and a valid body that holds it there."""

SURFACES: Final[dict[str, Any]] = {
    "/v1/chat/completions": Chat,
    "/v1/messages": anthropic_form.MessagesRequest,
    "/v1/messages/count_tokens": anthropic_form.CountRequest,
    "/v1/responses": ResponsesRequest,
    gemini.TAKES: ContentRequest,
    "/v1/moderations": ModerationRequest,
    "/haechi/v1/inspect": InspectionRequest,
    "/haechi/v1/deidentify": OutRequest,
    "/haechi/v1/reidentify": HomeRequest,
    mcp.PATH: mcp.ToolCall,
}
"""Every route that takes content, and the type that decodes it."""

HERE: Final = "🐤"
"""Where a place's own canary is put."""
NUMBER: Final = 9_0101_1_23456_8.0
"""Where a place takes numbers only."""
LEAST_TEXT: Final = "가"
ANYTHING: Final[Schema] = {}
"""The schema of a field that takes any JSON."""
ANY_FORM: Final = {
    "text": HERE,
    "list": [[HERE]],
    "object": {"of": {"a": HERE}},
    "key": {HERE: 1},
    "number": NUMBER,
}
"""Where a text may stand in any JSON."""


class Planter:
    """Walks a JSON Schema: the least valid value of a part of it, and every way to hide something there."""

    def __init__(self, schema: Schema) -> None:
        self._defs: Schema = schema["$defs"]
        self.root = schema

    def least(self, schema: Schema) -> Any:
        """The least value that fits."""
        schema = self._found(schema)
        if "enum" in schema:
            return schema["enum"][0]
        if "anyOf" in schema:
            return self.least(schema["anyOf"][0])
        match schema.get("type"):
            case "object":
                return {name: self.least(schema["properties"][name]) for name in schema.get("required", ())}
            case "array":
                return [self.least(schema.get("items", ANYTHING))]
            case "string":
                return LEAST_TEXT
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "boolean":
                return False
            case _:
                return None

    def places(self, schema: Schema, path: str = "") -> Iterator[Place]:
        """Every string, free key, unknown field and long number of what fits `schema`."""
        schema = self._found(schema)
        if "enum" in schema:
            return
        if not schema:
            yield from ((f"{path}<any {form}>", value) for form, value in ANY_FORM.items())
            return
        for number, branch in enumerate(schema.get("anyOf", ())):
            yield from self.places(branch, f"{path}|{number}" if number else path)
        match schema.get("type"):
            case "string":
                yield path, HERE
            case "integer" | "number" if schema.get("maximum", math.inf) > NUMBER:
                yield path, NUMBER
            case "array":
                yield from (
                    (where, [value])
                    for where, value in self.places(schema.get("items", ANYTHING), f"{path}[]")
                )
            case "object":
                yield from self._object(schema, path)

    def _object(self, schema: Schema, path: str) -> Iterator[Place]:
        least = self.least(schema)
        for name, part in schema.get("properties", {}).items():
            for where, value in self.places(part, f"{path}.{name}"):
                yield where, least | {name: value}
        inner = schema.get("additionalProperties", {})
        if "properties" not in schema and inner:
            yield f"{path}.<key>", {HERE: self.least(inner)}
            yield from ((where, {"k": value}) for where, value in self.places(inner, f"{path}.<value>"))
            return
        yield f"{path}.<unknown>", least | {"unheard": HERE}
        yield f"{path}.<unknown, deep>", least | {"unheard": [{"of": {"a": [HERE]}}]}
        yield f"{path}.<unknown key>", least | {HERE: 1}
        yield f"{path}.<unknown number>", least | {"unheard": NUMBER}

    def _found(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._defs[schema["$ref"].rpartition("/")[2]]
        return schema


def planted(value: Any, text: str, number: str | None = None) -> Any:
    """`value` with `text` in its place; where that takes numbers only, the digits of `number`, or of `text`."""
    if value is NUMBER:
        return int((number or text).replace("-", ""))
    if isinstance(value, dict):
        return {text if key == HERE else key: planted(inner, text, number) for key, inner in value.items()}
    if isinstance(value, list):
        return [planted(inner, text, number) for inner in value]
    return text if value == HERE else value


def takes_numbers_only(value: Any) -> bool:
    """Whether the place of this body is one for numbers."""
    if isinstance(value, dict):
        return any(map(takes_numbers_only, value.values()))
    return any(map(takes_numbers_only, value)) if isinstance(value, list) else value is NUMBER


def places_of(surface: Any) -> list[Place]:
    """Every place of one surface."""
    planter = Planter(msgspec.json.schema(surface))
    return list(planter.places(planter.root))


def routes_that_take_content() -> set[str]:
    """Routes by which a text can come in."""
    return {gemini.TAKES} | {path for path, methods in ROUTES.items() if methods.keys() - {"GET", "HEAD"}}
