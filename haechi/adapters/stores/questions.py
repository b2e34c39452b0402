"""The questions of the past, read from the ledger one by one: what was asked, under which label, how it ended."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from haechi.adapters.stores.sqlite import cannot_read, open_read_only
from haechi.adapters.stores.statements import query
from haechi.domain.record import Asked

CHUNK: Final = 2000
"""Rows in memory at a time."""

_kinds: Final = msgspec.json.Decoder(tuple[str, ...])


def questions(path: Path, since: float, until: float) -> Iterator[Asked]:
    """Every request recorded in `[since, until)`, oldest first. Memory does not grow with their number.

    One read transaction for all: the answer is that of one moment, and the writer goes on meanwhile.
    """
    known: dict[str, frozenset[str]] = {}
    try:
        with closing(open_read_only(path)) as connection:
            rows = connection.execute(query("questions_between"), (since, until))
            while chunk := rows.fetchmany(CHUNK):
                for record, model, level, kinds, home, outcome, route in chunk:
                    if (found := known.get(kinds)) is None:
                        if len(known) >= CHUNK:
                            known.clear()
                        found = known[kinds] = frozenset(_kinds.decode(kinds))
                    yield Asked(record, model, level, found, bool(home), outcome, route)
    except sqlite3.Error as fault:
        raise cannot_read(path, fault) from fault
