"""Quality and speed beside three other libraries, in one run: `python -m benchmarks.detection.compare`.

The corpora are generated, each system reads all texts in a process of its own, and what it found is scored by the same
rules. The others are installed from the package registry into an environment of their own (`requirements/peers.lock`).
Writes `benchmarks/results/detection.json` and `.md`; `--quick` takes a tenth of the texts and writes nothing.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import machine
from benchmarks.detection import score

ROOT: Final = Path(__file__).parents[2]
RESULTS: Final = ROOT / "benchmarks" / "results"
PEERS: Final = ROOT / ".venv" / "peers"
SYSTEMS: Final = ("haechi", "ko-pii", "maskingtape", "presidio")


class Corpus(NamedTuple):
    """Texts of one origin and sort, and how many."""

    name: str
    hand: str
    flag: str
    sort: str
    texts: int


CORPORA: Final = (
    Corpus("development, business", "development", "--of", "texts", 4000),
    Corpus("development, ordinary", "development", "--of", "ordinary", 2000),
    Corpus("development, disguised", "development", "--of", "obfuscated", 4000),
    Corpus("development, odd typography", "development", "--of", "odd", 2000),
    Corpus("held out, business", "held_out", "--what", "labelled", 8000),
    Corpus("held out, ordinary", "held_out", "--what", "ordinary", 1000),
    Corpus("held out, disguised", "held_out", "--what", "disguised", 3000),
    Corpus("letters, third book", "letters", "--book", "third", 0),
    Corpus("letters, everyday", "letters", "--book", "everyday", 0),
)


def generate(corpus: Corpus, folder: Path, share: float, seed: int) -> Path:
    """The texts of one corpus as a file. Letters were written one by one: there are as many as there are."""
    out = folder / f"{corpus.name.replace(', ', '-').replace(' ', '_')}.jsonl"
    if corpus.hand == "letters":
        command = [sys.executable, "-m", "benchmarks.detection.letters.read", corpus.flag, corpus.sort]
    else:
        module = f"benchmarks.detection.{corpus.hand}.generate"
        drawn = ["--seed", str(seed), "--count", str(max(100, int(corpus.texts * share)))]
        command = [sys.executable, "-m", module, *drawn, corpus.flag, corpus.sort]
    subprocess.run([*command, "--out", str(out)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return out


def look(system: str, texts: Path, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Scores and costs of one system on one corpus."""
    out = folder / f"{system}-{texts.stem}.jsonl"
    if system == "haechi":
        command = [sys.executable, "-m", "benchmarks.detection.ours", str(texts), str(out)]
    else:
        command = [
            str(PEERS / "bin" / "python"),
            "-m",
            "benchmarks.detection.peers",
            system,
            str(texts),
            str(out),
        ]
    subprocess.run(command, check=True, cwd=ROOT)
    cost = json.loads(out.read_bytes().splitlines()[-1])["cost"]
    return score.score(score.read(texts), score.read_found(out)), cost


def install() -> None:
    """The others, in their own environment."""
    if (PEERS / ".done").exists():
        return
    print("installing ko-pii, maskingtape and presidio-analyzer (about 400 MB)", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    subprocess.run(
        [*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "peers.lock")], check=True, cwd=ROOT
    )
    (PEERS / ".done").touch()


def measure(share: float, seed: int) -> Iterator[dict[str, Any]]:
    """Every system on every corpus."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for corpus in CORPORA:
            texts = generate(corpus, folder, share, seed)
            for system in SYSTEMS:
                print(f"{corpus.name}: {system}", file=sys.stderr)
                figures, cost = look(system, texts, folder)
                yield {"corpus": corpus.name, "system": system, "figures": figures, "cost": cost}


def markdown(result: dict[str, Any]) -> str:
    """The page of figures."""
    lines = [
        "# What detectors see, and what it costs",
        "",
        (
            f"`{result['command']}`, {result['date']}, seed {result['seed']}. F1 by kind and exact span over all kinds; ~ by "
            "kind and overlapping span; covered: share of sensitive characters under any finding; look-alikes flagged; texts "
            "with a false alarm. CPU ms per KB of text (UTF-8), peak memory in MB, seconds until the first answer. The "
            "development corpus is what haechi was developed on; the held-out one was written by another hand, and nobody who "
            "works on the detectors reads it; its summary figures were seen between rounds of work. The third book of "
            "letters was written text by text by a further hand; its summary was seen between rounds, too. "
            "Of the others, only kinds that they know can count: they have no secret, no "
            "marking and no patient number."
        ),
        "",
        "| corpus | system | F1 | F1 ~ | covered | look-alikes | false alarms | ms/KB | MB | start s |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in result["rows"]:
        figures, cost = row["figures"], row["cost"]
        found = figures["all"]["gold"] > 0
        cells = [
            row["corpus"],
            row["system"],
            f"{figures['all']['f1']:.3f}" if found else "–",
            f"{figures['all']['overlap_f1']:.3f}" if found else "–",
            f"{figures['characters_covered']:.3f}" if found else "–",
            f"{figures['lookalikes_flagged']:.2%}" if figures["lookalikes"] else "–",
            f"{figures['texts_with_false_alarm']:.2%}",
            f"{cost['cpu_s'] * 1000 / (cost['bytes'] / 1024):.3f}",
            f"{cost['peak_mb']:.0f}",
            f"{cost['start_s']:.2f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    for corpus in ("held out, business", "letters, third book", "development, business"):
        lines += ["", f"## By kind: {corpus}", "", _by_kind(result, corpus)]
    lines += ["", f"{result['machine']['cpu']}, {result['machine']['cores']} cores.", ""]
    return "\n".join(lines)


def _by_kind(result: dict[str, Any], corpus: str) -> str:
    """Precision, recall and F1 of haechi, and F1 of the others."""
    rows = {row["system"]: row["figures"]["kinds"] for row in result["rows"] if row["corpus"] == corpus}
    others = [system for system in rows if system != "haechi"]
    lines = [
        f"| kind | values | precision | recall | F1 | F1 ~ | {' | '.join(others)} |",
        f"|---|---:|---:|---:|---:|---:|{'---:|' * len(others)}",
    ]
    for kind, ours in rows["haechi"].items():
        if not ours["gold"]:
            continue
        theirs = [
            f"{rows[system].get(kind, {}).get('f1', 0):.3f}"
            if rows[system].get(kind, {}).get("found")
            else "–"
            for system in others
        ]
        own = [f"{ours[name]:.3f}" for name in ("precision", "recall", "f1", "overlap_f1")]
        lines.append(f"| {kind} | {ours['gold']} | {' | '.join(own)} | {' | '.join(theirs)} |")
    return "\n".join(lines)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the texts; writes nothing")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    install()
    result = {
        "command": f"python -m benchmarks.detection.compare --seed {asked.seed}",
        "date": datetime.now(UTC).date().isoformat(),
        "seed": asked.seed,
        "machine": machine.machine(),
        "rows": list(measure(0.1 if asked.quick else 1.0, asked.seed)),
    }
    page = markdown(result)
    print(page)
    if not asked.quick:
        (RESULTS / "detection.json").write_text(json.dumps(result, indent=1) + "\n")
        (RESULTS / "detection.md").write_text(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
