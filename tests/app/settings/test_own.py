"""A company's own identifiers and terms: tried before they are believed, found when they are, named by rules."""

from datetime import date

import pytest

from haechi.app.settings.compile import problems, version, warnings
from haechi.app.settings.load import parse
from haechi.app.settings.model import Settings
from haechi.app.settings.own import MOST_IDENTIFIERS, MOST_TERMS, every_identifier, ordinary_sentences
from haechi.app.wiring import detectors
from haechi.domain.label import Level

TODAY = date(2026, 11, 22)
BADGE = r"""
identifiers:
  - {kind: corp.badge, name: 사원증, pattern: 'HB-\d{6}', examples: [사원증 HB-204817], counter_examples: [부품 HB-12]}
"""


def read(text: str) -> Settings:
    return parse(text, "haechi.yaml", {})


def told(text: str) -> list[tuple[str, str]]:
    """Path and problem of everything that is wrong."""
    return [(str(each.where), each.problem.en) for each in problems(read(text), TODAY)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("사원증 HB-204817입니다", {"corp.badge"}),
        ("badge HB-204817.", {"corp.badge"}),
        ("부품 HB-2048170", set()),
        ("XHB-204817", set()),
    ],
)
def test_an_own_identifier_is_found_as_any_other(text: str, kinds: set[str]) -> None:
    hits = detectors(read(BADGE)).scan(text)
    assert {hit.kind for hit in hits} == kinds
    assert all(hit.level is Level.CONFIDENTIAL for hit in hits)


def test_context_is_asked_for_where_words_are_given() -> None:
    settings = read(
        r"identifiers: [{kind: corp.line, name: 설비, pattern: '[A-Z]\d{3}', context: [설비], examples: [설비 K204]}]"
    )
    assert problems(settings, TODAY) == []
    assert [hit.kind for hit in detectors(settings).scan("설비번호 K204 점검")] == ["corp.line"]
    assert detectors(settings).scan("좌석 K204 예약") == []


def test_a_named_group_is_the_finding() -> None:
    text = r"identifiers: [{kind: corp.lot, name: 로트, pattern: '로트=(?P<value>[A-Z]{2}\d{4})', examples: ['로트=AB1234']}]"
    line = "공정 로트=AB1234 투입"
    (hit,) = detectors(read(text)).scan(line)
    assert line[hit.start : hit.end] == "AB1234"


def test_terms_are_found_at_their_own_level() -> None:
    settings = read("terms: [{names: [프로젝트 은하수], level: restricted}, {names: [Bluefin]}]")
    assert problems(settings, TODAY) == []
    found = {(hit.kind, hit.level) for hit in detectors(settings).scan("프로젝트 은하수와 Bluefin")}
    assert found == {("term", Level.RESTRICTED), ("term", Level.CONFIDENTIAL)}


@pytest.mark.parametrize(
    ("entry", "where", "problem"),
    [
        (
            r"kind: kr.rrn, pattern: 'HB-\d{6}', examples: [HB-204817]",
            "identifiers[0].kind",
            "exists already",
        ),
        (
            r"kind: kr.badge, pattern: 'HB-\d{6}', examples: [HB-204817]",
            "identifiers[0].kind",
            "exists already",
        ),
        (
            r"kind: corp.x, pattern: '(?=HB)\d', examples: [HB-204817]",
            "identifiers[0].pattern",
            "RE2 cannot read",
        ),
        (r"kind: corp.x, pattern: '(a)\1', examples: [aa]", "identifiers[0].pattern", "RE2 cannot read"),
        (
            r"kind: corp.x, pattern: '((a{1,99}){1,99}){1,99}', examples: [aa]",
            "identifiers[0].pattern",
            "RE2 cannot read",
        ),
        (
            r"kind: corp.x, pattern: '\d*', examples: ['1']",
            "identifiers[0].pattern",
            "matches the empty text",
        ),
        (r"kind: corp.x, pattern: '\d+', examples: ['1']", "identifiers[0].pattern", "ordinary sentences"),
        (
            r"kind: corp.x, pattern: '[가-힣]{3}', examples: [홍길동]",
            "identifiers[0].pattern",
            "ordinary sentences",
        ),
        (
            r"kind: corp.x, pattern: 'HB-\d{6}', examples: [HB-20]",
            "identifiers[0].examples[0]",
            "Nothing is found",
        ),
        (r"kind: corp.x, pattern: 'HB-\d{6}', examples: []", "identifiers[0].examples", "no example"),
        (
            r"kind: corp.x, pattern: 'HB-\d{2,6}', examples: [HB-20], counter_examples: [부품 HB-12]",
            "identifiers[0].counter_examples[0]",
            "must be left alone",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(entry: str, where: str, problem: str) -> None:
    (found,) = told(f"identifiers: [{{name: x, {entry}}}]")
    assert found[0] == where
    assert problem in found[1]


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ("[가]", "too short"),
        ("['- a -']", "too short"),
        (f"[{'가' * 101}]", "too long"),
        ("[보고서]", "ordinary sentences"),
    ],
)
def test_a_term_that_would_stand_everywhere_is_refused(names: str, problem: str) -> None:
    (found,) = told(f"terms: [{{names: {names}}}]")
    assert found[0] == "terms[0].names[0]"
    assert problem in found[1]


def test_there_is_a_bound_on_both() -> None:
    one = r"{kind: corp.k%d, name: x, pattern: 'HB%d-\d{6}', examples: [HB%d-204817]}"
    many = ", ".join(one % (n, n, n) for n in range(MOST_IDENTIFIERS + 1))
    assert told(f"identifiers: [{many}]") == [("identifiers", "There are too many.")]
    names = ", ".join(f"과제{n:05d}호기" for n in range(MOST_TERMS + 1))
    assert told(f"terms: [{{names: [{names}]}}]") == [("terms", "There are too many.")]


def test_rules_may_name_own_kinds_and_only_those_that_exist() -> None:
    rule = "rules: [{when: {kind: [%s]}, then: refuse, because: x}]"
    assert problems(read(BADGE + rule % "corp.badge"), TODAY) == []
    assert warnings(read(BADGE + rule % "corp.badge")) == []
    assert [each.problem.en for each in problems(read(BADGE + rule % "corp.batch"), TODAY)] == [
        "This kind is not known, so nothing matches it."
    ]


def test_a_rule_cannot_let_out_an_own_kind_that_is_restricted() -> None:
    text = BADGE.replace("name: 사원증", "name: 사원증, level: restricted")
    rule = "rules: [{when: {level: confidential}, then: {deidentify: [corp.badge]}, because: x}]"
    assert any("corp.badge" in each.problem.en for each in problems(read(text + rule), TODAY))


def test_the_version_of_the_policy_is_of_these_too() -> None:
    versions = {
        version(read(text)) for text in ("", BADGE, BADGE.replace("6}", "7}"), "terms: [{names: [은하수]}]")
    }
    assert len(versions) == 4


def test_both_are_listed_beside_the_catalogue() -> None:
    kinds = [identifier.kind for identifier in every_identifier(read(BADGE))]
    assert kinds[-1] == "corp.badge"
    assert "kr.rrn" in kinds


def test_nothing_is_found_in_the_ordinary_sentences_themselves() -> None:
    scan = detectors().scan
    assert [
        hit for sentence in ordinary_sentences() for hit in scan(sentence) if hit.level > Level.INTERNAL
    ] == []
