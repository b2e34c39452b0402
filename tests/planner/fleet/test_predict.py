"""Predictions: inside their interval, nothing where nothing was measured, mended by own points."""

import pytest
from msgspec.structs import replace

from haechi.catalogue.architectures import architecture
from haechi.catalogue.devices import device, quantisation
from haechi.planner.fleet.predict import Own, mend, predict, room
from haechi.planner.fleet.roofline import Point, terms, touched


def point(model: str = "llama-3.1-70b", gpu: str = "h100", quant: str = "fp8", tensor: int = 4) -> Point:
    shape, card, weights = architecture(model), device(gpu), quantisation(quant)
    assert shape
    assert card
    assert weights
    return Point(shape, card, weights, tensor, 1024, 1024, 16, 1.0)


@pytest.mark.parametrize(
    ("gpu", "tensor", "tpot", "ttft"),
    [("h100", 4, 13.6, 160.0), ("h200", 4, 11.0, 130.0), ("b200", 4, 9.0, 110.0)],
)
def test_a_70b_is_of_the_right_order(gpu: str, tensor: int, tpot: float, ttft: float) -> None:
    found = predict(point(gpu=gpu, tensor=tensor))
    assert found
    assert tpot / 2 < found.tpot_ms < tpot * 2
    assert ttft / 4 < found.ttft_ms < ttft * 4
    assert found.tpot_lo < found.tpot_ms < found.tpot_hi
    assert found.ttft_lo < found.ttft_ms < found.ttft_hi


@pytest.mark.parametrize("gpu", ["rtx-4090", "a100", "mi300x", "l40s", "epyc-9005-1s"])
def test_there_is_no_guess_for_what_nobody_measured(gpu: str) -> None:
    assert predict(point("llama-3.1-8b", gpu, "bf16", 1)) is None


def test_what_does_not_fit_has_no_speed() -> None:
    assert predict(point("llama-3.1-405b", "h100", "bf16", 4)) is None


def test_beyond_what_memory_holds_a_step_grows_no_further() -> None:
    full = point()
    holds = room(full)
    one, other = (predict(replace(full, concurrency=holds * times)) for times in (1, 10))
    assert one == other


def test_own_points_teach_a_device_that_nobody_measured() -> None:
    asked = point("llama-3.1-8b", "rtx-4090", "q8_0", 1)
    bare = predict(asked, anywhere=True)
    assert bare
    own = [
        Own(replace(asked, concurrency=n), 3 * there.ttft_ms, 2 * there.tpot_ms)
        for n in range(1, 11)
        if (there := predict(replace(asked, concurrency=n), anywhere=True))
    ]
    found = predict(asked, mend(own, "tpot_ms"), mend(own, "ttft_ms"))
    assert found
    assert found.tpot_ms == pytest.approx(2 * bare.tpot_ms, rel=0.02)
    assert found.ttft_ms == pytest.approx(3 * bare.ttft_ms, rel=0.02)


def test_a_mixture_reads_more_experts_as_its_batch_grows() -> None:
    shape = architecture("deepseek-v3")
    assert shape
    assert touched(shape, 1) == pytest.approx(shape.active_b, rel=0.01)
    assert touched(shape, 10_000) == pytest.approx(shape.params_b, rel=0.01)


def test_one_stream_reads_the_weights_once_per_token() -> None:
    alone = replace(point(gpu="rtx-4090", quant="q4_k_m", tensor=2), concurrency=1)
    assert 1e3 / terms(alone)["weights"] == pytest.approx(2 * 23.6, rel=0.03)  # 42.8 GB at 2 x 1,008 GB/s
