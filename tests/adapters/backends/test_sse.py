"""Events come out the same however the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.adapters.backends.sse import EventStream, EventTooLong


def read(*pieces: bytes) -> list[bytes]:
    events = EventStream()
    return [event for piece in pieces for event in events.feed(piece)]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"data: one\n\n", [b"one"]),
        (b"data:one\n\n", [b"one"]),
        (b"data:  one\n\n", [b" one"]),
        (b"data: one\r\n\r\n", [b"one"]),
        (b"data: one\r\r", [b"one"]),
        (b"data: one\r\n\ndata: two\n\r\n", [b"one", b"two"]),
        (b"data: one\ndata: two\n\n", [b"one\ntwo"]),
        (b"data\n\n", [b""]),
        (b"data: \n\n", [b""]),
        (b"event: ping\ndata: {}\n\n", [b"{}"]),
        (b"event: ping\n\n", []),
        (b": a comment\n\n: another\ndata: one\n\n", [b"one"]),
        (b"id: 7\nretry: 10\ndata: one\n\n", [b"one"]),
        (b"data: one\n\n\n\n\ndata: two\n\n", [b"one", b"two"]),
        (b"\xef\xbb\xbfdata: one\n\n", [b"one"]),
        (b"database: one\n\n", []),
        (b"data: one\n", []),  # an event ends with an empty line, and never without
        ("data: 안녕 🦁\n\n".encode(), ["안녕 🦁".encode()]),
    ],
)
def test_events_are_read_as_the_standard_says(said: bytes, heard: list[bytes]) -> None:
    assert read(said) == heard
    assert read(*(said[at : at + 1] for at in range(len(said)))) == heard


line_ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
lines = st.one_of(
    st.text(alphabet="가나🦁ab {}:", max_size=8).map(lambda text: b"data: " + text.encode()),
    st.sampled_from([b"event: x", b": comment", b"data", b"data:", b"id: 1", b"", b"", b""]),
)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """A stream of lines, with one line end throughout or mixed, with or without a byte order mark."""
    same = draw(st.one_of(st.none(), line_ends))
    body = b"".join(line + (same or draw(line_ends)) for line in draw(st.lists(lines, max_size=12)))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + body


def literally(stream: bytes) -> list[bytes]:
    """The standard's own algorithm, line by line, slowly."""
    text = stream.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    events: list[bytes] = []
    data: list[bytes] = []
    for line in text.split(b"\n")[:-1]:
        if not line:
            if data:
                events.append(b"\n".join(data))
            data = []
        elif line == b"data" or line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))
    return events


@given(stream=streams(), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_cut_anywhere_the_events_are_the_same(stream: bytes, cuts: list[int]) -> None:
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    pieces = [stream[start:end] for start, end in pairwise(places)]
    assert read(*pieces) == literally(stream)


@given(garbage=st.binary(max_size=200))
def test_garbage_is_read_without_harm(garbage: bytes) -> None:
    read(garbage)


def test_an_endless_event_is_given_up() -> None:
    events = EventStream(max_event=100)
    for _ in range(100):
        events.feed(b"x")
    with pytest.raises(EventTooLong):
        events.feed(b"x")


@pytest.mark.parametrize(
    ("said", "between_events"), [(b"", True), (b"data: a\n\n", True), (b"data: a\n", False), (b"data", False)]
)
def test_the_end_tells_whether_an_event_was_cut(said: bytes, between_events: bool) -> None:
    events = EventStream()
    events.feed(said)
    assert events.finish() is between_events
