"""Results on standard output: one JSON object, or a table."""

import json
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text as Cell

_WIDE: Final = 200


def give(answer: dict[str, Any]) -> None:
    """One JSON object."""
    print(json.dumps(answer, ensure_ascii=False))


def show_table(heads: list[str], rows: list[list[str]]) -> None:
    """A table; its first column is never cut, and into a pipe nothing is."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    table = Table()
    for number, head in enumerate(heads):
        table.add_column(head, no_wrap=number == 0)
    for row in rows:
        table.add_row(*(Cell(printable(cell)) for cell in row))
    console.print(table)


def printable(text: str) -> str:
    """`text` without what could steer a terminal: callers choose some of the words in a ledger."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "�" for sign in text)
