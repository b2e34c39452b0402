"""The company's store: in force at once and for all, gone at once, and never silently without."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from haechi.adapters.stores.company import (
    CompanyDesk,
    CompanyIndex,
    DocumentPrints,
    KeptList,
    ListRows,
    company_file,
    company_key_file,
    prepare_company,
)
from haechi.adapters.stores.watched import LOOK_EVERY
from haechi.domain.errors import ConfigurationError, LedgerUnavailable

STAFF = KeptList("staff", "name", "person", 2, 3, 0.0)


def build(lists: list[ListRows], documents: Iterator[DocumentPrints]) -> Iterable[bytes]:
    """An index that says what is in it."""
    yield b"lists " + b",".join(each.rows for each in lists)
    yield b" documents " + b",".join(each.prints for each in documents)


def made(file: memoryview, key: bytes) -> str:
    assert len(key) == 32
    return bytes(file).decode()


class Time:
    """Each look at it is late enough for a look at the database."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += LOOK_EVERY
        return self.now


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[CompanyDesk]:
    with closing(CompanyDesk(tmp_path)) as made_one:
        yield made_one


@pytest.fixture
def worker(desk: CompanyDesk, tmp_path: Path) -> Iterator[CompanyIndex[str]]:
    with closing(CompanyIndex(tmp_path, made, "nothing", Time())) as found:
        yield found


def indexes(data: Path) -> list[str]:
    return sorted(file.name for file in (data / "company").iterdir())


def test_what_is_added_holds_in_a_running_worker_and_what_is_removed_does_not(
    desk: CompanyDesk, worker: CompanyIndex[str], tmp_path: Path
) -> None:
    assert worker.current().value == "nothing"
    desk.put_list(STAFF, b"one", build)
    assert worker.current().value == "lists one documents "
    desk.put_list(STAFF, b"two", build)
    assert worker.current().value == "lists two documents "
    assert desk.remove("staff", None, build) == 1
    assert worker.current().value == "lists  documents "
    assert len(indexes(tmp_path)) == 1


def test_what_stands_still_is_not_read_again(desk: CompanyDesk, worker: CompanyIndex[str]) -> None:
    desk.put_list(STAFF, b"one", build)
    before = worker.current()
    assert before.number > 0
    desk.put_documents("hr", 2, [("/a", b"mark", b"prints")])
    assert worker.current() is before


def test_documents_hold_once_the_index_is_made(desk: CompanyDesk, worker: CompanyIndex[str]) -> None:
    desk.put_documents("hr", 2, [("/a", b"m", b"A"), ("/b", b"m", b"B")])
    assert worker.current().value == "nothing"
    assert desk.listed()[2] is False
    desk.put_in_force(build)
    assert worker.current().value == "lists  documents A,B"
    assert desk.listed()[2] is True
    assert desk.remove("hr", "/a", build) == 1
    assert worker.current().value == "lists  documents B"


def test_an_index_that_could_not_be_made_changes_nothing(
    desk: CompanyDesk, worker: CompanyIndex[str], tmp_path: Path
) -> None:
    def broken(lists: list[ListRows], documents: Iterator[DocumentPrints]) -> Iterable[bytes]:
        yield b"half of it"
        raise KeyboardInterrupt

    desk.put_list(STAFF, b"one", build)
    with pytest.raises(KeyboardInterrupt):
        desk.put_list(STAFF, b"two", broken)
    with pytest.raises(KeyboardInterrupt):
        desk.remove("staff", None, broken)
    assert worker.current().value == "lists one documents "
    assert [each.collection for each in desk.listed()[0]] == ["staff"]
    desk.put_list(STAFF, b"three", build)
    assert worker.current().value == "lists three documents "
    assert len(indexes(tmp_path)) == 1


def test_nothing_is_made_anew_where_nothing_changed(desk: CompanyDesk, tmp_path: Path) -> None:
    desk.put_list(STAFF, b"one", build)
    before = indexes(tmp_path)
    desk.put_in_force(build)
    assert indexes(tmp_path) == before


@pytest.mark.parametrize("damage", ["missing", "refused", "database"])
def test_what_cannot_be_read_is_no_answer(desk: CompanyDesk, tmp_path: Path, damage: str) -> None:
    desk.put_list(STAFF, b"one", build)
    [index] = (tmp_path / "company").iterdir()

    def refusing(file: memoryview, key: bytes) -> str:
        raise ValueError

    read = refusing if damage == "refused" else made
    with closing(CompanyIndex(tmp_path, read, "nothing", Time())) as worker:
        if damage == "missing":
            index.unlink()
        if damage == "database":
            with closing(sqlite3.connect(company_file(tmp_path))) as database:
                database.execute("DROP TABLE company")
        for _ in range(2):
            with pytest.raises(LedgerUnavailable):
                worker.current()


def test_another_key_would_find_nothing_and_is_refused(desk: CompanyDesk, tmp_path: Path) -> None:
    company_key_file(tmp_path).write_bytes(bytes(32))
    with pytest.raises(ConfigurationError, match="not the key"):
        prepare_company(tmp_path)


def test_only_the_owner_reads_it(desk: CompanyDesk, tmp_path: Path) -> None:
    desk.put_list(STAFF, b"one", build)
    [index] = (tmp_path / "company").iterdir()
    for file in (company_key_file(tmp_path), company_file(tmp_path), index, index.parent):
        assert file.stat().st_mode & 0o077 == 0


def test_what_was_removed_is_not_left_on_the_disk(desk: CompanyDesk, tmp_path: Path) -> None:
    rows = b"a digest that must go" * 500
    desk.put_list(STAFF, rows, build)
    desk.remove("staff", None, build)
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert rows[:21] not in left


def test_two_commands_at_once_leave_the_index_of_both(desk: CompanyDesk, tmp_path: Path) -> None:
    with (
        closing(CompanyDesk(tmp_path)) as other,
        closing(CompanyIndex(tmp_path, made, "nothing", Time())) as worker,
    ):
        desk.put_list(STAFF, b"one", build)
        other.put_documents("hr", 2, [("/a", b"m", b"A")])
        other.put_in_force(build)
        desk._sweep(1)  # the first command comes to its end after the second
        assert worker.current().value == "lists one documents A"
