"""The installation's own key: Ed25519, made at first use, for what it says about itself.

A signature proves origin, not truth. Whoever checks one needs the public key by a way of his own: it lies beside the
private one, and its fingerprint is printed wherever something is signed.
"""

from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from haechi.adapters.stores.private import data_directory, private_directory, put_whole
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text


def installation_key_file(data_dir: Path) -> Path:
    """The private key, for this user alone."""
    return data_dir / "keys" / "installation.key"


def public_key_file(data_dir: Path) -> Path:
    """The public key, to be handed to whoever checks."""
    return data_dir / "keys" / "installation.pub"


class InstallationKey:
    """Signs. Made at first use; two processes that are the first at once agree on one key."""

    def __init__(self, data_dir: Path) -> None:
        file = installation_key_file(data_dir)
        data_directory(data_dir)
        private_directory(file.parent)
        if not file.exists():
            _make(file)
        self._key = _private(file)
        public = public_key_file(data_dir)
        if not public.exists():
            put_whole(public, self.public_pem, 0o644)

    @property
    def public_pem(self) -> bytes:
        """The public key as PEM."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def public_bytes(self) -> bytes:
        """The public key as its 32 bytes."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, 64 bytes."""
        return self._key.sign(message)


def public_key(file: Path) -> bytes:
    """The 32 bytes of the public key in a PEM file. Raises `ConfigurationError`."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigurationError(
            Text(
                ko=f"{with_particle(file, '은/는')} Ed25519 공개 키(PEM)가 아닙니다. 설치본의 "
                "keys/installation.pub 을 지정하세요.",
                en=f"{file} is no Ed25519 public key (PEM). Name the installation's keys/installation.pub.",
            ),
            str(file),
        )
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of `public` signed exactly `message`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """What two people read to each other to compare a public key."""
    digest = sha256(public).hexdigest()[:32]
    return ":".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def _private(file: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(
            Text(
                ko=f"{with_particle(file, '을/를')} Ed25519 키로 읽을 수 없습니다. 백업에서 되돌리세요. 지우면 "
                "새 키가 만들어지고, "
                "앞선 서명은 옛 공개 키로만 확인됩니다.",
                en=f"{file} cannot be read as an Ed25519 key. Restore it from a backup. If you remove it a new one is "
                "made, and earlier signatures are checked with the old public key only.",
            ),
            str(file),
        )
    return key


def _make(file: Path) -> None:
    key = Ed25519PrivateKey.generate()
    put_whole(file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
