"""`haechi plan` as it is typed."""

import json

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
