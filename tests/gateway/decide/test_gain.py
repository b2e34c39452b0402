"""The predicted gain of a strong model: what it learns from text, and that any text will do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from haechi.gateway.decide.gain import fit_gain

HARD = [f"Prove that the series {n} diverges." for n in range(60)]
EASY = [f"What is the capital of country {n}?" for n in range(60)]
MODEL = fit_gain(HARD + EASY, [1.0] * 60 + [0.0] * 60)


def test_what_was_hard_is_expected_to_be_hard() -> None:
    assert (
        MODEL.predict("Prove that the sequence diverges.")
        > MODEL.predict("What is the capital of Peru?") + 0.1
    )


def test_with_no_labels_no_gain_is_expected() -> None:
    assert fit_gain([], []).predict("anything") == 0


@given(st.text(max_size=300))
def test_any_text_has_a_finite_gain(text: str) -> None:
    assert np.isfinite(MODEL.predict(text))


def test_a_long_text_is_looked_at_in_part() -> None:
    assert np.isfinite(MODEL.predict("가나다 " * 100_000))
