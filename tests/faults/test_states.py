"""A short walk through the town, another one in every run; `make states` walks for 20,000 steps."""

import random

import pytest

from haechi.gateway import flow
from tests.faults.states import walk


def test_every_promise_holds_whatever_breaks() -> None:
    chosen = random.SystemRandom().randrange(2**32)
    print(f"seed {chosen}")  # shown where it fails
    walk(1_500, chosen)


def test_a_label_store_that_is_not_asked_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow.Road, "_remember", lambda *_: None)
    with pytest.raises(AssertionError):
        walk(20_000, 1)
