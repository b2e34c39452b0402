"""A label is a join-semilattice: it only rises, in whatever order parts are looked at."""

from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.label import ORDINARY, UNREADABLE, Label, Level, join_all

labels = st.builds(
    Label, st.sampled_from(Level), st.frozensets(st.sampled_from(["kr.rrn", "phone", "card", "email"]))
)


@given(labels, labels, labels)
def test_join_is_associative(a: Label, b: Label, c: Label) -> None:
    assert a.join(b).join(c) == a.join(b.join(c))


@given(labels, labels)
def test_join_is_commutative(a: Label, b: Label) -> None:
    assert a.join(b) == b.join(a)


@given(labels)
def test_join_is_idempotent(a: Label) -> None:
    assert a.join(a) == a


@given(labels, labels)
def test_join_never_lowers(a: Label, b: Label) -> None:
    assert a.join(b).covers(a)
    assert a.join(b).covers(b)


@given(labels, labels, labels)
def test_join_is_the_least_upper_bound(a: Label, b: Label, c: Label) -> None:
    if c.covers(a) and c.covers(b):
        assert c.covers(a.join(b))


@given(st.lists(labels))
def test_parts_may_be_looked_at_in_any_order(parts: list[Label]) -> None:
    shuffled = sorted(parts, key=lambda label: (label.level, sorted(label.kinds)))
    assert join_all(parts) == join_all(shuffled)


def test_nothing_found_is_internal_and_unreadable_is_restricted() -> None:
    assert join_all([]) == ORDINARY
    assert ORDINARY.level is Level.INTERNAL
    assert UNREADABLE.level is Level.RESTRICTED


def test_levels_are_ordered() -> None:
    assert [level.word for level in sorted(Level)] == ["public", "internal", "confidential", "restricted"]
    assert all(Level.of(level.word) is level for level in Level)
