"""Reviewed exceptions: who may make them, what they cover, and what they never cover."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import time as clock

import pytest

from haechi.adapters.stores import exceptions
from haechi.adapters.stores.exceptions import DAY, SqliteExceptions
from haechi.adapters.stores.labels import prepare_labels
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.private import data_directory
from haechi.adapters.stores.sqlite import open_database
from haechi.adapters.stores.statements import query
from haechi.adapters.stores.watched import LOOK_EVERY
from haechi.catalogue.obligations import legal_floor
from haechi.domain.destination import NEVER_OUTSIDE

PHONE = frozenset({"phone"})


class Time:
    def __init__(self) -> None:
        self.monotonic = 100.0
        self.days = 0.0

    def now(self) -> float:
        return clock() + self.days * DAY


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data_directory(tmp_path)
    open_database(ledger_file(tmp_path)).close()
    prepare_labels(tmp_path)
    return tmp_path


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def worker(data: Path, time: Time) -> Iterator[SqliteExceptions]:
    with closing(SqliteExceptions(data, now=time.now, monotonic=lambda: time.monotonic)) as found:
        yield found


def asked(data: Path, text: str = "010-1234-5678", kinds: frozenset[str] = PHONE, days: int = 30) -> str:
    return exceptions.request(data, "value", text, kinds, "switchboard", "kim", days)


def test_another_password_is_another_value(data: Path, worker: SqliteExceptions) -> None:
    name = asked(data, "Example-Pass 1", frozenset({"secret"}))
    assert exceptions.approve(data, name, "lee")
    assert worker.covering("secret", "Example-Pass 1", "") == name
    for other in ("example-pass 1", "ExamplePass 1", "Example-Pass1"):
        assert worker.covering("secret", other, "") is None


def test_it_takes_two(data: Path, worker: SqliteExceptions, time: Time) -> None:
    name = asked(data)
    assert worker.covering("phone", "010-1234-5678", "") is None
    assert not exceptions.approve(data, name, "kim")
    time.monotonic += LOOK_EVERY
    assert worker.covering("phone", "010-1234-5678", "") is None
    assert exceptions.approve(data, name, "lee")
    time.monotonic += LOOK_EVERY
    assert worker.covering("phone", "010-1234-5678", "") == name


def test_the_database_itself_refuses_a_review_of_ones_own_request(data: Path) -> None:
    name = asked(data)
    with closing(open_database(ledger_file(data))) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE exceptions SET approved_by = requested_by WHERE id = ?", (name,))


@pytest.mark.parametrize(
    ("kind", "value", "covered"),
    [
        ("phone", "010-1234-5678", True),
        ("phone", "010 1234 5678", True),
        ("phone", "01012345678", True),
        ("phone", "010-1234-5679", False),
        ("phone", "010-1234-567", False),
        ("bank_account", "010-1234-5678", False),
    ],
)
def test_what_a_value_covers(
    data: Path, worker: SqliteExceptions, kind: str, value: str, covered: bool
) -> None:
    exceptions.approve(data, asked(data), "lee")
    assert (worker.covering(kind, value, "") is not None) is covered


def test_a_document_covers_its_own_text_and_the_kinds_that_were_seen(
    data: Path, worker: SqliteExceptions
) -> None:
    name = exceptions.request(data, "document", " 대표 전화 010-1234-5678\n", PHONE, "brochure", "kim", 30)
    exceptions.approve(data, name, "lee")
    text = "대표 전화 010-1234-5678"
    assert worker.covering("phone", "010-1234-5678", text) == name
    assert worker.covering("phone", "010-1234-5678", text + " 그리고 더") is None
    assert worker.covering("card", "4111 1111 1111 1111", text) is None
    assert worker.covering("phone", text, "") is None  # a document is no value


def test_it_ends_on_its_day_and_when_it_is_revoked(data: Path, worker: SqliteExceptions, time: Time) -> None:
    first, second = asked(data, days=30), asked(data, "010-9999-8888")
    for name in (first, second):
        exceptions.approve(data, name, "lee")
    assert worker.covering("phone", "010-9999-8888", "") == second
    assert exceptions.revoke(data, second, "kim")
    assert not exceptions.revoke(data, second, "kim")
    time.monotonic += LOOK_EVERY
    assert worker.covering("phone", "010-9999-8888", "") is None
    time.days = 29.9
    assert worker.covering("phone", "010-1234-5678", "") == first
    time.days = 30.1
    assert worker.covering("phone", "010-1234-5678", "") is None
    assert [each.state(time.now()) for each in exceptions.listed(data)] == ["expired", "revoked"]


def test_what_was_revoked_or_has_expired_cannot_be_approved(data: Path) -> None:
    name = asked(data)
    exceptions.revoke(data, name, "kim")
    assert not exceptions.approve(data, name, "lee")
    with closing(open_database(ledger_file(data))) as connection:
        row = ("xold", "value", b"d", "phone", "r", "kim", 1.0, 2.0)
        connection.execute(query("insert_exception"), row)
    assert not exceptions.approve(data, "xold", "lee")


def test_the_law_is_no_false_alarm_even_where_somebody_wrote_it_into_the_database(
    data: Path, worker: SqliteExceptions
) -> None:
    assert legal_floor() >= NEVER_OUTSIDE
    for kind in sorted(legal_floor()):
        exceptions.approve(data, asked(data, "900101-1234568", frozenset({kind})), "lee")
        assert worker.covering(kind, "900101-1234568", "") is None


def test_no_value_stands_in_the_database(data: Path) -> None:
    exceptions.approve(data, asked(data), "lee")
    files = b"".join(file.read_bytes() for file in data.glob("ledger.db*"))
    assert b"1234-5678" not in files
    assert b"12345678" not in files


def test_what_cannot_be_read_covers_nothing(data: Path, time: Time) -> None:
    exceptions.approve(data, asked(data), "lee")
    worker = SqliteExceptions(data, now=time.now, monotonic=lambda: time.monotonic)
    worker.close()
    assert worker.covering("phone", "010-1234-5678", "") is None
