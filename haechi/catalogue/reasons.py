"""Reason codes as sentences, from `reasons.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from haechi.catalogue.identifiers import identifiers
from haechi.catalogue.obligations import Obligation, hard_limits, obligations
from haechi.catalogue.studied import studied
from haechi.domain.decision import Reason
from haechi.domain.korean import with_particle
from haechi.domain.text import Language, Text

WORD = "word"
LIST = ", "
NONE = Text(ko="없음", en="none")


def say(reason: Reason, language: Language) -> str:
    """The sentence of `reason`. A code or argument that the table lacks is shown as it is: a gap in the table
    must not hide the decision."""
    template = _sentences().get(reason.code)
    if template is None:
        return f"{reason.code}: {LIST.join(reason.args.values())}" if reason.args else reason.code
    return _Sentence(language).vformat(template.say(language), (), _Arguments(reason.args))


def word(code: str, language: Language) -> str:
    """A level, kind, fault or outcome as people call it; an unknown one as it is written."""
    known = _words().get(code) or _kinds().get(code)
    return known.say(language) if known else code


def codes() -> Mapping[str, Text]:
    """Every reason code with its two templates."""
    return _sentences()


class _Sentence(Formatter):
    """`{name}`, `{name:은/는}`, `{name:word}`, `{name:word은/는}`; `{law:cite}` and `{law:demands}` of a law."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        said = str(value)
        if format_spec in ("cite", "demands") and (row := _law(said)) is not None:
            return (row.cite if format_spec == "cite" else row.demands).say(self._language)
        if format_spec.startswith(WORD):
            said = LIST.join(word(each, self._language) for each in said.split(LIST))
            format_spec = format_spec.removeprefix(WORD)
        said = said or NONE.say(self._language)
        return with_particle(said, format_spec) if format_spec else said


class _Arguments(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _law(name: str) -> Obligation | None:
    return next((row for row in (*hard_limits(), *obligations()) if row.id == name), None)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("haechi.catalogue") / "reasons.toml").read_text(encoding="utf-8"))


@cache
def _sentences() -> dict[str, Text]:
    return {code: Text(**texts) for code, texts in _table().items() if code != "words"}


@cache
def _kinds() -> dict[str, Text]:
    by_rule = {each.kind: each.name for each in identifiers()}
    return by_rule | {each.kind: each.name for each in studied()}


@cache
def _words() -> dict[str, Text]:
    return {code: Text(**texts) for code, texts in _table()["words"].items()}
