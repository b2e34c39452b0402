"""What is remembered is what this text showed where it stood, and only for as long as lists and documents are the same."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from haechi.app.wiring import detectors
from haechi.domain.label import Level
from haechi.gateway.classify import memory
from haechi.gateway.classify.classify import classify
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.memory import Memory, Seen
from haechi.gateway.classify.sight import Eyes

KEY = bytes(32)
FOUND = Seen((Hit(0, 1, "person", Level.CONFIDENTIAL, 1.0, "test"),))
SCAN = detectors().scan


def never() -> Seen:
    raise AssertionError("it was looked at again")


def test_what_was_seen_is_not_looked_at_again() -> None:
    remembered = Memory(KEY)
    assert remembered.of("글", b"0", lambda: FOUND) is FOUND
    assert remembered.of("글", b"0", never) is FOUND


salts = st.integers(0, 120).map(lambda number: b"%d" % number) | st.just(b"seam")
asked = st.tuples(st.text("012\n가", max_size=4), salts)


@given(asked, asked)
@example(("2\n", b"1"), ("\n", b"12"))
def test_another_text_or_another_place_is_another_memory(
    first: tuple[str, bytes], second: tuple[str, bytes]
) -> None:
    remembered = Memory(KEY)
    remembered.of(*first, lambda: FOUND)
    assert (remembered.of(*second, Seen) is FOUND) == (first == second)


def test_nobody_teaches_a_gate_to_overlook_what_stands_at_another_place() -> None:
    """The first request lets a number be seen as what stands before a long text; in the second it is the text."""
    eyes = Eyes(SCAN, memory=Memory(KEY))
    number = "주민번호 900101-1234568 ".ljust(108, "나")
    before, long = "x" * 10, "오늘 날씨가 좋다 " * 40
    poison: list[Any] = ["앞" * 300, "q" * 150 + before + "\n" + number, long]
    assert classify(poison, eyes).label.level is Level.RESTRICTED
    assert classify(["0" + before, number + "\n" + long], eyes).label.level is Level.RESTRICTED


def test_a_change_makes_it_forget() -> None:
    edition = itertools.chain([1, 1, 2]).__next__
    remembered = Memory(KEY, edition)
    remembered.of("글", b"0", Seen)
    assert remembered.of("글", b"0", lambda: FOUND) is FOUND


def test_what_was_looked_at_during_a_change_is_not_remembered() -> None:
    """One thread looks at a long text with the old lists while another one notices the new ones."""
    now = [1]
    remembered = Memory(KEY, lambda: now[0])

    def overtaken() -> Seen:
        now[0] = 2
        remembered.of("다른 글", b"0", Seen)
        return Seen()

    remembered.of("글", b"0", overtaken)
    assert remembered.of("글", b"0", lambda: FOUND) is FOUND


@pytest.mark.parametrize("seen", [lambda: Seen(), lambda: Seen(FOUND.hits * 100)])
def test_it_has_an_end(seen: Callable[[], Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "ROOM", 1000)
    remembered = Memory(KEY)
    for number in range(5000):
        remembered.of(str(number), b"0", seen)
    kept = [*remembered._young.values(), *remembered._old.values()]
    assert sum(1 + len(each.hits) for each in kept) <= 2000
    assert remembered.of("4999", b"0", never) == seen()
