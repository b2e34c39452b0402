"""YAML with line numbers, without duplicate keys, anchors and tags, with variables filled in."""

import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from haechi.app.settings.problems import NOTHING, Path, Problem, Problems, refuse
from haechi.domain.korean import with_particle
from haechi.domain.text import Text

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_HELD: Final = re.compile("\ue000([A-Za-z_][A-Za-z0-9_]*)\ue001")
"""A variable while YAML is read: its braces would end a flow mapping, `{key: ${KEY}}`."""

_UNBRACED: Final = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*")
_SHELL: Final = re.compile(r"\$\{[^}\n]*\}?")
"""What a shell would take for a variable, and haechi does not: `${NAME:-default}`, a brace that does not close."""

_NOT_HELD: Final = "\ue002"

DEEPEST: Final = 32
"""Levels of nesting: four times what any setting needs."""


class YamlText:
    """Reads one text. `marks` are the lines of its values, `faults` what is wrong with single values."""

    def __init__(self, name: str, environment: Mapping[str, str]) -> None:
        self.name = name
        self.environment = environment
        self.marks: dict[Path, int] = {}
        self.faults: list[Problem] = []

    def read(self, text: str) -> dict[str, Any]:
        """The values of `text`. Raises `Problems` where it is no configuration at all."""
        text = _SHELL.sub(_NOT_HELD, _VARIABLE.sub("\ue000\\1\ue001", text))
        try:
            self._refuse_tricks(text)
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            value = self._value(node, (), yaml.SafeLoader("")) if node is not None else {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            if isinstance(error, yaml.reader.ReaderError):  # a sign that YAML does not know
                line = text.count("\n", 0, error.position) + 1
            what = Text(ko="YAML 문법이 맞지 않습니다.", en="This is not valid YAML.")
            mend = Text(ko="들여쓰기, 콜론, 따옴표를 확인하세요.", en="Check indentation, colons and quotes.")
            raise Problems((self._problem(line, what, mend),)) from None
        if not isinstance(value, dict):
            what = Text(
                ko="설정은 `이름: 값` 의 모음이어야 합니다.",
                en="The configuration must be a mapping of names to values.",
            )
            refuse(self._problem(1, what))
        return value

    def _value(self, node: yaml.Node, path: Path, loader: yaml.SafeLoader) -> Any:
        self.marks[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, loader)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, index), loader) for index, child in enumerate(node.value)]
        value = self._scalar(node, loader)
        return self._filled(value, path) if isinstance(value, str) else value

    def _mapping(self, node: yaml.MappingNode, path: Path, loader: yaml.SafeLoader) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(self._scalar(key_node, loader)), key_node.start_mark.line + 1
            if key in result:
                what = Text(ko="같은 이름이 두 번 나옵니다.", en="The same name stands twice.")
                self.faults.append(
                    self._problem(line, what, Text(ko="하나만 남기세요.", en="Keep one."), path)
                )
            result[key] = self._value(value_node, (*path, key), loader)
            self.marks[(*path, key)] = line
        return result

    def _scalar(self, node: yaml.Node, loader: yaml.SafeLoader) -> Any:
        try:
            value = loader.construct_object(node, deep=True)
            if isinstance(value, str):
                value.encode()  # half a character, as `"\ud800"` is, can be kept nowhere
        except (ValueError, OverflowError):  # 30 February, a number of 5,000 digits
            what = Text(
                ko="이 값은 읽을 수 없습니다: 없는 날짜이거나, 너무 긴 수이거나, 글자가 아닙니다.",
                en="This value cannot be read: no such date, too long a number, or not text.",
            )
            raise Problems((self._problem(node.start_mark.line + 1, what),)) from None
        return value

    def _filled(self, value: str, path: Path) -> str:
        """`value` with its variables; one that is not set is a fault, and the value stays as it is."""
        if _UNBRACED.fullmatch(value) or _NOT_HELD in value:
            self.faults.append(self._problem(self.marks[path], *_NOT_OURS, path=path))
        for name in _HELD.findall(value):
            if name not in self.environment:
                what = Text(
                    ko=f"환경 변수 {with_particle(name, '이/가')} 없습니다.",
                    en=f"Environment variable {name} is not set.",
                )
                mend = Text(
                    ko="haechi 를 시작하기 전에 설정하거나 key_file 을 쓰세요.",
                    en="Set it before starting haechi, or use key_file.",
                )
                self.faults.append(self._problem(self.marks[path], what, mend, path))
        return _HELD.sub(lambda match: self.environment.get(match[1], match[0]), value)

    def _refuse_tricks(self, text: str) -> None:
        """Anchors, aliases, tags and nesting without end: nothing in a configuration needs them, and each can
        make a short file mean something without end."""
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            anchored = getattr(event, "anchor", None) is not None
            tagged = getattr(event, "tag", None) is not None
            if anchored or tagged or depth > DEEPEST:
                what = Text(
                    ko="앵커(&), 별칭(*), 태그(!), 깊은 중첩은 설정에 쓸 수 없습니다.",
                    en="Anchors (&), aliases (*), tags (!) and deep nesting are not part of a configuration.",
                )
                mend = Text(
                    ko="값을 그대로 적고, 기호로 시작하는 글은 따옴표로 감싸세요.",
                    en="Write values out, and put text that begins with such a sign in quotes.",
                )
                refuse(self._problem(event.start_mark.line + 1 if event.start_mark else 1, what, mend))

    def _problem(self, line: int, what: Text, mend: Text = NOTHING, path: Path = ()) -> Problem:
        return Problem(path, what, mend, file=self.name, line=line)


_NOT_OURS: Final = (
    Text(
        ko="환경 변수는 `${이름}` 으로만 적습니다: 중괄호가 있어야 하고, `${이름:-기본값}` 같은 셸 표기는 없습니다.",
        en="A variable of the environment is written `${NAME}` only: with braces, and without the shell's "
        "`${NAME:-default}`.",
    ),
    Text(
        ko="`${이름}` 으로 고치거나, 비밀 값이면 key_file 을 쓰세요.",
        en="Write `${NAME}`, or use key_file for a secret.",
    ),
)
