"""The OpenAPI document: everything that is served stands in it, and nothing else."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships without types

from haechi.app.web.app import ROUTES
from haechi.app.web.app import served as served_at
from haechi.app.web.deidentification import HomeRequest, OutRequest
from haechi.app.web.openapi import described
from haechi.domain.chat import Chat, JsonObject
from haechi.domain.text import Language

DOCUMENT = described("en")
SCHEMAS: JsonObject = DOCUMENT["components"]["schemas"]


def operations(document: JsonObject) -> dict[tuple[str, str], JsonObject]:
    return {
        (path, method.upper()): each
        for path, row in document["paths"].items()
        for method, each in row.items()
    }


def validator(name: str) -> Any:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}})


def test_every_route_is_described_and_no_other() -> None:
    served = {(path, method) for path, methods in ROUTES.items() for method in methods}
    named = {
        ("/v1/models/{name}", "GET"),
        ("/v1/responses/{name}", "GET"),
        ("/v1/responses/{name}", "DELETE"),
    }
    named |= {("/v1beta/models/{name}:generateContent", "POST")}
    named |= {("/v1/responses/{name}/input_items", "GET"), ("/v1/responses/{name}/cancel", "POST")}
    assert set(operations(DOCUMENT)) == served | named
    assert all(method in (served_at(path.format(name="x")) or {}) for path, method in named)


def test_it_is_whole() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    asked = set(re.findall(r"#/components/schemas/([^'\"]+)", str(DOCUMENT)))
    assert asked <= set(SCHEMAS)
    assert not [name for name in SCHEMAS if not re.fullmatch(r"[A-Z][A-Za-z]+", name)]
    names = [each["operationId"] for each in operations(DOCUMENT).values()]
    assert len(names) == len(set(names))


def test_both_languages_say_the_same() -> None:
    def bones(node: Any) -> Any:
        if isinstance(node, dict):
            words = {"summary", "description"}
            return {name: bones(each) for name, each in node.items() if name not in words}
        return [bones(each) for each in node] if isinstance(node, list) else node

    assert bones(described("ko")) == bones(DOCUMENT)
    assert described("ko") != DOCUMENT


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_operation_says_what_it_does_and_how_it_fails(language: Language) -> None:
    for (path, _), each in operations(described(language)).items():
        assert each["summary"], path
        failed = each["responses"]["default"]["content"]["application/json"]["schema"]["$ref"]
        assert failed.endswith("ProtocolAnswer" if path == "/haechi/mcp" else "Error")
    free = {path for (path, _), each in operations(DOCUMENT).items() if each["security"] == []}
    assert free == {"/healthz", "/readyz"}


@pytest.mark.parametrize(
    ("kind", "body", "fits"),
    [
        (Chat, {"model": "auto", "messages": [{"role": "user", "content": "hi"}]}, True),
        (Chat, {"model": "auto", "messages": [{"role": "user", "content": "hi"}], "unknown": 1}, True),
        (Chat, {"model": "auto", "messages": []}, False),
        (Chat, {"model": "auto", "messages": [{"role": "user"}], "base_url": "https://evil.example"}, False),
        (OutRequest, {"text": "hi"}, True),
        (OutRequest, {"text": "hi", "body": 1}, False),
        (OutRequest, {}, False),
        (HomeRequest, {"text": "hi", "mapping": "hm1." + "A" * 48}, True),
        (HomeRequest, {"answer": None, "mapping": "hm1." + "A" * 50}, True),
        (HomeRequest, {"text": "hi", "mapping": "hm1." + "A" * 49}, False),
        (HomeRequest, {"text": "hi", "mapping": "hm2." + "A" * 48}, False),
        (HomeRequest, {"text": "hi"}, False),
    ],
)
def test_what_the_gate_asks_beyond_the_types_is_said(kind: type, body: JsonObject, *, fits: bool) -> None:
    assert validator(kind.__name__).is_valid(body) is fits
