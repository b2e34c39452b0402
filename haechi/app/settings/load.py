"""`haechi.yaml` in, `Settings` out; every mistake named with file, line and mend, all mistakes at once.

`${NAME}` in a value is taken from the environment of whoever starts haechi, for secrets above all. Nothing
of the file's values is ever repeated in an error.
"""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, inspect, structs

from haechi.app.settings.model import Settings
from haechi.app.settings.problems import Marks, Problem, Problems
from haechi.app.settings.shape import misfits
from haechi.app.settings.yaml_text import YamlText
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

T = TypeVar("T")


class Sheet(Struct, frozen=True):
    """A file that was read: its settings, and the lines on which they stand.

    Where `faults` is not empty, settings hold what could be read beside them: enough to look for more faults,
    never to run with.
    """

    settings: Settings
    name: str = ""
    marks: Marks = {}
    faults: tuple[Problem, ...] = ()


class Unusable(ConfigurationError):
    """There is no configuration to speak of: the file cannot be read at all."""


def load(path: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read `path`. Raises `ConfigurationError` whose `where` is `file:line`."""
    return sound(read(path, environment)).settings


def parse(text: str, name: str, environment: Mapping[str, str]) -> Settings:
    """Read the text of a configuration; `name` stands before line numbers in errors."""
    return sound(sheet(text, name, environment)).settings


def sound(found: Sheet) -> Sheet:
    """`found`, where it has no fault. Raises `Problems`."""
    if found.faults:
        raise Problems(found.faults)
    return found


def read(path: Path, environment: Mapping[str, str] | None = None) -> Sheet:
    """The sheet of a file. Raises `Unusable` where it cannot be read."""
    text = _text(path)
    return sheet(text, str(path), environment if environment is not None else os.environ)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            Text(
                ko=f"설정 파일을 읽을 수 없습니다 ({type(error).__name__}). 경로와 UTF-8 인코딩을 확인하세요.",
                en=f"The configuration cannot be read ({type(error).__name__}). Check the path and that it is UTF-8.",
            ),
            str(path),
        ) from None


def sheet(text: str, name: str, environment: Mapping[str, str]) -> Sheet:
    """The sheet of a text. Raises `Problems` where it is not YAML at all."""
    yaml = YamlText(name, environment)
    raw = yaml.read(text)
    misshapen = [each.located(name, yaml.marks) for each in misfits(raw, shape())]
    blamed = {each.path for each in yaml.faults}  # the same value need not be blamed twice
    found = [*yaml.faults, *(each for each in misshapen if each.path not in blamed)]
    faults = tuple(sorted((_speakable(each, misshapen) for each in found), key=lambda each: each.line or 0))
    readable = msgspec.convert(_without(raw, [*misshapen, *faults]), Settings)
    return Sheet(readable, name, yaml.marks, faults)


def _speakable(fault: Problem, misshapen: list[Problem]) -> Problem:
    """`fault` without the names below something misshapen: they may be anything, a secret too."""
    nameless = {each.mark for each in misshapen}
    for depth in range(1, len(fault.path) + 1):
        if fault.path[:depth] in nameless:
            return structs.replace(fault, path=fault.path[: depth - 1], mark=fault.path)
        if depth < len(fault.path) and any(each.path == fault.path[:depth] for each in misshapen):
            return structs.replace(fault, path=fault.path[:depth], mark=fault.path)
    return fault


def read_as(kind: type[T], source: Path | dict[str, Any]) -> T:
    """A smaller file of another type, such as answers, with the same care; or values that are at hand."""
    if isinstance(source, Path):
        yaml = YamlText(str(source), {})
        raw, name, marks = yaml.read(_text(source)), str(source), yaml.marks
        found = [*yaml.faults]
    else:
        raw, name, marks, found = source, "", {}, []
    faults = [*found, *misfits(raw, inspect.type_info(kind))]
    if faults:
        raise Problems(faults).located(name, marks) if name else Problems(faults)
    return msgspec.convert(raw, kind)


@cache
def shape() -> inspect.Type:
    """The type of the whole file."""
    return inspect.type_info(Settings)


def _without(raw: dict[str, Any], faults: list[Problem]) -> dict[str, Any]:
    """`raw` without what has a fault: a destination or model by itself, any other section whole."""
    kept = dict(raw)
    for fault in faults:
        path = fault.mark or fault.path
        section, name = path[0] if path else None, path[1] if len(path) > 1 else None
        entries = kept.get(str(section))
        if section in ("destinations", "models") and isinstance(entries, dict) and name is not None:
            kept[str(section)] = {key: entry for key, entry in entries.items() if key != name}
        else:
            kept.pop(str(section), None)
    return kept
