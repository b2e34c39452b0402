"""The SQL of the stores, read from `sql/`: numbered migrations and named queries."""

import re
from functools import cache
from importlib.resources import files
from sqlite3 import complete_statement
from typing import Final

SQL: Final = files("haechi.adapters.stores") / "sql"
_NAME: Final = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)
_MIGRATION: Final = re.compile(r"(\d{4})_\w+\.sql")


@cache
def query(name: str) -> str:
    """The query called `name`."""
    return _queries()[name]


@cache
def migrations() -> tuple[tuple[str, ...], ...]:
    """The statements of each migration, in order; the n-th one leads to version n."""
    scripts = sorted(file.name for file in SQL.iterdir() if _MIGRATION.fullmatch(file.name))
    return tuple(_statements((SQL / script).read_text(encoding="utf-8")) for script in scripts)


@cache
def _queries() -> dict[str, str]:
    _, *parts = _NAME.split((SQL / "queries.sql").read_text(encoding="utf-8"))
    return dict(zip(parts[::2], (sql.strip() for sql in parts[1::2]), strict=True))


def _statements(script: str) -> tuple[str, ...]:
    """Split where SQLite itself says that a statement is complete: a trigger has semicolons inside."""
    statements, gathered = [], ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if complete_statement(gathered):
            statements.append(gathered.strip())
            gathered = ""
    return tuple(statements)
