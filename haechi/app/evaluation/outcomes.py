"""Outcomes from a file: what each model answered, question by question, and what was right."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from haechi.domain.errors import ConfigurationError
from haechi.domain.text import Text
from haechi.gateway.merge.votes import Integers, Votes, votes

MODEL: Final = "m:"


class Outcomes(Struct, frozen=True):
    """Answers by model: `keys[model][question]`, `""` unparsable, `None` no record; the right ones; categories."""

    models: list[str]
    keys: list[list[str | None]]
    truth: list[str | None]
    category: Integers

    def votes(self, models: Sequence[str]) -> Votes:
        """The votes of `models`, in their order."""
        columns = [self.keys[self.models.index(model)] for model in models]
        return votes(list(zip(*columns, strict=True)), self.truth, [int(one) for one in self.category])


class Pairs(Struct, frozen=True):
    """Prompts, and whether the weak and the strong model were right."""

    prompts: list[str]
    weak: NDArray[np.bool_]
    strong: NDArray[np.bool_]


def read_outcomes(path: Path) -> Outcomes:
    """Outcomes from parquet; raises `ConfigurationError` where columns are missing or nothing is labelled."""
    table = _table(path)
    names = [name for name in table.column_names if name.startswith(MODEL)]
    if not names or "answer" not in table.column_names:
        raise _lacks(path, "answer, m:<model>")
    truth = [_key(one) for one in table["answer"].to_pylist()]
    kept = [row for row, one in enumerate(truth) if one]
    if not kept:
        raise ConfigurationError(
            Text(ko="정답(answer)이 있는 행이 없습니다.", en="No row has a right answer (column answer)."),
            str(path),
        )
    kinds = table["category"].to_pylist() if "category" in table.column_names else [None] * table.num_rows
    number = {kind: at for at, kind in enumerate(sorted({str(kind) for kind in kinds if kind is not None}))}
    columns = [[_key(one) for one in table[name].to_pylist()] for name in names]
    return Outcomes(
        models=[name.removeprefix(MODEL) for name in names],
        keys=[[column[row] for row in kept] for column in columns],
        truth=[truth[row] for row in kept],
        category=np.array(
            [-1 if kinds[row] is None else number[str(kinds[row])] for row in kept], dtype=np.int64
        ),
    )


def read_pairs(path: Path) -> Pairs:
    """Prompts with weak and strong outcomes; rows without one of the three are left out."""
    table = _table(path)
    if missing := {"prompt", "weak", "strong"} - set(table.column_names):
        raise _lacks(path, ", ".join(sorted(missing)))
    rows = [
        row
        for row in zip(*(table[name].to_pylist() for name in ("prompt", "weak", "strong")), strict=True)
        if None not in row
    ]
    return Pairs(
        prompts=[str(prompt) for prompt, _, _ in rows],
        weak=np.array([bool(weak) for _, weak, _ in rows]),
        strong=np.array([bool(strong) for _, _, strong in rows]),
    )


def known_models(outcomes: Outcomes, asked: str | None) -> list[str]:
    """The models of a comma-separated list, or all; an unknown name is refused, one given twice counts once."""
    if asked is None:
        return outcomes.models
    names = list(dict.fromkeys(name.strip() for name in asked.split(",") if name.strip()))
    for name in names:
        if name not in outcomes.models:
            raise ConfigurationError(
                Text(
                    ko=f"결과 파일에 없는 모델: {name}. 있는 모델: {', '.join(outcomes.models)}",
                    en=f"No such model in the outcomes: {name}. There are: {', '.join(outcomes.models)}",
                )
            )
    return names


def split(rows: int, labels: int, seed: int) -> tuple[Integers, Integers]:
    """Labelled and test rows: fixed by the seed before anything is fitted."""
    if not 0 <= labels < rows:
        raise ConfigurationError(
            Text(
                ko=f"라벨 {labels}개를 떼면 시험할 행이 없습니다 (전체 {rows}행).",
                en=f"{labels} labels leave nothing to test on: there are {rows} rows.",
            ),
            "--labels",
        )
    order = np.random.default_rng(seed).permutation(rows)
    return order[:labels], order[labels:]


def _key(value: object) -> str | None:
    return None if value is None else str(value).strip()


def _table(path: Path) -> Any:
    try:
        from pyarrow import ArrowInvalid, parquet  # heavy, and an extra
    except ImportError:
        raise ConfigurationError(
            Text(
                ko="parquet 을 읽으려면 pyarrow 가 필요합니다: make eval, 또는 pip install 'haechi[eval]'",
                en="Reading parquet needs pyarrow: make eval, or pip install 'haechi[eval]'",
            )
        ) from None
    try:
        return parquet.read_table(path)
    except FileNotFoundError:
        raise ConfigurationError(
            Text(ko="파일이 없습니다.", en="There is no such file."), str(path)
        ) from None
    except (ArrowInvalid, OSError):
        raise ConfigurationError(
            Text(ko="parquet 파일로 읽히지 않습니다.", en="This does not read as parquet."), str(path)
        ) from None


def _lacks(path: Path, columns: str) -> ConfigurationError:
    return ConfigurationError(
        Text(ko=f"필요한 열이 없습니다: {columns}", en=f"Columns are missing: {columns}"), str(path)
    )
