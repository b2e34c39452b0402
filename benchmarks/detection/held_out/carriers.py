"""The short texts in which a value is disguised: each says what the value is, and holds one."""

from random import Random

from benchmarks.detection.held_out.shape import HERE
from benchmarks.detection.held_out.templates import Draft, Template, fill, read


def carriers() -> list[Template]:
    """All carriers."""
    return read(HERE / "lists" / "carriers.txt", "disguised")


def carrier(number: int, chance: Random, fits: frozenset[str]) -> tuple[str, str, str, str]:
    """The number-th carrier whose kind fits, filled: what stands before, the value, what stands after, the kind."""
    drafts = [fill(template, chance) for template in carriers()]
    fitting = [draft for draft in drafts if draft.findings[0][2] in fits]
    return parts(fitting[number % len(fitting)])


def parts(draft: Draft) -> tuple[str, str, str, str]:
    """A draft cut around its one finding."""
    start, end, kind = draft.findings[0]
    return draft.text[:start], draft.text[start:end], draft.text[end:], kind
