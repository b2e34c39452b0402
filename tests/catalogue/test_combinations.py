"""Kinds that are more together: health data and whose they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.combinations import combinations, combined
from haechi.domain.label import Label, Level

KINDS = sorted({kind for each in combinations() for kind in each.any | each.with_} | {"ip", "secret"})
LABELS = st.builds(Label, st.sampled_from(Level), st.frozensets(st.sampled_from(KINDS), max_size=5))


@pytest.mark.parametrize(
    ("kinds", "level"),
    [
        ({"person", "diagnosis_code"}, Level.RESTRICTED),
        ({"date_of_birth", "topic.clinical_note"}, Level.RESTRICTED),
        ({"diagnosis_code"}, Level.CONFIDENTIAL),
        ({"diagnosis_code", "procedure_code"}, Level.CONFIDENTIAL),
        ({"person", "phone"}, Level.CONFIDENTIAL),
        ({"patient_id"}, Level.CONFIDENTIAL),  # it is on both sides, but alone
        ({"ip", "diagnosis_code"}, Level.CONFIDENTIAL),
    ],
)
def test_what_is_more_together(kinds: set[str], level: Level) -> None:
    assert combined(Label(Level.CONFIDENTIAL, frozenset(kinds))).level is level


@given(LABELS, LABELS)
def test_it_only_raises_and_in_any_order(one: Label, other: Label) -> None:
    assert combined(one).covers(one)
    assert combined(combined(one)) == combined(one)
    assert combined(combined(one).join(combined(other))) == combined(one.join(other))
