"""What holds for every text of the held-out corpus."""

import base64
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest

from benchmarks.detection.held_out import generate, obfuscate, ordinary
from benchmarks.detection.held_out.disguises import DISGUISES
from benchmarks.detection.held_out.lookalikes import LOOKALIKES
from benchmarks.detection.held_out.shape import Value
from benchmarks.detection.held_out.templates import Draft, Template, families, family, fill, particle
from benchmarks.detection.held_out.values import KINDS

EVERY = list(generate.every(11))
LABELLED = list(generate.labelled(5, 1500))


@pytest.mark.parametrize("name", families())
def test_a_family_has_at_least_twenty_five_wordings_no_two_alike(name: str) -> None:
    templates = family(name)
    assert len(templates) >= 25
    assert len({template.bare for template in templates}) == len(templates)
    assert len({template.name for template in templates}) == len(templates)


@pytest.mark.parametrize(
    "template", [template for name in families() for template in family(name)], ids=lambda t: t.name
)
def test_a_wording_holds_nothing_sensitive_outside_its_slots(template: Template) -> None:
    assert not re.search(r"[0-9]{9}|01[016789]-|\w@[a-z]+\.|BEGIN .*PRIVATE", template.bare)


def test_every_kind_comes_often() -> None:
    found = Counter(finding["kind"] for made in LABELLED for finding in made["findings"])
    assert set(found) == set(KINDS)
    assert min(found.values()) >= 15


def test_most_sorts_of_lookalikes_come_in_labelled_texts() -> None:
    found = {lookalike["what"] for made in LABELLED for lookalike in made["lookalikes"]}
    assert len(found & set(LOOKALIKES)) >= 25


@pytest.mark.parametrize("make", [generate.labelled, ordinary.texts, obfuscate.disguised, obfuscate.split])
def test_the_same_seed_writes_the_same_and_another_writes_another(make: generate.Make) -> None:
    once, again, other = (list(make(seed, 60)) for seed in (4, 4, 9))
    assert once == again
    assert [made["text"] for made in once] != [made["text"] for made in other]


def test_a_wording_comes_with_other_values_under_another_seed() -> None:
    pairs = zip(EVERY, generate.every(12), strict=True)
    alike = [made["id"] for made, other in pairs if made["findings"] and made["text"] == other["text"]]
    assert len(alike) < 5  # a marking alone may come again


@pytest.mark.parametrize("made", EVERY, ids=lambda made: made["id"])
def test_spans_lie_in_the_text_and_apart(made: generate.Record) -> None:
    spans = sorted((span["start"], span["end"]) for span in [*made["findings"], *made["lookalikes"]])
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start
    for start, end in spans:
        assert made["text"][start:end].strip() == made["text"][start:end] != ""
    assert "«" not in made["text"]


def test_a_span_that_holds_another_text_is_refused() -> None:
    draft = Draft()
    draft.put(Value("900101-1234568", "kr.rrn", before="번호 "))
    generate.checked(generate.record("x", "form", draft), draft)
    draft.text = "!" + draft.text
    with pytest.raises(ValueError, match="not the one that was put there"):
        generate.checked(generate.record("x", "form", draft), draft)


def test_overlapping_spans_are_refused() -> None:
    draft = Draft()
    draft.put(Value("900101-1234568", "kr.rrn"))
    draft.lookalikes.append((3, 6, "order"))
    with pytest.raises(ValueError, match="overlaps"):
        generate.checked(generate.record("x", "form", draft), draft)


def test_a_kept_value_is_the_same_and_a_repeated_line_another() -> None:
    draft = fill(Template("form", "x", "«employee#a» «employee#a»\n×4-4 «rrn»"), Random(3))
    texts = [draft.text[start:end] for start, end, _ in draft.findings]
    assert texts[0] == texts[1]
    assert len(set(texts[2:])) == 4


@pytest.mark.parametrize(
    ("before", "pair", "expected"),
    [
        ("민수", "은/는", "는"),
        ("정은", "은/는", "은"),
        ("서울", "으로/로", "로"),
        ("부산", "으로/로", "으로"),
        ("Kim", "이/가", "가"),
    ],
)
def test_particles_follow_the_last_sound(before: str, pair: str, expected: str) -> None:
    assert particle(before, pair) == expected


def test_five_hundred_ordinary_texts_are_all_different_and_hold_no_finding() -> None:
    texts = list(ordinary.texts(2, 600))
    assert len({made["text"] for made in texts}) == 600
    assert not any(made["findings"] for made in texts)
    assert {made["domain"] for made in texts} == {
        f"ordinary-{name}" for name in ("korean", "english", "coding", "typography", "requests")
    }


def test_disguises_change_the_value_and_keep_what_stands_around_it() -> None:
    made = list(obfuscate.disguised(6, 5 * len(DISGUISES)))
    assert {record["method"] for record in made} == set(DISGUISES)
    for record in made:
        (finding,) = record["findings"]
        disguised = record["text"][finding["start"] : finding["end"]]
        assert disguised
        assert record["plain"] not in disguised or record["method"] == "lookalike-letters"


def test_every_disguise_meets_every_kind_it_is_for() -> None:
    met = {
        (made["method"], made["findings"][0]["kind"]) for made in obfuscate.disguised(6, 31 * len(DISGUISES))
    }
    assert met == {(name, kind) for name, disguise in DISGUISES.items() for kind in disguise.kinds}


@pytest.mark.parametrize(
    ("method", "undo"),
    [
        ("code-base64", lambda text: base64.b64decode(text).decode()),
        ("code-base32", lambda text: base64.b32decode(text).decode()),
        ("code-hex", lambda text: bytes.fromhex(text).decode()),
        ("code-percent", unquote),
        ("code-json-escape", lambda text: json.loads(f'"{text}"')),
        ("nested-base64-base64", lambda text: base64.b64decode(base64.b64decode(text)).decode()),
        ("nested-percent-base64", lambda text: unquote(base64.b64decode(text).decode())),
    ],
)
def test_encodings_can_be_undone(method: str, undo: Callable[[str], str]) -> None:
    value = "서울 010-2345-6789"
    assert undo(DISGUISES[method].change(value, Random(1))) == value


def test_separators_are_at_most_three_between_two_digits() -> None:
    for seed in range(200):
        text = DISGUISES["separated"].change("900101-1234568", Random(seed))
        assert re.sub("[^0-9]", "", text) == "9001011234568"
        assert max(len(gap) for gap in re.findall("[^0-9]+", text)) <= 3


def test_split_values_reach_over_a_border_of_parts() -> None:
    for made in obfuscate.split(8, 200):
        (finding,) = made["findings"]
        pieces = [made["text"][start:end] for start, end in made["parts"]]
        assert "\n".join(pieces) == made["text"]
        assert any(finding["start"] < end < finding["end"] for _, end in made["parts"])
        assert made["plain"] == made["text"][finding["start"] : finding["end"]].replace("\n", "")


def test_the_command_writes_one_object_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "corpus.jsonl"
    monkeypatch.setattr(sys, "argv", ["generate", "--seed", "3", "--count", "30", "--out", str(out)])
    generate.main()
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    assert records == list(generate.labelled(3, 30))
    assert set(records[0]) == {"id", "text", "domain", "findings", "lookalikes"}
