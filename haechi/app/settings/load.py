"""`haechi.yaml` in, `Settings` out; every mistake named with file, line and mend.

`${NAME}` in a value is taken from the environment of whoever starts haechi, for secrets above all. Nothing
of the file's values is ever repeated in an error.
"""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import msgspec
import yaml
from msgspec import structs

from haechi.app.settings.model import DestinationSettings, ModelSettings, Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

T = TypeVar("T")
Marks = dict[tuple[str | int, ...], int]
_UNKNOWN: Final = re.compile(r"unknown field `([^`]*)`")
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HELD: Final = re.compile("\ue000([A-Za-z_][A-Za-z0-9_]*)\ue001")
"""A variable while YAML is read: its braces would end a flow mapping, `{key: ${KEY}}`."""


def load(path: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read `path`. Raises `ConfigurationError` whose `where` is `file:line`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            Text(
                ko=f"설정 파일을 읽을 수 없습니다 ({type(error).__name__}). 경로와 UTF-8 인코딩을 확인하세요.",
                en=f"The configuration cannot be read ({type(error).__name__}). Check the path and that it is UTF-8.",
            ),
            str(path),
        ) from None
    return parse(text, str(path), environment if environment is not None else os.environ)


def parse(text: str, name: str, environment: Mapping[str, str]) -> Settings:
    """Read the text of a configuration; `name` stands before line numbers in errors."""
    raw, marks = _Reader(name, environment).read(text)
    sections: dict[str, Any] = dict(raw)
    for section in _ENTRIES:  # msgspec names no key inside a mapping, so they go one by one
        entries = sections.get(section)
        if isinstance(entries, dict):
            for key, entry in entries.items():
                _typed(entry, _ENTRIES[section], name, marks, (section, str(key)))
    return _typed(sections, Settings, name, marks, ())


_ENTRIES: Final[dict[str, type]] = {"destinations": DestinationSettings, "models": ModelSettings}


class _Reader:
    """YAML with line numbers, without duplicate keys, with variables filled in."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self.environment = environment
        self.marks: Marks = {}

    def read(self, text: str) -> tuple[dict[str, Any], Marks]:
        try:
            node = yaml.compose(_VARIABLE.sub("\ue000\\1\ue001", text), Loader=yaml.SafeLoader)
            loader = yaml.SafeLoader("")
            value = self._value(node, (), loader) if node is not None else {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            raise ConfigurationError(
                Text(
                    ko="YAML 문법이 맞지 않습니다. 들여쓰기, 콜론, 따옴표를 확인하세요.",
                    en="This is not valid YAML. Check indentation, colons and quotes.",
                ),
                self.name + line,
            ) from None
        if not isinstance(value, dict):
            raise ConfigurationError(
                Text(
                    ko="설정은 `이름: 값` 의 모음이어야 합니다.",
                    en="The configuration must be a mapping of names to values.",
                ),
                f"{self.name}:1",
            )
        return value, self.marks

    def _value(self, node: yaml.Node, path: tuple[str | int, ...], loader: yaml.SafeLoader) -> Any:
        self.marks[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, loader)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, index), loader) for index, child in enumerate(node.value)]
        value = loader.construct_object(node, deep=True)
        return self._filled(value, path) if isinstance(value, str) else value

    def _mapping(
        self, node: yaml.MappingNode, path: tuple[str | int, ...], loader: yaml.SafeLoader
    ) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            if key in result:
                raise ConfigurationError(
                    Text(
                        ko=f"`{key}` 이(가) 두 번 나옵니다. 하나만 남기세요.",
                        en=f"`{key}` stands twice. Keep one.",
                    ),
                    f"{self.name}:{key_node.start_mark.line + 1}",
                )
            result[key] = self._value(value_node, (*path, key), loader)
            self.marks[(*path, key)] = key_node.start_mark.line + 1
        return result

    def _filled(self, value: str, path: tuple[str | int, ...]) -> str:
        def variable(match: re.Match[str]) -> str:
            found = self.environment.get(match[1])
            if found is None:
                raise ConfigurationError(
                    Text(
                        ko=f"환경 변수 {match[1]} 이(가) 없습니다. haechi 를 시작하기 전에 설정하거나 key_file 을 쓰세요.",
                        en=f"Environment variable {match[1]} is not set. Set it before starting haechi, or use key_file.",
                    ),
                    f"{self.name}:{self.marks[path]}",
                )
            return found

        return _HELD.sub(variable, value)


def _typed(raw: Any, kind: type[T], name: str, marks: Marks, base: tuple[str | int, ...]) -> T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        path = (*base, *_path(str(error)))
        unknown = _UNKNOWN.findall(str(error))
        place = f"{name}:{_line((*path, *unknown), marks)}"
        raise ConfigurationError(_explained(str(error), kind, path), place) from None


def _path(message: str) -> tuple[str | int, ...]:
    """The path of a msgspec message, `… - at `$.listen.port``, up to where it is exact."""
    _, _, where = message.partition(" - at `$")
    steps: list[str | int] = []
    for name, index in re.findall(r"\.([A-Za-z_]+)|\[(\d+|\.\.\.)\]", where):
        if index == "...":
            break
        steps.append(name or int(index))
    return tuple(steps)


def _line(path: tuple[str | int, ...], marks: Marks) -> int:
    while path not in marks and path:
        path = path[:-1]
    return marks.get(path, 1)


def _explained(message: str, kind: type, path: tuple[str | int, ...]) -> Text:
    where = ".".join(map(str, path)) or "haechi.yaml"
    if match := _UNKNOWN.search(message):
        near = difflib.get_close_matches(match[1], _names_at(kind, message), 1)
        ko = f" 혹시 `{near[0]}` 입니까?" if near else ""
        en = f" Did you mean `{near[0]}`?" if near else ""
        return Text(
            ko=f"{where} 에 모르는 이름 `{match[1]}` 이(가) 있습니다.{ko}",
            en=f"{where} has an unknown name `{match[1]}`.{en}",
        )
    what = message.partition(" - at ")[0]
    return Text(ko=f"{where} 의 값이 맞지 않습니다: {what}", en=f"{where} is not right: {what}")


def _names_at(kind: type, message: str) -> list[str]:
    """The names that are known where `message` says that one is not."""
    here: Any = kind
    for step in _path(message):
        if isinstance(step, str) and isinstance(here, type) and issubclass(here, msgspec.Struct):
            here = next((field.type for field in structs.fields(here) if field.encode_name == step), None)
        here = _struct_in(here)
    return [field.encode_name for field in structs.fields(here)] if here is not None else []


def _struct_in(annotation: Any) -> type[msgspec.Struct] | None:
    """The struct that an annotation allows: `Tls | None`, `tuple[Rule, ...]`, `str | Contract`."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation
    return next(filter(None, map(_struct_in, get_args(annotation))), None)
