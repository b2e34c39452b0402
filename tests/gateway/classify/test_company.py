"""The study as a whole: any text, any length, any place; and an index that was tampered with is none."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.detection.development.excerpts import documents
from haechi.gateway.classify.company import OVERLAP, SLICE
from haechi.gateway.classify.packed import Arrays, pack, unpack
from haechi.gateway.classify.sieve import passing, sieve_of
from tests.gateway.classify.kit_company import company, found

MERGER = documents()["merger"]
STUDY = company({"person": ["표윤슬", "John Smith"], "patient_id": ["10482936"]}, [MERGER])
ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=300)


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_whatever_stands_around_it_a_value_in_a_line_is_found(before: str, after: str) -> None:
    text = f"{before}\n표윤슬\n{after}"
    start = len(before) + 1
    assert (start, start + 3) in [(hit.start, hit.end) for hit in STUDY.scan(text)]


@settings(deadline=None)
@given(ANY_TEXT)
def test_spans_lie_in_the_text_and_in_order(text: str) -> None:
    hits = STUDY.scan(text + MERGER[:150] + text)
    assert hits
    assert all(0 <= hit.start < hit.end <= 2 * len(text) + 150 for hit in hits)
    assert hits == sorted(hits, key=lambda hit: (hit.start, -hit.end))


@pytest.mark.parametrize("place", [0, SLICE - OVERLAP - 3, SLICE - 2, SLICE, 3 * SLICE - OVERLAP])
def test_a_value_is_found_once_wherever_a_long_text_is_cut(place: int) -> None:
    text = "나 " * (place // 2) + " 표윤슬 " + "다 " * SLICE
    assert found(STUDY, text) == [("person", "표윤슬")]


@pytest.mark.parametrize("piece", [MERGER, "가", "1", "a b", "\ud800", "표윤슬", "표윤슬 "])
def test_a_long_text_takes_no_longer_than_its_parts(piece: str) -> None:
    def seconds(text: str) -> float:
        begin = time.perf_counter()
        STUDY.scan(text)
        return time.perf_counter() - begin

    part = piece * (20_000 // len(piece))
    once = min(seconds(part) for _ in range(3))
    assert seconds(part * 8) < 8 * 4 * (once + 0.001)


@given(st.lists(st.integers(0, 2**64 - 1)), st.lists(st.integers(0, 2**64 - 1)))
def test_what_is_in_a_sieve_passes_it(kept: list[int], others: list[int]) -> None:
    words = sieve_of(np.array(kept, np.uint64))
    assert len(passing(words, np.array(kept, np.uint64))) == len(kept)
    assert len(passing(words, np.array(kept + others, np.uint64))) >= len(kept)


def test_a_sieve_lets_little_else_pass() -> None:
    chance = np.random.default_rng(1)
    words = sieve_of(chance.integers(0, 2**64, 100_000, np.uint64))
    assert len(passing(words, chance.integers(0, 2**64, 100_000, np.uint64))) < 1_000


def test_an_index_that_was_cut_or_changed_is_none() -> None:
    arrays: Arrays = {"prints": np.arange(100, dtype=np.uint64), "owners": np.zeros(3, np.uint32)}
    whole = b"".join(pack(arrays, {"lists": []}))
    read, notes = unpack(memoryview(whole))
    assert (read["prints"].tolist(), notes) == (list(range(100)), b'{"lists":[]}')
    for broken in (
        b"",
        whole[:40],
        whole[:-1],
        b"x" + whole[1:],
        whole[:200] + b"x" + whole[201:],
        whole + b"x",
    ):
        with pytest.raises(ValueError, match=r"."):
            unpack(memoryview(broken))
