"""One model file on its way: with Range over as many connections as it takes, verified, put in its place whole.

An interruption leaves NAME.gguf.part, and the next transfer goes on from it; a wrong digest removes it.
"""

import errno
import hashlib
import http.client
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import SplitResult, quote

from msgspec import Struct

from haechi.adapters.engine.hub import Published, following
from haechi.adapters.engine.pins import replace_file, sync_folder
from haechi.catalogue.local_models import LocalModel
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

STALL: Final = 30.0
"""Seconds without a byte after which a transfer counts as broken."""

TRIES: Final = 3
"""Connections in a row that may break without a byte gained."""

PIECE: Final = 1 << 20

MARGIN: Final = 256 << 20
"""Bytes left free on the disk: the ledger lives there too."""

LARGE: Final = 1_000_000_000
"""From here on, how to stop is said before the first byte."""

Progress = Callable[[int, int, float], None]
"""Bytes there, bytes in all, bytes per second of this transfer."""


class Offer(Struct, frozen=True):
    """What is about to be fetched: told before the first byte, so that people can say no."""

    model: LocalModel
    hub: str
    published: Published
    have: int
    path: Path

    @property
    def left(self) -> int:
        """Bytes still to come."""
        return self.published.size - self.have

    @property
    def large(self) -> bool:
        """Whether how to stop must be said first."""
        return self.left >= LARGE


class Interrupted(ConfigurationError):
    """The transfer broke; the part stays and the next pull goes on from it."""


class Broken(Exception):
    """One connection broke. Caught here, tried again or told as `Interrupted`."""


class Transfer:
    """One file on its way, over as many connections as it takes."""

    def __init__(
        self,
        model: LocalModel,
        base: SplitResult,
        published: Published,
        path: Path,
        progress: Progress,
        pause: Callable[[float], None],
    ) -> None:
        self.model, self.base, self.published, self.path = model, base, published, path
        self.part, self.progress, self.pause = part_of(path), progress, pause
        self.have = 0
        self.fetched = 0
        self.digest = hashlib.sha256()
        self.began = self.told = time.monotonic()

    def run(self, announce: Callable[[Offer], None], free_space: Callable[[Path], int]) -> int:
        """Fetch what is missing, verify, and put the file in its place. Returns the bytes fetched."""
        self.have = size_of(self.part) or 0
        if self.have > self.published.size:
            discard(self.part)
            self.have = 0
        offer = Offer(self.model, self.base.geturl(), self.published, self.have, self.path)
        announce(offer)
        free = free_space(self.part.parent)
        if free < offer.left + MARGIN:
            raise ConfigurationError(no_space(offer, free), str(self.part.parent))
        self.began = self.told = time.monotonic()
        try:
            with self.part.open("ab") as stream:
                hash_file(self.part, self.digest)
                self.complete(stream)
                stream.flush()
                sync(stream)
        except OSError as fault:
            if fault.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise ConfigurationError(disk_full(offer), str(self.part.parent)) from None
        if self.digest.hexdigest() != self.published.sha256:
            discard(self.part)
            raise ConfigurationError(wrong_digest(self.model), self.model.name)
        self.part.replace(self.path)
        discard(self.part)
        sync_folder(self.path.parent)
        return self.fetched

    def complete(self, stream: BinaryIO) -> None:
        """Connect until every byte is there; give up when connections break without gaining any."""
        broken = 0
        while self.have < self.published.size:
            before = self.have
            try:
                self.connect(stream)
            except (Broken, OSError, http.client.HTTPException) as fault:
                if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise
                broken = 0 if self.have > before else broken + 1
                if broken == TRIES:
                    raise Interrupted(
                        interrupted(self.model, self.have, self.published.size), self.model.name
                    ) from None
                self.pause(float(broken))

    def connect(self, stream: BinaryIO) -> None:
        """One connection: from where we are to the end, or until it breaks."""
        repo, file = quote(self.model.repo or ""), quote(self.model.file)
        place = f"{repo}/resolve/{self.published.commit}/{file}"
        with following("GET", self.base, place, STALL, headers=self.range_headers()) as answer:
            if answer.status == 206 and self.goes_on(answer.headers.get("content-range", "")):
                pass
            elif answer.status == 200:
                self.start_anew(stream)
                length = answer.headers.get("content-length")
                if length is not None and length != str(self.published.size):
                    discard(self.part)
                    raise ConfigurationError(wrong_size(self.model, self.published.size), self.model.name)
                remember_tag(self.part, answer.headers.get("etag"))
            else:
                self.start_anew(stream)
                raise Broken
            while self.have < self.published.size:
                piece = answer.read(min(PIECE, self.published.size - self.have))
                if not piece:
                    raise Broken
                self.take(stream, piece)

    def range_headers(self) -> dict[str, str]:
        """Ask for the rest, and for everything where the file is no longer the same."""
        if self.have == 0:
            return {}
        tag = known_tag(self.part)
        return {"Range": f"bytes={self.have}-"} | ({} if tag is None else {"If-Range": tag})

    def goes_on(self, content_range: str) -> bool:
        """Whether a partial answer begins where we are and belongs to a file of our size."""
        last = self.published.size - 1
        return content_range == f"bytes {self.have}-{last}/{self.published.size}"

    def start_anew(self, stream: BinaryIO) -> None:
        """Forget what is there."""
        stream.truncate(0)
        self.have = 0
        self.digest = hashlib.sha256()

    def take(self, stream: BinaryIO, piece: bytes) -> None:
        """Write a piece, and say how far we are ten times a second."""
        stream.write(piece)
        self.digest.update(piece)
        self.have += len(piece)
        self.fetched += len(piece)
        now = time.monotonic()
        if now - self.told >= 0.1 or self.have == self.published.size:
            self.told = now
            self.progress(self.have, self.published.size, self.fetched / max(now - self.began, 1e-6))


