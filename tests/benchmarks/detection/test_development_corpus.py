"""The development corpus: every span holds what was put there, the same seed gives the same texts, all kinds occur."""

import base64
import collections
import html
import json
import quopri
import random
import urllib.parse
from pathlib import Path

import pytest

from benchmarks.detection.development import excerpts, generate, obfuscate
from benchmarks.detection.development.changes import CHANGES
from benchmarks.detection.development.draw import HERE
from benchmarks.detection.development.fillers import particle
from benchmarks.detection.development.lookalikes import LOOKALIKES
from benchmarks.detection.development.values import KINDS
from benchmarks.detection.development.weave import Span, Text, check, templates, weave

DOMAINS = {
    "approval", "callcentre", "chat", "clinical", "code", "commit", "config", "contract", "csv", "english", "form", "log",
    "mail", "news", "sql", "table",
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> list[Text]:
    return list(generate.texts(7, 1600))


def test_every_domain_has_five_and_twenty_templates_no_two_alike() -> None:
    decks = templates(HERE / "templates")
    assert set(decks) == DOMAINS
    assert all(len(deck) >= 25 for deck in decks.values())
    every = [template for deck in decks.values() for template in deck]
    assert len(set(every)) == len(every)


def test_every_template_weaves() -> None:
    for domain, deck in templates(HERE / "templates").items():
        for place, template in enumerate(deck):
            text = weave(f"{domain}-{place}", domain, template, random.Random(place)).text
            assert not set(text) & {"«", "»"}, f"{domain} {place}"


def test_spans_hold_what_was_put_there() -> None:
    text = weave(
        "x", "mail", "«person:홍길동»«:이/가» «phone:010-1234-5678», 주문 «~order:20261122»", random.Random(1)
    )
    assert text.text == "홍길동이 010-1234-5678, 주문 20261122"
    assert text.findings == (Span(0, 3, "person"), Span(5, 18, "phone"))
    assert text.lookalikes == (Span(23, 31, "order"),)


def test_a_span_in_the_wrong_place_is_refused() -> None:
    with pytest.raises(ValueError, match="put there"):
        check(Text("x", "홍길동입니다", "mail", (Span(1, 4, "person"),)), ("홍길동",))
    with pytest.raises(ValueError, match="overlap"):
        check(
            Text("x", "홍길동입니다", "mail", (Span(0, 3, "person"), Span(2, 4, "person"))),
            ("홍길동", "동입"),
        )


def test_offsets_are_code_points_beyond_the_basic_plane() -> None:
    text = weave("x", "chat", "🙏🙏 «email:a@b.example»", random.Random(1))
    assert text.text[text.findings[0].start : text.findings[0].end] == "a@b.example"
    assert text.findings[0].start == 3


def test_no_finding_is_glued_to_letters_or_figures(corpus: list[Text]) -> None:
    for text in corpus:
        for span in text.findings:
            around = text.text[max(0, span.start - 1) : span.start] + text.text[span.end : span.end + 1]
            assert not any(sign.isascii() and sign.isalnum() for sign in around), text.id


@pytest.mark.parametrize("of", sorted(generate.KINDS_OF_CORPUS))
def test_the_same_seed_gives_the_same_file_and_another_seed_another(of: str, tmp_path: Path) -> None:
    def written(name: str, seed: int) -> bytes:
        out = tmp_path / name
        generate.main(["--seed", str(seed), "--count", "60", "--of", of, "--out", str(out)])
        return out.read_bytes()

    assert written("a", 5) == written("b", 5)
    assert written("a", 5) != written("c", 6)
    lines = [json.loads(line) for line in written("a", 5).decode().splitlines()]
    assert len(lines) == len({line["id"] for line in lines}) == 60
    for line in lines:
        assert {"id", "text", "domain", "findings", "lookalikes"} <= set(line)
        assert all(0 <= span["start"] < span["end"] <= len(line["text"]) for span in line["findings"])


def test_every_kind_occurs_often_enough(corpus: list[Text]) -> None:
    counted = collections.Counter(span.what for text in corpus for span in text.findings)
    assert set(counted) == set(KINDS)
    assert min(counted.values()) >= 20, counted


def test_every_look_alike_occurs(corpus: list[Text]) -> None:
    counted = {span.what for text in corpus for span in text.lookalikes}
    assert set(LOOKALIKES) <= counted, set(LOOKALIKES) - counted


def test_ordinary_texts_hold_nothing_and_no_two_are_alike() -> None:
    texts = list(generate.ordinary(1, 600))
    assert len({text.text for text in texts}) == 600
    assert not any(text.findings for text in texts)
    assert not any(any(slot in template for slot in ("«person", "«kr.", "«phone", "«secret")) for deck in
                   templates(HERE / "ordinary").values() for template in deck)  # fmt: skip


@pytest.mark.parametrize(
    ("family", "name", "kind", "shown"),
    [
        ("unicode", "full_width", "phone", "０"),
        ("invisible", "filler", "kr.rrn", "\u3164"),
        ("words", "korean", "kr.rrn", "영"),
        ("encoding", "base64_of_percent", "kr.brn", "JTM"),
        ("markup", "table", "kr.rrn", "|"),
        ("code", "javascript", "card", "fromCharCode"),
    ],
)
def test_a_disguise_covers_what_was_disguised(family: str, name: str, kind: str, shown: str) -> None:
    dressed = ""
    for seed in range(20):
        made = obfuscate.disguise(kind, family, name, random.Random(seed))
        if made is None:
            continue
        text, span = made
        assert span.what == kind
        dressed += text[span.start : span.end]
    assert shown in dressed


@pytest.mark.parametrize("name", sorted(set(CHANGES["code"]) - {"javascript"}))
@pytest.mark.parametrize(
    "value", ["900101-1234568", "10.2.3.4", "a.kim@daon.example", "서울 중구 세종로 1, 2호"]
)
def test_code_means_the_value_it_disguises(name: str, value: str) -> None:
    dressed = CHANGES["code"][name](value, random.Random(1))
    assert dressed is not None
    assert eval(dressed, {}) == value  # noqa: S307 - our own expression, and what it means is the question


@pytest.mark.parametrize("value", ["900101-1234568", "서울 중구 세종로 1, 2호"])
def test_encodings_of_depth_two_lead_back_to_the_value(value: str) -> None:
    def dressed(name: str) -> str:
        return CHANGES["encoding"][name](value, random.Random(1)) or ""

    assert base64.b64decode(base64.b64decode(dressed("base64_of_base64"))).decode() == value
    assert bytes.fromhex(base64.b64decode(dressed("base64_of_hex")).decode()).decode() == value
    assert base64.b64decode(urllib.parse.unquote(dressed("percent_of_base64"))).decode() == value
    assert html.unescape(urllib.parse.unquote(dressed("percent_of_html_decimal"))) == value
    assert quopri.decodestring(dressed("quoted_printable").encode()).decode() == value
    assert json.loads(base64.b64decode(dressed("base64_of_json"))) == {"value": value}


def test_every_change_of_the_scope_rule_occurs() -> None:
    ways = {text.id.split("-", 4)[4] for text in generate.KINDS_OF_CORPUS["obfuscated"](3, 2500)}
    wanted = {f"{family}-{name}" for family, names in CHANGES.items() for name in names}
    assert wanted | {"split-messages", "split-parts", "split-fields"} == ways


def test_a_split_value_is_whole_again_when_its_cuts_are_taken_out() -> None:
    text, span, parts = obfuscate.split("phone", "parts", random.Random(1))
    assert text[span.start : span.end].replace("\n", "").replace("-", "").startswith("01")
    (_, first_end), (second_start, _) = parts
    assert span.start < first_end == second_start - 1 < span.end
    assert text[first_end] == "\n"


def test_an_edited_excerpt_keeps_nineteen_of_twenty_signs() -> None:
    page = excerpts.documents()["coating"][:120]
    assert excerpts.edited(page, 0.0, random.Random(1)) == page
    edited = excerpts.edited(page, 0.05, random.Random(1))
    assert edited != page
    assert abs(len(edited) - 120) <= 6


@pytest.mark.parametrize(
    ("pair", "before", "fits"),
    [("이/가", "김민수", "가"), ("이/가", "홍길동", "이"),
     ("으로/로", "서울", "로"), ("은/는", "Kim", "은"), ("으로/로", "1588-0001", "로"), ("을/를", "1200", "을")],
)  # fmt: skip
def test_particles_fit_the_word_before(pair: str, before: str, fits: str) -> None:
    assert particle(pair, before) == fits
