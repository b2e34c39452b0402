"""What the numbers of a unit mean is the plain sum of its rows, however it is added up."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.gateway.classify.names import network
from haechi.gateway.classify.names.lexicon import shipped
from haechi.gateway.classify.names.names import Names
from haechi.gateway.classify.names.network import Meanings
from haechi.gateway.classify.names.units import Units

TABLE = network.shipped("meanings.npy")
MEANINGS, LEXICON = Meanings(TABLE), shipped()


@given(st.text(max_size=60) | st.text(st.sampled_from("김민수 과장Kim Lee1.\n고민"), max_size=60))
def test_sums_are_those_of_the_rows(text: str) -> None:
    rows = Units(text, LEXICON).rows
    plain = np.load(io.BytesIO(TABLE)).astype(int)[rows].sum(axis=1)
    sums = MEANINGS.sums(rows)
    assert (sums[:-1] == plain).all()
    assert not sums[-1].any()


def test_labels_are_the_same_wherever_windows_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "박 대리와 김민수 부장이 Kim Min-su 님께 회신 바랍니다. 홍 길 동\n" * 20
    names = Names()
    whole = {(hit.start, hit.end) for hit in names.scan(text)}
    assert len(whole) >= 60
    for window in (7, 50, 51):
        monkeypatch.setattr("haechi.gateway.classify.names.names._WINDOW", window)
        cut = {(hit.start, hit.end) for hit in names.scan(text)}
        assert len(whole ^ cut) <= 0.03 * len(whole)  # eight bits round a little differently in each window


def test_the_shipped_files_stay_small() -> None:
    assert len(TABLE) + len(network.shipped("layers.onnx")) <= 3 * 2**20
