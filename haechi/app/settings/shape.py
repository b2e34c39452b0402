"""Does a value have the shape that a type of `model.py` asks for? Every misfit is named, none is repeated.

The walk follows the types themselves, so a new field needs nothing here. What passes, `msgspec.convert` accepts.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from msgspec import inspect

from haechi.app.settings.model import COUNTRY, KIND, MODEL, NAME, TOOL, USER, VARIABLE, WORDS
from haechi.app.settings.problems import NOTHING, Path, Problem, did_you_mean
from haechi.domain.text import Text

PATTERNS: Final = {
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
    TOOL: Text(
        ko="도구의 이름입니다. 영문자, 숫자, _ . : / - 로 128자까지입니다.",
        en="The name of a tool: letters, digits and _ . : / -, at most 128.",
    ),
    VARIABLE: Text(
        ko="키가 아니라 환경 변수의 이름입니다. 영문자, 숫자, _ 만 쓰고 숫자로 시작하지 않습니다.",
        en="The name of a variable, not the key: letters, digits and _, not beginning with a digit.",
    ),
    USER: Text(
        ko="이 컴퓨터의 사용자 이름입니다. 소문자와 숫자, _ 와 - 로 32자까지입니다.",
        en="The name of a user of this machine: lower-case letters, digits, _ and -, at most 32.",
    ),
    KIND: Text(
        ko="종류는 점으로 이은 영문 소문자 이름입니다. 예: corp.badge.",
        en="A kind is a name of small letters with a dot in it, such as corp.badge.",
    ),
    COUNTRY: Text(
        ko="나라는 ISO 3166-1 의 두 글자로 적습니다. 예: KR.",
        en="A country is written with the two letters of ISO 3166-1, such as KR.",
    ),
}
"""What each pattern of the model asks, as people say it."""

_LARGEST: Final = 1 << 63
_compiled = cache(re.compile)


def misfits(value: Any, kind: inspect.Type, path: Path = ()) -> Iterator[Problem]:
    """Everything in `value` that is not as `kind` asks."""
    match kind:
        case inspect.UnionType():
            yield from _union(value, kind, path)
        case inspect.StructType():
            yield from _struct(value, kind, path)
        case inspect.DictType():
            yield from _names(value, kind, path)
        case inspect.VarTupleType():
            if not isinstance(value, list):
                yield _expected(path, "목록으로 적으세요: [하나, 둘].", "Write a list: [one, two].")
                return
            for index, item in enumerate(value):
                yield from misfits(item, kind.item_type, (*path, index))
        case inspect.LiteralType():
            if not any(type(value) is type(known) and value == known for known in kind.values):
                yield _not_one_of(value, kind, path)
        case _:
            yield from _scalar(value, kind, path)


def _scalar(value: Any, kind: inspect.Type, path: Path) -> Iterator[Problem]:
    match kind:
        case inspect.StrType():
            yield from _text(value, kind.pattern, path)
        case inspect.BoolType():
            if not isinstance(value, bool):
                yield _expected(path, "true 나 false 로 적으세요.", "Write true or false.")
        case inspect.IntType() | inspect.FloatType():
            yield from _number(value, kind, path)
        case inspect.DateType():
            if not _is_date(value):
                yield _expected(path, "날짜로 적으세요: 2027-06-30.", "Write a date: 2027-06-30.")
        case _:
            raise TypeError(kind)


def _is_date(value: Any) -> bool:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return isinstance(value, date) and not isinstance(value, datetime)


def _text(value: Any, pattern: str | None, path: Path) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _expected(
            path,
            "글로 적으세요. 숫자뿐이면 따옴표로 감쌉니다.",
            "Write text; put it in quotes where it is only digits.",
        )
    elif pattern is not None and not _compiled(pattern).search(value):
        yield Problem(path, PATTERNS[pattern])


def _number(value: Any, kind: inspect.IntType | inspect.FloatType, path: Path) -> Iterator[Problem]:
    whole = isinstance(kind, inspect.IntType)
    least, edge = (kind.ge, Text("이상", "from")) if kind.ge is not None else (kind.gt, Text("초과", "above"))
    number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not (number and abs(value) < _LARGEST and _within(value, kind)):
        yield _expected(
            path,
            f"{least} {edge.ko} {kind.le} 이하의 {'정수' if whole else '수'}로 적으세요.",
            f"Write a {'whole ' * whole}number in the range {edge.en} {least} to {kind.le}.",
        )


def _within(value: float, kind: inspect.IntType | inspect.FloatType) -> bool:
    return (
        (kind.ge is None or value >= kind.ge)
        and (kind.gt is None or value > kind.gt)
        and (kind.le is None or value <= kind.le)
        and (kind.lt is None or value < kind.lt)
    )


def _union(value: Any, kind: inspect.UnionType, path: Path) -> Iterator[Problem]:
    """Which of the types is meant shows in the value: a mapping, nothing, or a scalar."""
    wanted = inspect.NoneType if value is None else inspect.StructType if isinstance(value, dict) else None
    found = [each for each in kind.types if isinstance(each, wanted)] if wanted else []
    plain = [each for each in kind.types if not isinstance(each, inspect.NoneType | inspect.StructType)]
    chosen = found or plain or [each for each in kind.types if not isinstance(each, inspect.NoneType)]
    if not isinstance(chosen[0], inspect.NoneType):
        yield from misfits(value, chosen[0], path)


def _struct(value: Any, kind: inspect.StructType, path: Path) -> Iterator[Problem]:
    fields = {field.encode_name: field for field in kind.fields}
    if not isinstance(value, dict):
        listed = ", ".join(fields)
        yield _expected(
            path,
            f"`이름: 값` 의 모음으로 적으세요. 쓸 수 있는 이름: {listed}.",
            f"Write names and values. Known names: {listed}.",
        )
        return
    for name, inner in value.items():
        if name in fields:
            yield from misfits(inner, fields[name].type, (*path, name))
        else:
            what = Text(ko="모르는 이름이 있습니다.", en="There is an unknown name here.")
            yield Problem(path, what, did_you_mean(name, fields), mark=(*path, name))
    for name, field in fields.items():
        if field.required and name not in value:
            yield Problem(
                path,
                Text(ko=f"`{name}` 항목이 빠졌습니다.", en=f"`{name}` is missing."),
                Text(ko="그 줄을 더하세요.", en="Add that line."),
            )


def _names(value: Any, kind: inspect.DictType, path: Path) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _expected(
            path, "이름마다 항목을 적으세요: `이름: {항목: 값}`.", "Write names, each with its fields."
        )
        return
    for name, inner in value.items():
        misnamed = [*misfits(name, kind.key_type, path)]
        yield from (Problem(path, each.problem, each.mend, mark=(*path, name)) for each in misnamed)
        if not misnamed:
            yield from misfits(inner, kind.value_type, (*path, name))


def _not_one_of(value: Any, kind: inspect.LiteralType, path: Path) -> Problem:
    known = [str(each).lower() if isinstance(each, bool) else str(each) for each in kind.values]
    listed = ", ".join(f"`{each}`" for each in known)
    what = Text(
        ko=f"여기에 쓸 수 있는 값이 아닙니다. 쓸 수 있는 값: {listed}.",
        en=f"This value is not known here. Known: {listed}.",
    )
    near = did_you_mean(value, known) if isinstance(value, str) else NOTHING
    return Problem(path, what, near if "혹시" in near.ko else NOTHING)


def _expected(path: Path, ko: str, en: str) -> Problem:
    return Problem(
        path,
        Text(ko="값의 형식이 맞지 않습니다.", en="The value has the wrong form."),
        Text(ko=ko, en=en),
    )
