"""The example configurations are right, one for each profile, and the SDK example runs."""

import os
import subprocess
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import pytest
from msgspec import json

from docs.make_reference import ROOT
from haechi.app.cli.configuration import PRETEND
from haechi.app.settings.compile import policy
from haechi.app.settings.load import load
from haechi.app.settings.model import Profile
from haechi.app.settings.reachable import clearances
from tests.docs.conftest import Site
from tests.docs.kit import EXAMPLES, SECRETS, name

WRITTEN = date(2026, 11, 22)
SDK = ROOT / "examples" / "openai_sdk.py"
SDKS = {major: ROOT / ".venv" / f"sdk{major}" / "bin" / "python" for major in (2, 3)}


def test_every_profile_has_an_example() -> None:
    assert {example.stem for example in EXAMPLES} == set(get_args(Profile))


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_an_example_passes_the_check(example: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "haechi", "check", "--config", str(example), "--json", "--lang", "en"],
        env=SECRETS | {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    checked = json.decode(done.stdout)
    assert checked["profile"] == example.stem
    assert checked["warnings"] == []
    compiled = policy(load(example, SECRETS), PRETEND, WRITTEN)  # facts age: not as of today
    out = {row["level"] for row in clearances(compiled, "en") if row["zone"] == "cloud" and row["goes"]}
    assert "restricted" not in out
    assert ("internal" in out) == (example.stem != "finance-kr")


@pytest.mark.parametrize("major", SDKS)
def test_the_sdk_example_runs(major: int, site: Site) -> None:
    python = SDKS[major]
    if not python.exists():
        if find_spec("openai") is None:
            pytest.skip(f"openai {major} is not installed: `make test` sets it up")
        python = Path(sys.executable)
    done = subprocess.run(
        [str(python), str(SDK), f"http://{site.host}/v1"],
        cwd=site.here,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if " " in line.strip())
    assert said["route"].startswith("onprem/home/")
    assert said["level"] == "restricted"
    assert int(said["tokens"]) > 0
