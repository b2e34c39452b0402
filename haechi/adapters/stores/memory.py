"""A ledger and a label store in memory: for `haechi demo` and for tests. It keeps the same promises, minus durability."""

from collections.abc import Iterable, Sequence

from haechi.domain.label import Label, Level, join_all
from haechi.domain.record import Attempt, Intent, Record, Row, Settlement
from haechi.domain.releasable import Receipt


class MemoryLabels:
    """The `LabelStore` port over a dictionary."""

    def __init__(self) -> None:
        self.labels: dict[str, Label] = {}

    def known(self, texts: Iterable[str]) -> Label:
        """The join of what is known of `texts`."""
        found = (self.labels.get(text.strip()) for text in texts)
        return join_all((label for label in found if label is not None), Label(Level.PUBLIC))

    def remember(self, texts: Iterable[str], label: Label) -> None:
        """Keep `label` for each of `texts`."""
        for text in texts:
            key = text.strip()
            self.labels[key] = self.labels.get(key, label).join(label)


class MemoryLedger:
    """The `Ledger` and `LedgerReader` ports over lists. `rows` are in the order in which they came."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    async def open(self, row: Row) -> Receipt:
        """Keep an intent."""
        self.rows.append(row)
        return Receipt(row.record)

    async def append(self, rows: Sequence[Row]) -> None:
        """Keep attempts and settlements; a record is settled once."""
        settled = {row.record for row in self.rows if isinstance(row, Settlement)}
        self.rows += [row for row in rows if not (isinstance(row, Settlement) and row.record in settled)]

    def recent(self, limit: int) -> list[Record]:
        """The newest records, newest first."""
        intents = [row for row in self.rows if isinstance(row, Intent)]
        return [self._joined(intent) for intent in reversed(intents[-limit:])]

    def find(self, record: str) -> Record | None:
        """One record by id, or by a prefix of at least six characters that fits only one."""
        fitting = [row for row in self.rows if isinstance(row, Intent) and row.record.startswith(record)]
        exact = [row for row in fitting if row.record == record]
        chosen = exact or (fitting if len(fitting) == 1 and len(record) >= 6 else [])
        return self._joined(chosen[0]) if chosen else None

    def _joined(self, intent: Intent) -> Record:
        mine = [row for row in self.rows if row.record == intent.record]
        attempts = tuple(row for row in mine if isinstance(row, Attempt))
        return Record(intent, attempts, next((row for row in mine if isinstance(row, Settlement)), None))
