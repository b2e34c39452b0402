"""What is asked and what is answered: requests with values in them, and answers that name those values again.

They stand in `scenes.toml`. `arguments`: the answer is what a tool is called with, written as JSON; `json`: JSON was asked for.
"""

import tomllib
from pathlib import Path
from typing import Literal, NamedTuple

Form = Literal["text", "json", "arguments"]


class Scene(NamedTuple):
    """A request with one answer."""

    sort: str
    language: str
    request: str
    answer: str
    form: Form = "text"


def scenes() -> tuple[Scene, ...]:
    """Every request with every answer of its language."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(
        Scene(
            answer["sort"],
            answer["language"],
            f"{request['text']}\n\n{table['ask'][answer['sort']][answer['language']]}",
            answer["text"],
            answer["form"],
        )
        for request in table["request"]
        for answer in table["answer"]
        if answer["language"] == request["language"]
    )
