"""Names that people type for models, devices and formats, looked up; a wrong one is answered with the nearest."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar

from haechi.catalogue.architectures import Architecture, architecture, architectures
from haechi.catalogue.devices import Device, Quantisation, device, devices, quantisation, quantisations
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

T = TypeVar("T")


def model_of(name: str) -> Architecture:
    """The shape of the model `name`. Raises `ConfigurationError`."""
    return _known(name, architecture, architectures(), "--model", Text(ko="모델", en="model"))


def device_of(name: str) -> Device:
    """The device `name`. Raises `ConfigurationError`."""
    return _known(name, device, devices(), "--gpu", Text(ko="장치", en="device"))


def quantisation_of(name: str) -> Quantisation:
    """The number format `name`. Raises `ConfigurationError`."""
    return _known(name, quantisation, quantisations(), "--quant", Text(ko="양자화", en="quantisation"))


def _known(name: str, find: Callable[[str], T | None], names: Iterable[str], where: str, what: Text) -> T:
    if (found := find(name)) is not None:
        return found
    listed = list(names)
    near = get_close_matches(name.lower(), listed, 3, 0.3) or listed[:3]
    said = name[:60]
    raise ConfigurationError(
        Text(
            ko=f"모르는 {what.ko}: {said}. 가까운 이름: {', '.join(near)}",
            en=f"Unknown {what.en}: {said}. Nearest names: {', '.join(near)}",
        ),
        where,
    )
