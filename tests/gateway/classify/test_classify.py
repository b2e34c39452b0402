"""Every string leaf is looked at, keys too, and what cannot be looked at is restricted."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.identifiers import identifiers
from haechi.domain.label import ORDINARY, Label, Level
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.leaves import Leaves
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.sight import Eyes

SCAN = Scanner(identifiers()).scan
RRN = "900101-1234568"
CANARY_PLACES: list[dict[str, Any]] = [
    {"messages": [{"role": "user", "content": RRN}]},
    {"messages": [{"role": "system", "content": RRN}]},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": RRN}]}]},
    {"messages": [{"role": "user", "name": RRN, "content": "x"}]},
    {
        "messages": [
            {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": RRN}}]}
        ]
    },
    {"messages": [{"role": "tool", "tool_call_id": RRN, "content": "x"}]},
    {"messages": [{"role": "user", "content": "x", "unknown": RRN}]},
    {"tools": [{"type": "function", "function": {"name": "f", "description": RRN}}]},
    {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"properties": {RRN: {}}}}}]},
    {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"enum": [RRN]}}}]},
    {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"const": RRN}}}},
    {"stop": [RRN]},
    {"user": RRN},
    {"metadata": {"customer": RRN}},
    {"metadata": {RRN: "customer"}},
    {"unknown": {"deep": [{"deeper": RRN}]}},
    {"metadata": {"rrn": 9001011234568}},
    {RRN: 1},
]


@pytest.mark.parametrize("body", CANARY_PLACES, ids=json.dumps)
def test_a_resident_number_is_found_wherever_it_stands(body: dict[str, Any]) -> None:
    assert classify(body, Eyes(SCAN)).label == Label(Level.RESTRICTED, frozenset({"kr.rrn"}))


ESCAPED = "".join(f"\\u{ord(character):04x}" for character in RRN)
READINGS = [
    json.dumps({"memo": f"고객 홍길동{RRN}"}),
    json.dumps({"memo": f"첫째 줄\n{RRN}"}),
    json.dumps({"memo": json.dumps({"inner": f"동\n{RRN}"})}),
    f'{{"x":"{ESCAPED}"}}',
    f"log: row\\t{RRN}",
    f"print('a\\n{RRN}')",
    f"https://corp.example/?q=%20{RRN}",
    "https://corp.example/?q=900101%2D1234568",
    '{"x": 9001011234568.0}',
    "[9001011234568]",
    ' \n{"x": 9.001011234568e12}',
]


@pytest.mark.parametrize("text", READINGS)
def test_what_a_model_reads_through_at_sight_is_read_through(text: str) -> None:
    for body in ({"messages": [{"role": "user", "content": text}]}, {"arguments": text}):
        found = classify(body, Eyes(SCAN))
        assert found.label == Label(Level.RESTRICTED, frozenset({"kr.rrn"}))
        assert found.counts() == {"kr.rrn": 1}


@pytest.mark.parametrize("number", [900101.1234568, 9001011234568.0, 9001011234568])
def test_numbers_are_looked_at_as_a_model_would_read_them(number: float) -> None:
    assert (
        classify({"tools": [{"parameters": {"default": number}}]}, Eyes(SCAN)).label.level is Level.RESTRICTED
    )


@pytest.mark.parametrize(
    "text", ["C:\\new\\table", "100% sure, 50%off", '{"a": [1, 2.5, null]}', "regex \\d{6}", "[x"]
)
def test_escapes_alone_are_nothing(text: str) -> None:
    assert classify({"content": text}, Eyes(SCAN)).label == ORDINARY


@given(st.text(alphabet='\\u0039%2d{}[]":,x-n가', max_size=60))
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    assert classify({"content": text}, Eyes(SCAN)).unreadable is None


def test_a_pointer_on_record_holds_no_word_of_the_caller_s() -> None:
    found = classify({"9001011234568": {"홍길동": [{"type": "file"}]}}, Eyes(SCAN))
    assert [reason.args for reason in found.reasons()] == [{"pointer": "/…/…/0"}]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4))
def test_a_finding_points_at_the_leaf_it_stands_in(body: dict[str, Any]) -> None:
    body.pop("type", None)
    body["canary"] = {"first": ["x", f"가나 {RRN} 다"]}
    place = [finding for finding in classify(body, Eyes(SCAN)).findings if finding.kind == "kr.rrn"]
    here = [finding for finding in place if finding.pointer.startswith("/canary")]  # chance writes others
    assert [(finding.pointer, finding.start, finding.end) for finding in here] == [("/canary/first/1", 3, 17)]


@given(json_values)
def test_pointers_and_texts_are_walked_in_the_same_order(body: Any) -> None:
    leaves = Leaves(body)
    spans, at = [], 0
    for text in leaves.texts:
        spans.append((at, at + len(text)))
        at += len(text) + 1
    assert len(list(leaves.places(spans))) == len(leaves.texts)


@pytest.mark.parametrize("kind", ["image_url", "input_audio", "file"])
def test_what_nobody_can_read_is_restricted(kind: str) -> None:
    body = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": kind, kind: {}}]}]
    }
    found = classify(body, Eyes(SCAN))
    assert found.label == Label(Level.RESTRICTED, frozenset({"unreadable"}))
    assert found.unreadable == "/messages/0/content/1"


def test_a_detector_that_fails_makes_everything_restricted() -> None:
    def broken(text: str) -> list[Hit]:
        raise MemoryError

    assert classify({"messages": ["가"]}, Eyes(broken)).label.level is Level.RESTRICTED


@pytest.mark.parametrize("answer", [None, (), "", 0, ["?"]], ids=repr)
def test_a_detector_that_answers_what_is_no_finding_makes_everything_restricted(answer: Any) -> None:
    assert classify({"messages": ["가"]}, Eyes(lambda text: answer)).label.level is Level.RESTRICTED


def test_a_body_nested_too_deeply_is_restricted() -> None:
    body: Any = "x"
    for _ in range(100_000):
        body = [body]
    assert classify(body, Eyes(SCAN)).label.level is Level.RESTRICTED


def test_nothing_found_is_ordinary() -> None:
    assert (
        classify({"messages": [{"role": "user", "content": "오늘 날씨가 좋다"}]}, Eyes(SCAN)).label
        == ORDINARY
    )


def test_kinds_are_counted_and_values_are_not_kept() -> None:
    found = classify({"a": f"{RRN} 그리고 900102-1234567, 010-1234-5678"}, Eyes(SCAN))
    assert found.counts() == {"kr.rrn": 2, "phone": 1}
    assert RRN not in repr(found)
