"""Every curated model has its source, date and licence; nothing in the file was copied that must be read anew."""

import math
import re
from importlib.resources import files

import pytest

from haechi.catalogue.local_models import BITS, LocalModel, local_models, plumbing_model

MODELS = local_models()
each = pytest.mark.parametrize("model", MODELS, ids=[model.name for model in MODELS])


@each
def test_says_where_it_comes_from(model: LocalModel) -> None:
    assert model.source.startswith("https://")
    assert model.licence_source.startswith("https://")
    assert model.licence
    assert set(model.read.split()) <= set("HCQPW")
    assert model.read
    assert model.verified_on.year >= 2026
    assert model.note.ko
    assert model.note.en


@each
def test_comes_from_a_hub_or_from_a_package(model: LocalModel) -> None:
    assert (model.repo is None) != (model.package is None)
    assert model.file.endswith(".gguf")
    assert "/" not in model.file
    if model.repo is not None:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repo)


@each
def test_memory_follows_the_rule(model: LocalModel) -> None:
    weights = model.parameters_b * 1e9 * BITS[model.quant] / 8
    cache = model.kv_kib * 1024 * model.context * model.slots
    assert model.min_free_gb == math.ceil((weights * 1.2 + cache) / 1e8) / 10


@each
def test_names_are_fit_for_a_command_line(model: LocalModel) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", model.name)


def test_no_checksums_and_no_sizes() -> None:
    text = files("haechi.catalogue").joinpath("local_models.toml").read_text(encoding="utf-8")
    assert not re.search(r"[0-9a-f]{32}", text)
    assert not re.search(r"sha256|digest|size_bytes|bytes\s*=", text)


def test_korean_comes_first() -> None:
    assert all(model.korean for model in MODELS if not model.plumbing)
    assert MODELS[-1].plumbing


def test_there_is_one_plumbing_model() -> None:
    assert [model for model in MODELS if model.plumbing] == [plumbing_model()]
    assert plumbing_model().max_output == 128


def test_non_commercial_licences_are_marked() -> None:
    for model in MODELS:
        if re.search(r"\bNC\b|non-commercial", model.licence, re.IGNORECASE):
            assert not model.commercial