def part_of(path: Path) -> Path:
    """Where bytes gather until they are verified."""
    return path.with_name(f"{path.name}.part")


def tag_of(part: Path) -> Path:
    """Where the entity tag of the part's source is remembered."""
    return part.with_name(f"{part.name}.etag")


def remember_tag(part: Path, tag: str | None) -> None:
    """Keep a strong entity tag; a weak one does not promise the same bytes."""
    if tag is not None and tag.startswith('"'):
        replace_file(tag_of(part), tag.encode("latin-1"))
    else:
        tag_of(part).unlink(missing_ok=True)


def known_tag(part: Path) -> str | None:
    """The entity tag of the part's source."""
    try:
        return tag_of(part).read_text(encoding="latin-1")
    except OSError:
        return None


def discard(part: Path) -> None:
    """Remove a part and what was remembered of it."""
    part.unlink(missing_ok=True)
    tag_of(part).unlink(missing_ok=True)


def size_of(path: Path) -> int | None:
    """The size of a file, or `None`."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def hash_file(path: Path, digest: "hashlib._Hash") -> None:
    """Feed a file to a digest."""
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    digest = hashlib.sha256()
    hash_file(path, digest)
    return digest.hexdigest()


def sync(stream: BinaryIO) -> None:
    """Make what was written durable."""
    os.fsync(stream.fileno())


def gigabytes(count: int) -> str:
    """A size for people."""
    return f"{count / 1e9:.2f} GB" if count >= 100_000_000 else f"{count / 1e6:.1f} MB"


def wrong_digest(model: LocalModel) -> Text:
    """What arrived is not what was published."""
    return Text(
        ko=f"받은 {model.name} 의 SHA-256 이 허브가 밝힌 값과 다릅니다. 받은 것을 지웠고 아무것도 설치하지 않았습니다. "
        "다시 받아 보고, 또 다르면 중간의 프록시나 허브를 의심하세요.",
        en=f"What arrived for {model.name} does not have the SHA-256 that the hub published. It was removed and nothing "
        "was installed. Pull again; if it differs again, suspect a proxy in between, or the hub.",
    )


def wrong_size(model: LocalModel, size: int) -> Text:
    """What is sent is not what was published."""
    return Text(
        ko=f"허브가 {model.name} 의 크기를 {gigabytes(size)} 로 밝혔지만 다른 크기를 보내서 받지 않았습니다. 다시 받아 보세요.",
        en=f"The hub published {gigabytes(size)} for {model.name} but sends another size, so nothing was fetched. "
        "Pull again.",
    )


def interrupted(model: LocalModel, have: int, size: int) -> Text:
    """The transfer broke; how to go on."""
    return Text(
        ko=f"{with_particle(model.name, '을/를')} 받다가 끊겼습니다: {gigabytes(size)} 중 "
        f"{with_particle(gigabytes(have), '을/를')} 받았고 그대로 두었습니다. "
        f"`haechi model pull {model.name}` 명령을 다시 실행하면 이어서 받습니다.",
        en=f"The transfer of {model.name} broke: {gigabytes(have)} of {gigabytes(size)} arrived and are kept. "
        f"Run `haechi model pull {model.name}` again to go on from there.",
    )


def no_space(offer: Offer, free: int) -> Text:
    """The disk is too small."""
    return Text(
        ko=f"디스크가 모자라 {with_particle(offer.model.name, '을/를')} 받지 않았습니다: "
        f"{with_particle(gigabytes(offer.left + MARGIN), '이/가')} 필요한데 "
        f"{offer.path.parent} 에 {gigabytes(free)} 남았습니다. 자리를 비우거나 `--data` 로 다른 디스크를 지정하세요.",
        en=f"{offer.model.name} was not fetched for want of disk space: it needs {gigabytes(offer.left + MARGIN)} and "
        f"{gigabytes(free)} are left in {offer.path.parent}. Make room or name another disk with `--data`.",
    )


def disk_full(offer: Offer) -> Text:
    """The disk filled up on the way."""
    return Text(
        ko=f"{with_particle(offer.model.name, '을/를')} 받다가 디스크가 가득 찼습니다. 받은 만큼은 두었습니다. "
        f"{offer.path.parent} 에 자리를 비우고 `haechi model pull {offer.model.name}` 명령을 다시 실행하세요.",
        en=f"The disk filled up while {offer.model.name} was fetched. What arrived is kept. Make room in "
        f"{offer.path.parent} and run `haechi model pull {offer.model.name}` again.",
    )
