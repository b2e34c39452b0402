"""Every known hole still fits the code, and a proof finds a sample of them; `make prove-self-test` tries them all."""

import asyncio
import shutil
from pathlib import Path

import pytest

from haechi.app.prove.course import PARTS
from haechi.app.prove.holes import HOLES
from haechi.app.prove.instance import PACKAGE_HOME
from haechi.app.prove.planting import Hole, plant
from haechi.app.prove.selftest import NONE, Result, for_this_host, run
from haechi.domain.errors import ConfigurationError

SAMPLE = (
    "a detector that fails has found nothing",
    "nobody asks for a policy line before a service",
    "a door of its own does not scan",
)


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.name)
def test_it_fits_and_what_it_makes_is_python(hole: Hole, tmp_path: Path) -> None:
    for file in {patch.file for patch in hole.patches}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PACKAGE_HOME / "haechi" / file, tmp_path / file)
    plant(hole, tmp_path)
    for patch in hole.patches:
        compile((tmp_path / patch.file).read_text(encoding="utf-8"), patch.file, "exec")


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.name)
def test_where_the_code_has_moved_it_says_so(hole: Hole, tmp_path: Path) -> None:
    for patch in hole.patches:
        (tmp_path / patch.file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / patch.file).write_text("moved = True\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no longer fits"):
        plant(hole, tmp_path)


def test_there_are_enough_and_each_names_parts_that_exist() -> None:
    assert len({hole.name for hole in HOLES}) == len(HOLES) >= 10
    assert {part for hole in HOLES for part in hole.parts} <= PARTS.keys()


def test_a_sample_is_found_and_a_copy_without_a_hole_is_clean() -> None:
    told: list[Result] = []
    sound = Hole(NONE[0].name, ("guards", "encodings"), ())
    sample = [sound, *(hole for hole in for_this_host() if hole.name in SAMPLE)]
    results = asyncio.run(run(told.append, sample))
    assert len(told) == len(results) == len(sample) >= len(SAMPLE)
    assert [result.hole for result in results if not result.found] == []
    assert results[0].leaks == 0
    assert all(result.leaks for result in results[1:])
