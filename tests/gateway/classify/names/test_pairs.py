"""A common first name before a word that no list knows is a name; what only looks like one is none."""

import pytest

from haechi.gateway.classify.names.pairs import pairs


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Hi Garrett Haraldsen, hello", ["Garrett Haraldsen"]),
        ("고객 Robert Vandermeer님", ["Robert Vandermeer"]),
        ("Susan K. Okonjo-Iweala and Oscar D'Angelo", ["Susan K. Okonjo-Iweala", "Oscar D'Angelo"]),
        ("Henry Fjord Hospital", ["Henry Fjord"]),
        ("Thomas Street, Martin Bank, Robert University", []),
        ("Austin Haraldsen", []),  # Austin is a town, too
        ("Robert Walters Ltd", []),
        ("from robert.Haraldsen import x, Robert Haraldsen@x, a/Robert Haraldsen", []),
        ("Robert Because", []),
    ],
)
def test_pairs(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end, *_ in pairs(text)] == names
