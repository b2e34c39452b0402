"""Canaries are found by the detectors, alike in length, each once; and the search finds them in every form."""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.app.prove import canaries
from haechi.app.prove.canaries import Canary, Haystack, Mint, traces
from haechi.app.wiring import detectors
from haechi.catalogue.identifiers import identifiers
from haechi.domain.label import Level

SCAN = detectors().scan
KINDS = [identifier.kind for identifier in identifiers()]


@pytest.mark.parametrize("kind", KINDS)
def test_the_detectors_know_each_canary_by_kind_and_level(kind: str) -> None:
    for seed in range(12):
        mint = Mint(seed)
        for _ in range(20):
            canary = mint.of(kind)
            hits = SCAN(canary.text)
            assert kind in {hit.kind for hit in hits}, canary.text
            assert max(hit.level for hit in hits) == canary.level
            assert canary.value in canary.text
            assert canary.value.startswith(canary.stem)


@pytest.mark.parametrize("kind", KINDS)
def test_no_canary_comes_twice_and_all_are_alike_from_outside(kind: str) -> None:
    mint = Mint(7)
    made = [mint.of(kind) for _ in range(3_000)]
    assert len({canary.value for canary in made}) == len(made)
    assert len({len(canary.text) for canary in made}) == 1


def test_a_kind_without_a_maker_lends_an_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canaries, "_MAKERS", {})
    monkeypatch.setattr(canaries, "SHAPES", {})
    mint = Mint(0)
    for kind in mint.kinds:
        canary = mint.of(kind)
        assert kind in {hit.kind for hit in SCAN(canary.text)}


FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda value: value,
    "bare": lambda value: value.replace("-", ""),
    "hex": lambda value: value.encode().hex().upper(),
    "percent": lambda value: quote(value, safe=""),
    "percent, all": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "escaped": lambda value: "".join(f"\\u{ord(sign):04X}" for sign in value),
    "escaped in a string": lambda value: "".join(f"\\\\u{ord(sign):04x}" for sign in value),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_form_is_found(form: str, kind: str) -> None:
    canary = Mint(3).of(kind)
    value = "".join(sign for sign in canary.value if sign not in "-@. ") if form == "bare" else canary.value
    seen = f"POST /v1 {FORMS[form](value)} …".encode()
    by_chance = form == "bare" and kind == "diagnosis_code"  # seven characters, of which two are the kind's
    assert [found for found, _ in Haystack(seen).canaries([canary])] == ([] if by_chance else [canary])


@given(before=st.binary(max_size=7), after=st.binary(max_size=7), kind=st.sampled_from(KINDS))
def test_base64_is_found_in_every_alignment(before: bytes, after: bytes, kind: str) -> None:
    canary = Mint(3).of(kind)
    seen = b64encode(before + canary.value.encode() + after)
    assert list(Haystack(seen).canaries([canary]))


def test_what_only_shares_a_stem_is_not_found() -> None:
    mint = Mint(5)
    first, second = mint.of("kr.rrn"), mint.of("kr.rrn")
    assert first.stem == second.stem
    assert [found for found, _ in Haystack(second.value.encode()).canaries([first, second])] == [second]
    assert traces(first.value, second.value.encode()) == []


def test_a_word_is_harmless() -> None:
    word = Mint(1).word(canaries.STRAY, Level.INTERNAL)
    assert isinstance(word, Canary)
    assert SCAN(word.text) == []


def test_a_few_characters_without_marks_are_chance() -> None:
    code = Canary("diagnosis_code", Level.CONFIDENTIAL, "C22.", "C22.0123", "상병코드 C22.0123")
    number = Canary("phone", Level.CONFIDENTIAL, "010-38", "010-3847-2291", "연락처 010-3847-2291")
    seen = Haystack(b"record 01kc220123f 01038472291")
    assert [canary.kind for canary, _ in seen.canaries([code, number])] == ["phone"]
    assert [form for _, form in Haystack(b"C22.0123").canaries([code])] == ["plain"]
