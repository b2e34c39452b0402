"""The label store: shared by workers, over restarts, without any text."""

from pathlib import Path

import pytest

from haechi.adapters.stores.labels import SqliteLabels, label_key_file, prepare_labels
from haechi.domain.errors import LedgerUnavailable
from haechi.domain.label import Label, Level

SECRET = Label(Level.RESTRICTED, frozenset({"kr.rrn", "phone"}))
PLAN = Label(Level.CONFIDENTIAL)
NOTHING = Label(Level.PUBLIC)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    prepare_labels(tmp_path)
    return tmp_path


def test_what_one_worker_remembers_another_knows_at_once_and_after_a_restart(site: Path) -> None:
    one, other = SqliteLabels(site), SqliteLabels(site)
    assert other.known(["a text"]) == NOTHING
    one.remember(["a text"], SECRET)
    assert other.known(["a text"]) == SECRET
    one.close()
    other.close()
    later = SqliteLabels(site)
    assert later.known(["another", " a text\n"]) == SECRET
    later.close()


def test_labels_only_rise(site: Path) -> None:
    store = SqliteLabels(site)
    store.remember(["a text"], SECRET)
    store.remember(["a text"], PLAN)
    assert store.known(["a text"]) == SECRET
    assert store.known(["other", "texts"]) == NOTHING
    store.close()


def test_no_text_lies_in_the_database_and_marks_need_the_key(site: Path) -> None:
    store = SqliteLabels(site)
    store.remember(["고객 홍길동의 대출 심사"], SECRET)
    store.close()
    kept = b"".join(file.read_bytes() for file in site.glob("labels.db*"))
    assert "홍길동".encode() not in kept
    assert label_key_file(site).stat().st_mode & 0o077 == 0
    label_key_file(site).write_bytes(b"x" * 32)
    stranger = SqliteLabels(site)
    assert stranger.known(["고객 홍길동의 대출 심사"]) == NOTHING
    stranger.close()


def test_the_key_is_made_once(site: Path) -> None:
    before = label_key_file(site).read_bytes()
    prepare_labels(site)
    assert label_key_file(site).read_bytes() == before


def test_a_store_that_is_gone_is_said(site: Path) -> None:
    store = SqliteLabels(site)
    store.close()
    with pytest.raises(LedgerUnavailable):
        store.known(["x"])
