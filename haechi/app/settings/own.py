"""What a site brings itself: `identifiers` and `terms`, as the detectors take them, and what is wrong with them.

A pattern is tried before it is believed: on its own examples and counter-examples, on the empty text, and on
ordinary sentences, for a pattern that finds those would keep all work at home.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import re2

from haechi.app.settings.labels import Own
from haechi.app.settings.model import IdentifierSettings, Settings
from haechi.app.settings.problems import Path, Problem
from haechi.catalogue.identifiers import Identifier, IdentifierRule, identifiers
from haechi.domain.label import Level
from haechi.domain.text import Text
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.terms import LEAST, Term, Terms, letters_of

MOST_IDENTIFIERS: Final = 100
MOST_TERMS: Final = 10_000
LONGEST_PATTERN: Final = 500
LONGEST_TERM: Final = 100
_MEMORY: Final = 1 << 20
"""Bytes that one compiled pattern may take: RE2 refuses what needs more, such as nested counted repetitions."""

_CONFIDENCE: Final = 0.9
_TERM: Final = "term"
_LEVEL: Final = Level.INTERNAL


def own_identifiers(settings: Settings) -> tuple[Identifier, ...]:
    """The site's identifiers in the form of the catalogue."""
    return tuple(map(_identifier, settings.identifiers))


def every_identifier(settings: Settings) -> tuple[Identifier, ...]:
    """Those of the catalogue, and the site's."""
    return (*identifiers(), *own_identifiers(settings))


def own_terms(settings: Settings) -> tuple[Term, ...]:
    """The site's terms, a name each."""
    return tuple(Term(name, Level.of(entry.level)) for entry in settings.terms for name in entry.names)


def kinds(settings: Settings) -> Own:
    """The kinds that the site brings, with their lowest level."""
    brought = {entry.kind: Level.of(entry.level) for entry in settings.identifiers}
    if settings.terms:
        brought[_TERM] = min(Level.of(entry.level) for entry in settings.terms)
    return tuple(brought.items())


def wrong(settings: Settings) -> Iterator[Problem]:
    """Everything that is wrong with `identifiers` and `terms`."""
    if len(settings.identifiers) > MOST_IDENTIFIERS:
        yield _too_many(("identifiers",), MOST_IDENTIFIERS)
        return
    taken = {identifier.kind for identifier in identifiers()}
    for number, entry in enumerate(settings.identifiers):
        path: Path = ("identifiers", number)
        yield from _kind(path, entry, taken)
        taken.add(entry.kind)
        found = [*_pattern((*path, "pattern"), entry.pattern)]
        yield from found or _tried(path, entry)
    yield from _terms(settings)


def _identifier(entry: IdentifierSettings) -> Identifier:
    rule = IdentifierRule(
        id=entry.kind,
        pattern=entry.pattern,
        context="required" if entry.context else "none",
        confidence=_CONFIDENCE,
        examples=entry.examples,
        counter_examples=entry.counter_examples,
    )
    name = Text(ko=entry.name, en=entry.name)
    return Identifier(entry.kind, name, entry.level, "company policy", entry.context, (rule,))


def _kind(path: Path, entry: IdentifierSettings, taken: set[str]) -> Iterator[Problem]:
    if entry.kind in taken or entry.kind.startswith(("kr.", "us.", "topic.")):
        yield _problem(
            (*path, "kind"),
            "이미 있는 종류이거나 haechi 가 쓰는 앞머리(kr., us., topic.)입니다.",
            "This kind exists already, or begins as haechi's own do (kr., us., topic.).",
            "corp.badge 처럼 다른 이름을 쓰세요.",
            "Choose another name, such as corp.badge.",
        )


def _pattern(path: Path, pattern: str) -> Iterator[Problem]:
    """Whether RE2 takes it, in bounded memory, and whether it asks for anything at all."""
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    try:
        compiled = re2.compile(pattern, options) if len(pattern) <= LONGEST_PATTERN else None
    except re2.error:
        compiled = None
    if compiled is None:
        yield _problem(
            path,
            "RE2 가 읽지 못하는 정규식이거나 너무 큽니다.",
            "RE2 cannot read this expression, or it is too large.",
            f"{LONGEST_PATTERN}자 안에서, 앞뒤를 보는 조건((?=…), (?<…))과 역참조(\\1) 없이 적으세요. 경계는 haechi 가 봅니다.",
            f"Keep it within {LONGEST_PATTERN} characters, without look-around ((?=…), (?<…)) and back-references (\\1). "
            "haechi looks at the neighbours itself.",
        )
    elif compiled.search("") is not None:
        yield _problem(
            path,
            "빈 글에도 맞는 정규식이라 모든 글에서 무언가를 찾게 됩니다.",
            "The expression matches the empty text, so it would find something everywhere.",
            "`*` 나 `?` 로만 이루어지지 않게, 꼭 있어야 할 글자를 적으세요.",
            "Write at least one sign that must be there; not only `*` and `?`.",
        )


