"""The self-test: each known hole is planted in a copy of the package, and the proof of that copy must find it.

The copy without a hole comes first, on all the parts that the holes need, and must be clean: a proof that cries
wolf finds every hole.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from haechi.app.processes import guards
from haechi.app.prove.holes import HOLES
from haechi.app.prove.instance import PACKAGE_HOME
from haechi.app.prove.planting import Hole, plant
from haechi.app.prove.words import passed

CONFIGURATION: Final = """
destinations:
  home:   {provider: openai, zone: onprem, base_url: "http://127.0.0.1:1/v1", models: [home-model]}
  gpt:    {provider: openai, key: nobodys-key, contract: openai-api-standard}
  claude: {provider: anthropic, key: nobodys-key, contract: anthropic-commercial}
  signed:
    {provider: openai, key: nobodys-key, models: [other-model], contract: {preset: openai-api-standard, dpa_id: D-1,
    transfer_basis: policy_notice, attested_by: nobody@corp.example, valid_until: 2099-12-31}}
  open:   {provider: openai, key: nobodys-key, models: [any-model]}
rules:
  - {when: {level: confidential}, then: {deidentify: [person, phone, email], else: stay-home}, because: "company policy"}
"""
"""A home, two clouds under contract, one that may have what values were taken out of, and one without any, where nothing
may arrive at all."""


def _none(name: str, *, split: bool) -> Hole:
    parts = (part for hole in HOLES if hole.split is split for part in hole.parts)
    return Hole(name, tuple(dict.fromkeys(parts)), (), split)


NONE: Final = (_none("no hole", split=False), _none("no hole, split", split=True))
EVERY: Final = (*NONE, *HOLES)
AT_ONCE: Final = 2
WITHIN: Final = 120.0


class Result(Struct, frozen=True):
    """Whether a proof failed because of a hole; where there is none, whether it passed."""

    hole: str
    found: bool
    leaks: int
    milliseconds: int


def for_this_host() -> tuple[Hole, ...]:
    """The holes that can show here: without guards no split haechi starts, and with it none of its holes."""
    found = guards.find()
    found.close()
    return tuple(hole for hole in EVERY if found.whole or not hole.split)


async def run(tell: Callable[[Result], None], holes: Sequence[Hole]) -> list[Result]:
    """Prove the copy without a hole, and then each copy with one."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(hole: Hole) -> Result:
        async with gate:
            result = await try_hole(hole)
        tell(result)
        return result

    return list(await asyncio.gather(*map(one, holes)))


async def try_hole(hole: Hole) -> Result:
    """Plant `hole` in a copy, and prove that. Raises `ConfigurationError` where it no longer fits."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="haechi-hole-") as where:
        home = Path(where)
        shutil.copytree(PACKAGE_HOME / "haechi", home / "haechi", symlinks=True)
        plant(hole, home / "haechi")
        settings = f"deploy: split\n{CONFIGURATION}" if hole.split else CONFIGURATION
        (home / "haechi.yaml").write_text(settings, encoding="utf-8")
        made = await _proof(home, hole.parts)
    judged = "leaks" in made  # else it never came to a verdict
    clean = judged and passed(made)
    leaks = int(made.get("leaks", 0))
    found = clean if not hole.patches else judged and not clean
    return Result(hole.name, found, leaks, int((time.monotonic() - began) * 1000))


async def _proof(home: Path, parts: Sequence[str]) -> dict[str, Any]:
    """What a proof of the copy says; nothing where it ended without a word."""
    command = ["-m", "haechi", "prove", "--config", "haechi.yaml", "--data", "data", "--json", "--lang", "en"]
    command += [word for part in parts for word in ("--only", part)]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=home,
        env=kept | {"PYTHONPATH": str(home), "PYTHONUTF8": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(WITHIN):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
    try:
        return msgspec.json.decode(said, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
