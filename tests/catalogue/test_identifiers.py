"""The catalogue of identifiers is its own specification: its examples are found, its counter-examples are not."""

from functools import cache

import pytest
import re2
from msgspec.structs import replace

from haechi.catalogue.identifiers import Identifier, IdentifierRule, identifiers, name_of
from haechi.domain.label import Level
from haechi.gateway.classify.checks.table import CHECKS
from haechi.gateway.classify.scanner import Scanner

SCANNER = Scanner(identifiers())
RULES = [(identifier, rule) for identifier in identifiers() for rule in identifier.rule]
IDS = [rule.id for _, rule in RULES]
FOUND = [(rule.id, example) for _, rule in RULES for example in rule.examples]
NOT_FOUND = [(rule.id, example) for _, rule in RULES for example in rule.counter_examples]

POSITIONAL = ("marking.", "secret.below")
"""Of these the place on the line is the rule, so that nothing may follow."""


NUMBERS = {
    "kr.rrn", "kr.frn", "kr.passport", "kr.driver_license", "kr.ci", "kr.customs", "kr.plate", "phone", "email", "date_of_birth",
    "ip", "card", "bank_account", "kr.brn", "kr.crn", "employee_id", "kr.health_insurance", "patient_id", "diagnosis_code",
    "procedure_code", "iban", "us.ssn",
}  # fmt: skip


@cache
def alone(rule: str) -> Scanner:
    """A scanner of one rule: another of the same kind may otherwise find the same, and is shown in its place."""
    identifier, entry = RULES[IDS.index(rule)]
    return Scanner([replace(identifier, rule=(entry,))])


@pytest.mark.parametrize(("rule", "text"), FOUND)
def test_finds(rule: str, text: str) -> None:
    assert rule in {hit.rule for hit in alone(rule).scan(text)}


@pytest.mark.parametrize(("rule", "text"), FOUND)
def test_finds_the_kind_among_all_others(rule: str, text: str) -> None:
    identifier, entry = RULES[IDS.index(rule)]
    levels = {hit.level for hit in SCANNER.scan(text) if hit.kind == identifier.kind}
    assert max(levels) >= identifier.level_of(entry)


@pytest.mark.parametrize(("rule", "text"), NOT_FOUND)
def test_leaves_alone(rule: str, text: str) -> None:
    assert rule not in {hit.rule for hit in SCANNER.scan(text)}
    assert rule not in {hit.rule for hit in alone(rule).scan(text)}


@pytest.mark.parametrize(("rule", "text"), FOUND)
def test_finds_with_a_korean_particle_directly_after_it(rule: str, text: str) -> None:
    if any(text.endswith(character) for character in "\"'-") or rule.startswith(POSITIONAL):
        return
    assert rule in {hit.rule for hit in alone(rule).scan(text + "입니다")}


@pytest.mark.parametrize(
    ("identifier", "rule"), RULES, ids=lambda value: getattr(value, "id", getattr(value, "kind", ""))
)
def test_every_rule_is_complete(identifier: Identifier, rule: IdentifierRule) -> None:
    assert rule.examples
    assert rule.counter_examples
    assert rule.id.startswith(identifier.kind)
    assert 0 < rule.confidence <= 1
    assert rule.check is None or rule.check in CHECKS
    assert rule.context == "none" or identifier.words or rule.words
    assert identifier.basis
    assert re2.compile(rule.pattern)


def test_the_kinds_are_there_and_legal_floors_are_restricted() -> None:
    table = {identifier.kind: identifier for identifier in identifiers()}
    assert set(table) >= NUMBERS | {"secret", "marking"}
    assert {kind for kind, entry in table.items() if entry.floor} == {
        "kr.rrn", "kr.frn", "kr.passport", "kr.driver_license",
    }  # fmt: skip
    assert all(Level.of(entry.level) is Level.RESTRICTED for entry in table.values() if entry.floor)


def test_kinds_have_names_in_both_languages() -> None:
    assert name_of("kr.rrn").ko == "주민등록번호"
    assert name_of("kr.rrn").en == "resident registration number"
    assert name_of("not.known").en == "not.known"
