"""What is handed out sealed comes back to its owner, unchanged and in time, or not at all."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haechi.adapters.stores.sealing import (
    LARGEST,
    PREFIX,
    DirectorySeals,
    prepare_sealing,
    sealing_key_file,
)
from haechi.domain.errors import BadRequest, CallerError, ConfigurationError, SealBroken, TooLarge

SECRET = "김민수 010-1234-5678"


class Now:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seals(tmp_path: Path) -> DirectorySeals:
    prepare_sealing(tmp_path)
    return DirectorySeals(tmp_path, now=Now())


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.text(max_size=20))
def test_the_owner_reads_what_was_sealed(seals: DirectorySeals, content: bytes, owner: str) -> None:
    sealed = seals.sealed(content, owner, 60)
    assert seals.opened(sealed, owner) == content
    assert sealed.isascii()
    assert sealed != seals.sealed(content, owner, 60)


def test_nothing_is_read_in_a_seal(seals: DirectorySeals) -> None:
    sealed = seals.sealed(SECRET.encode(), "app", 60)
    assert not any(part in sealed for part in ("1234", "app"))
    assert {len(seals.sealed(bytes(50), owner, 60)) for owner in ("a", "another")} == {
        len(seals.sealed(bytes(50), "a", 60))
    }


def test_another_key_another_site_and_a_changed_byte_are_told_apart_by_nobody(
    seals: DirectorySeals, tmp_path: Path
) -> None:
    sealed = seals.sealed(SECRET.encode(), "app", 60)
    prepare_sealing(tmp_path / "other")
    elsewhere = DirectorySeals(tmp_path / "other", now=Now())
    refusals = [_refusal(seals, sealed, "other"), _refusal(elsewhere, sealed, "app")]
    for at in range(len(PREFIX), len(sealed)):
        changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        try:
            assert seals.opened(changed, "app") == SECRET.encode()  # the last sign has bits that say nothing
            assert at == len(sealed) - 1
        except SealBroken as error:
            refusals.append((type(error), error.code, str(error)))
    assert len(set(refusals)) == 1
    assert refusals[0][:2] == (SealBroken, "mapping_not_yours")


def _refusal(seals: DirectorySeals, sealed: str, owner: str) -> tuple[type, str | None, str]:
    with pytest.raises(CallerError) as caught:
        seals.opened(sealed, owner)
    return type(caught.value), caught.value.code, str(caught.value)


def test_it_ends(tmp_path: Path) -> None:
    prepare_sealing(tmp_path)
    now = Now()
    seals = DirectorySeals(tmp_path, now=now)
    sealed = seals.sealed(b"x", "app", 60)
    now.at += 59.9
    assert seals.opened(sealed, "app") == b"x"
    now.at += 0.2
    assert _refusal(seals, sealed, "app")[1] == "mapping_expired"
    assert _refusal(seals, sealed, "other")[1] == "mapping_not_yours"  # not even that it has ended


@pytest.mark.parametrize(
    "text", ["", "hm1.", "hm2.AAAA", "hm1.A", "hm1.!!!!", "hm1." + "A" * 40, "hm1.한글", "A" * 80]
)
def test_what_is_no_seal_is_malformed(seals: DirectorySeals, text: str) -> None:
    with pytest.raises(BadRequest):
        seals.opened(text, "app")


def test_bounds(seals: DirectorySeals) -> None:
    longest = seals.sealed(bytes(LARGEST), "app", 60)
    assert len(seals.opened(longest, "app")) == LARGEST
    with pytest.raises(BadRequest):
        seals.opened(longest + "AAAA", "app")
    with pytest.raises(TooLarge):
        seals.sealed(bytes(LARGEST + 1), "app", 60)


def test_the_key_is_for_us_alone_is_kept_and_is_whole(tmp_path: Path) -> None:
    prepare_sealing(tmp_path)
    file = sealing_key_file(tmp_path)
    before = file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    prepare_sealing(tmp_path)
    assert file.read_bytes() == before
    file.write_bytes(before[:-1])
    with pytest.raises(ConfigurationError, match="backup"):
        DirectorySeals(tmp_path)


def test_seeds_are_stable_and_each_owners_own(seals: DirectorySeals, tmp_path: Path) -> None:
    assert seals.seed("app") == DirectorySeals(tmp_path).seed("app") != seals.seed("other")
