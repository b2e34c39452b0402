"""Around the joints of a reading nothing is missed that all of it would show."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.detection.letters.read import BOOKS, read
from haechi.catalogue.identifiers import identifiers
from haechi.gateway.classify.hit import Hit
from haechi.gateway.classify.normalise.normalise import readings
from haechi.gateway.classify.normalise.reading import Reading
from haechi.gateway.classify.scanner import Scanner
from haechi.gateway.classify.windows import everywhere, windows_around

SCANNER = Scanner(identifiers())
LETTERS = [letter.text for letter in read(BOOKS["first"].read_text("utf-8"))]


def loose_readings(text: str) -> Iterator[Reading]:
    return (reading for reading in readings(text).readings if reading.loose)


def joined(reading: Reading, hits: list[Hit]) -> set[tuple[int, int, str]]:
    """The hits that only this reading could show."""
    return {(hit.start, hit.end, hit.kind) for hit in hits if reading.put_together(hit.start, hit.end)}


@pytest.mark.parametrize("text", LETTERS[:120], ids=range(120))
def test_what_a_reading_put_together_is_found_around_its_joints(text: str) -> None:
    """In every loose reading of texts that people wrote."""
    for reading in loose_readings(text):
        near = SCANNER.scan_near(reading.text, reading.spots())
        assert joined(reading, near) >= joined(reading, SCANNER.scan(reading.text))


def test_the_letters_have_loose_readings() -> None:
    """Else the test above would look at nothing."""
    assert sum(1 for text in LETTERS[:120] for _ in loose_readings(text)) > 100


@given(st.text("0 1-2/가나|\n", max_size=60))
@example("|0\n|")
def test_a_piece_is_put_together_where_it_holds_a_spot(text: str) -> None:
    """`spots` says of a place what `put_together` says of a piece."""
    for reading in loose_readings(f"900101 / {text} 1 2 3 4 5 6"):
        spots = reading.spots()
        assert spots == sorted(spots)
        for start in range(len(reading.text)):
            if reading.put_together(start, start + 2):
                assert any(first < start + 2 and last >= start for first, last in spots)


@pytest.mark.parametrize(
    ("first", "last", "touches"),
    [(0, 3, False), (0, 5, False), (0, 6, True), (5, 6, True), (6, 9, True), (9, 12, False), (8, 12, True)],
)
def test_a_piece_touches_a_place(first: int, last: int, touches: bool) -> None:
    """A place between 5 and 9: beside it is not in it."""
    assert windows_around("x" * 40, [(5, 9)]).touch(first, last) is touches


@pytest.mark.parametrize(("first", "last", "touches"), [(0, 5, False), (4, 6, True), (5, 8, False)])
def test_a_joint_is_touched_from_both_sides(first: int, last: int, touches: bool) -> None:
    """Where something was taken out, a piece has to hold both of its sides."""
    assert windows_around("x" * 40, [(5, 5)]).touch(first, last) is touches


def test_windows_are_in_bytes() -> None:
    """And hold whole words: what goes on is looked at to its end."""
    text = "가나 " * 40 + "k" * 300 + " 다라"
    place = text.index("k") + 150
    windows = windows_around(text, [(place, place)])
    [(start, end)] = windows.pieces
    assert "k" * 300 in text.encode()[start:end].decode()
    assert windows.starts == [len(text[:place].encode())]


def test_everywhere_touches_everything() -> None:
    """A text as written is looked at as a whole."""
    assert everywhere(b"abc").touch(0, 1)
    assert everywhere(b"abc").pieces == [(0, 3)]
