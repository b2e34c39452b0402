"""`haechi eval` on made-up outcomes: its formats, its pictures, and what it says to bad input."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from haechi.app.cli.main import app

Run = Callable[..., Result]
ROWS = 600
RELIABLE = {"small": 0.6, "middle": 0.7, "large": 0.8}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return lambda *words: CliRunner().invoke(app, ["eval", *map(str, words)])


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = np.random.default_rng(1)
    truth = chance.integers(0, 4, ROWS)
    columns: dict[str, list[str | None]] = {"answer": ["ABCD"[one] for one in truth]}
    columns["category"] = [f"subject {row % 3}" for row in range(ROWS)]
    for name, reliability in RELIABLE.items():
        wrong = (truth + chance.integers(1, 4, ROWS)) % 4
        given = np.where(chance.random(ROWS) < reliability, truth, wrong)
        columns[f"m:{name}"] = [
            None if row % 50 == 7 else "" if row % 40 == 3 else "ABCD"[one] for row, one in enumerate(given)
        ]
    return _written(tmp_path_factory.mktemp("outcomes") / "answers.parquet", columns)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = np.random.default_rng(2)
    hard = chance.random(ROWS) < 0.5
    columns = {
        "prompt": [
            f"{'prove the theorem' if one else 'name the capital'} no {row}" for row, one in enumerate(hard)
        ],
        "weak": [bool(one) for one in ~hard],
        "strong": [True] * ROWS,
    }
    return _written(tmp_path_factory.mktemp("pairs") / "pairs.parquet", columns)


def _written(path: Path, columns: Mapping[str, object]) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


def test_merge_compares_the_rules(run: Run, outcomes: Path, tmp_path: Path) -> None:
    done = run(
        "merge",
        "--outcomes",
        outcomes,
        "--labels",
        300,
        "--seeds",
        2,
        "--pools",
        2,
        "--plots",
        tmp_path,
        "--json",
    )
    said = json.loads(done.stdout)
    assert said["n_test"] == ROWS - 300
    assert said["best_single"]["model"] == "large"
    assert {"majority", "weighted_vote", "cross_check", "posterior"} <= set(said["rules"])
    assert set(said["rules"]["posterior"]) == {"accuracy", "accuracy_sd", "ece", "selective"}
    assert said["rules"]["posterior"]["accuracy"] >= said["best_single"]["accuracy"] - 0.01
    assert said["pools"]["n"] == 2
    assert 0 <= said["pools"]["not_worse_share"] <= 1
    assert {path.name for path in tmp_path.iterdir()} == {"calibration.svg", "coverage.svg"}
    assert (tmp_path / "coverage.svg").read_text().startswith("<svg")


def test_the_same_seeds_give_the_same_figures(run: Run, outcomes: Path) -> None:
    words = ("merge", "--outcomes", outcomes, "--labels", 100, "--seeds", 1, "--json")
    assert run(*words).stdout == run(*words).stdout


def test_without_labels_a_single_member_answers(run: Run, outcomes: Path) -> None:
    said = json.loads(run("merge", "--outcomes", outcomes, "--labels", 0, "--seeds", 1, "--json").stdout)
    assert said["merged_share"] == 0
    assert "not_worse_share" in said["pools"]


def test_cascade_is_cheaper_and_its_points_go_up(run: Run, outcomes: Path, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text("model,price\nsmall,1\nmiddle,2\nlarge,10\n")
    words = (
        "--prices",
        tmp_path / "prices.csv",
        "--order",
        "small,middle,large",
        "--labels",
        300,
        "--seeds",
        1,
    )
    said = json.loads(run("cascade", "--outcomes", outcomes, *words, "--json").stdout)
    costs = [point["relative_cost"] for point in said["points"]]
    assert costs == sorted(costs)
    assert set(said["points"][0]) == {"threshold", "accuracy", "relative_cost", "calls"}
    assert {"accuracy", "relative_cost", "calls"} <= set(said["chosen"])
    assert said["chosen"]["relative_cost"] <= 1.3
    assert "large" in run("cascade", "--outcomes", outcomes, *words).stdout


def test_the_router_tells_hard_from_easy(run: Run, pairs: Path) -> None:
    said = json.loads(run("router", "--outcomes", pairs, "--labels", 200, "--seeds", 2, "--json").stdout)
    assert said["router"]["apgr"] > 0.7 > said["random"]["apgr"]
    assert {"cpt50", "cpt80", "apgr"} <= set(said["length"])
    assert said["us_per_decision"] > 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("merge", "--labels", "600"), "leave nothing to test on"),
        (("merge", "--models", "small,huge"), "No such model in the outcomes: huge"),
        (("router",), "Columns are missing"),
        (("cascade", "--order", "small,large", "--prices", "nowhere.csv"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(run: Run, outcomes: Path, words: tuple[str, ...], message: str) -> None:
    done = run(words[0], "--outcomes", outcomes, *words[1:])
    assert done.exit_code == 1
    assert message in done.stderr


@pytest.mark.parametrize("price", ["0", "-1", "nan", "inf", "much", ""])
def test_a_price_is_a_number_above_zero(run: Run, outcomes: Path, tmp_path: Path, price: str) -> None:
    (tmp_path / "prices.csv").write_text(f"model,price\nsmall,{price}\n")
    done = run("cascade", "--outcomes", outcomes, "--order", "small", "--prices", tmp_path / "prices.csv")
    assert done.exit_code == 1
    assert "The price of small" in done.stderr


@pytest.mark.parametrize("kind", ["none there", "no parquet", "no labels", "no gap"])
def test_files_that_do_not_serve(run: Run, tmp_path: Path, kind: str) -> None:
    path, command = tmp_path / "file.parquet", "merge"
    if kind == "no parquet":
        path.write_text("model,answer\n")
    elif kind == "no labels":
        _written(path, {"answer": [None, ""], "m:a": ["A", "B"]})
    elif kind == "no gap":
        command = "router"
        _written(path, {"prompt": ["x"] * 9, "weak": [True] * 9, "strong": [False] * 9})
    done = run(command, "--outcomes", path, "--labels", 1)
    assert done.exit_code == 1
    assert done.stderr.startswith("haechi: ")
