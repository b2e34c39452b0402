"""Which finding speaks for a place."""

from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.label import Finding, Level
from haechi.gateway.classify.overlaps import resolved


def found(
    start: int, end: int, kind: str = "phone", level: Level = Level.CONFIDENTIAL, pointer: str = ""
) -> Finding:
    return Finding(kind, pointer, start, end, level, 0.9, f"{kind}.rule")


FINDINGS = st.builds(
    lambda start, size, kind, level, pointer: found(start, start + size, kind, level, pointer),
    st.integers(0, 20),
    st.integers(1, 8),
    st.sampled_from(["phone", "card", "fingerprint", "topic.m_and_a"]),
    st.sampled_from(Level),
    st.sampled_from(["", "/a"]),
)


def covered(findings: list[Finding]) -> set[tuple[str, int]]:
    return {(one.pointer, place) for one in findings for place in range(one.start, one.end)}


@given(st.lists(FINDINGS, max_size=12))
def test_no_character_goes_uncovered(findings: list[Finding]) -> None:
    assert covered(resolved(findings)) == covered(findings)


@given(st.lists(FINDINGS, max_size=12))
def test_none_that_stays_lies_within_another(findings: list[Finding]) -> None:
    kept = [one for one in resolved(findings) if one.kind in ("phone", "card")]
    for number, one in enumerate(kept):
        for other in kept[number + 1 :]:
            assert one.pointer != other.pointer or one.end < other.end or one.end <= other.start


def test_the_longer_one_speaks_and_of_equals_the_stricter() -> None:
    account, phone = found(0, 14, "bank_account"), found(0, 13)
    assert resolved([phone, account]) == [account]
    card = found(0, 13, "card", Level.RESTRICTED)
    assert resolved([phone, card]) == [card]


def test_a_passage_hides_no_value_in_it() -> None:
    topic, phone = found(0, 100, "topic.m_and_a"), found(5, 18)
    assert resolved([topic, phone]) == [topic, phone]
