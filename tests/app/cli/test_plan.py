"""`haechi plan` as it is typed."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from haechi.app.cli.main import app

WORDS = [
    "plan",
    "fit",
    "--model",
    "llama-3.1-70b",
    "--gpu",
    "rtx-4090",
    "--count",
    "2",
    "--quant",
    "q4_k_m",
    "--context",
    "8192",
]


def test_fit_answers_in_the_fixed_format() -> None:
    done = CliRunner().invoke(app, [*WORDS, "--json", "--lang", "en"])
    answer = json.loads(done.stdout)
    assert list(answer) == ["fits", "weights_gb", "kv_gb", "other_gb", "available_gb", "why"]
    assert answer["fits"] is True
    assert answer["weights_gb"] + answer["kv_gb"] + answer["other_gb"] <= answer["available_gb"]


@pytest.mark.parametrize(("lang", "said"), [("ko", "남는 것"), ("en", "are left")])
def test_fit_speaks_to_people(lang: str, said: str) -> None:
    assert said in CliRunner().invoke(app, [*WORDS, "--lang", lang]).stdout


@pytest.mark.parametrize(
    ("option", "value", "mend"),
    [
        ("--model", "lama-3.1-70b", "llama-3.1-70b"),
        ("--gpu", "rtx-409", "rtx-4090"),
        ("--quant", "q9", "q8_0"),
    ],
)
def test_an_unknown_name_gets_the_nearest(option: str, value: str, mend: str) -> None:
    done = CliRunner().invoke(app, [*WORDS, option, value, "--json", "--lang", "en"])
    assert done.exit_code == 2
    assert mend in json.loads(done.stdout)["error"]["message"]


HEADS = "id,model,gpu,gpu_count,engine,engine_version,quant,kv_dtype,tp,ep,isl,osl,concurrency"
ROWS = (
    "a,meta-llama/Llama-3.1-70B-Instruct,h100,4,vllm,0.12,fp8,fp8,4,1,1024,1024,32",
    "b,llama-3.1-8b,rtx-4090,1,vllm,0.12,bf16,bf16,1,1,1024,256,4",
    "c,no-such-model,h100,1,vllm,0.12,bf16,bf16,1,1,1024,256,4",
)


def predicted(folder: Path, *rows: str, own: str | None = None) -> tuple[int, str, list[dict[str, str]]]:
    (folder / "in.csv").write_text("\n".join((HEADS, *rows)), encoding="utf-8")
    words = ["plan", "predict", "--rows", str(folder / "in.csv"), "--out", str(folder / "out.csv")]
    if own is not None:
        (folder / "own.csv").write_text(own, encoding="utf-8")
        words += ["--calibrate", str(folder / "own.csv")]
    done = CliRunner().invoke(app, [*words, "--json", "--lang", "en"])
    out = folder / "out.csv"
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    return done.exit_code, done.stdout, list(csv.DictReader(lines))


def test_predict_answers_every_row_and_guesses_none(tmp_path: Path) -> None:
    code, _, answers = predicted(tmp_path, *ROWS)
    assert code == 0
    assert [each["status"] for each in answers] == ["ok", "no data", "no data"]
    assert list(answers[0]) == [
        *HEADS.split(","), "ttft_ms", "tpot_ms", "ttft_lo", "ttft_hi", "tpot_lo", "tpot_hi", "status", "basis",
    ]  # fmt: skip
    assert float(answers[0]["tpot_lo"]) < float(answers[0]["tpot_ms"]) < float(answers[0]["tpot_hi"])
    assert "nan" not in str(answers).lower()


def test_own_points_bring_data_where_there_was_none(tmp_path: Path) -> None:
    own = [f"{ROWS[1].rsplit(',', 1)[0]},{n},{100 + 20 * n},{20 + n}" for n in range(1, 12)]
    text = "\n".join((f"{HEADS},ttft_ms,tpot_ms", *own))
    _, _, answers = predicted(tmp_path, ROWS[1], own=text)
    assert answers[0]["status"] == "ok"
    assert float(answers[0]["tpot_ms"]) == pytest.approx(24, rel=0.1)


@pytest.mark.parametrize("bad", ["-5", "0", "nan", "many", "1e99"])
def test_what_is_no_number_is_told_with_its_line(tmp_path: Path, bad: str) -> None:
    code, said, _ = predicted(tmp_path, ROWS[0], ROWS[0].replace(",32", f",{bad}"))
    assert code == 2
    assert "in.csv:3" in said
    assert "concurrency" in said


MEASURED = "replicas: 2\nprompt_tokens_per_s: 20000\nstep_ms: {1: 10, 32: 25}\n"
CATALOGUE = "model: llama-3.1-70b\ngpu: h100\ncount: 4\nquant: fp8\nkv: fp8\n"
CALLS = "t_s,input_tokens,output_tokens\n" + "\n".join(f"{n / 10},1000,50" for n in range(50))


def simulated(folder: Path, trace: str, fleet: str) -> tuple[int, dict[str, Any]]:
    (folder / "t.csv").write_text(trace, encoding="utf-8")
    (folder / "f.yaml").write_text(fleet, encoding="utf-8")
    words = ["plan", "simulate", "--trace", str(folder / "t.csv"), "--fleet", str(folder / "f.yaml")]
    done = CliRunner().invoke(app, [*words, "--json", "--lang", "en"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("fleet", [MEASURED, CATALOGUE])
def test_simulate_answers_in_the_fixed_format(tmp_path: Path, fleet: str) -> None:
    code, answer = simulated(tmp_path, CALLS, fleet)
    assert code == 0
    assert set(answer) >= {"requests", "ttft_ms", "tpot_ms", "utilisation", "requests_per_cpu_s"}
    assert answer["requests"] == 50
    assert 10 < answer["ttft_ms"]["p50"] <= answer["ttft_ms"]["p95"] <= answer["ttft_ms"]["p99"]
    assert 0 < answer["utilisation"] <= 1


@pytest.mark.parametrize(
    ("trace", "fleet", "said"),
    [
        ("a,b\n1,2", MEASURED, "t_s,input_tokens,output_tokens"),
        ("t_s,input_tokens,output_tokens\n", MEASURED, "lines"),
        (CALLS + "\n-3,5,5", MEASURED, "t_s"),
        (CALLS, "replica: 2", "replica"),
        (CALLS, "replicas: 0", "replicas"),
        (CALLS, "model: llama-3.1-70b\ngpu: rtx-4090\ncount: 2\nquant: q4_k_m", "Measure"),
        (CALLS, "{", "mend"),
        (CALLS, MEASURED + "cache_tokens: 10", "cache_tokens"),
    ],
)
def test_what_cannot_be_played_is_told_with_its_mend(
    tmp_path: Path, trace: str, fleet: str, said: str
) -> None:
    code, answer = simulated(tmp_path, trace, fleet)
    assert code == 2
    assert said in answer["error"]["message"]
