import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haechi.adapters.stores.sqlite import SqliteReader, SqliteStore, open_database
from haechi.adapters.stores.statements import migrations
from haechi.domain.decision import Call, Reason, Transform
from haechi.domain.destination import Missing, Zone
from haechi.domain.errors import ConfigurationError, LedgerUnavailable
from haechi.domain.record import Attempt, Intent, Outcome, Record, Settlement
from haechi.domain.text import Text
from tests.adapters.stores.rows import attempt, intent, settlement


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as store:
        yield store


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
whole = st.integers(-(2**63), 2**63 - 1)
finite = st.floats(allow_nan=False, allow_infinity=False)


calls = st.builds(Call, words, words, st.sampled_from(get_args(Transform)))
reasons = st.builds(Reason, words, st.dictionaries(words, words))
texts = st.builds(Text, words, words)
intents = st.builds(
    Intent,
    st.just("r-000001"),
    *(finite, words, words, words, st.booleans(), words),
    st.lists(words).map(tuple),
    st.dictionaries(words, whole),
    st.lists(calls).map(tuple),
    words,
    st.lists(reasons).map(tuple),
    st.none() | st.builds(Missing, words, texts),
    words,
)
attempts = st.builds(
    Attempt,
    st.just("r-000001"),
    *(whole, finite, words, st.sampled_from(get_args(Zone)), words, st.sampled_from(get_args(Outcome))),
    *(
        st.none() | words,
        st.none() | finite,
        finite,
        whole,
        whole,
        whole,
        whole,
        st.booleans(),
        st.none() | whole,
    ),
)
settlements = st.builds(
    Settlement,
    st.just("r-000001"),
    *(finite, st.sampled_from(get_args(Outcome)), whole, words, st.none() | whole),
)


@settings(max_examples=50, deadline=None)
@given(intents, attempts, settlements)
def test_rows_come_back_as_they_were_written(opened: Intent, tried: Attempt, settled: Settlement) -> None:
    with TemporaryDirectory() as made:
        file = Path(made) / "ledger.db"
        with closing(SqliteStore(file)) as store:
            store.write([[opened, tried, settled]])
            assert SqliteReader(file).recent(1) == [Record(opened, (tried,), settled)]


def test_one_transaction_takes_rows_in_any_order(store: SqliteStore, path: Path) -> None:
    store.write(
        [[settlement("r-000001"), attempt("r-000001", 2), attempt("r-000001", 1)], [intent("r-000001")]]
    )
    record = SqliteReader(path).find("r-000001")
    assert record
    assert [each.number for each in record.attempts] == [1, 2]


def test_the_first_settlement_stands_and_a_second_is_counted(store: SqliteStore, path: Path) -> None:
    store.write([[intent("r-000001"), attempt("r-000001"), settlement("r-000001")]])
    again = store.write([[attempt("r-000001"), settlement("r-000001", "failed")]])
    assert (again.accepted, again.ignored) == ((True,), 2)
    record = SqliteReader(path).find("r-000001")
    assert record
    assert record.settlement == settlement("r-000001")


@pytest.mark.parametrize(
    "bad",
    [
        [intent("r-000001")],
        [settlement("r-nobody")],
        [attempt("r-nobody")],
        [intent("r-000009"), msgspec.structs.replace(attempt("r-000009"), tokens_in=2**63)],
    ],
    ids=["intent twice", "settlement without intent", "attempt without intent", "number too large"],
)
def test_a_batch_against_the_schema_falls_alone(
    store: SqliteStore, path: Path, bad: list[Intent | Attempt | Settlement]
) -> None:
    store.write([[intent("r-000001")]])
    written = store.write([[intent("r-000002")], bad, [intent("r-000003"), settlement("r-000003")]])
    assert written.accepted == (True, False, True)
    assert [each.intent.record for each in SqliteReader(path).recent(9)] == [
        "r-000003",
        "r-000002",
        "r-000001",
    ]


