"""Traces of others and our own, told apart by their columns, as one kind of row.

ours       t_s, input_tokens, output_tokens[, prefix_tokens, level, destination]
Azure      TIMESTAMP, ContextTokens, GeneratedTokens           time of day to 100 ns
Mooncake   timestamp (or timestamp_ms), input_length, output_length   milliseconds
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from haechi.domain.text import Text

LONGEST: Final = 100_000_000
"""Tokens of one call; more is a mistake of units."""
LATEST: Final = 1e10
"""Seconds: three centuries."""
FORMS: Final = {
    "ours": ("t_s", "input_tokens", "output_tokens"),
    "azure": ("TIMESTAMP", "ContextTokens", "GeneratedTokens"),
    "mooncake": ("timestamp_ms", "input_length", "output_length"),
    "mooncake-jsonl": ("timestamp", "input_length", "output_length"),
}


class Trace(Struct, frozen=True):
    """Calls in order of arrival, the first at 0 s."""

    at_s: NDArray[np.float64]
    prompt: NDArray[np.float64]
    answer: NDArray[np.float64]
    prefix: NDArray[np.float64]
    levels: tuple[str, ...] = ()

    @property
    def span_s(self) -> float:
        """Seconds from the first call to the last."""
        return float(self.at_s[-1]) if len(self.at_s) else 0.0


class BadTrace(ValueError):
    """A row, counted from 1 below the header, and what is wrong with it."""

    def __init__(self, row: int, text: Text) -> None:
        super().__init__(text.en)
        self.row, self.text = row, text


def form_of(columns: Iterable[str]) -> str | None:
    """Whose trace has these columns; `None` where we know none."""
    there = set(columns)
    return next((name for name, needed in FORMS.items() if there.issuperset(needed)), None)


def read(form: str, rows: Sequence[dict[str, str]]) -> Trace:
    """The rows as calls, sorted by time. Raises `BadTrace`."""
    times, prompts, answers = FORMS[form]
    scale = 1.0 if form in ("ours", "azure") else 1e-3
    table = np.empty((len(rows), 4))
    for number, row in enumerate(rows, 1):
        at = (
            _seconds(row[times], number)
            if form == "azure"
            else _number(row, times, number, LATEST / scale) * scale
        )
        prefix = _number(row, "prefix_tokens", number, LONGEST) if row.get("prefix_tokens") else 0.0
        asked, said = _number(row, prompts, number, LONGEST), _number(row, answers, number, LONGEST)
        if prefix > asked:
            raise BadTrace(
                number,
                Text(
                    ko="prefix_tokens 가 input_tokens 보다 큽니다.",
                    en="prefix_tokens must not be more than input_tokens.",
                ),
            )
        table[number - 1] = at, asked, said, prefix
    order = np.argsort(table[:, 0], kind="stable")
    at_s, prompt, answer, prefix_ = table[order].T
    levels = tuple(rows[each].get("level", "") for each in order) if rows and "level" in rows[0] else ()
    return Trace(at_s - at_s[0], prompt, answer, prefix_, levels)


def _number(row: dict[str, str], name: str, number: int, most: float) -> float:
    try:
        value = float(row[name])
        if isfinite(value) and 0 <= value <= most:
            return value
    except (ValueError, TypeError, KeyError):
        pass
    raise BadTrace(
        number,
        Text(
            ko=f"{name} 은(는) 0 에서 {most:g} 사이의 수여야 합니다.",
            en=f"{name} must be from 0 to {most:g}.",
        ),
    )


def _seconds(text: str, number: int) -> float:
    """`2023-11-16 18:17:03.9799600` to seconds; seven digits are one more than Python reads."""
    try:
        whole, _, part = text.partition(".")
        at = datetime.fromisoformat(whole).replace(tzinfo=UTC).timestamp()
        return at + (float(f"0.{part}") if part.isdigit() else 0.0)
    except ValueError:
        raise BadTrace(
            number, Text(ko="TIMESTAMP 를 읽을 수 없습니다.", en="TIMESTAMP cannot be read as a time.")
        ) from None
