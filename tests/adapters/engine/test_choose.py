"""The choice as a table: wish, free memory, what is installed; which model, and whether it is fetched."""

import pytest

from haechi.adapters.engine.choose import MOST_ACTIVE, SHARE, choose
from haechi.catalogue.local_models import local_models
from haechi.domain.errors import ConfigurationError

MODELS = local_models()
PLUMBING = "smollm2-135m-instruct"
GB = 1_000_000_000


@pytest.mark.parametrize(
    ("wish", "free_gb", "installed", "name", "pull"),
    [
        ("none", 64, {"qwen3-8b"}, PLUMBING, False),
        ("auto", 64, (), "qwen3-30b-a3b", True),
        ("auto", 64, {"qwen3-8b"}, "qwen3-8b", False),
        ("auto", 16, (), "ax-4-light", True),
        ("auto", 7, (), "qwen3-4b-instruct", True),
        ("auto", 7, {"qwen3-8b"}, "qwen3-4b-instruct", True),  # installed, but too large now
        ("auto", 4, (), "qwen3-0.6b", True),
        ("auto", 3, (), PLUMBING, False),
        ("auto", 1, (), PLUMBING, False),
        ("auto", None, {"qwen3-0.6b"}, PLUMBING, False),
        ("small", 64, (), "qwen3-0.6b", True),
        ("small", 64, {"qwen3-0.6b", "qwen3-8b"}, "qwen3-0.6b", False),
        ("small", 1, (), PLUMBING, False),
        ("qwen3-32b", 64, (), "qwen3-32b", True),
        ("QWEN3-8B", 16, {"qwen3-8b"}, "qwen3-8b", False),
        ("exaone-4-1.2b", 16, (), "exaone-4-1.2b", True),
        ("qwen3-8b", None, (), "qwen3-8b", True),
        (PLUMBING, 64, (), PLUMBING, False),
    ],
)
def test_choice(wish: str, free_gb: int | None, installed: set[str], name: str, pull: bool) -> None:
    choice = choose(wish, MODELS, installed, None if free_gb is None else free_gb * GB)
    assert (choice.model.name, choice.pull) == (name, pull)
    assert choice.why.ko
    assert choice.why.en


def test_a_forbidding_licence_is_said() -> None:
    assert "forbids commercial use" in choose("exaone-4-1.2b", MODELS, (), 16 * GB).why.en


@pytest.mark.parametrize("free_gb", range(0, 200, 5))
def test_nothing_is_chosen_unasked_that_may_not_be(free_gb: int) -> None:
    for wish in ("auto", "small"):
        model = choose(wish, MODELS, (), free_gb * GB).model
        assert model.commercial
        assert model.active <= MOST_ACTIVE
        assert model.min_free_gb <= free_gb * SHARE or model.plumbing


@pytest.mark.parametrize(
    ("wish", "free_gb", "words"),
    [
        ("qwen3-8", 64, "Did you mean `qwen3-8b`"),
        ("zzzz", 64, "haechi model list"),
        ("qwen3-32b", 8, "8.0 GB are free"),
    ],
)
def test_a_name_that_cannot_be_served_is_refused(wish: str, free_gb: int, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        choose(wish, MODELS, (), free_gb * GB)
