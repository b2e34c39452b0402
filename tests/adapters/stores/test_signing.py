"""The installation's key: made once, for this user alone, and what it signs can be checked elsewhere."""

from pathlib import Path

import pytest

from haechi.adapters.stores.signing import (
    InstallationKey,
    fingerprint,
    installation_key_file,
    is_signed,
    public_key,
    public_key_file,
)
from haechi.domain.errors import ConfigurationError


def test_it_is_made_once_and_only_its_user_reads_it(tmp_path: Path) -> None:
    first, again = InstallationKey(tmp_path / "data"), InstallationKey(tmp_path / "data")
    assert first.public_bytes == again.public_bytes
    assert installation_key_file(tmp_path / "data").stat().st_mode & 0o777 == 0o600
    assert installation_key_file(tmp_path / "data").parent.stat().st_mode & 0o077 == 0
    assert public_key(public_key_file(tmp_path / "data")) == first.public_bytes
    assert sorted(path.name for path in (tmp_path / "data/keys").iterdir()) == [
        "installation.key",
        "installation.pub",
    ]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    one, other = InstallationKey(tmp_path / "a"), InstallationKey(tmp_path / "b")
    assert fingerprint(one.public_bytes) != fingerprint(other.public_bytes)


def test_what_it_signs_holds_for_these_bytes_and_this_key_only(tmp_path: Path) -> None:
    one, other = InstallationKey(tmp_path / "a"), InstallationKey(tmp_path / "b")
    signature = one.sign(b"message")
    assert is_signed(one.public_bytes, signature, b"message")
    assert not is_signed(one.public_bytes, signature, b"messagE")
    assert not is_signed(other.public_bytes, signature, b"message")
    assert not is_signed(one.public_bytes, signature[:-1], b"message")
    assert not is_signed(b"short", signature, b"message")


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]
)
def test_what_is_no_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    InstallationKey(tmp_path)
    for file in (installation_key_file(tmp_path), public_key_file(tmp_path)):
        file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"installation\.key"):
        InstallationKey(tmp_path)
    with pytest.raises(ConfigurationError, match=r"installation\.pub"):
        public_key(public_key_file(tmp_path))
    assert installation_key_file(tmp_path).read_bytes() == content
