"""Memory fit against sizes of weight files and bytes per token as the facts page and their author's memory have them: no page was
opened for them, and one hand wrote both table and formula. They hold the formula to known orders, and prove it to nobody."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.catalogue.architectures import architecture, architectures
from haechi.catalogue.devices import device, devices, exchange, quantisation, quantisations
from haechi.planner.fleet.fit import Fit, copies, fit, tensor_parallel

_TABLE = Path(__file__).parent / "fit_cases.csv"
CASES = list(csv.DictReader(_TABLE.read_text(encoding="utf-8").splitlines()))


def found(model: str, gpu: str, count: int, quant: str, context: int, batch: int = 1) -> Fit:
    shape, card, weights = architecture(model), device(gpu), quantisation(quant)
    assert shape
    assert card
    assert weights
    return fit(shape, card, count, weights, context, batch)


def test_there_are_as_many_as_promised() -> None:
    assert len(CASES) >= 200
    assert len(architectures()) >= 40
    assert len(devices()) >= 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(list(case.values())[:6]))
def test_fits_as_the_table_says(case: dict[str, str]) -> None:
    answer = found(
        case["model"],
        case["gpu"],
        int(case["count"]),
        case["quant"],
        int(case["context"]),
        int(case["batch"]),
    )
    assert answer.fits == (case["fits"] == "true"), answer.why.en
    assert answer.weights_gb == pytest.approx(float(case["weights_gb"]), rel=0.02)
    assert answer.kv_gb == pytest.approx(float(case["kv_gb"]), rel=0.01, abs=0.01)


@pytest.mark.parametrize(
    ("model", "gpu", "count", "quant", "context", "fits"),
    [
        ("llama-3-70b", "rtx-4090", 2, "bf16", 4096, False),
        ("llama-3-70b", "rtx-4090", 2, "int8", 4096, False),
        ("llama-3-70b", "rtx-4090", 2, "q4_k_m", 8192, True),  # 8 to 16 k tokens in total, for everybody
        ("llama-3-70b", "rtx-4090", 2, "q4_k_m", 16384, False),
        ("mixtral-8x7b", "rtx-4090", 2, "q4_k_m", 8192, True),
        ("mixtral-8x7b", "rtx-4090", 2, "bf16", 8192, False),
        ("llama-3.1-405b", "a100", 2, "awq", 4096, False),
        ("llama-3.1-405b", "a100", 4, "awq", 8192, True),
        ("llama-3.1-405b", "a100", 4, "int8", 4096, False),
        ("llama-3.1-405b", "h100", 8, "bf16", 4096, False),
        ("llama-3.1-405b", "h100", 8, "fp8", 8192, True),
        ("llama-3.1-405b", "epyc-192c-1tb", 1, "q4_k_m", 8192, True),
    ],
)
def test_the_tiers_of_the_source(
    model: str, gpu: str, count: int, quant: str, context: int, fits: bool
) -> None:
    assert found(model, gpu, count, quant, context).fits is fits


@pytest.mark.parametrize(
    ("model", "kib"),
    [
        ("llama-3.1-8b", 128),
        ("mixtral-8x7b", 128),
        ("llama-3.1-70b", 320),
        ("llama-3.1-405b", 504),
        ("qwen3-32b", 256),
        ("qwen3-235b-a22b", 188),
        ("deepseek-r1", 68.6),
    ],
)
def test_a_token_weighs_what_was_published(model: str, kib: float) -> None:
    shape = architecture(model)
    assert shape
    assert shape.kv_bytes(1000) / 1000 / 1024 == pytest.approx(kib, rel=0.01)


def test_half_of_the_layers_of_gpt_oss_keep_a_short_window() -> None:
    shape = architecture("openai/gpt-oss-120b")
    assert shape
    assert shape.kv_bytes(128) == 128 * 72 * 1024
    assert shape.kv_bytes(100_000) < 100_000 * 37 * 1024


def test_a_latent_cache_is_kept_on_every_card() -> None:
    shape = architecture("deepseek-r1")
    assert shape
    assert copies(shape, tensor_parallel(shape, 8)) == 8


@pytest.mark.parametrize(("count", "tensor"), [(1, 1), (2, 2), (3, 1), (6, 2), (8, 8), (16, 16)])
def test_heads_are_split_only_where_they_divide(count: int, tensor: int) -> None:
    shape = architecture("llama-3.1-70b")
    assert shape
    assert tensor_parallel(shape, count) == tensor


def test_a_context_longer_than_the_model_fits_nowhere() -> None:
    answer = found("mixtral-8x7b", "b300", 8, "bf16", 40_000)
    assert not answer.fits
    assert "32768" in answer.why.en


@given(
    st.sampled_from(sorted(architectures())),
    st.sampled_from(sorted(devices())),
    st.integers(1, 16),
    st.sampled_from(sorted(quantisations())),
    st.integers(1, 200_000),
    st.integers(1, 64),
)
def test_more_work_never_needs_less(
    model: str, gpu: str, count: int, quant: str, context: int, batch: int
) -> None:
    some, more = (
        found(model, gpu, count, quant, context, batch),
        found(model, gpu, count, quant, context, batch + 1),
    )
    assert more.kv_gb >= some.kv_gb
    assert some.fits or not more.fits


def test_every_device_and_model_has_its_source() -> None:
    assert all(each.source for each in devices().values())
    assert all("/" in each.repo for each in architectures().values())
    assert exchange().krw_per_usd > 0
