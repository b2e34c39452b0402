"""A canary in every place of a request that can hold one: what the scanner does not look at makes this fail.

The places are read off the schema of the types that decode a request, so a new field brings its own test.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import orjson
import pytest

from haechi.app.web.app import ROUTES
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import scanner
from haechi.domain.chat import Chat
from haechi.domain.label import Level
from haechi.gateway.classify.classify import Classified, classify
from tests.canaries import resident_number, traces

Schema = dict[str, Any]
Place = tuple[str, Any]
"""Where the canary stands, and a valid body that holds it there."""

SURFACES: Final[dict[str, Any]] = {"/v1/chat/completions": Chat}
"""Every route that takes content, and the type that decodes it. A new route fails here until it has a row."""

HERE: Final = "🐤"
"""Where a place's own canary is put."""
NUMBER: Final = 9_0101_1_23456_8.0
"""Where a place takes numbers only."""

_SCAN: Final = scanner().scan


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
                return [self.least(schema["items"])]
            case "string":
                return "가"
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
        for number, branch in enumerate(schema.get("anyOf", ())):
            yield from self.places(branch, f"{path}|{number}" if number else path)
        match schema.get("type"):
            case "string":
                yield path, HERE
            case "integer" | "number" if schema.get("maximum", math.inf) > NUMBER:
                yield path, NUMBER
            case "array":
                yield from ((where, [value]) for where, value in self.places(schema["items"], f"{path}[]"))
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


def planted(value: Any, canary: str) -> Any:
    """`value` with the canary in its place."""
    if value is NUMBER:
        return int(canary.replace("-", ""))
    if isinstance(value, dict):
        return {canary if key == HERE else key: planted(inner, canary) for key, inner in value.items()}
    if isinstance(value, list):
        return [planted(inner, canary) for inner in value]
    return canary if value == HERE else value


def places_of(surface: Any) -> list[Place]:
    """Every place of one surface."""
    planter = Planter(msgspec.json.schema(surface))
    return list(planter.places(planter.root))


PLACES: Final = [(where, body) for surface in SURFACES.values() for where, body in places_of(surface)]


def looked_at(body: Any) -> Classified:
    """What the gate finds in a body, from its bytes on."""
    decoded = decode(orjson.dumps(body))
    return classify(decoded.body, _SCAN)


@pytest.mark.parametrize(
    ("number", "body"), [(n, body) for n, (_, body) in enumerate(PLACES)], ids=[where for where, _ in PLACES]
)
def test_a_canary_is_found_wherever_it_stands(number: int, body: Any) -> None:
    canary = resident_number(1_000 + number)
    classified = looked_at(planted(body, canary))
    assert classified.label.level is Level.RESTRICTED
    assert classified.label.kinds & {"kr.rrn", "unreadable"}
    told = msgspec.json.encode([classified.counts(), classified.reasons()])
    assert traces(canary, told) == []  # what headers and ledger are made of


@pytest.mark.parametrize("body", [body for _, body in PLACES], ids=[where for where, _ in PLACES])
def test_without_a_canary_the_same_body_is_ordinary(body: Any) -> None:
    innocent = looked_at(planted(body, "123"))
    assert innocent.label.kinds <= {"unreadable"}


def test_the_walk_reaches_what_has_leaked_elsewhere() -> None:
    reached = {re.sub(r"\|\d", "", where) for where, _ in PLACES}
    assert reached >= {
        ".model",
        ".messages[].content",
        ".messages[].content[].text",
        ".messages[].content[].image_url.url",
        ".messages[].content[].file.filename",
        ".messages[].name",
        ".messages[].tool_call_id",
        ".messages[].tool_calls[].id",
        ".messages[].tool_calls[].function.arguments",
        ".messages[].reasoning_content",
        ".messages[].<unknown>",
        ".tools[].function.description",
        ".tools[].function.parameters.<unknown, deep>",
        ".tools[].function.parameters.<unknown key>",
        ".tool_choice.function.name",
        ".response_format.json_schema.schema.<unknown>",
        ".logit_bias.<key>",
        ".seed",
        ".stop[]",
        ".user",
        ".<unknown key>",
    }


def test_every_route_that_takes_content_is_scanned() -> None:
    taking = {path for path, methods in ROUTES.items() if methods.keys() - {"GET", "HEAD"}}
    assert taking == SURFACES.keys()
