"""`deidentify` of haechi.yaml: what it says to the gate, and what of it is refused."""

from datetime import date

import pytest

from haechi.app.settings.compile import policy, problems, version
from haechi.app.settings.load import parse
from haechi.app.settings.model import Settings
from haechi.domain.errors import ConfigurationError
from haechi.domain.taking import AS_TOKENS, Taking

TODAY = date(2026, 11, 22)
FULL = """
deidentify:
  as: {person: surrogate, date_of_birth: generalise, email: remove, phone: token}
  never_into: [send_sms, mcp__mail.send]
  mapping_h: 2
"""


def read(text: str) -> Settings:
    return parse(text, "haechi.yaml", {})


def test_what_is_said_reaches_the_gate() -> None:
    assert policy(read(FULL), None, TODAY).taking == Taking(
        {"person": "surrogate", "date_of_birth": "generalise", "email": "remove", "phone": "token"},
        frozenset({"send_sms", "mcp__mail.send"}),
        7200.0,
    )


def test_nothing_said_means_tokens_for_a_day() -> None:
    assert policy(read(""), None, TODAY).taking == AS_TOKENS
    assert AS_TOKENS.mapping_seconds == 86_400


def test_it_decides_so_it_belongs_to_the_version() -> None:
    assert version(read(FULL)) != version(read(""))


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("deidentify: {as: {persn: token}}", "deidentify.as.persn", "Did you mean `person`?"),
        ("deidentify: {as: {kr.rrn: remove}}", "deidentify.as.kr.rrn", "leaves in no form"),
        ("deidentify: {as: {secret: surrogate}}", "deidentify.as.secret", "Use token or remove"),
        ("deidentify: {as: {phone: generalise}}", "deidentify.as.phone", "has no coarser value"),
        ("deploy: split\ndeidentify: {as: {person: surrogate}}", "deidentify.as.person", "Use token."),
        (
            "destinations: {home: {engine: auto, deidentify: [peson]}}",
            "destinations.home.deidentify[0]",
            "`person`",
        ),
    ],
)
def test_what_cannot_be_had_is_refused_with_a_mend(text: str, where: str, said: str) -> None:
    found = {each.where: each.text.en for each in problems(read(text), TODAY)}
    assert said in found[where]


@pytest.mark.parametrize(
    "text",
    [
        "deidentify: {as: {person: shuffle}}",
        "deidentify: {never_into: ['a b']}",
        "deidentify: {mapping_h: 0}",
    ],
)
def test_what_has_no_shape_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="deidentify"):
        read(text)
