"""Traces are told apart by their columns, and every wrong row is named."""

import numpy as np
import pytest

from haechi.planner.calls.traces import BadTrace, form_of, read


@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("ours", {"t_s": "{}", "input_tokens": "7", "output_tokens": "3"}),
        (
            "azure",
            {"TIMESTAMP": "2023-11-16 18:17:0{}.5000000", "ContextTokens": "7", "GeneratedTokens": "3"},
        ),
        ("mooncake", {"timestamp_ms": "{}000", "input_length": "7", "output_length": "3"}),
    ],
)
def test_each_form_is_known_and_sorted(form: str, row: dict[str, str]) -> None:
    assert form_of(row) == form
    rows = [{name: value.format(second) for name, value in row.items()} for second in (3, 1, 2)]
    trace = read(form, rows)
    assert trace.at_s == pytest.approx(np.array([0.0, 1.0, 2.0]))
    assert trace.span_s == pytest.approx(2)
    assert trace.prompt.tolist() == [7, 7, 7]


def test_a_foreign_trace_is_none_of_them() -> None:
    assert form_of(["time", "tokens"]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"t_s": "-1"},
        {"t_s": "nan"},
        {"input_tokens": "1e300"},
        {"output_tokens": ""},
        {"prefix_tokens": "9"},
        {"input_tokens": "many"},
    ],
)
def test_a_wrong_row_is_named(wrong: dict[str, str]) -> None:
    right = {"t_s": "0", "input_tokens": "7", "output_tokens": "3"}
    with pytest.raises(BadTrace) as caught:
        read("ours", [right, right | wrong])
    assert caught.value.row == 2
