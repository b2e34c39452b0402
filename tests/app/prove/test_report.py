"""The report: canonical bytes, a signature over all of it, and a page that says the same to people."""

import json
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.adapters.stores.signing import InstallationKey
from haechi.app.prove import course, words
from haechi.app.prove.page import page
from haechi.app.prove.report import FORMAT, canonical, holds, read, signed
from haechi.app.prove.words import passed, verdict
from haechi.domain.errors import ConfigurationError

MADE: dict[str, Any] = {
    "format": FORMAT,
    "made_at": "2026-11-22T00:00:00+00:00",
    "milliseconds": 12_345,
    "conclusive": True,
    "doubts": [],
    "whole": True,
    "parts": [],
    "leaks": 1,
    "found": [
        {
            "area": "surfaces",
            "trial": "<script>alert(1)</script>",
            "kind": "kr.rrn",
            "where": "gpt",
            "form": "plain",
        }
    ],
    "tried": 10,
    "by_kind": {"kr.rrn": {"tried": 10, "leaks": 1}},
    "areas": {"surfaces": {"tried": 10, "leaks": 1, "milliseconds": 5}},
    "faults": {"home gone": {"tried": 2, "leaks": 0, "milliseconds": 5}},
    "skipped": [],
    "surfaces": {"/v1/chat/completions": 122},
    "untried": [],
    "useful": {"gpt": {"cleared": True, "arrived": 3}},
    "destinations": {"gpt": {"zone": "cloud", "wire": "openai", "heard_bytes": 5, "raw_up_to": "internal"}},
    "profile": "general",
    "deploy": "split",
    "left_behind": ["proxy"],
    "policy_version": "0123456789abcdef",
    "hashes": {"code": "00"},
    "versions": {"haechi": "0.1.0"},
}


@pytest.fixture
def key(tmp_path: Path) -> InstallationKey:
    return InstallationKey(tmp_path / "data")


def test_a_signed_report_holds_and_survives_any_writing_of_the_same_json(key: InstallationKey) -> None:
    report = signed(MADE, key)
    assert holds(report, key.public_bytes)
    assert holds(json.loads(json.dumps(report, indent=4)), key.public_bytes)


def changes(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a report."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for step, value in inner for place in ((*path, step), *changes(value, (*path, step)))]


def test_a_change_anywhere_breaks_it(key: InstallationKey) -> None:
    report = signed(MADE, key)
    places = changes(MADE)
    assert len(places) > 40
    for place in places:
        changed = deepcopy(report)
        *way, last = place
        node = changed
        for step in way:
            node = node[step]
        node[last] = "changed"
        assert not holds(changed, key.public_bytes), place
    assert not holds(report | {"more": 1}, key.public_bytes)


def test_another_key_does_not_vouch(key: InstallationKey, tmp_path: Path) -> None:
    forged = signed(MADE | {"leaks": 0}, InstallationKey(tmp_path / "other"))
    assert not holds(forged, key.public_bytes)


@pytest.mark.parametrize("value", [None, "", "zz", "00", 1])
def test_a_signature_that_is_none_is_wrong_and_no_error(key: InstallationKey, value: Any) -> None:
    report = signed(MADE, key)
    assert not holds(report | {"signature": {"value": value}}, key.public_bytes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abAB가_-", max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("ab", max_size=3), JSON, max_size=5))
def test_the_canonical_form_is_what_any_language_would_write(made: dict[str, Any]) -> None:
    expected = json.dumps(made, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(made) == expected.replace("\x7f", "\x7f").encode()
    assert canonical(json.loads(canonical(made))) == canonical(made)


def test_numbers_are_whole() -> None:
    with pytest.raises(TypeError):
        canonical({"a": [{"b": 0.5}]})


def test_what_is_no_report_is_told(tmp_path: Path) -> None:
    for content in (b"", b"[]", b"{}", json.dumps({"format": FORMAT}).encode(), b"\xff"):
        (tmp_path / "r.json").write_bytes(content)
        with pytest.raises(ConfigurationError, match="no report"):
            read(tmp_path / "r.json")


@pytest.mark.parametrize(
    ("change", "good", "says"),
    [
        ({"leaks": 0}, True, "0 leaks"),
        ({"leaks": 0, "whole": False}, True, "Only parts"),
        ({"leaks": 2}, False, "2 leaks"),
        ({"leaks": 0, "conclusive": False}, False, "Not conclusive"),
        ({"leaks": 0, "conclusive": False, "doubts": ["no door"]}, False, "did not (no door)"),
        ({"leaks": 0, "conclusive": False, "untried": ["/v1/new"]}, False, "Not conclusive"),
    ],
)
def test_only_a_conclusive_report_without_leaks_passes(change: dict[str, Any], good: bool, says: str) -> None:
    assert passed(MADE | change) is good
    assert says in verdict(MADE | change).en


class Reader(HTMLParser):
    """Tags and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.languages: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "action")]
        self.languages += [value or "" for name, value in attrs if name == "lang" and tag == "main"]


def test_the_page_speaks_both_languages_and_loads_nothing(key: InstallationKey) -> None:
    made = page(signed(MADE, key))
    reader = Reader()
    reader.feed(made)
    assert reader.languages == ["ko", "en"]
    assert reader.links == []
    assert not {"script", "iframe", "link", "img"} & set(reader.tags)
    assert "&lt;script&gt;alert(1)" in made
    assert "url(" not in made
    for text in (words.LEFT["proxy"], *words.NOT_PROVEN, *words.WATCHED, verdict(MADE)):
        assert text.ko.replace("'", "&#x27;") in made
    assert key.public_bytes.hex() in made


def test_a_door_that_is_none_is_not_said_to_be_without_leaks(key: InstallationKey) -> None:
    made = deepcopy(MADE)
    assert "해당 없음" not in page(signed(made, key))
    made["areas"]["door"] = {"tried": 0, "leaks": 0, "milliseconds": 0}
    assert {"해당 없음", "not applicable"} <= set(page(signed(made, key)).replace("<", ">").split(">"))


def test_every_part_of_the_course_is_explained() -> None:
    assert words.PARTS.keys() == course.PARTS.keys()
