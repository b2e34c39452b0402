"""A thought fits its own provider and its own tokens, byte for byte, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.mapping import NOTHING_TAKEN, Mapping, Taken
from haechi.gateway.reidentify.thoughts import fitting, packed


def mapping(*values: str) -> Mapping:
    return Mapping(
        tuple(Taken(f"PERSON_{number}", value, "person") for number, value in enumerate(values, 1))
    )


ONE = mapping("김민수")


@given(st.text(), st.text(), st.lists(st.text(), max_size=3), st.lists(st.text(), max_size=3))
def test_it_comes_back_as_it_was_also_when_more_values_came(
    said: str, destination: str, values: list[str], more: list[str]
) -> None:
    assert fitting(packed(said, destination, mapping(*values)), destination, mapping(*values, *more)) == said


@pytest.mark.parametrize(
    ("destination", "now"),
    [
        ("gpt", ONE),
        ("claude", mapping("이영희")),
        ("claude", mapping("이영희", "김민수")),
        ("claude", NOTHING_TAKEN),
    ],
    ids=["another destination", "another value", "another number", "no value"],
)
def test_it_does_not_fit_otherwise(destination: str, now: Mapping) -> None:
    assert fitting(packed("PERSON_1 …", "claude", ONE), "claude", ONE) == "PERSON_1 …"
    assert fitting(packed("PERSON_1 …", "claude", ONE), destination, now) is None


@given(st.binary(max_size=80))
def test_what_is_none_fits_nowhere(pack: bytes) -> None:
    assert fitting(pack, "claude", NOTHING_TAKEN) is None


def test_values_are_no_part_of_it() -> None:
    assert "김민수".encode() not in packed("PERSON_1", "claude", ONE)
