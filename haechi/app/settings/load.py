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

from haechi.app.settings.model import MODEL, NAME, WORDS, DestinationSettings, ModelSettings, Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text

T = TypeVar("T")
Marks = dict[tuple[str | int, ...], int]
_UNKNOWN: Final = re.compile(r"unknown field `([^`]*)`")
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HELD: Final = re.compile("\ue000([A-Za-z_][A-Za-z0-9_]*)\ue001")
"""A variable while YAML is read: its braces would end a flow mapping, `{key: ${KEY}}`."""

DEEPEST: Final = 32
"""Levels of nesting: four times what any setting needs."""


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
            text = _VARIABLE.sub("\ue000\\1\ue001", text)
            self._refuse_tricks(text)
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            loader = yaml.SafeLoader("")
            value = self._value(node, (), loader) if node is not None else {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            if isinstance(error, yaml.reader.ReaderError):  # a sign that YAML does not know
                line = f":{text.count(chr(10), 0, error.position) + 1}"
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
        return self._scalar(node, loader, path)

    def _scalar(
        self, node: yaml.Node, loader: yaml.SafeLoader, path: tuple[str | int, ...] | None = None
    ) -> Any:
        """The value of `node`; variables are filled in where a `path` is given."""
        try:
            value = loader.construct_object(node, deep=True)
            if isinstance(value, str):
                value = self._filled(value, path) if path is not None else value
                value.encode()  # half a character, as `"\ud800"` is, can be kept nowhere
        except (ValueError, OverflowError):  # 30 February, a number of 5,000 digits
            raise ConfigurationError(
                Text(
                    ko="이 값은 읽을 수 없습니다: 없는 날짜이거나, 너무 긴 수이거나, 글자가 아닙니다.",
                    en="This value cannot be read: no such date, too long a number, or not text.",
                ),
                f"{self.name}:{node.start_mark.line + 1}",
            ) from None
        return value

    def _refuse_tricks(self, text: str) -> None:
        """Anchors, aliases, tags and nesting without end: nothing in a configuration needs them, and each can
        make a short file mean something without end."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            anchored = getattr(event, "anchor", None) is not None
            tagged = getattr(event, "tag", None) is not None
            if anchored or tagged or depth > DEEPEST:
                raise ConfigurationError(
                    Text(
                        ko="앵커(&), 별칭(*), 태그(!), 깊은 중첩은 설정에 쓸 수 없습니다. 값을 그대로 적고, "
                        "기호로 시작하는 글은 따옴표로 감싸세요.",
                        en="Anchors (&), aliases (*), tags (!) and deep nesting are not part of a configuration. "
                        "Write values out, and put text that begins with such a sign in quotes.",
                    ),
                    f"{self.name}:{event.start_mark.line + 1 if event.start_mark else 1}",
                )

    def _mapping(
        self, node: yaml.MappingNode, path: tuple[str | int, ...], loader: yaml.SafeLoader
    ) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(self._scalar(key_node, loader))
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


_MENDS: Final = {
    WORDS: Text(
        ko="비어 있거나 보이지 않는 글자가 있습니다. 값을 적거나 줄을 지우세요. 빈 환경 변수도 빈 값입니다.",
        en="This is blank or has signs that cannot be seen. Give a value, or leave the line out. "
        "An empty environment variable is blank, too.",
    ),
    MODEL: Text(
        ko="모델 이름은 공백 없는 ASCII 1~128자입니다.",
        en="A model id is 1 to 128 ASCII characters without spaces.",
    ),
    NAME: Text(
        ko="이름은 영문자와 숫자로 시작하고, 그 뒤로 _ . - 도 되며, 64자까지입니다.",
        en="A name begins with an ASCII letter or digit, goes on with these or _ . -, and has at most 64.",
    ),
}


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
    for pattern, mend in _MENDS.items():
        if pattern in message or repr(pattern)[1:-1] in message:
            return Text(ko=f"{where}: {mend.ko}", en=f"{where}: {mend.en}")
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
