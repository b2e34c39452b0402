"""What is handed out sealed, to come back to whoever it was made for: AES-256-GCM under a key of the data directory.

    hm1.BASE64URL   ─   nonce (12) │ end (8, Unix seconds) │ sealed bytes and their tag (16)

Nothing is kept here and nothing is looked up. The key of each owner is derived, and the owner, the end and the version
are bound to what is sealed: for another owner, at another site, or with one byte changed it opens for nobody, and says
no more than that.
"""

import base64
import binascii
import hmac
import secrets
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from haechi.adapters.stores.private import data_directory, private_directory, put_whole
from haechi.domain.errors import BadRequest, ConfigurationError, SealBroken, TooLarge
from haechi.domain.text import Text

KEY_BYTES: Final = 32
LARGEST: Final = 4 << 20
"""Bytes that are sealed at most."""

PREFIX: Final = "hm1."
_NONCE: Final = 12
_TAG: Final = 16
_HEAD: Final = _NONCE + 8
_LONGEST: Final = len(PREFIX) + (_HEAD + LARGEST + _TAG + 2) // 3 * 4


def sealing_key_file(data_dir: Path) -> Path:
    """The key from which those of all owners are derived."""
    return data_dir / "keys" / "values.key"


def prepare_sealing(data_dir: Path) -> None:
    """Make the key where there is none yet; of two who make one at the same time the first wins."""
    file = sealing_key_file(data_dir)
    data_directory(data_dir)
    private_directory(file.parent)
    if not file.exists():
        put_whole(file, secrets.token_bytes(KEY_BYTES), 0o600)


class DirectorySeals:
    """The `Seals` port over the key of a data directory. May be used in any thread."""

    def __init__(self, data_dir: Path, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        file = sealing_key_file(data_dir)
        self._key = file.read_bytes()
        if len(self._key) != KEY_BYTES:
            raise ConfigurationError(
                Text(
                    ko=f"{file}: {KEY_BYTES}바이트의 키가 아닙니다. 백업에서 되돌리세요. 지우면 새로 만들어지고, 앞서 봉한 "
                    "매핑은 열리지 않습니다.",
                    en=f"{file} is no key of {KEY_BYTES} bytes. Restore it from a backup. If you remove it a new one is "
                    "made, and mappings that were sealed before stay closed.",
                ),
                str(file),
            )

    def sealed(self, content: bytes, owner: str, seconds: float) -> str:
        """`content` for `owner` alone, for so long. Raises `TooLarge`."""
        if len(content) > LARGEST:
            raise TooLarge(_TOO_MUCH, code="mapping_too_large")
        nonce, end = secrets.token_bytes(_NONCE), struct.pack(">d", self._now() + seconds)
        closed = self._cipher(owner).encrypt(nonce, content, _bound(owner, end))
        return PREFIX + base64.urlsafe_b64encode(nonce + end + closed).decode().rstrip("=")

    def opened(self, seal: str, owner: str) -> bytes:
        """What `sealed` was given. Raises `BadRequest` for what is no seal, `SealBroken` for one that does not open."""
        raw = _raw(seal)
        nonce, end = raw[:_NONCE], raw[_NONCE:_HEAD]
        try:
            content = self._cipher(owner).decrypt(nonce, raw[_HEAD:], _bound(owner, end))
        except InvalidTag:
            raise SealBroken(_NOT_YOURS, code="mapping_not_yours") from None
        (until,) = struct.unpack(">d", end)
        if self._now() >= until:
            raise SealBroken(_EXPIRED, code="mapping_expired")
        return content

    def seed(self, owner: str) -> bytes:
        """What the surrogates and offsets of `owner` are drawn with: the same in every turn, on every worker."""
        return self._derived(b"seed", owner)

    def _cipher(self, owner: str) -> AESGCM:
        return AESGCM(self._derived(b"seal", owner))

    def _derived(self, purpose: bytes, owner: str) -> bytes:
        said = b"haechi values\0" + purpose + b"\0" + owner.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, said, "sha256")


def _bound(owner: str, end: bytes) -> bytes:
    return PREFIX.encode() + end + owner.encode("utf-8", "surrogatepass")


def _raw(seal: str) -> bytes:
    body = seal.removeprefix(PREFIX)
    if body == seal or len(seal) > _LONGEST:
        raise BadRequest(_NO_SEAL, param="mapping", code="mapping_malformed")
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(_NO_SEAL, param="mapping", code="mapping_malformed") from None
    if len(raw) < _HEAD + _TAG:
        raise BadRequest(_NO_SEAL, param="mapping", code="mapping_malformed")
    return raw


_NO_SEAL: Final = Text(
    ko="매핑이 아닙니다. 가명처리할 때 받은 글자(`hm1.` 으로 시작)를 그대로 주세요.",
    en="This is no mapping. Give the text that de-identifying returned, which begins with `hm1.`, as it is.",
)
_NOT_YOURS: Final = Text(
    ko="이 매핑은 열리지 않습니다. 다른 키로 또는 다른 haechi 에서 만들었거나, 글자가 바뀌었습니다. 만들 때 쓴 키로 그대로 "
    "보내거나 원문을 다시 가명처리하세요.",
    en="This mapping does not open: it was made with another key or by another haechi, or it was changed. Send it as it was, "
    "with the key it was made with, or de-identify the original again.",
)
_EXPIRED: Final = Text(
    ko="매핑의 기한이 지났습니다. 원문을 다시 가명처리하세요. 기한은 haechi.yaml 의 deidentify.mapping_h 로 정합니다.",
    en="This mapping has expired. De-identify the original again. How long one holds is set by deidentify.mapping_h of "
    "haechi.yaml.",
)
_TOO_MUCH: Final = Text(
    ko=f"꺼낸 값이 너무 많아 매핑이 {LARGEST >> 20} MiB 를 넘습니다. 글을 나누어 보내세요.",
    en=f"So many values were taken out that their mapping is over {LARGEST >> 20} MiB. Send the text in parts.",
)