@pytest.mark.parametrize("table", ["intents", "attempts", "settlements"])
@pytest.mark.parametrize("change", ["UPDATE {} SET record = 'x'", "DELETE FROM {}"])
def test_what_is_written_stays(store: SqliteStore, path: Path, table: str, change: str) -> None:
    store.write([[intent("r-000001"), attempt("r-000001"), settlement("r-000001")]])
    with (
        closing(open_database(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(change.format(table))


def test_recent_is_newest_first_and_no_more_than_asked(store: SqliteStore, path: Path) -> None:
    store.write([[intent(f"r-{number:06d}")] for number in range(20)])
    reader = SqliteReader(path)
    assert [each.intent.record for each in reader.recent(3)] == ["r-000019", "r-000018", "r-000017"]
    assert reader.recent(0) == reader.recent(-1) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("r-000001", "r-000001"),
        ("r-000001-longer", "r-000001-longer"),
        ("r-000001-l", "r-000001-longer"),
        ("r-0000", None),  # fits two
        ("r-00", None),  # too short
        ("r-000002", None),
        ("r-00%%", None),
        ("r-000001' OR 1=1", None),
        ("", None),
    ],
)
def test_find(store: SqliteStore, path: Path, asked: str, found: str | None) -> None:
    store.write([[intent("r-000001")], [intent("r-000001-longer")]])
    record = SqliteReader(path).find(asked)
    assert (record.intent.record if record else None) == found


def test_open_intents_are_found_behind_the_mark(store: SqliteStore) -> None:
    store.write([[intent("r-000001")], [intent("r-000002")], [intent("r-000003"), settlement("r-000003")]])
    assert store.open_intents() == ["r-000001", "r-000002"]
    store.settled_through(["r-000002"])  # of the first one somebody says that it is settled
    assert store.open_intents() == ["r-000002"]
    store.settled_through([])
    assert store.open_intents() == []


def test_a_full_disk_writes_nothing_and_the_next_write_works(store: SqliteStore, path: Path) -> None:
    connection = store._connection
    assert connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(LedgerUnavailable):
        store.write([[intent(f"r-{number:06d}")] for number in range(1000)])
    assert SqliteReader(path).recent(1) == []
    store.write([[intent("r-000001")]])
    assert SqliteReader(path).find("r-000001")


def test_a_locked_database_is_unavailable_and_then_available(path: Path) -> None:
    with closing(SqliteStore(path, busy=0.01)) as store, closing(open_database(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailable):
            store.write([[intent("r-000001")]])
        other.execute("COMMIT")
        store.write([[intent("r-000001")]])


def test_only_we_may_read_the_file(store: SqliteStore, path: Path) -> None:
    store.write([[intent("r-000001")]])
    assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}


def at_version(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statements in migrations()[:version]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")


@pytest.mark.parametrize("version", range(len(migrations()) + 1))
def test_migrates_from_every_version_and_keeps_what_is_there(path: Path, version: int) -> None:
    at_version(path, version)
    if version:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(
                "INSERT INTO intents VALUES (1,'r-000001',0,'','','',0,'','[]','{}','[]','','[]','null','')"
            )
    with closing(SqliteStore(path)) as store:
        store.write([[intent("r-000002")]])
    assert len(SqliteReader(path).recent(9)) == (2 if version else 1)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)


def test_a_failed_migration_leaves_the_version_before(path: Path) -> None:
    at_version(path, 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE keys (in_the_way)")
    with pytest.raises(ConfigurationError):
        SqliteStore(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)


def test_a_newer_file_is_refused_untouched(path: Path) -> None:
    at_version(path, 2)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigurationError, match="newer haechi"):
        SqliteStore(path)
    with pytest.raises(ConfigurationError, match="newer haechi"):
        SqliteReader(path).recent(1)


def test_what_is_no_database_is_a_configuration_error(path: Path) -> None:
    path.write_bytes(b"this is not a database, " * 100)
    with pytest.raises(ConfigurationError):
        SqliteStore(path)
    with pytest.raises(ConfigurationError):
        SqliteReader(path).recent(1)


def test_a_place_that_cannot_be_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        SqliteStore(tmp_path / "nowhere" / "ledger.db")
    with pytest.raises(ConfigurationError):
        SqliteStore(tmp_path)
    with pytest.raises(ConfigurationError, match="haechi up"):
        SqliteReader(tmp_path / "none.db").recent(1)
