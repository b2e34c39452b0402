import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from haechi.adapters.stores import keys
from haechi.adapters.stores.keys import SqliteKeyRing
from haechi.adapters.stores.layout import ledger_file
from haechi.adapters.stores.sqlite import SqliteStore, open_database
from haechi.adapters.stores.watched import LOOK_EVERY
from haechi.domain.errors import ConfigurationError
from tests.adapters.stores.rows import intent


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = ledger_file(tmp_path)
    open_database(file).close()
    return file


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(path: Path, clock: Clock) -> Iterator[SqliteKeyRing]:
    with closing(SqliteKeyRing(path, monotonic=clock)) as ring:
        yield ring


def test_a_key_opens_until_it_is_revoked(path: Path, ring: SqliteKeyRing, clock: Clock) -> None:
    secret = keys.create(path, "app")
    assert secret.startswith("hk_")
    assert len(secret) == 3 + 43
    assert ring.name_of(secret) == "app"
    assert keys.revoke(path, "app")
    clock.passes(LOOK_EVERY)
    assert ring.name_of(secret) is None
    assert not keys.revoke(path, "app")


def test_rotation_replaces_a_key_in_one_step(path: Path, ring: SqliteKeyRing, clock: Clock) -> None:
    old = keys.create(path, "app")
    new = keys.rotate(path, "app")
    assert new
    assert (ring.name_of(old), ring.name_of(new)) == (None, "app")
    assert keys.rotate(path, "nobody") is None
    assert [(key.name, key.revoked_at is None) for key in keys.listed(path)] == [
        ("app", False),
        ("app", True),
    ]


def test_a_revoked_name_is_free_again_and_one_in_use_is_not(path: Path) -> None:
    keys.create(path, "app")
    with pytest.raises(ConfigurationError):
        keys.create(path, "app")
    keys.revoke(path, "app")
    keys.create(path, "app")


@pytest.mark.parametrize("secret", ["", "hk_", "hk_" + "A" * 43, "Bearer x", "한글", "\ud800", "' OR 1=1 --"])
def test_anything_else_opens_nothing(path: Path, ring: SqliteKeyRing, secret: str) -> None:
    keys.create(path, "app")
    assert ring.name_of(secret) is None


@pytest.mark.parametrize("name", ["", "x" * 65, "a\nb"])
def test_odd_names_are_refused(path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError):
        keys.create(path, name)


def test_neither_key_nor_name_of_it_lies_in_the_database(path: Path) -> None:
    secret = keys.create(path, "app")
    assert all(secret.removeprefix("hk_").encode() not in file.read_bytes() for file in path.parent.iterdir())


def test_requests_do_not_make_the_keys_be_read_again(path: Path, ring: SqliteKeyRing, clock: Clock) -> None:
    secret = keys.create(path, "app")
    assert ring.name_of(secret) == "app"
    read = ring._names
    with closing(SqliteStore(path)) as store:
        store.write([[intent("r-000001")]])
    clock.passes(LOOK_EVERY)
    assert ring.name_of(secret) == "app"
    assert ring._names is read


def test_the_first_key_is_in_a_private_file_and_made_once(tmp_path: Path) -> None:
    file = keys.ensure_first_key(tmp_path)
    secret = file.read_text().strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with closing(SqliteKeyRing(ledger_file(tmp_path))) as ring:
        assert ring.name_of(secret) == "first"
    assert keys.ensure_first_key(tmp_path) == file
    assert file.read_text().strip() == secret


def test_no_new_first_key_where_the_last_one_was_revoked(tmp_path: Path) -> None:
    file = keys.ensure_first_key(tmp_path)
    keys.revoke(ledger_file(tmp_path), "first")
    file.unlink()
    keys.ensure_first_key(tmp_path)
    assert not file.exists()


@pytest.mark.parametrize("name", ["", "kim ", " kim", "k" * 65, "k\nim", "kim\u200b"])
def test_a_name_is_one_that_people_can_tell_from_others(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError):
        keys.create(tmp_path / "ledger.db", name)
