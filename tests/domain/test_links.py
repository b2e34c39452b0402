"""Addresses and their hosts, however the text is cut, and in time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.links import LONGEST_HOST, NotYet, Place, dotted_words, may_address


def host(text: str, ahead: str = "X", *, more: bool = False) -> str | None:
    place = Place()
    place.read(text)
    return place.host(ahead, more=more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.com/", "a.com"),
        ("https://a.com:8443/", "a.com"),
        ("https://A.com./", "a.com"),
        ("https://u@a.com/", "u@a.com"),
        ("https://a.com\\@b.com/", "\\a.com"),
        ("a.com/", "a.com"),
        ("말 a.com 뒤 ", None),
        ("[x](/", ""),
        ("[x](a.com/", "a.com"),
        ("<img src='", ""),
        ("<img src='//a.com/", "a.com"),
        ("<p>", None),
        ("</p>", None),
        ("a < b https", None),
        ("3.14/", "3.14"),
        ("했습니다. 그리고/", None),
        ('"https://a.com/" 뒤', None),
        ('{"u":"https://a.com/","n":"', None),
    ],
)
def test_host(text: str, expected: str | None) -> None:
    assert host(text) == expected


def test_a_host_is_waited_for() -> None:
    with pytest.raises(NotYet):
        host("https://", "X.a", more=True)
    assert host("https://", "X.a ", more=True) == "x.a"
    assert host("https://", "x" * 400, more=True) == "x" * LONGEST_HOST


@given(st.text(alphabet="https:/a.?)](<img = \"'&;\\n", max_size=40))
def test_any_text_has_an_end(text: str) -> None:
    place = Place()
    place.read(text)
    assert place.host("X", more=False) is None or isinstance(place.host("X", more=False), str)
    assert place.finish() >= set()


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.",
        "a.b ",
        "가나다",
        "https://",
        "https:/",
        "](",
        "<img ",
        "<img a=",
        "[",
        "[a]:",
        "\n[a",
        "//",
        "a-",
        '"',
        "((",
        "&",
        ".",
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = time.thread_time()
    host(text)
    dotted_words(text)
    may_address(text)
    place = Place()
    for at in range(0, len(text), 500):
        place.read(text[at : at + 500])
        place.host("X", more=False)
    assert time.thread_time() - began < 1.5
