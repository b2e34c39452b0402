"""The configuration for commands that send nothing: a secret that is not set keeps them from nothing else."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from haechi.app.settings.load import load
from haechi.app.settings.model import Settings

STAND_IN: Final = "not-set"


class Lenient(Mapping[str, str]):
    """The environment, where every name has a value; `missing` are those for which it had to be made up."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self.missing: list[str] = []

    def __getitem__(self, name: str) -> str:
        if name not in self._environment and name not in self.missing:
            self.missing.append(name)
        return self._environment.get(name, STAND_IN)

    def __iter__(self) -> Iterator[str]:
        return iter(self._environment)

    def __len__(self) -> int:
        return len(self._environment)


def settings(config: Path | None) -> tuple[Settings, list[str]]:
    """The settings of `config`, else of `haechi.yaml` here, and the variables that are not set. Never to run with.
    Raises `ConfigurationError`."""
    here = Path("haechi.yaml")
    path = config or (here if here.exists() else None)
    environment = Lenient()
    return (load(path, environment) if path is not None else Settings()), environment.missing
