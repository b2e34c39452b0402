"""The figures of merging, cascades and routing, by `haechi eval`: `python -m benchmarks.agree OUTCOMES_DIRECTORY [PART]`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

FIVE: Final = (
    "gpt-51-medium-2025-11-13-0shot,gpt-5-mini-2025-08-08-0shot,claude-haiku-4-5-2025-12-05,"
    "nova-2-lite-2025-12-05,gpt-4o-240513"
)
TOP: Final = "gemini-1.5-pro-002,gemini-1.5-flash-002,Meta-Llama-3_1-70B-Instruct,DeepSeek-Coder-V2"
CASCADES: Final = {
    "kmmlu": {
        "gpt-5-nano-2025-08-08-0shot": 0.4,
        "gpt-5-mini-2025-08-08-0shot": 2,
        "gpt-51-medium-2025-11-13-0shot": 10,
    },
    "mmlu_pro": {
        "Meta-Llama-3_1-8B-Instruct": 0.06,
        "Meta-Llama-3_1-70B-Instruct": 0.4,
        "gemini-1.5-flash-002": 0.3,
        "gemini-1.5-pro-002": 5,
    },
}
"""Relative prices per call, cheapest first."""


def ask(*words: object) -> dict[str, Any]:
    """What `haechi eval` says to these words."""
    done = subprocess.run(
        [sys.executable, "-m", "haechi", "eval", *map(str, words), "--json"],
        check=True,
        capture_output=True,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def tell(name: str, answer: object) -> None:
    """One line of figures."""
    print(name, json.dumps(answer, ensure_ascii=False), flush=True)


def main(directory: Path, part: str) -> None:
    """All figures, or those of one part: merge, cascade, router, guard."""
    if part in {"all", "merge"}:
        for file, models in (("kmmlu", FIVE), ("mmlu_pro", TOP)):
            for labels in (200, 1000):
                said = ask(
                    "merge",
                    "--outcomes",
                    directory / f"{file}.parquet",
                    "--models",
                    models,
                    "--labels",
                    labels,
                    "--seeds",
                    10,
                )
                tell(f"merge {file} {labels}", [said["best_single"]["accuracy"], said["rules"]])
    if part in {"all", "cascade"}:
        for file, prices in CASCADES.items():
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "prices.csv"
                path.write_text(
                    "model,price\n" + "".join(f"{model},{price}\n" for model, price in prices.items())
                )
                words = ("--prices", path, "--order", ",".join(prices), "--labels", 1000, "--seeds", 10)
                said = ask("cascade", "--outcomes", directory / f"{file}.parquet", *words)
            tell(f"cascade {file}", [said["best_single"], said["chosen"], said["points"][10::10]])
    if part in {"all", "router"}:
        for file, labels in (("mmlu", 1500), ("gsm8k", 450)):
            tell(
                f"router {file} {labels}",
                ask(
                    "router",
                    "--outcomes",
                    directory / f"routellm_{file}.parquet",
                    "--labels",
                    labels,
                    "--seeds",
                    5,
                ),
            )
    if part in {"all", "guard"}:
        for file in CASCADES:
            for labels in (200, 2000):
                said = ask(
                    "merge",
                    "--outcomes",
                    directory / f"{file}.parquet",
                    "--labels",
                    labels,
                    "--seeds",
                    1,
                    "--pools",
                    200,
                )
                tell(f"guard {file} {labels}", said["pools"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "all")
