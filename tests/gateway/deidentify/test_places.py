"""Which characters of a text go."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.label import Level
from haechi.gateway.deidentify.places import Span, is_json, joined, json_places, written

SPANS = st.builds(
    lambda start, size, kind, level: Span(start, start + size, kind, level),
    st.integers(0, 20),
    st.integers(1, 8),
    st.sampled_from(["phone", "card", "person"]),
    st.sampled_from(Level),
)


@given(st.lists(SPANS, max_size=10))
def test_every_character_that_was_found_goes_once(spans: list[Span]) -> None:
    places = joined(spans)
    characters = [at for place in places for at in range(place.start, place.end)]
    assert len(characters) == len(set(characters))
    assert set(characters) == {at for span in spans for at in range(span.start, span.end)}
    assert joined(places) == places


@given(st.text(min_size=1), st.data())
def test_no_escape_is_cut(value: str, data: st.DataObject) -> None:
    """Wherever a detector thinks that a value begins and ends."""
    text = json.dumps({"a": value, "b": [12345678901, "x"]})
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    places = json_places(text, [Span(start, end, "person", Level.CONFIDENTIAL)])
    assert places[0].start <= start
    assert places[-1].end >= end
    inside = text[7 : 7 + len(json.dumps(value)) - 2]
    if text.index(inside, 7) <= start and end <= 7 + len(inside):
        (place,) = places
        wire = f"{text[: place.start]}PERSON_1{text[place.end :]}"
        assert is_json(wire)
        assert wire.replace("PERSON_1", place.escaped or written(place.value)) == text


@pytest.mark.parametrize(
    ("text", "span", "value", "escaped", "bare"),
    [
        ('{"a":"김민수"}', (6, 9), "김민수", "", False),
        ('{"a":"\\uae40\\ubbfc"}', (6, 18), "김민", "\\uae40\\ubbfc", False),
        ('{"a":"\\uae40\\ubbfc"}', (8, 18), "김민", "\\uae40\\ubbfc", False),
        ('{"a":"x\\"y"}', (7, 9), '"', "", False),
        ('{"a":"\\ud83d\\ude00"}', (12, 18), "😀", "\\ud83d\\ude00", False),
        ('{"a":1012345678}', (5, 15), "1012345678", "", True),
        ('{"a":-1012345678.5}', (6, 16), "-1012345678.5", "", True),
    ],
)
def test_in_json(text: str, span: tuple[int, int], value: str, escaped: str, bare: bool) -> None:
    (place,) = json_places(text, [Span(*span, "person", Level.CONFIDENTIAL)])
    assert (place.value, place.escaped, place.bare) == (value, escaped, bare)