def _tried(path: Path, entry: IdentifierSettings) -> Iterator[Problem]:
    """The identifier alone, on what it must find and on what it must leave alone."""
    scan = Scanner((_identifier(entry),)).scan
    if not entry.examples:
        yield _problem(
            (*path, "examples"),
            "예가 하나도 없습니다.",
            "There is no example.",
            "찾아야 할 글을 지어내어 하나는 적으세요.",
            "Write at least one invented text in which it must be found.",
        )
    for number, text in enumerate(entry.examples):
        if not scan(text):
            yield _problem(
                (*path, "examples", number),
                "이 예에서 찾지 못합니다.",
                "Nothing is found in this example.",
                "정규식을 고치거나, context 의 낱말이 앞 25자 안에 있는지 보세요. 영문자나 숫자가 붙은 값은 찾지 않습니다.",
                "Mend the pattern, or see that a word of `context` stands within 25 characters before it. A value that "
                "touches ASCII letters or digits is not found.",
            )
    for number, text in enumerate(entry.counter_examples):
        if scan(text):
            yield _problem(
                (*path, "counter_examples", number),
                "찾지 말아야 할 이 글에서 찾습니다.",
                "Something is found in this text, which must be left alone.",
                "정규식을 좁히거나 context 를 적으세요.",
                "Narrow the pattern, or ask for a `context`.",
            )
    if any(map(scan, ordinary_sentences())):
        yield _problem(
            (*path, "pattern"),
            "평범한 글에도 맞는 정규식입니다. 이대로면 일상 업무가 모두 사내에 머뭅니다.",
            "The expression is found in ordinary sentences: all work would stay at home.",
            "고정된 글자(예: 'HB-')나 자릿수를 더 적거나 context 를 적으세요.",
            "Write more of what is fixed (such as 'HB-') or how many digits, or ask for a `context`.",
        )


@cache
def ordinary_sentences() -> tuple[str, ...]:
    """Sentences of every day, in which nothing of a company's own stands."""
    text = (files("haechi.catalogue") / "ordinary_sentences.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line)


def _terms(settings: Settings) -> Iterator[Problem]:
    if sum(len(entry.names) for entry in settings.terms) > MOST_TERMS:
        yield _too_many(("terms",), MOST_TERMS)
    for number, entry in enumerate(settings.terms):
        for place, name in enumerate(entry.names):
            if len(letters_of(name)) < LEAST or len(name) > LONGEST_TERM:
                yield _problem(
                    ("terms", number, "names", place),
                    "너무 짧거나 너무 긴 용어입니다.",
                    "This term is too short or too long.",
                    f"빈칸과 붙임표를 빼고 {LEAST}자 이상, 모두 {LONGEST_TERM}자 이하로 적으세요.",
                    f"Write at least {LEAST} characters besides spaces and hyphens, and at most {LONGEST_TERM}.",
                )
            elif _is_ordinary(name):
                yield _problem(
                    ("terms", number, "names", place),
                    "평범한 글에 늘 나오는 말입니다.",
                    "This word stands in ordinary sentences.",
                    "다른 말과 이어 더 길게 적으세요.",
                    "Write more of the name.",
                )


def _is_ordinary(name: str) -> bool:
    """Whether a term stands in a sentence of every day; most do not even once all spaces are left out."""
    return letters_of(name) in _letters() and any(map(Terms([Term(name, _LEVEL)]).scan, ordinary_sentences()))


@cache
def _letters() -> str:
    return letters_of("\n".join(ordinary_sentences()))


def _too_many(path: Path, most: int) -> Problem:
    return _problem(path, "너무 많습니다.", "There are too many.", f"{most}개까지입니다.", f"At most {most}.")


def _problem(path: Path, ko: str, en: str, mend_ko: str, mend_en: str) -> Problem:
    return Problem(path, Text(ko=ko, en=en), Text(ko=mend_ko, en=mend_en))
