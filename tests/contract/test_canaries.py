"""A canary in every place of a request that can hold one: what the scanner does not look at makes this fail.

The places are read off the schema of the types that decode a request, so a new field brings its own test.
"""

import re
from typing import Any, Final

import msgspec
import orjson
import pytest

from haechi.app.prove.ground import CHAT
from haechi.app.prove.places import SURFACES, places_of, planted, routes_that_take_content
from haechi.app.web.dialects.openai import decode
from haechi.app.wiring import detectors
from haechi.domain.label import Level
from haechi.gateway.classify.classify import Classified, classify
from haechi.gateway.classify.sight import Eyes
from tests.canaries import resident_number, traces

_SCAN: Final = detectors().scan

PLACES: Final = places_of(SURFACES[CHAT])
"""What `inspect` takes is one string, looked at as it is."""


def looked_at(body: Any) -> Classified:
    """What the gate finds in a body, from its bytes on."""
    decoded = decode(orjson.dumps(body))
    return classify(decoded.body, Eyes(_SCAN))


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
    assert routes_that_take_content() == SURFACES.keys()
